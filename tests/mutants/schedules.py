"""Mutants of the learning-rate schedules."""

from tests.mutants import Mutant

INVERSE = "tfnotes/schedules/inverse_time_decay.py"
STEP = "tfnotes/schedules/step_decay.py"

MUTANTS = [
    Mutant("tfnotes/schedules/_base.py", "ops.cast(ops.floor(p), p.dtype)", "ops.round(p)"),
    Mutant("tfnotes/schedules/_base.py", "if self.staircase else p", "if True else p"),
    Mutant("tfnotes/schedules/exponential_decay.py", "ops.power(decay_rate, p)", "ops.exp(-decay_rate * p)"),
    Mutant(INVERSE, "return initial_learning_rate / (1", "return initial_learning_rate / (2"),
    Mutant(STEP, "ops.cast(drops, keras", "ops.cast(drops + 1, keras"),
    Mutant(STEP, 'ops.cast(step, "int64")', 'ops.cast(step, "float32")'),
]
