"""The commands that are disturbed: what begins each, what goes on with it, and what its end is compared by."""

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import small
from tests.chaos import children, ends

# By task and model, the smallest of which an epoch takes a moment.
MODELS = {
    ("mnist", "cnn"): "epochs=6 filters=4 units=16",
    ("mnist", "mlp"): "epochs=8 units=16",
    ("mnist", "lstm"): "epochs=6 units=4",
    ("imdb", "bigram"): "epochs=8 vocabulary=300 width=4 buckets=64 length=10",
    ("imdb", "lstm"): "epochs=6 vocabulary=300 width=4 units=4 length=10",
    ("autoencode", "vae"): "epochs=8 units=16 latent=4",
    ("autoencode", "gan"): "epochs=8 units=16-16 latent=4",
    ("autoencode", "rbm"): "epochs=8 units=16 chains=20",
    ("autoencode", "dbn"): "epochs=8 units=16-16 pretrain=2",
    ("autoencode", "ladder"): "epochs=6 units=16-16 costs=10-1-0.1-0.1 labels=20",
}


@dataclass(frozen=True)
class Case:
    """A command.

    Attributes:
        name: for people.
        kills: how many in a whole run of the suite.
        begin: the arguments that begin it.
        result: where its result stands, in the folder that it works in.
        resume: the arguments that go on with it once `begun` stands in the result; None to begin again.
        begun: a file's name.
        differences: a function of `tests.chaos.ends`.
        of: the case whose run it works on, if it does.
        small: whether the small samples are put in the place of the packaged ones.
    """

    name: str
    kills: int
    begin: tuple
    result: str
    resume: tuple | None = None
    begun: str = "config.json"
    differences: Callable = ends.runs
    of: "Case | None" = None
    small: bool = True

    def start(self, world, folder, log, wrap=lambda function: function):
        """The command in a child, in a folder; goes on where there is something to go on with."""
        goes_on = self.resume and (Path(folder) / self.result / self.begun).exists()
        function = children.command(self.resume if goes_on else self.begin)
        return children.Child(wrap(world.within(function, self.small)), folder, log)


class World:
    """The folders of all: data, wheels, undisturbed results, and a run and an experiment to work on."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.seconds: dict[str, float] = {}
        self.data, self.wheels = self.folder / "data", self.folder / "wheels"
        self.digits, self.snippets = small.digits(self.wheels), small.snippets(self.wheels)

    def within(self, function, small=True):
        """The function with the small samples, or with the packaged ones."""

        def run():
            os.environ["TFDS_DATA_DIR"] = str(self.data / ("small" if small else "whole"))
            if small:
                self._put_small()
            function()

        return run

    def _put_small(self):
        from tfnotes_tasks import sources
        from tfnotes_tasks.imdb import sample as snippets
        from tfnotes_tasks.mnist import sample as digits

        for name, module, (_, sha256, examples) in (
            ("MNIST_SAMPLE", digits, self.digits),
            ("IMDB_SAMPLE", snippets, self.snippets),
        ):
            setattr(sources, name, dataclasses.replace(getattr(sources, name), examples=examples))
            module.SHA256 = sha256
        os.environ.update(PIP_CONFIG_FILE=os.devnull, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(self.wheels))

    def make(self):
        """Prepares the samples, once; those that pip fetches are for commands that start processes of their own."""
        if self.data.exists():
            return
        children.load()
        for name, is_small in (("sample", True), ("imdb-sample", True), ("sample", False)):
            command = children.command(["data", "prepare", name])
            child = children.Child(self.within(command, is_small), self.folder, self.folder / "prepare.log")
            if child.end():
                raise RuntimeError(child.said())


# Whose runs are exported.
EXPORTED = ("train imdb bigram", "train autoencode vae")


def models(kills=11):
    """A case for each model."""
    for (task, model), text in MODELS.items():
        (_, epochs), *settings = (word.split("=") for word in text.split())
        chosen = [argument for key, value in settings for argument in ("--set", f"{key}={value}")]
        begin = ("train", task, "--model", model, "--epochs", epochs, *chosen, "--run", "run")
        yield Case(f"train {task} {model}", kills, begin, "run", ("train", "--resume", "run"))


def others(world):
    """The cases of the other commands."""
    for run in (case for case in models() if case.name in EXPORTED):
        _, task, model = run.name.split()
        begin = ("export", world.folder / "undisturbed" / run.name / "run", "--to", "to")
        yield Case(f"export ({task} {model})", 8, begin, f"to/{task}", differences=ends.exports, of=run)
    for name in ("sample", "imdb-sample"):
        begin = ("data", "prepare", name, "--data-dir", "to")
        yield Case(f"data prepare {name}", 20, begin, "to", differences=ends.folders)
    for name, kills in (("sigmoid-saturates", 20), ("zero-biases", 2)):
        begin = ("experiment", "run", name, "--quick", "--seeds", "2", "--no-figures", "--out", "to")
        yield Case(f"experiment run {name}", kills, begin, "to", differences=ends.folders, small=False)
    few = ("mnist", "--model", "softmax", "--epochs", "3", "--set", "examples=200")
    rates = ("--set", "learning_rate=0.05,0.1")
    yield Case(
        "sweep mnist softmax",
        6,
        ("sweep", *few, *rates, "--no-prune", "--folder", "sweep"),
        "sweep",
        ("sweep", "--resume", "sweep"),
        "sweep.json",
        ends.sweeps,
        small=False,
    )
    two = ("--workers", "2", "--wait", "20")
    yield Case(
        "train --workers 2 mnist softmax",
        6,
        ("train", *few, *two, "--run", "run"),
        "run",
        ("train", "--resume", "run", *two),
        small=False,
    )
