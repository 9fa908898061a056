"""Mutants of the initializers that name their numbers themselves."""

from tests.mutants import Mutant

ORTHOGONAL = "tfnotes/initializers/orthogonal.py"
NORMAL = "tfnotes/initializers/random_normal.py"
UNIFORM = "tfnotes/initializers/random_uniform.py"
TRUNCATED = "tfnotes/initializers/truncated_normal.py"

MUTANTS = [
    Mutant("tfnotes/initializers/ones.py", "ops.ones(shape", "ops.zeros(shape"),
    Mutant("tfnotes/initializers/constant.py", "ops.full(shape, self.value", "ops.full(shape, 0.0"),
    Mutant(NORMAL, "self.mean, self.stddev, dtype", "self.mean, self.stddev**2, dtype"),
    Mutant(UNIFORM, "self.minval, self.maxval, dtype", "-self.maxval, self.maxval, dtype"),
    Mutant(TRUNCATED, "keras.random.truncated_normal(", "keras.random.normal("),
    Mutant(ORTHOGONAL, "return q * ops.sign(ops.diagonal(r))", "return q"),
    Mutant(ORTHOGONAL, "ops.transpose(q) if rows < columns else q", "q"),
    Mutant(ORTHOGONAL, "return self.gain * ops.reshape", "return ops.reshape"),
    Mutant(ORTHOGONAL, "math.prod(shape[:-1]), shape[-1]", "shape[0], math.prod(shape[1:])"),
]
