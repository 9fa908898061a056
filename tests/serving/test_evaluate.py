"""The figures by hand, and those of a run and its export against what training wrote."""

import dataclasses
import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import evaluate
from tfnotes.serving.exported import Exported
from tfnotes.task import Split
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


def test_figures_that_are_drawn_follow_the_runs_seed(drawn, trained, monkeypatch):
    def figures(seed):
        run = Run.open(trained / "runs" / "drawn")
        run.config = {**run.config, "seed": seed}
        setup = run.setup()
        setup.recipe = dataclasses.replace(
            setup.recipe,
            measure=lambda model, part, prepare: {"drawn": float(keras.random.normal(())), "of": len(part)},
        )
        run.setup = lambda: setup
        found = evaluate.evaluate_run(run, "validation")
        assert found["of"] == found["examples"] == 50, "what is in memory is measured whole"
        return found["drawn"]

    monkeypatch.setattr(evaluate, "MEASURED", 20)
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


def test_a_mistaken_text_is_kept():
    told = evaluate.Summary(("no", "yes"))
    told.add([0, 0, 1], np.array([[0.1, 0.9], [0.8, 0.2], [0.7, 0.3]]), [b"caf\xc3\xa9 \xff", b"right", b"last"])
    told.add([1], np.array([[0.8, 0.2]]), np.zeros((1, 2, 2)))
    found = told.figures()["mistakes"]
    assert [(m["index"], m.get("example")) for m in found] == [(0, "caf\xe9 \ufffd"), (3, None), (2, "last")]
    assert (told.examples, told.figures()["accuracy"]) == (4, 0.25)


class Answers:
    """An export that is sure of the class that a picture's first pixel says."""

    def __init__(self, labels, outputs=("digit", "probabilities")):
        self.metadata = {"task": "drawn", "data": "drawn", "model": "mlp", "labels": list(labels)}
        self.path, self.outputs, self.asked = "there", outputs, []

    def endpoint(self, name):
        assert name == "serving_default"
        return {"outputs": dict.fromkeys(self.outputs)}

    def classify(self, name, x):
        self.asked.append((name, len(x)))
        return {"probabilities": np.eye(len(self.metadata["labels"]))[np.asarray(x)[:, 0, 0]]}


def test_an_export_is_asked_some_hundred_at_a_time(drawn, monkeypatch):
    y = np.arange(600) % 3
    asked = []
    part = Split(y[:, None, None].astype("uint8"), y)
    monkeypatch.setattr(Setup, "examples", lambda self, *given: asked.append(given) or part)
    told, export = [], Answers("abc")
    figures = evaluate.evaluate_export(export, "validation", "more", "where", lambda *done: told.append(done))
    assert asked == [("validation", "more", "where")]
    assert export.asked == [("serving_default", n) for n in (256, 256, 88)]
    assert told == [(256, 600), (512, 600), (600, 600)]
    assert (figures["data"], figures["split"], figures["accuracy"]) == ("more", "validation", 1.0)
    assert evaluate.evaluate_export(export)["data"] == "drawn"
    assert asked[-1] == ("test", None, None)
    # More names than the data have classes are well.
    assert evaluate.evaluate_export(Answers("abcd"))["per_class"]["d"] is None
    with pytest.raises(InputError) as caught:
        evaluate.evaluate_export(Answers("ab"))
    assert str(caught.value) == (
        "evaluate: `data` must have no other classes than the 2 of the export. Received: 3."
    )


def test_an_export_that_is_no_classifiers():
    with pytest.raises(InputError) as caught:
        evaluate.evaluate_export(Answers("ab", ("codes", "images")))
    assert str(caught.value) == (
        "evaluate: `export` must be a classifier's; measure the run instead. "
        "Received: there, which gives codes, images."
    )


def test_a_streams_own_figures_are_of_its_first_examples(drawn, trained, monkeypatch):
    run, seen = Run.open(trained / "runs" / "drawn"), []
    setup = run.setup()
    measure = lambda model, part, prepare: seen.append(part) or {"more": 7}  # noqa: E731
    setup.recipe = dataclasses.replace(setup.recipe, measure=measure)
    run.setup = lambda: setup
    monkeypatch.setattr(evaluate, "Streamed", Split)
    monkeypatch.setattr(evaluate, "MEASURED", 20)
    figures = evaluate.evaluate_run(run, "validation")
    np.testing.assert_array_equal(seen[0].x, setup.examples("validation").x[:20])
    assert (figures["more"], figures["data"], figures["split"], figures["examples"]) == (7, "drawn", "validation", 50)


def test_of_a_run_what_is_asked_for_is_measured():
    asked = []

    def examples(*given):
        asked.append(given)
        raise InputError("asked")

    opened = SimpleNamespace(task=None, recipe=None, trained=lambda run: (run, None), examples=examples)
    run = SimpleNamespace(setup=lambda: opened)
    for given in ((), ("validation", "more", "where")):
        with pytest.raises(InputError, match="asked"):
            evaluate.evaluate_run(run, *given)
    assert asked == [("test", None, None), ("validation", "more", "where")]


def test_mistakes_that_are_as_sure_come_in_their_order():
    sure = np.full(40, 0.75)
    for at in ((), (3, 11, 20)):
        mistakes = summary("ab", np.zeros(40, int), np.stack([1 - sure, sure], 1), at)["mistakes"]
        assert [mistake["index"] for mistake in mistakes] == list(range(10))
