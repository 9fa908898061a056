"""Mutants of runs: starting from another one, going on, what is damaged or gone, and either kind of layers."""

from tests.mutants import Mutant

TUNING = "tfnotes/training/fine_tuning.py"
BOTH, DIGITS = "tfnotes/training/side_by_side.py", "tasks/mnist/data.py"
DATA = ("tests/tasks/test_mnist_data.py",)

RUN, LOOP, EVENTS = "tfnotes/training/run.py", "tfnotes/training/loop.py", "tfnotes/event_files.py"
TRIMMED = ("tests/callbacks/test_event_files.py",)

RERUN, MEMORY = "tfnotes/training/rerun.py", "tfnotes/training/memory.py"
SETUP, STORED, DOCUMENTS = "tfnotes/training/setup.py", "tfnotes/training/stored.py", "tfnotes/documents.py"

TASKS, SETTINGS = "tfnotes/cli/tasks.py", ("tests/cli/test_tasks.py",)
FOUND = ("tests/cli/test_concepts.py",)

MUTANTS = [
    Mutant(TASKS, "(recipe.build, recipe.optimizer, recipe.fit, recipe.select)", "(recipe.build,)", SETTINGS),
    Mutant(TASKS, r"(?=\n +\w+(?:, \w+)*: |", "(?=", SETTINGS),
    Mutant(TASKS, "_words.ALL[lang] if len(models) == len(task.models) else", "", SETTINGS),
    Mutant("tfnotes/registry.py", "c.en, c.zh, *glossary", "c.en, *glossary", FOUND),
    Mutant("tfnotes/registry.py", ", *glossary.spellings(c.name))", ")", ("tests/test_glossary.py",)),
    Mutant("tfnotes/glossary.py", "if term.concept == concept", "", ("tests/test_glossary.py",)),
    Mutant("tfnotes/registry.py", "any(wanted in spelling for spelling", "any(wanted == spelling for spelling", FOUND),
    Mutant("tfnotes/cli/_terminal.py", "made if made.is_terminal else", "made if True else", FOUND),
    Mutant(RUN, 'for name in ("metrics.jsonl", "model.keras", "test.json")', 'for name in ("metrics.jsonl",)'),
    Mutant(RUN, "not os.path.samestat(found, self._folder)", "False"),
    Mutant(RUN, "        self.refuse_without_checkpoint()\n", ""),
    Mutant(LOOP, "        run.refuse_without_checkpoint()\n", ""),
    Mutant(STORED, "name and path.is_dir()", "name"),
    Mutant(STORED, " or value != value:", ":"),
    Mutant(STORED, '_schemas()["metrics"](found[-1], name)', "pass"),
    Mutant(DOCUMENTS, "_depth(found) > DEPTH", "_depth(found) > 10 * DEPTH", ("tests/test_documents.py",)),
    Mutant(DOCUMENTS, "file.read(limit + 1)", "file.read(limit)", ("tests/test_documents.py",)),
    Mutant(SETUP, "if found != expected:", "if found[1] != expected[1]:"),
    Mutant(RERUN, "unequal.reshape(a.size, -1).any(axis=1).sum()", "unequal.sum()"),
    Mutant(RERUN, "if a != b]", "if a == b]"),
    Mutant(RERUN, "or other or test != test_again", "or other"),
    Mutant(MEMORY, "asked += math.prod", "asked = math.prod"),
    Mutant(MEMORY, "if needed > has:", "if needed >= has:"),
    Mutant(MEMORY, "output.shape[1:]", "output.shape[2:]"),
    Mutant("tfnotes/cli/train.py", "            run.discard()\n", "            pass\n", ("tests/cli/test_train.py",)),
    Mutant("tfnotes/callbacks/predictions.py", "tobytes(), found)", "tobytes(), 0)"),
    Mutant(SETUP, "if found != expected:", "if found[0] != expected[0]:"),
    Mutant(LOOP, "                    Watch(run),\n", ""),
    Mutant(LOOP, 'cb.trim(run.path / "events", done, report)', 'cb.trim(run.path / "events", done)'),
    Mutant(EVENTS, 'files.write_aside(path, "trimmed")', "files.write_aside(path)", TRIMMED),
    Mutant(EVENTS, "            files.sweep(inner)\n", "            pass\n", TRIMMED),
    Mutant(EVENTS, "            start += 1\n            continue\n", "            return\n", TRIMMED),
    Mutant(EVENTS, "        if _right(data, start + _HEADER, end):\n", "        if True:\n", TRIMMED),
    Mutant(EVENTS, "        if not cut:\n            lost", "        if True:\n            lost", TRIMMED),
    Mutant(TUNING, "layer.trainable = False", "pass"),
    Mutant(TUNING, "fnmatchcase(layer.name, pattern)", "layer.name == pattern"),
    Mutant(TUNING, "layer.set_weights(found)", "pass"),
    Mutant(TUNING, "elif not layer.trainable:", "elif False:"),
    Mutant(TUNING, "if not copied:", "if False:"),
    Mutant(BOTH, "built.set_weights(start)", "pass"),
    Mutant(BOTH, "start = start or built.get_weights()", "start = built.get_weights()"),
    Mutant(BOTH, "run = Run.create(path / kind, config[kind])", 'run = Run.create(path / kind, config["keras"])'),
    Mutant(BOTH, 'points = [(row["epoch"], row[name])', 'points = [(row["epoch"], row["loss"])'),
    Mutant(BOTH, "        extras.needed(*NEEDED)\n", "        pass\n"),
    Mutant("tfnotes/_split.py", "np.concatenate([self.y, other.y])", "np.concatenate([other.y, self.y])", DATA),
    Mutant(DIGITS, "if not hold_out:", "if hold_out:", DATA),
    Mutant(DIGITS, 'if name == "train" and examples:', "if examples:", DATA),
    Mutant(DIGITS, "default_rng(seed)", "default_rng(0)", DATA),
    Mutant(DIGITS, "np.isin(split.y, wanted)", "np.isin(split.y, wanted, invert=True)", DATA),
]
