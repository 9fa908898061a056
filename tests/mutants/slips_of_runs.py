"""Slips in runs and what they show, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # Settings of 0 and False are left out.
    Mutant(
        "tfnotes/callbacks/hparams.py",
        "for name, value in settings.items() if value is not None}",
        "for name, value in settings.items() if value}",
        ("tests/callbacks/test_hparams.py",),
    ),
    # A resumed run begins with the first epoch's order.
    Mutant(
        "tfnotes/data/pipeline.py",
        "tf.data.Dataset.range(first_epoch, epochs).flat_map(rows)",
        "tf.data.Dataset.range(epochs - first_epoch).flat_map(rows)",
        ("tests/data/test_pipeline.py",),
    ),
    # A loss of 0 ranks last.
    Mutant(
        "tfnotes/sweep/sweep.py",
        'loss = math.inf if row["val_loss"] is None else row["val_loss"]',
        'loss = row["val_loss"] or math.inf',
        ("tests/sweep/test_sweep.py",),
    ),
    # The fingerprint of ["ab", "c"] is that of ["a", "bc"].
    Mutant(
        "tfnotes/training/config.py",
        "                digest.update(np.array([len(text) for text in array]).data)\n",
        "",
        ("tests/training/test_config.py",),
    ),
    # 0 becomes the default instead of being refused.
    Mutant(
        "tfnotes/training/config.py",
        "return default if value is None else value",
        "return value or default",
        ("tests/training/test_config.py",),
    ),
]
