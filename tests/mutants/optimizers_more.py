"""Mutants of the adaptive optimizers and of what optimizers share."""

from tests.mutants import Mutant

ADAGRAD = "tfnotes/optimizers/adagrad.py"
RMSPROP = "tfnotes/optimizers/rmsprop.py"
ADAM = "tfnotes/optimizers/adam.py"
BASE = "tfnotes/optimizers/_base.py"

MUTANTS = [
    Mutant(ADAGRAD, "a = a + ops.square(g)", "a = a + ops.absolute(g)"),
    Mutant(ADAGRAD, "ops.rsqrt(a + epsilon)", "1 / (ops.sqrt(a) + epsilon)"),
    Mutant(ADAGRAD, "keras.initializers.Constant(self.initial_accumulator_value)", '"zeros"'),
    Mutant(RMSPROP, "rho * v + (1 - rho) * ops.square(g)", "(1 - rho) * v + rho * ops.square(g)"),
    Mutant(RMSPROP, "spread = v - ops.square(a)", "spread = v"),
    Mutant(RMSPROP, "ops.rsqrt(spread + epsilon)", "1 / (ops.sqrt(spread) + epsilon)"),
    Mutant(RMSPROP, "m = momentum * m - change", "m = momentum * m - (1 - momentum) * change"),
    Mutant(ADAM, "self.iterations + 1, g.dtype", "self.iterations + 2, g.dtype"),
    Mutant(ADAM, "/ (1 - ops.power(beta_1, t))", "/ ops.sqrt(1 - ops.power(beta_1, t))"),
    Mutant(ADAM, "(g - m) * (1 - beta_1)", "(g - m) * (1 - beta_2)"),
    Mutant(ADAM, "v_hat = ops.maximum(v_hat, v)", "v_hat = v"),
    Mutant(ADAM, "else v_hat) + epsilon), m", "else v_hat) * (1 + epsilon)), m"),
    Mutant(BASE, "g = ops.add(ops.zeros(g.dense_shape, variable.dtype), g)", "pass"),
    Mutant(BASE, "self.assign_add(variable, change)", "self.assign_sub(variable, change)"),
]
