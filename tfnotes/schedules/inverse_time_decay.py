"""1/t decay: the rate falls as one over the time.

    rate = initial_learning_rate / (1 + decay_rate * p)
    p    = step / decay_steps                        with staircase: rounded down
"""

import keras

from tfnotes.registry import Sample, concept
from tfnotes.schedules._base import Decay


def inverse_time_decay(p, initial_learning_rate, decay_rate):
    """The rate after `p` periods."""
    return initial_learning_rate / (1 + decay_rate * p)


@concept(
    en="inverse time learning rate decay",
    zh="逆时衰减",
    twin="keras.optimizers.schedules.InverseTimeDecay",
    notes=["004:272-275", "003:99"],
    aliases=["1/t"],
    samples=[
        Sample({"initial_learning_rate": 0.1, "decay_steps": 20, "decay_rate": 0.5}),
        Sample({"initial_learning_rate": 0.5, "decay_steps": 7, "decay_rate": 1.5, "staircase": True}),
        Sample({"initial_learning_rate": 1.0, "decay_steps": 2.5, "decay_rate": 0.1}),
    ],
)
class InverseTimeDecay(Decay):
    """1/t decay (逆时衰减) of the learning rate.

    Args:
        initial_learning_rate: the rate at step 0, at least 0.
        decay_steps: steps in a period, above 0.
        decay_rate: what a period adds to the divisor, at least 0.
        staircase: whether it changes only at the end of a period. Default False.
        name: of the operation. Default "InverseTimeDecay".

    Call arguments:
        step: a number or scalar tensor, from 0.

    Returns:
        The rate, a scalar tensor of Keras's float type.

    Raises:
        ValueError: an argument is out of range.

    Differences from keras.optimizers.schedules.InverseTimeDecay: an int as `initial_learning_rate` is a rate
    as good as a float; Keras computes with integers then.

    Notes: 004:272-275, 003:99 (中文名: 逆时衰减).

    >>> schedule = InverseTimeDecay(0.5, decay_steps=10, decay_rate=1.0)
    >>> [float(schedule(step)) for step in (0, 10, 30)]
    [0.5, 0.25, 0.125]
    """

    def __init__(
        self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="InverseTimeDecay"
    ):
        super().__init__(initial_learning_rate, decay_steps, decay_rate, staircase, name)

    def __call__(self, step):
        with keras.name_scope(self.name):
            return inverse_time_decay(self.periods(step), self.initial_learning_rate, self.decay_rate)
