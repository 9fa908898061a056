"""The files of a run and of an export, damaged; and names in a run's folder that nobody expects."""

import contextlib
import json
import shutil
import sys
from pathlib import Path
from random import Random

import keras
import numpy as np

from tests.fuzz import Trials, Wrong, damaged

TOY = Path(__file__).parents[1] / "toy"
HOSTILE = (
    *(None, True, -1, 0, 4.5, 1e999, float("nan"), 10**30, "", "x" * 2000, "\x1b[2J\n", "..", "/", [], {}, [[]]),
    {"a": {"b": []}},
)


class Corpus:
    """A run of the task `toy` with two epochs, and its export, in a folder; what they give when nothing is damaged."""

    def __init__(self, folder):
        sys.path.insert(0, str(TOY))
        from tfnotes import task as tasks
        from tfnotes.serving.export import export
        from tfnotes.training import config, loop
        from tfnotes.training.run import Run

        toy = tasks.load("toy")
        splits = toy.source("patterns")(None)
        asked = config.configure(toy, model="linear", epochs=2, batch_size=320) | config.describe_data(splits)
        self.run = Run.create(folder / "run", asked)
        loop.train(self.run, toy, splits)
        self.export = export(self.run, folder / "exports")
        self.weights = self.run.model().get_weights()
        self.setup = self.run.setup()
        self.model = self.setup.build()
        self.kept = {epoch: self._restored(self.run.path / "checkpoints") for epoch in (1, 2)}

    def _restored(self, folder):
        from tfnotes.training.checkpoint import ExactCheckpoint

        checkpoint = ExactCheckpoint(folder, report=lambda sentence: None)
        epoch = checkpoint.restore(self.model)
        return epoch, [keras.ops.convert_to_numpy(v) for v in self.model.variables]

    def config(self, path):
        from tfnotes.training.run import Run

        Run.open(path)

    def metrics(self, path):
        from tfnotes.training.run import Run

        for row in Run(path, self.run.config).metrics():
            float(row["epoch"])

    def test(self, path):
        from tfnotes.training.run import Run

        for value in Run(path, self.run.config).test().values():
            format(value, ".4f")

    def checkpoint(self, path):
        epoch, found = self._restored(path / "checkpoints")
        known = {self.kept[2][0]: self.kept[2][1], **self.first}
        if epoch not in known or not _same(found, known[epoch]):
            raise Wrong(f"a checkpoint of epoch {epoch} with other weights")

    def model_file(self, path):
        from tfnotes.training.run import Run

        model, _ = self.setup.trained(Run(path, self.run.config))
        if not _same(model.get_weights(), self.weights):
            raise Wrong("another model's weights")

    def events(self, path):
        from tfnotes.training import health

        found = health.read(path)
        for tag, curve in self.curves.items():
            lost = set(curve) - set(found.curves.get(tag, {}))
            # A record at the end that is cut short is what any killed process leaves.
            if lost - {max(curve)} and not found.unread:
                raise Wrong(f"{tag} lacks {sorted(lost)}, and nobody says so")
            if any(value != curve.get(step) for step, value in found.curves.get(tag, {}).items()):
                raise Wrong(f"{tag} is {found.curves[tag]}")


def _same(values, others):
    return len(values) == len(others) and all(np.array_equal(a, b) for a, b in zip(values, others, strict=True))


def trials(folder, share, report):
    """Trials of each kind of file.

    Args:
        folder: an empty one.
        share: of the trials that are usual.
        report: called with each finished `Trials`.
    """
    from tfnotes.training import health

    corpus = Corpus(folder)
    corpus.curves = health.read(corpus.run.path).curves
    first = shutil.copytree(corpus.run.path / "checkpoints", folder / "first")
    shutil.rmtree(first / "epoch-0002")
    corpus.first = dict([corpus._restored(first)])
    events = next((corpus.run.path / "events" / "train").glob("*tfevents*")).relative_to(corpus.run.path)
    kinds = (
        ("config.json", "config.json", corpus.config, 1500),
        ("metrics.jsonl", "metrics.jsonl", corpus.metrics, 1000),
        ("test.json", "test.json", corpus.test, 600),
        ("checkpoint: state.json", "checkpoints/epoch-0002/state.json", corpus.checkpoint, 600),
        ("checkpoint: variables.npz", "checkpoints/epoch-0002/variables.npz", corpus.checkpoint, 400),
        ("model.keras", "model.keras", corpus.model_file, 150),
        ("event files", events, corpus.events, 100),
    )
    copy = shutil.copytree(corpus.run.path, folder / "copy")
    for name, file, read, count in kinds:
        report(damage(Trials(name), copy, copy / file, read, round(count * share)))
    report(_strays(Trials("stray names in a run"), corpus, folder / "strays", round(100 * share)))
    for one in _exports(corpus.export, folder / "damaged", share):
        report(one)


