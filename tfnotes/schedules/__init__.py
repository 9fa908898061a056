"""Learning-rate schedules: the rate as a function of the step."""

import keras

from tfnotes import counterparts
from tfnotes.schedules.exponential_decay import ExponentialDecay
from tfnotes.schedules.inverse_time_decay import InverseTimeDecay
from tfnotes.schedules.step_decay import StepDecay


def deserialize(config, custom_objects=None):
    """The schedule of a config, ours where the config is of a builtin with a counterpart here."""
    return counterparts.resolve(
        "schedules", config, lambda c: keras.optimizers.schedules.deserialize(c, custom_objects)
    )


def serialize(schedule):
    """The config of a schedule, as Keras writes it."""
    return keras.optimizers.schedules.serialize(schedule)


__all__ = [
    "ExponentialDecay",
    "InverseTimeDecay",
    "StepDecay",
    "deserialize",
    "serialize",
]
