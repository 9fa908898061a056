"""Biases with which the gates of an LSTM remember for long from the beginning: chrono initialization.

    b_f = log(t), t uniform between 1 and steps - 1    b_i = -b_f    b_g = b_o = 0

A cell whose forget gate is sigmoid(log t) = t / (t + 1) forgets within some t steps.
"""

import keras
from keras import ops

from tfnotes.initializers._random import RandomInitializer


@keras.saving.register_keras_serializable("tfnotes")
class Chrono(RandomInitializer):
    """The biases of an LSTM's gates, in the order i, f, g, o.

    Args:
        steps: as many as shall be remembered, at least 3.
        seed: an integer; None to draw one, which the config keeps, so that a model's copy begins with the same biases.

    Call arguments:
        shape: `(4 * units,)`.
        dtype: of the biases.

    Reference: Tallec and Ollivier 2018, "Can recurrent neural networks warp time?", 3.
    """

    def __init__(self, steps, seed=None):
        super().__init__(seed)
        self.steps = steps

    def __call__(self, shape, dtype=None):
        units = shape[0] // 4
        forget = ops.log(keras.random.uniform((units,), 1.0, self.steps - 1.0, dtype=dtype, seed=self.seed))
        return ops.concatenate([-forget, forget, ops.zeros((2 * units,), forget.dtype)])

    def get_config(self):
        return {"steps": self.steps, "seed": self.seed}
