"""Slips in experiments and commands, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # An excluded upper bound is accepted.
    Mutant(
        "tfnotes/_checks.py",
        "inside = low < value < high if exclusive else low <= value <= high",
        "inside = low < value <= high if exclusive else low <= value <= high",
        ("tests/test_checks.py",),
    ),
    # One bad file among good ones has status 0.
    Mutant(
        "tfnotes/cli/predict.py",
        "    if bad:\n        ctx.exit(1)",
        "    if bad and not answers:\n        ctx.exit(1)",
        ("tests/cli/test_predict.py",),
    ),
    # An option does the opposite.
    Mutant("tfnotes/cli/sweep.py", "prune=not no_prune)", "prune=no_prune)", ("tests/cli/test_sweep.py",)),
    # The second training goes on from the first.
    Mutant(
        "tfnotes/experiments/pretraining.py",
        "            model.set_weights(start)\n",
        "",
        ("tests/experiments/test__training.py",),
    ),
    # NaN counts as no difference.
    Mutant(
        "tfnotes/parity.py",
        "return float(np.nan_to_num(relative, nan=np.inf).max())",
        "return float(np.nanmax(relative))",
        ("tests/test_parity.py",),
    ),
    # A name that two packages declare.
    Mutant("tfnotes/plugins.py", "if len(points) > 1:", "if len(points) > 2:", ("tests/test_plugins.py",)),
]
