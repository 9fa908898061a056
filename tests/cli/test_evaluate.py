"""`tfnotes evaluate` on the terminal and as JSON."""

import json

import pytest
from click.testing import CliRunner

from tfnotes.cli import main
from tfnotes.cli.evaluate import _show
from tfnotes.errors import InputError
from tfnotes.serving import evaluate as module


@pytest.fixture
def evaluate(drawn, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    return lambda *arguments: CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def cells(output, first):
    """The rows of the tables whose first cell is that."""
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in output.splitlines()]
    return [row for row in rows if row[0] == first]


def test_of_a_run(evaluate, trained):
    run = trained / "runs" / "drawn"
    result, test = evaluate(run), json.loads((run / "test.json").read_text())
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = result.stdout.splitlines()[:2]
    assert first == f"{run} on drawn test: 100 examples"
    assert second == f"accuracy {test['accuracy']:.4f}  loss {test['loss']:.4f}"
    # The four mislabelled ones: a 4 each, by their label, that is found to be a 3.
    assert ["4", ".", ".", ".", "4", "10", ".", ".", ".", ".", ".", "71.4%"] in cells(result.stdout, "4")
    assert cells(result.stdout, "33")[0][:3] == ["33", "4", "3"]


def test_of_an_export(evaluate, trained):
    """The task's folder stands for its newest version."""
    result = evaluate(trained / "saved_models" / "drawn", "--split", "validation")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:2] == [
        f"{trained / 'saved_models' / 'drawn' / '1'} on drawn validation: 50 examples",
        "accuracy 1.0000",
    ]
    assert "worst mistakes" not in result.stdout


def test_every_option_reaches_what_measures(evaluate, trained, monkeypatch, tmp_path):
    asked = {}

    def noted(kind):
        def measure(of, *, progress, **options):
            asked[kind] = {"path": of.path, "runtime": getattr(of, "runtime", None), **options}
            raise InputError("asked")

        return measure

    for kind in ("run", "export"):
        monkeypatch.setattr(module, f"evaluate_{kind}", noted(kind))
    options = ["--data", "other", "--data-dir", tmp_path, "--split", "validation"]
    run, export = trained / "runs" / "drawn", trained / "saved_models" / "drawn" / "1"
    assert "asked" in evaluate(run, *options).stderr
    assert "asked" in evaluate(export, *options, "--runtime", "tensorflow").stderr
    expected = {"data": "other", "data_dir": tmp_path, "split": "validation"}
    assert asked["run"] == {"path": run, "runtime": None, **expected}
    assert asked["export"] == {"path": export, "runtime": "tensorflow", **expected}


def test_a_class_that_is_never_found_and_one_without_examples(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    figures = {"data": "d", "split": "test", "examples": 3, "labels": ["a", "b", "c"], "mistakes": []}
    figures |= {"confusion": [[2, 0, 0], [1, 0, 0], [0, 0, 0]], "per_class": {"a": 1.0, "b": 0.0, "c": None}}
    _show("run", figures)
    output = capsys.readouterr().out
    assert [cells(output, label)[0][-1] for label in "abc"] == ["100.0%", "0.0%", "-"]


def test_json_is_one_object_and_nothing_else(evaluate, trained):
    of_run = evaluate(trained / "runs" / "drawn", "--json")
    of_export = evaluate(trained / "saved_models" / "drawn" / "1", "--json")
    assert (of_run.stderr, of_export.stderr) == ("", "")
    run, export = json.loads(of_run.stdout), json.loads(of_export.stdout)
    assert set(run) - set(export) == {"loss"}
    assert run["confusion"] == export["confusion"]
    assert run["accuracy"] == export["accuracy"] == 0.96
    assert [len(run["mistakes"]), run["per_class"]["4"]] == [4, 10 / 14]


@pytest.mark.parametrize(
    ("what", "options", "status", "sentence"),
    [
        ("nowhere", [], 1, "`run` must be a run folder, with a config.json. Received:"),
        (".", [], 1, "`run` must be a run folder, with a config.json. Received:"),
        ("runs/drawn", ["--data", "full"], 1, "drawn: `data` must be one of drawn. Received: 'full'."),
        (
            "saved_models/drawn",
            ["--data", "full"],
            1,
            "drawn: `data` must be one of drawn. Received: 'full'.",
        ),
        ("runs/drawn", ["--split", "train"], 2, "'train' is not one of 'test', 'validation'."),
    ],
)
def test_bad_input_is_answered_by_a_sentence(evaluate, trained, what, options, status, sentence):
    result = evaluate(trained / what, *options)
    assert (result.exit_code, result.stdout) == (status, "")
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("option", [["--runtime", "tensorflow"], ["--trust"]])
def test_what_is_for_an_export_is_refused_of_a_run(evaluate, option):
    result = evaluate("run", *option)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{option[0]} is for an export, such as saved_models/mnist/1." in result.stderr


def test_mistaken_texts_are_shown_on_a_line_and_not_whole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    figures = {"data": "d", "split": "test", "examples": 1234, "labels": ["a", "b"], "confusion": [[1, 0], [0, 1]]}
    figures |= {"per_class": {"a": 1.0, "b": 0.5}, "loss": 0.25, "accuracy": 0.5, "auc": 0.75}
    texts = {0: "[bold]bad\n  film", 1: "y" * 200, 2: "y" * 201}
    mistake = {"label": "a", "prediction": "b", "probability": 0.98765}
    _show("run", figures | {"mistakes": [mistake | {"index": k, "example": text} for k, text in texts.items()]})
    output = capsys.readouterr().out
    assert output.splitlines()[:2] == ["run on d test: 1,234 examples", "accuracy 0.5000  loss 0.2500  auc 0.7500"]
    assert cells(output, "0")[0] == ["0", "a", "b", "0.9877", "[bold]bad film"]
    assert [cells(output, str(k))[0][-1] for k in (1, 2)] == ["y" * 200, "y" * 199 + "…"]


def test_without_classes_figures_are_all(capsys):
    _show("run", {"data": "d", "split": "test", "examples": 3, "loss": 0.25})
    assert capsys.readouterr().out == "run on d test: 3 examples\nloss 0.2500\n"
