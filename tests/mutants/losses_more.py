"""Mutants of the losses that compare element by element, of the Gaussian divergence, and of clipping."""

from tests.mutants import Mutant

SQUARED = "tfnotes/losses/mean_squared_error.py"
BINARY = "tfnotes/losses/binary_crossentropy.py"
EQUATIONS = ("tests/losses/test_equations.py", "tests/contracts/test_functions.py")
GAUSSIAN = "tfnotes/losses/gaussian_kl_divergence.py"
ELEMENTWISE = "tfnotes/losses/_elementwise.py"
CONFUSION = "tfnotes/metrics/confusion_matrix.py"
GLOBAL = "tfnotes/clipping/clip_by_global_norm.py"
NORM = "tfnotes/clipping/_norm.py"

MUTANTS = [
    Mutant(SQUARED, "return ops.mean(ops.square", "return ops.sum(ops.square"),
    Mutant(SQUARED, "ops.square(y_true - y_pred)", "ops.square(y_true - y_pred) / 2"),
    Mutant(BINARY, "ops.softplus(y_pred) - y_true * y_pred", "ops.softplus(-y_pred) + y_true * y_pred", EQUATIONS),
    Mutant(BINARY, "ops.softplus(y_pred)", "ops.log(1 + ops.exp(y_pred))", EQUATIONS),
    Mutant(BINARY, "from_logits=from_logits), axis=axis", "from_logits=from_logits), axis=-1"),
    Mutant(BINARY, "(1 - y_true) * ops.log(1 - p), axis=axis", "(1 - y_true) * ops.log(1 - p), axis=-1", EQUATIONS),
    Mutant(BINARY, "+ (1 - y_true) * ops.log(1 - p)", "", EQUATIONS),
    Mutant(GAUSSIAN, "ops.square(mean - prior_mean) * ops.exp(-t)", "ops.square(mean - prior_mean)"),
    Mutant(GAUSSIAN, "ops.exp(s - t), ops", "ops.exp(t - s), ops"),
    Mutant(GAUSSIAN, "shift - 1 - s + t", "shift - 1 + s - t"),
    Mutant(GAUSSIAN, "axis=-1) / 2", "axis=-1)"),
    Mutant(GAUSSIAN, "(prior_mean, t), (mean, s) =", "(mean, s), (prior_mean, t) ="),
    Mutant(ELEMENTWISE, "return ops.squeeze(long, -1), short", "return long, ops.expand_dims(short, -1)"),
    Mutant("tfnotes/clipping/clip_by_value.py", "ops.maximum(values, low), high)", "ops.maximum(values, -high), high)"),
    Mutant("tfnotes/clipping/clip_by_norm.py", "ops.where(m * unit <= clip_norm, wide, ", "("),
    Mutant("tfnotes/clipping/clip_by_norm.py", "axis=axes, keepdims", "axis=None, keepdims"),
    Mutant(CONFUSION, "(ops.transpose(true), predicted)", "(ops.transpose(predicted), true)"),
    Mutant(CONFUSION, "self.matrix.assign_add(", "self.matrix.assign("),
    Mutant(GLOBAL, "ops.square(g / ops.cast(m, g.dtype))", "ops.square(ops.square(g / ops.cast(m, g.dtype)))"),
    Mutant(GLOBAL, " + (unit - unit)", ""),
    Mutant(GLOBAL, "ops.where(squares == 0, squares, m * unit)", "m * unit"),
    Mutant(NORM, "ops.stop_gradient(ops.max(ops.abs(g), axis=axes, keepdims=True, initial=0))", "ops.ones_like(g)"),
    Mutant(NORM, "limits.minexp, limits.maxexp - 1", "-999, 999"),
    Mutant(NORM, "ops.where(squares == 0, ops.ones_like(squares), squares)", "squares"),
    Mutant(NORM, "type(g)(function(g.values), g.indices", "type(g)(function(g.values), 0 * g.indices"),
]
