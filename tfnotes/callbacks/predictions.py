"""What a model gives for some examples, computed once an epoch for all callbacks that ask."""

from functools import partial

import numpy as np
import tensorflow as tf

# Examples predicted in one go.
BATCH = 250


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
            # It is traced in less than half the time that `predict_on_batch` takes.
            self._forward = tf.function(partial(model, training=False), reduce_retracing=True, autograph=False)
            self._model, self._step = model, None
        step = int(model.optimizer.iterations)
        if step != self._step:
            batches = (tf.constant(self.x[k : k + BATCH]) for k in range(0, len(self.x), BATCH))
            self._outputs = np.concatenate([self._forward(batch) for batch in batches])
            self._step = step
        return self._outputs


def predicted(model, x):
    """A model's outputs for all of `x`: examples, or `Predictions` of them."""
    if isinstance(x, Predictions):
        return x.outputs(model)
    # `predict` would build a pipeline each epoch, which takes longer than the examples do.
    return np.concatenate([model.predict_on_batch(x[k : k + BATCH]) for k in range(0, len(x), BATCH)])
