"""Mutants of the regularizers and constraints."""

from tests.mutants import Mutant

KL = "tfnotes/regularizers/kl_sparsity.py"
NORMS = "tfnotes/constraints/_base.py"
MAX_NORM = "tfnotes/constraints/max_norm.py"

MUTANTS = [
    Mutant("tfnotes/regularizers/l1.py", "return l1 * ops.sum(ops.absolute(w))", "return l1 * ops.sum(w)"),
    Mutant("tfnotes/regularizers/l2.py", "return l2 * ops.sum", "return 0.5 * l2 * ops.sum"),
    Mutant("tfnotes/regularizers/l1_l2.py", "l2_penalty(x, self.l2)", "l2_penalty(x, self.l1)"),
    Mutant(KL, "rho * math.log(rho) + (1 - rho)", "rho * math.log(rho) - (1 - rho)"),
    Mutant(KL, "(1 - rho) * ops.log(1 - rho_hat)", "rho * ops.log(1 - rho_hat)"),
    Mutant(KL, "tuple(range(len(a.shape) - 1))", "0"),
    Mutant(KL, "ops.cast(ops.shape(x)[0], x.dtype) * kl", "kl"),
    Mutant(KL, "ops.clip(rho_hat, epsilon, 1 - epsilon)", "rho_hat"),
    Mutant(NORMS, "ops.sqrt(ops.sum(ops.square(w)", "ops.sqrt(ops.mean(ops.square(w)"),
    Mutant(MAX_NORM, "ops.minimum(n, max_value) / (n + epsilon)", "max_value / (n + epsilon)"),
    Mutant(MAX_NORM, "/ (n + epsilon))", "/ n)"),
    Mutant("tfnotes/constraints/unit_norm.py", "+ keras.config.epsilon())", ")"),
    Mutant("tfnotes/constraints/non_neg.py", "ops.maximum(ops.convert_to_tensor(w), 0)", "ops.absolute(w)"),
]
