"""What the schedules share: Keras's constructor arguments and config, and the step as a float."""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes._config import ConfigFromSignature


class Decay(ConfigFromSignature, keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that starts at `initial_learning_rate` and falls with the steps."""

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase, name):
        super().__init__()
        self.initial_learning_rate = _checks.number(self, "initial_learning_rate", initial_learning_rate, 0)
        self.decay_rate = _checks.number(self, "decay_rate", decay_rate, 0)
        if _checks.number(self, "decay_steps", decay_steps, 0) == 0:
            _checks.refuse(self, "decay_steps", "a number above 0", decay_steps)
        self.decay_steps = decay_steps
        self.staircase = _checks.boolean(self, "staircase", staircase)
        self.name = name

    def periods(self, step):
        """How often `decay_steps` have passed: a fraction, or with `staircase` a whole number."""
        p = ops.cast(step, keras.config.floatx()) / self.decay_steps
        # Of float64 Keras's `floor` gives float32 on JAX.
        return ops.cast(ops.floor(p), p.dtype) if self.staircase else p
