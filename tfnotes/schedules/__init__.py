"""Learning-rate schedules: the rate as a function of the step."""

from tfnotes.schedules.exponential_decay import ExponentialDecay
from tfnotes.schedules.inverse_time_decay import InverseTimeDecay
from tfnotes.schedules.step_decay import StepDecay

__all__ = ["ExponentialDecay", "InverseTimeDecay", "StepDecay"]
