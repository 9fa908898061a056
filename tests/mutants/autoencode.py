"""Mutants of the task autoencode."""

from tests.mutants import Mutant

LABELS, FIGURES, PICTURES = (f"tasks/autoencode/{name}.py" for name in ("labels", "figures", "pictures"))
PARTS = ("tests/tasks/test_autoencode_parts.py",)
SAMPLE = "tfnotes/serving/sample.py"
COMMAND = ("tests/cli/test_sample.py",)

MUTANTS = [
    Mutant(LABELS, "hidden[kept] = y[kept]", "hidden[kept] = y[: len(kept)]", PARTS),
    Mutant(LABELS, 'kept = order[np.argsort(rank[order], kind="stable")][:labels]', "kept = order[:labels]", PARTS),
    Mutant(LABELS, "np.random.default_rng(seed)", "np.random.default_rng(0)", PARTS),
    Mutant(LABELS, "1_000_000 + k // turns", "1_000_000 + k", PARTS),
    Mutant(LABELS, "batches.enumerate(first_epoch * steps)", "batches.enumerate()", PARTS),
    Mutant(LABELS, "min(batch_size, len(known))", "len(known)", PARTS),
    Mutant(FIGURES, "spread[: max(len(spread) - components, 0)]", "spread[components:]", PARTS),
    Mutant(FIGURES, "features[1::2] @ weights, -1) == y[1::2]", "features[::2] @ weights, -1) == y[::2]", PARTS),
    Mutant(FIGURES, "- x.shape[1] * np.log(", "- np.log(", PARTS),
    Mutant(FIGURES, "np.log(np.mean(np.exp(z - top), 1))", "np.log(np.sum(np.exp(z - top), 1))", PARTS),
    Mutant(FIGURES, "likelihood(validation, width)", "-likelihood(validation, width)", PARTS),
    Mutant(PICTURES, "(1 - shares) * first", "(1 + shares) * first", PARTS),
    Mutant(PICTURES, "for (column, row), image", "for (row, column), image", PARTS),
    Mutant("tfnotes/_tiles.py", "    places[n:, :height, :width] = empty\n", "", PARTS),
    Mutant("tfnotes/_tiles.py", ".swapaxes(1, 2)", ".swapaxes(1, 1)", PARTS),
    Mutant(SAMPLE, "> LIMIT:", "> LIMIT**2:", COMMAND),
    Mutant(SAMPLE, "np.round(255 * picture)", "np.round(picture)", COMMAND),
    Mutant(SAMPLE, "count**0.5", "count", COMMAND),
]
