"""The figures by hand, and those of a run and its export against what training wrote."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import evaluate
from tfnotes.serving.exported import Exported
from tfnotes.training.run import Run
from tfnotes.training.setup import Setup

LABELS = ("ant", "bee", "cat", "dog")
Y = [0, 0, 1, 1, 1, 2]
PROBABILITIES = np.array(
    [
        [0.7, 0.1, 0.1, 0.1],
        [0.2, 0.6, 0.1, 0.1],
        [0.1, 0.8, 0.1, 0.0],
        [0.9, 0.1, 0.0, 0.0],
        [0.0, 0.5, 0.4, 0.1],
        [0.3, 0.2, 0.1, 0.4],
    ]
)


def summary(labels, y, probabilities, at=()):
    """The figures of examples that come in parts, cut at those places."""
    told = evaluate.Summary(labels)
    for part in np.split(np.arange(len(y)), at):
        told.add(np.asarray(y)[part], probabilities[part])
    return told.figures()


@pytest.mark.parametrize("at", [(), (2, 5), range(1, 6)])
def test_summary_by_hand(at):
    figures = summary(LABELS, Y, PROBABILITIES, at)
    assert figures == {
        "examples": 6,
        "accuracy": 0.5,
        "labels": list(LABELS),
        "confusion": [[1, 1, 0, 0], [1, 2, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]],
        "per_class": {"ant": 0.5, "bee": 2 / 3, "cat": 0.0, "dog": None},
        "mistakes": [
            {"index": 3, "label": "bee", "prediction": "ant", "probability": 0.9},
            {"index": 1, "label": "ant", "prediction": "bee", "probability": 0.6},
            {"index": 5, "label": "cat", "prediction": "dog", "probability": 0.4},
        ],
    }
    assert json.loads(json.dumps(figures)) == figures


def test_the_ten_worst_mistakes_in_order():
    sure = np.linspace(0.6, 0.9, 25)
    for at in (), (7,), (3, 20):
        mistakes = summary("ab", np.zeros(25, int), np.stack([1 - sure, sure], 1), at)["mistakes"]
        assert [mistake["index"] for mistake in mistakes] == list(range(24, 14, -1))


def test_a_run_has_the_figures_that_training_wrote(drawn, trained):
    import drawn_task

    run = Run.open(trained / "runs" / "drawn")
    said: list[tuple[int, int]] = []
    figures, test = evaluate.evaluate_run(run, progress=lambda *done: said.append(done)), run.test()
    count = test["examples"]
    assert said == sorted(said)
    assert (count, 2 * count) in said
    assert said[-1] == (2 * count, 2 * count)
    assert (figures["data"], figures["split"], figures["examples"]) == ("drawn", "test", test["examples"])
    assert figures["loss"] == test["loss"]
    assert np.float32(figures["accuracy"]) == np.float32(test["accuracy"])
    wrong = {mistake["index"] for mistake in figures["mistakes"]}
    assert wrong == set(drawn_task.MISLABELLED)
    assert {(m["label"], m["prediction"]) for m in figures["mistakes"]} == {("4", "3")}


def test_figures_that_are_drawn_follow_the_runs_seed(drawn, trained):
    def figures(seed):
        run = Run.open(trained / "runs" / "drawn")
        run.config = {**run.config, "seed": seed}
        setup = run.setup()
        setup.recipe = dataclasses.replace(
            setup.recipe, measure=lambda *arguments: {"drawn": float(keras.random.normal(()))}
        )
        run.setup = lambda: setup
        return evaluate.evaluate_run(run, "validation")["drawn"]

    first = figures(0)
    assert figures(0) == first != figures(1)


def test_an_export_has_the_figures_of_its_run(drawn, trained):
    run, exported = Run.open(trained / "runs" / "drawn"), Exported(trained / "saved_models" / "drawn")
    for split in ("test", "validation"):
        of_run = evaluate.evaluate_run(run, split)
        of_export = evaluate.evaluate_export(exported, split)
        del of_run["loss"]
        for left, right in zip(of_run.pop("mistakes"), of_export.pop("mistakes"), strict=True):
            assert left.pop("probability") == pytest.approx(right.pop("probability"), rel=1e-5)
            assert left == right
        assert of_export == of_run


def test_the_data_folder_is_the_runs_unless_another_is_given(toy, tmp_path):
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        (tmp_path / str(seed) / "seed").write_text(str(seed))
    config = {"model": "tiny", "data": "patterns", "data_dir": str(tmp_path / "1")}
    (one, two), source = (tmp_path / "1", tmp_path / "2"), toy.source("patterns")
    np.testing.assert_array_equal(Setup(config, toy).examples("test").x, source(one).test.x)
    found = Setup(config, toy).examples("validation", data_dir=two)
    np.testing.assert_array_equal(found.x, source(two).validation.x)
    assert not np.array_equal(found.x, source(one).validation.x)


def test_unknown_data(drawn, trained):
    run = Run.open(trained / "runs" / "drawn")
    with pytest.raises(InputError, match=r"drawn: `data` must be one of drawn. Received: 'full'"):
        evaluate.evaluate_run(run, data="full")
