"""Mutants of training that starts from another run, and of a network built of either kind of layers."""

from tests.mutants import Mutant

TUNING = "tfnotes/training/fine_tuning.py"
BOTH, DIGITS = "tfnotes/training/side_by_side.py", "tasks/mnist/data.py"
DATA = ("tests/tasks/test_mnist_data.py",)

MUTANTS = [
    Mutant(TUNING, "layer.trainable = False", "pass"),
    Mutant(TUNING, "fnmatchcase(layer.name, pattern)", "layer.name == pattern"),
    Mutant(TUNING, "layer.set_weights(found)", "pass"),
    Mutant(TUNING, "elif not layer.trainable:", "elif False:"),
    Mutant(TUNING, "if not copied:", "if False:"),
    Mutant(BOTH, "built.set_weights(start)", "pass"),
    Mutant(BOTH, "start = start or built.get_weights()", "start = built.get_weights()"),
    Mutant(BOTH, "run = Run.create(path / kind, config[kind])", 'run = Run.create(path / kind, config["keras"])'),
    Mutant(BOTH, 'points = [(row["epoch"], row[name])', 'points = [(row["epoch"], row["loss"])'),
    Mutant(BOTH, "        extras.matplotlib(*NEEDED)\n", "        pass\n"),
    Mutant(DIGITS, "concatenate([split.y for split in both])", "concatenate([split.y for split in both[::-1]])", DATA),
    Mutant(DIGITS, "if not hold_out:", "if hold_out:", DATA),
    Mutant(DIGITS, 'if name == "train" and examples:', "if examples:", DATA),
    Mutant(DIGITS, "default_rng(seed)", "default_rng(0)", DATA),
    Mutant(DIGITS, "np.isin(split.y, wanted)", "np.isin(split.y, wanted, invert=True)", DATA),
]
