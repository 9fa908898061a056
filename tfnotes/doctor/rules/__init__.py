"""The illnesses of a training, each a rule: a function that finds it in a `tfnotes.doctor.history.History`.

A rule says what it needs (the beginning of the tags that must be among the events), and gives `Finding`s. Its
thresholds stand above it with their reasons; `python -m benchmarks.doctor` shows that they tell sick trainings from
healthy ones. What is judged: figures (far outside?), the inputs, the rate, the layers, and how it generalizes.
"""

from tfnotes.doctor.findings import RULES
from tfnotes.doctor.rules.figures import no_numbers, nothing_learned
from tfnotes.doctor.rules.generalization import overfitting
from tfnotes.doctor.rules.inputs import badly_scaled
from tfnotes.doctor.rules.layers import dead, exploding, saturated, vanishing
from tfnotes.doctor.rules.rate import rate_too_high, rate_too_low

__all__ = [
    "RULES",
    "badly_scaled",
    "dead",
    "exploding",
    "no_numbers",
    "nothing_learned",
    "overfitting",
    "rate_too_high",
    "rate_too_low",
    "saturated",
    "vanishing",
]
