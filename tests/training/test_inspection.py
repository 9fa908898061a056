"""How much of a run TensorBoard is shown: nothing, the usual, or all; and looking changes no number."""

import dataclasses
import json

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tfnotes import callbacks as cb
from tfnotes.task import Split, Splits
from tfnotes.training import inspection, loop
from tfnotes.training.config import configure, describe_data
from tfnotes.training.health import examine
from tfnotes.training.run import Run
from tfnotes.training.setup import Setup


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
    assert {"activation_mean", "activation_std", "activation_zeros", "confusion_matrix", "precision_recall"} <= inside
    assert any(name.startswith("gradient_norm/conv") for name in full)


def test_basic_shows_settings_and_the_scale_of_the_inputs(runs):
    found = tags(runs["basic"][0])
    assert {"configuration", "final/val_loss", "input_scale/mean", "input_scale/std"} <= found
    assert any("hparams" in name for name in found)


def test_full_maps_what_the_last_layer_is_given(runs):
    folders = {level: run.path.glob("events/train/embeddings/*") for level, (run, _) in runs.items()}
    made = {level: sorted(path.name for path in folder) for level, folder in folders.items()}
    assert made == {"off": [], "basic": [], "full": ["metadata.tsv", "sprite.png", "tensors.tsv"]}
    points = (runs["full"][0].path / "events" / "train" / "embeddings" / "tensors.tsv").read_text().splitlines()
    assert len(points) == 80
    assert len(points[0].split("\t")) == 576


def test_basic_looks_at_examples_in_proportion(toy, tmp_path):
    x, y = np.zeros((3200, 28, 28), "uint8"), np.arange(3200) % 10
    for train, held, level, expected in (
        (3200, 3200, "basic", 100),
        (320, 80, "basic", 80),
        (3200, 80, "full", 80),
        (3200, 3200, "full", 1000),
    ):
        splits = Splits(Split(x[:train], y[:train]), Split(x[:held], y[:held]), Split(x[:1], y[:1]))
        run = Run(tmp_path / f"{train}-{held}-{level}", configure(toy, model="linear", inspect=level))
        model, seen = Setup(run.config, toy).build(), []
        recipe = dataclasses.replace(toy.recipe("linear"), shows=lambda look, seen=seen: seen.append(look) or [])
        inspection.inspectors(run, toy, recipe, model, splits, toy.prepare)
        assert len(seen[0].examples) == len(seen[0].x) == len(seen[0].predictions) == expected


def test_settings_are_what_a_sweep_changes(toy):
    found = inspection.settings(configure(toy, settings=["dropout=0.5"]))
    assert (found["dropout"], found["learning_rate"], found["seed"]) == (0.5, 0.02, 0)
    assert not {"versions", "settings", "threads"} & set(found)


def test_looking_changes_no_number(runs):
    files = [(run.path / "metrics.jsonl").read_bytes() for run, _ in runs.values()]
    assert files[0] == files[1] == files[2]
    tests = [json.loads((run.path / "test.json").read_text()) for run, _ in runs.values()]
    assert tests[0] == tests[1] == tests[2]


def test_full_shows_what_basic_does_not(runs):
    # A rate of 3 throws the weights about.
    said = {level: [found.sentence.en for found in examine(run.path).findings] for level, (run, _) in runs.items()}
    assert any("one update moved the weights" in sentence for sentence in said["full"]), said
    assert not any("one update moved the weights" in sentence for sentence in said["basic"])


BASIC = "FiniteLoss Configuration HParams InputScale Scalars WeightHistograms"
INSIDE = "UpdateRatios GradientNorms DeadUnits ActivationStatistics Saturation"


@pytest.mark.parametrize(
    ("level", "changes", "labels", "names"),
    [
        ("off", {}, True, "FiniteLoss"),
        ("basic", {}, True, f"{BASIC} Baseline Graph Shown"),
        ("basic", {"targets": "inputs"}, True, f"{BASIC} Graph Shown"),
        ("basic", {"shows": None}, False, f"{BASIC} Graph"),
        ("full", {}, True, f"{BASIC} Baseline Graph Shown {INSIDE} ConfusionMatrix PrecisionRecall Embeddings"),
        ("full", {"targets": "inputs"}, True, f"{BASIC} Graph Shown {INSIDE}"),
        ("full", {"targets": None}, True, f"{BASIC} Graph Shown {INSIDE.replace('GradientNorms ', '')}"),
        ("full", {}, False, f"{BASIC} Graph Shown {INSIDE}"),
    ],
)
def test_what_each_level_shows(toy, tmp_path, level, changes, labels, names):
    class Shown(cb.FiniteLoss):
        pass

    splits = toy.source("patterns")(None)
    task = toy if labels else dataclasses.replace(toy, labels=())
    run = Run(tmp_path / "mine", configure(toy, model="linear", inspect=level))
    recipe = dataclasses.replace(toy.recipe("linear"), **{"shows": lambda look: [Shown(look.train)], **changes})
    found = inspection.inspectors(run, task, recipe, Setup(run.config, toy).build(), splits, toy.prepare)
    assert [type(callback).__name__ for callback in found] == names.split()
    by_name = {type(callback).__name__: callback for callback in found}
    if level != "off":
        assert by_name["Configuration"].config == run.config
        assert by_name["HParams"].name == "mine"
        settings = {"task": "toy", "model": "linear", "data": "patterns", "epochs": 4, "batch_size": 64, "seed": 0}
        settings |= {"learning_rate": 0.02, "learning_rate_decay": 1.0, "momentum": 0.9, "decay": 0.95}
        assert by_name["HParams"].settings == {**settings, "layers": "tfnotes"}
    if "Baseline" in by_name:
        shares = np.bincount(splits.validation.y) / 80
        np.testing.assert_allclose(by_name["Baseline"].shares, shares[shares > 0])
    if "Embeddings" in by_name:
        assert by_name["Embeddings"].labels == [str(label) for label in splits.validation.y]
        assert by_name["Embeddings"].pictures.shape == (80, 28, 28, 1)
        assert by_name["Embeddings"].folder == tmp_path / "mine" / "events" / "train"
    if level == "full":
        assert by_name["Saturation"].answers is False
    if "GradientNorms" in by_name:
        norms = by_name["GradientNorms"]
        assert norms.histograms is True


def test_figures_of_the_test_are_shown_but_for_how_many_it_has(monkeypatch):
    told = []
    monkeypatch.setattr(cb.HParams, "tested", lambda self, figures, epoch: told.append((figures, epoch)))
    inspection.tested([cb.FiniteLoss(), object.__new__(cb.HParams)], {"loss": 0.5, "examples": 80}, 7)
    assert told == [({"loss": 0.5}, 7)]


def test_a_folder_that_can_not_be_written_is_an_error_of_the_system(toy, tmp_path):
    splits = toy.source("patterns")(None)
    run = Run.create(tmp_path / "run", configure(toy, epochs=1) | describe_data(splits))
    (run.path / "events").write_text("in the way")
    with pytest.raises(OSError, match="is not a directory") as refused:
        loop.train(run, toy, splits, report=lambda sentence: None)
    assert refused.value.filename == str(run.path / "events" / "train")
