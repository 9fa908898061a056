"""A SavedModel in plain TensorFlow: no Keras, no task."""

import tensorflow as tf


class Runtime:
    """See `tfnotes.serving.runtimes`."""

    damage = (ValueError, KeyError, TypeError, OSError, tf.errors.OpError)

    def __init__(self, folder, metadata):
        # Its variables live as long as this object.
        self._loaded = tf.saved_model.load(str(folder))
        signatures = self._loaded.signatures
        self.endpoints = {name: signatures[name] for name in metadata["endpoints"] if name in signatures}

    def names(self, endpoint):
        signature = self.endpoints[endpoint]
        return list(signature.structured_input_signature[1]), list(signature.structured_outputs)

    def ask(self, endpoint, inputs):
        signature = self.endpoints[endpoint]
        specs = signature.structured_input_signature[1]
        outputs = signature(**{name: tf.constant(value, specs[name].dtype) for name, value in inputs.items()})
        return {name: value.numpy() for name, value in outputs.items()}

    def outputs(self, endpoint):
        return self.endpoints[endpoint].structured_outputs
