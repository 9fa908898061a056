"""How much of a run TensorBoard is shown: nothing, the usual, or all; and looking changes no number."""

import json

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tfnotes.training import loop
from tfnotes.training.config import configure, describe_data
from tfnotes.training.run import Run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run of two epochs at each level, and what was said at its end."""
    from tests.training.test_loop import TOY
    from tfnotes import task

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOY)
        toy = task.load("toy")
        splits = toy.source("patterns")(None)
        made = {}
        for level in ("off", "basic", "full"):
            config = configure(toy, epochs=2, inspect=level, learning_rate=3.0) | describe_data(splits)
            run, said = Run.create(tmp_path_factory.mktemp(level) / "run", config), []
            loop.train(run, toy, splits, report=said.append)
            made[level] = run, said
    return made


def tags(run):
    """The names of all that stands in a run's events."""
    found = set()
    for folder in (run.path / "events").glob("*"):
        events = EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()
        found |= set(events.Tags()["tensors"])
    return found


def test_off_writes_no_events(runs):
    assert not (runs["off"][0].path / "events").exists()


def test_full_shows_all_that_basic_shows_and_the_inside_of_the_network(runs):
    basic, full = tags(runs["basic"][0]), tags(runs["full"][0])
    assert {"loss", "accuracy", "learning_rate"} <= basic < full
    inside = {name.split("/")[0] for name in full - basic}
    assert {"gradient_norm", "gradients", "update_ratio", "dead_units", "sparse_units"} <= inside
    assert {"activation_mean", "activation_std", "activation_zeros", "confusion_matrix"} <= inside
    assert any(name.startswith("gradient_norm/conv") for name in full)


def test_looking_changes_no_number(runs):
    files = [(run.path / "metrics.jsonl").read_bytes() for run, _ in runs.values()]
    assert files[0] == files[1] == files[2]
    tests = [json.loads((run.path / "test.json").read_text()) for run, _ in runs.values()]
    assert tests[0] == tests[1] == tests[2]


def test_full_says_what_it_finds(runs):
    # A rate of 3 throws the weights about.
    said = runs["full"][1]
    assert any("lower the learning rate" in sentence for sentence in said), said
    assert not [sentence for sentence in runs["basic"][1] if "lower the learning rate" in sentence]
