"""Mutants of linear, step, leaky_relu and elu."""

from tests.mutants import Mutant

LINEAR = "tfnotes/activations/linear.py"
STEP = "tfnotes/activations/step.py"
LEAKY = "tfnotes/activations/leaky_relu.py"
ELU = "tfnotes/activations/elu.py"

MUTANTS = [
    Mutant(LINEAR, "    return x\n", "    return ops.relu(x)\n"),
    Mutant(STEP, "ops.cast(x > 0, x.dtype)", "ops.cast(x >= 0, x.dtype)"),
    Mutant(STEP, "ops.cast(x > 0, x.dtype)", "ops.sign(x)"),
    Mutant(STEP, "ops.cast(x > 0, x.dtype)", 'ops.cast(x > 0, "float32")'),
    Mutant(LEAKY, "ops.where(x > 0, x, negative_slope * x)", "ops.where(x >= 0, x, negative_slope * x)"),
    Mutant(LEAKY, "return ops.leaky_relu(x, negative_slope)", "return ops.leaky_relu(x)"),
    Mutant(LEAKY, "return ops.leaky_relu(x, negative_slope)", "return ops.maximum(x, negative_slope * x)"),
    Mutant(ELU, "ops.expm1(ops.where(positive, 0, x))", "ops.expm1(x)"),
    Mutant(ELU, "ops.expm1(ops.where(positive, 0, x))", "(ops.exp(ops.where(positive, 0, x)) - 1)"),
    Mutant(ELU, "positive = x > 0", "positive = x >= 0"),
    Mutant(ELU, "return ops.elu(x, alpha)", "return alpha * ops.elu(x)"),
]