def damage(found, root, path, read, count):
    """Trials of a file that is damaged: `read` is given the folder `root`, which it is in."""
    content, random = path.read_bytes(), Random(0)
    for number in range(count):
        if path.suffix in (".json", ".jsonl") and number % 2:
            changed, what = rewritten(random, content)
        else:
            changed, what = damaged(random, content)
        path.write_bytes(changed)
        found.attempt(f"{path.name}, {what}", read, root)
    path.write_bytes(content)
    return found


def rewritten(random, content):
    """JSON with another value in one place, or nested without end."""
    lines = content.decode().splitlines() if content.count(b"\n{") else [content.decode()]
    k = random.randrange(len(lines))
    value = json.loads(lines[k])
    places = list(_places(value))
    place, key = random.choice(places)
    other = random.choice(HOSTILE)
    if random.random() < 0.1:
        lines[k] = "[" * random.choice((100, 100_000)) if random.random() < 0.5 else '{"a":' * 100_000
        return "\n".join(lines).encode(), "endless nesting"
    if random.random() < 0.2 and isinstance(place, dict):
        del place[key]
    else:
        place[key] = other
    lines[k] = json.dumps(value)
    return "\n".join(lines).encode(), f"{key} = {str(other)[:30]!r}"


def _places(value):
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])


def _strays(found, corpus, copy, count):
    """Names that aren't those of a run, and folders in the place of files and the other way round."""
    from tfnotes.training.run import Run

    random = Random(0)
    names = ("epoch-0001.bak", "epoch-", "epoch-x", "epoch-0099", "epoch-\u0663", ".epoch.partial-1", "epoch-1e3")
    for number in range(count):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(corpus.run.path, copy)
        where = random.choice(("", "checkpoints", "events", "events/train", "checkpoints/epoch-0002"))
        name = random.choice((*names, "notes", "model.keras", "metrics.jsonl", "test.json", "config.json", "events"))
        path = copy / where / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.mkdir() if number % 2 else path.write_bytes(random.randbytes(20))

        def read():
            run = Run.open(copy)
            run.refuse_without_checkpoint()
            epoch, _ = corpus._restored(copy / "checkpoints")
            if epoch not in (1, 2):
                raise Wrong(f"goes on from epoch {epoch}")
            corpus.metrics(copy)
            if run.complete:
                corpus.test(copy)

        found.attempt(f"{where}/{name}", read)
    return found


def _exports(export, copy, share):
    from tfnotes.serving import metadata
    from tfnotes.serving.exported import Exported, described

    shutil.copytree(export, copy)
    path, whole = copy / metadata.NAME, (export / metadata.NAME).read_bytes()
    # By hand, as whoever changes metadata does it: without their own sum.
    unsealed = json.loads(whole)
    del unsealed["sha256"]
    path.write_text(json.dumps(unsealed), "utf-8")
    yield damage(Trials("metadata.json"), copy, path, described, round(1500 * share))
    path.write_bytes(whole)
    names = sorted(json.loads(whole)["files"])
    found = Trials("other files of an export")
    for name in names:
        content, random = (copy / name).read_bytes(), Random(0)
        for _ in range(round(400 * share / len(names))):
            changed, what = damaged(random, content)
            if changed == content:
                continue
            (copy / name).write_bytes(changed)

            def read():
                with contextlib.suppress(ImportError):
                    Exported(copy)
                raise Wrong("opened, though a file of it is another one")

            found.attempt(f"{name}, {what}", read)
        (copy / name).write_bytes(content)
    yield found
