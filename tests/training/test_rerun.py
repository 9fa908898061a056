"""A run repeats bit for bit, and whatever was changed in it since is found."""

import json

import pytest
from click.testing import CliRunner

from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.training import loop
from tfnotes.training.config import configure, describe_data
from tfnotes.training.rerun import rerun
from tfnotes.training.run import Run


@pytest.fixture
def run(toy, tmp_path):
    splits = toy.source("patterns")(None)
    made = Run.create(tmp_path / "run", configure(toy, epochs=2, inspect="off") | describe_data(splits))
    loop.train(made, toy, splits)
    return made


def test_the_same_and_what_is_not(run, tmp_path):
    files = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    found = rerun(run)
    assert found["same"]
    assert (found["weights"]["other"], found["weights"]["largest"], found["first_other_epoch"]) == (0, 0.0, None)
    assert found["test"] == found["test_again"] == run.test()
    assert {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()} == files
    assert [path.name for path in tmp_path.iterdir()] == ["run"]

    model, rows = run.model(), run.metrics()
    weights = model.get_weights()
    weights[0].flat[0] += 0.25
    model.set_weights(weights)
    run.write_model(model)
    run.write_metrics([rows[0], {**rows[1], "loss": 0.0}])
    run.write_test({**run.test(), "accuracy": 0.125})
    result = CliRunner().invoke(main, ["rerun", str(run.path)])
    assert result.exit_code == 1
    said = result.output.splitlines()[-1]
    assert f"1 of {found['weights']['numbers']:,} numbers of the model, by up to 0.25; the metrics from epoch 2" in said
    assert "accuracy on the test split, 0.125 and now" in said


def test_other_metrics_alone_are_a_difference(run):
    rows = run.metrics()
    run.write_metrics([rows[0], {**rows[1], "loss": 0.0}])
    result = CliRunner().invoke(main, ["rerun", str(run.path), "--json"])
    found = json.loads(result.stdout)
    assert (result.exit_code, found["same"], found["weights"]["other"], found["first_other_epoch"]) == (1, False, 0, 2)


def test_the_command(run):
    result = CliRunner().invoke(main, ["rerun", str(run.path), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["same"]


def test_a_run_that_is_not_complete(run):
    (run.path / "test.json").unlink()
    with pytest.raises(InputError, match=r"^rerun: `run` must be complete"):
        rerun(run)
