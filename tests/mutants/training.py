"""Mutants of initializers, losses and optimizers."""

from tests.mutants import Mutant

CROSSENTROPY = "tfnotes/losses/_crossentropy.py"
EQUATIONS = ("tests/losses/test_equations.py", "tests/contracts/test_functions.py")
CATEGORICAL = "tfnotes/losses/categorical_crossentropy.py"
SPARSE = "tfnotes/losses/sparse_categorical_crossentropy.py"
SGD = "tfnotes/optimizers/sgd.py"
RANDOM = "tfnotes/initializers/_random.py"

MUTANTS = [
    Mutant(RANDOM, "limit = math.sqrt(3 * variance)", "limit = math.sqrt(variance)"),
    Mutant(RANDOM, "math.sqrt(variance) / kept", "math.sqrt(variance)"),
    Mutant(RANDOM, "window * shape[-2], window * shape[-1]", "shape[-2], shape[-1]"),
    Mutant(RANDOM, "window * shape[-2], window * shape[-1]", "window * shape[-1], window * shape[-2]"),
    Mutant(RANDOM, "return max(fan_in, 1), max(fan_out, 1)", "return fan_in, fan_out"),
    Mutant(RANDOM, "for axes in (input_axes, output_axes))", "for axes in (output_axes, input_axes))"),
    Mutant(RANDOM, "random.randint(1, 10**9) if seed is None else seed", "0 if seed is None else seed"),
    Mutant(RANDOM, "random.randint(1, 10**9) if seed is None else seed", "random.randint(1, 10**9)"),
    Mutant(RANDOM, "kept = 0.87962566103423978", "kept = 0.88"),
    Mutant(RANDOM, "keras.random.truncated_normal(", "keras.random.normal("),
    Mutant(RANDOM, "if isinstance(seed, dict):", "if False:"),
    Mutant("tfnotes/initializers/zeros.py", "dtype=dtype or keras.config.floatx()", "dtype=keras.config.floatx()"),
    Mutant("tfnotes/initializers/glorot_uniform.py", '1.0, "fan_avg"', '1.0, "fan_in"'),
    Mutant("tfnotes/initializers/glorot_normal.py", '1.0, "fan_avg"', '1.0, "fan_in"'),
    Mutant("tfnotes/initializers/he_uniform.py", '2.0, "fan_in"', '1.0, "fan_in"'),
    Mutant("tfnotes/initializers/he_normal.py", '2.0, "fan_in"', '1.0, "fan_in"'),
    Mutant("tfnotes/initializers/zeros.py", "ops.zeros(shape", "ops.ones(shape"),
    Mutant(CROSSENTROPY, "y_pred - ops.stop_gradient(ops.max(y_pred, axis=axis, keepdims=True))", "y_pred"),
    Mutant(CROSSENTROPY, "return z - ops.log(ops.sum", "return z + ops.log(ops.sum"),
    Mutant(CROSSENTROPY, "p = y_pred / ops.sum(y_pred, axis=axis, keepdims=True)", "p = y_pred"),
    Mutant(CROSSENTROPY, "ops.clip(p, epsilon, 1 - epsilon)", "p"),
    Mutant(CROSSENTROPY, "label_smoothing / classes", "label_smoothing"),
    Mutant(CROSSENTROPY, "& (index != ignored)", ""),
    Mutant(CROSSENTROPY, "~((index >= 0) & (index < classes))", "(index >= classes)"),
    Mutant(CROSSENTROPY, "return axis % len(shape)", "return axis"),
    Mutant(CROSSENTROPY, "or shape[axis] is None", "or False"),
    Mutant(CROSSENTROPY, "n != e and None not in (n, e)", "n != e and None not in (n, e) and 1 not in (n, e)"),
    Mutant(CROSSENTROPY, "y_true * (1 - label_smoothing) +", "y_true +"),
    Mutant(
        CATEGORICAL,
        "y_pred.shape[axis])\n    return ops",
        "y_pred.shape[-1])\n    return ops",
    ),
    Mutant(
        CATEGORICAL,
        "return ops.categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)",
        "return categorical_crossentropy_by_definition(y_true, y_pred, from_logits, 0, axis)",
    ),
    Mutant(CATEGORICAL, "return -ops.sum", "return ops.sum", EQUATIONS),
    Mutant(CATEGORICAL, "check_targets(self, y_true.shape, y_pred.shape)", ""),
    Mutant(SPARSE, "ops.where(ops.expand_dims(counts, axis), y_pred, 1)", "y_pred"),
    Mutant(SPARSE, "y_true = ops.squeeze(y_true, axis)", "y_true = ops.squeeze(y_true, -1)"),
    Mutant(SPARSE, "check_targets(self, y_true.shape, expected, ", "str("),
    Mutant(SPARSE, "return ops.where(counts, loss, 0)", "return loss"),
    Mutant(SPARSE, "return self.masked([loss, ops.not_equal(y_true, self.ignore_class)])", "return loss"),
    Mutant(SPARSE, "axis=axis, dtype=log_p.dtype", "dtype=log_p.dtype", EQUATIONS),
    Mutant(SPARSE, "ops.where(counts, y_true, 0), ops", "y_true, ops"),
    Mutant(SPARSE, "ops.moveaxis(y_pred, axis, -1)", "ops.swapaxes(y_pred, axis, -1)", EQUATIONS),
    Mutant(SPARSE, "            refuse_no_class(self, y_true, y_pred.shape[axis], self.ignore_class)\n", ""),
    Mutant(SGD, "v = ops.subtract(momentum * v, step)", "v = ops.subtract(v, step)"),
    Mutant(SGD, "ops.subtract(momentum * v, step) if nesterov else v", "ops.subtract(v, step) if nesterov else v"),
    Mutant(SGD, "return change, v", "return change, change"),
]
