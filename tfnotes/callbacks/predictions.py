"""What a model gives for some examples, computed once an epoch for all callbacks that ask."""

import zlib

import keras
import numpy as np

from tfnotes.callbacks._examples import Examples
from tfnotes.callbacks._inference import inference


class Predictions:
    """Examples that several callbacks predict; the first that asks after an epoch does the work.

    Give it to them in the place of `x`.

    Args:
        x: examples as the model takes them: an array, a list or dict of arrays for several inputs, or a batched
            `tf.data.Dataset`, of which all examples are held in memory.

    Raises:
        InputError: `x` is none of them.
    """

    def __init__(self, x):
        self.examples = Examples(self, Examples(self, x).whole())
        self._model = None
        self._weights = None
        self._outputs = None

    @property
    def x(self):
        return self.examples.whole()

    def __len__(self):
        return len(self.examples)

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.x, dtype)

    def outputs(self, model):
        """The model's outputs for all examples, as its weights are now."""
        if model is not self._model:
            self._model, self._weights, self._batches = model, None, inference(model)
        weights = _checksum(model)
        if weights != self._weights:
            self._outputs = joined(self._batches(self.examples))
            self._weights = weights
        return self._outputs


def _checksum(model):
    """Of all weights: an optimizer's counter begins anew where a model is trained in stages."""
    found = 0
    for weight in model.weights:
        found = zlib.crc32(keras.ops.convert_to_numpy(weight).tobytes(), found)
    return found


def predicted(model, x):
    """A model's outputs for all of `x`: examples, or `Predictions` of them."""
    if isinstance(x, Predictions):
        return x.outputs(model)
    # `predict` would build a pipeline each epoch, which takes longer than the examples do.
    return joined(model.predict_on_batch(batch) for batch in Examples("predicted", x).batches(model))


def joined(batches):
    """The outputs of all batches, each in one array."""
    return keras.tree.map_structure(lambda *parts: np.concatenate([np.asarray(p) for p in parts]), *batches)
