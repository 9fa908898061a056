"""What the layers of a model give for examples, for the callbacks that look inside."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks._layers import inside, watched


class Activations:
    """The outputs of a model's layers, in inference.

    Args:
        model: a model of any kind; a layer of a model in it is called "inner/dense".
        wanted: of a layer, whether its output is wanted.
        composite: whether layers that are made of layers, such as wrappers, are looked into. Default True.

    Attributes:
        layers: once a batch was looked at, the wanted layers that the model calls, by name, in the order of the
            first call.
    """

    def __init__(self, model, wanted, composite=True):
        self.layers = {}
        layers = {name: layer for name, layer in inside(model, composite).items() if wanted(layer)}
        steps = {
            name: layer
            for name, layer in inside(model, composite).items()
            if isinstance(layer, keras.layers.TimeDistributed) and any(n.startswith(f"{name}/") for n in layers)
        }
        self._model, self._wanted = model, layers | steps
        self._any = bool(layers)
        self._forward = tf.function(self._outputs, reduce_retracing=True, autograph=False)

    def batches(self, examples):
        """For each batch of a `tfnotes.callbacks._examples.Examples` the layers' outputs, as arrays by name.

        Those of a layer that stands in several places are put together.
        """
        for batch in examples.batches(self._model) if self._any else ():
            yield {name: _joined([part.numpy() for part in parts]) for name, parts in self._forward(batch).items()}

    def _outputs(self, batch):
        with watched(self._wanted) as calls:
            self._model(batch, training=False)
        outputs: dict[str, list] = {}
        for name, _, output, _ in calls:
            outputs.setdefault(name, []).append(output)
        self.layers = {name: self._wanted[name] for name in outputs}
        return outputs


def by_unit(layer, output):
    """A layer's output as a matrix: a column for each unit or map, a row for each place it was computed at."""
    first = getattr(layer, "data_format", None) == "channels_first" and output.ndim > 2
    output = np.moveaxis(output, 1, -1) if first else output
    return output.reshape(-1, output.shape[-1])


def _joined(parts):
    alike = len({part.shape[1:] for part in parts}) == 1
    return np.concatenate(parts) if alike else parts[0]
