"""Step decay: the rate keeps still, then drops by a factor, again and again.

    rate = initial_learning_rate * decay_rate ** (step // decay_steps)
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.registry import Sample, concept
from tfnotes.schedules._base import Decay


def step_decay(step, initial_learning_rate, decay_steps, decay_rate):
    """The rate at a step."""
    # Divided as integers: in float32 the steps past 2**24 would fall on the wrong side of a drop.
    drops = ops.floor_divide(ops.cast(step, "int64"), decay_steps)
    return initial_learning_rate * ops.power(decay_rate, ops.cast(drops, keras.config.floatx()))


@concept(
    en="step learning rate decay",
    zh="分段常数衰减",
    notes=["004:272-273", "003:99"],
    samples=[
        Sample({"initial_learning_rate": 0.1, "decay_steps": 20}),
        Sample({"initial_learning_rate": 0.5, "decay_steps": 7, "decay_rate": 0.1}),
    ],
)
class StepDecay(Decay):
    """Step decay (分段常数衰减) of the learning rate: halved every so many steps.

    It has no twin. `ExponentialDecay` with `staircase=True` gives the same up to step 2**24, and a
    `PiecewiseConstantDecay` gives it where the drops are listed.

    Args:
        initial_learning_rate: the rate at step 0, at least 0.
        decay_steps: steps between two drops, a positive integer.
        decay_rate: what a drop multiplies the rate with, at least 0. Default 0.5.
        name: of the operation. Default "StepDecay".

    Call arguments:
        step: an int or scalar integer tensor, from 0.

    Returns:
        The rate, a scalar tensor of Keras's float type.

    Raises:
        ValueError: an argument is out of range.

    Notes: 004:272-273, 003:99 (中文名: 分段常数衰减).

    >>> schedule = StepDecay(0.5, decay_steps=10)
    >>> [float(schedule(step)) for step in (0, 9, 10, 20)]
    [0.5, 0.5, 0.25, 0.125]
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate=0.5, name="StepDecay"):
        _checks.integer(self, "decay_steps", decay_steps)
        super().__init__(initial_learning_rate, decay_steps, decay_rate, True, name)

    def __call__(self, step):
        with keras.name_scope(self.name):
            return step_decay(step, self.initial_learning_rate, self.decay_steps, self.decay_rate)
