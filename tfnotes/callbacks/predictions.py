"""What a model gives for some examples, computed once an epoch for all callbacks that ask."""

import numpy as np

from tfnotes.callbacks._inference import BATCH, inference


class Predictions:
    """Examples that several callbacks predict; the first that asks after an epoch does the work.

    Give it to them in the place of `x`.

    Args:
        x: examples as the model takes them.
    """

    def __init__(self, x):
        self.x = x
        self._model = None
        self._step = None
        self._outputs = None

    def __len__(self):
        return len(self.x)

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.x, dtype)

    def outputs(self, model):
        """The model's outputs for all examples, as they are after its latest update."""
        if model is not self._model:
            self._model, self._step, self._batches = model, None, inference(model)
        step = int(model.optimizer.iterations)
        if step != self._step:
            self._outputs = np.concatenate(list(self._batches(self.x)))
            self._step = step
        return self._outputs


def predicted(model, x):
    """A model's outputs for all of `x`: examples, or `Predictions` of them."""
    if isinstance(x, Predictions):
        return x.outputs(model)
    # `predict` would build a pipeline each epoch, which takes longer than the examples do.
    return np.concatenate([model.predict_on_batch(x[k : k + BATCH]) for k in range(0, len(x), BATCH)])
