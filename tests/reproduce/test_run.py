"""A seed: begun, interrupted, gone on with, and never trained twice."""

import json
import os
import subprocess
import sys

import pytest

from tests.toy import toy_task
from tfnotes.errors import InputError
from tfnotes.language import Words
from tfnotes.reproduce import run, table

FOLDER = os.path.dirname(toy_task.__file__)
WORDS = Words("", "")


def row(full="toy --model linear --epochs 2", evaluated=False):
    return table.Row("toy", WORDS, 1.0, None, table.UNITS["error"], "loss", evaluated, (), 2, full, full, WORDS)


class Trained:
    """Stands for the process of `tfnotes train`: makes a run of so many epochs, tested at the last one."""

    def __init__(self, monkeypatch, ends):
        self.calls, self._ends = [], list(ends)
        monkeypatch.setattr(run, "Process", self)

    def __call__(self, arguments, tethered=False):
        assert tethered, "it ends when this process does"
        self.calls.append(arguments)
        self._end = self._ends.pop(0)
        return self

    def status(self):
        path = self.calls[-1][1]
        if self._end == "refused":
            return 1
        if self._end == "unfinished":
            self._make(path, None)
            raise KeyboardInterrupt
        self._make(path, {"loss": 0.25, "examples": 10})
        return 0

    def stop(self):
        self.stopped = True

    def said(self):
        return "toy: the data `full` are not prepared; get them with `tfnotes data prepare full`."

    def _make(self, path, test):
        os.makedirs(path, exist_ok=True)
        config = {"task": "toy", "model": "linear", "data": "made", "epochs": 2, "batch_size": 4, "seed": 0}
        config |= {"learning_rate": 0.1, "learning_rate_decay": 1.0, "settings": {}, "threads": 1, "fingerprint": "a"}
        config |= {"versions": {"tfnotes": "0.1.0"}, "examples": {"train": 8, "validation": 2, "test": 2}}
        with open(os.path.join(path, "config.json"), "w") as file:
            json.dump(config, file)
        if test:
            with open(os.path.join(path, "test.json"), "w") as file:
                json.dump(test, file)


def test_it_is_trained_once(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, ["finished"])
    seed = run.Seed(row(), "full", 3, tmp_path)
    assert seed.result() is None
    found = seed.train()
    arguments = ["--run", str(tmp_path / "toy-3"), *row().command("full", 3).split()]
    assert trained.calls == [arguments]
    assert found["figures"] == {"loss": 0.25, "examples": 10}
    assert (found["row"], found["budget"], found["seed"]) == ("toy", "full", 3)
    assert found["cpu_seconds"] >= 0
    assert run.Seed(row(), "full", 3, tmp_path).result() == found
    table.schemas()["results"]([found], "x")


def test_interrupted_it_goes_on_and_adds_its_times(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, ["unfinished", "finished"])
    times = iter((0.0, 5.0, 100.0, 107.0))
    monkeypatch.setattr(run, "_cpu_of_children", lambda: next(times))
    with pytest.raises(KeyboardInterrupt):
        run.Seed(row(), "full", 0, tmp_path).train()
    assert trained.stopped
    again = run.Seed(row(), "full", 0, tmp_path)
    assert again.result() is None
    assert again.train()["cpu_seconds"] == 12.0
    assert trained.calls[1] == ["--resume", str(tmp_path / "toy-0")]


def test_of_what_a_kill_ended_the_time_is_not_known(monkeypatch, tmp_path):
    Trained(monkeypatch, ["unfinished", "unfinished", "finished"])
    seed = run.Seed(row(), "full", 0, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        seed.train()
    with monkeypatch.context() as killed:
        # Killed, a process writes nothing more.
        killed.setattr(run.Seed, "_keep", lambda self, content, keep=run.Seed._keep: (
            keep(self, content) if content["cpu_seconds"] is None else None
        ))
        with pytest.raises(KeyboardInterrupt):
            seed.train()
    assert seed.train()["cpu_seconds"] is None


def test_a_run_that_ended_before_it_was_recorded_is_not_trained_again(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, ["finished"])
    seed = run.Seed(row(), "full", 0, tmp_path)
    seed.train()
    seed.beside.write_text(json.dumps({"command": seed.command, "cpu_seconds": None}))
    again = seed.train()
    assert again["figures"]["loss"] == 0.25
    assert again["cpu_seconds"] is None, "nobody wrote it down"
    assert len(trained.calls) == 1


def test_a_run_that_this_command_has_not_begun_is_not_taken_for_its_own(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, ["finished"])
    seed = run.Seed(row(), "full", 0, tmp_path)
    seed.train()
    seed.beside.unlink()
    for ask in (seed.result, seed.train):
        with pytest.raises(InputError, match=r"`out` must hold runs of this command alone. Received: .*toy-0 without"):
            ask()
    assert len(trained.calls) == 1


def test_a_run_that_ended_in_no_number_has_no_result(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, ["finished"])
    monkeypatch.setattr(Trained, "_make", _with_nan(Trained._make))
    seed = run.Seed(row(), "full", 0, tmp_path)
    for _ in range(2):
        with pytest.raises(InputError, match=r"run .*toy-0 must have finite figures. Received: loss nan, examples 10"):
            seed.train()
    assert seed.result() is None
    assert len(trained.calls) == 1


def _with_nan(make):
    return lambda self, path, test: make(self, path, test and {**test, "loss": float("nan")})


def test_a_folder_that_is_no_run_is_not_taken_for_one(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, [])
    seed = run.Seed(row(), "full", 0, tmp_path)
    seed.path.mkdir()
    for ask in (seed.result, seed.train):
        with pytest.raises(InputError, match=r"`out` must hold runs of this command alone. Received: .*toy-0 without"):
            ask()
    assert not trained.calls


def test_what_train_refuses_is_said_and_leaves_nothing(monkeypatch, tmp_path):
    Trained(monkeypatch, ["refused"])
    with pytest.raises(InputError, match="tfnotes data prepare full"):
        run.Seed(row(), "full", 0, tmp_path / "out").train()
    assert not list((tmp_path / "out").iterdir())


def test_runs_of_other_settings_are_not_taken_for_these(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, ["finished"])
    run.Seed(row(), "full", 0, tmp_path).train()
    other = run.Seed(row("toy --model linear --epochs 9"), "full", 0, tmp_path)
    for ask in (other.result, other.train):
        with pytest.raises(InputError, match="`out` must hold runs of the settings of toy"):
            ask()
    assert len(trained.calls) == 1
    # In spaces they may differ.
    assert run.Seed(row("toy  --model linear  --epochs 2"), "full", 0, tmp_path).result()


@pytest.mark.parametrize(
    "text",
    [
        *("{", "[]", "{}", "null", "[" * 100_000, "\xff", '{"figures": {}}'),
        *('{"command": 1, "cpu_seconds": 1}', '{"command": "\'", "cpu_seconds": 1}'),
    ],
)
def test_a_damaged_file_beside_a_run(monkeypatch, tmp_path, text):
    (tmp_path / "toy-0.json").write_text(text, "latin-1")
    seed = run.Seed(row(), "full", 0, tmp_path)
    for ask in (seed.result, seed.train):
        with pytest.raises(InputError, match=r"toy-0\.json is damaged"):
            ask()
    assert (tmp_path / "toy-0.json").read_text("latin-1") == text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"figures": {"loss": float("nan")}}, "a figure that isn't finite"),
        ({"figures": {"accuracy": 0.5}}, "without loss"),
        *(({key: value}, "has a result of") for key, value in {"row": "mlp", "budget": "quick", "seed": 1}.items()),
        ({"split": "validation"}, "has a result of toy full validation"),
    ],
)
def test_a_result_of_another_seed_or_without_its_figure(monkeypatch, tmp_path, change, says):
    Trained(monkeypatch, ["finished"])
    seed = run.Seed(row(), "full", 0, tmp_path)
    seed.beside.write_text(json.dumps(seed.train() | change))
    with pytest.raises(InputError, match=rf"toy-0\.json is damaged .*{says}"):
        run.Seed(row(), "full", 0, tmp_path).result()


def test_a_run_that_was_measured_otherwise(monkeypatch, tmp_path):
    Trained(monkeypatch, ["finished"])
    monkeypatch.setattr(run.Seed, "_figures", lambda self: {"examples": 10})
    seed = run.Seed(row(), "full", 0, tmp_path)
    with pytest.raises(InputError, match=r"must have been measured by loss\. Received: examples; move it away"):
        seed.train()
    assert seed.result() is None, "it isn't taken for damaged"


def test_both_budgets_have_runs_of_their_own(tmp_path):
    paths = {run.Seed(row(), budget, seed, tmp_path).path.name for budget in table.BUDGETS for seed in (0, 1)}
    assert paths == {"toy-0", "toy-1", "quick-toy-0", "quick-toy-1"}


def test_figures_that_evaluate_measures(monkeypatch, tmp_path):
    Trained(monkeypatch, ["finished"])

    class Done:
        returncode, stderr = 0, ""
        stdout = json.dumps({"path": "x", "loss": 2.5, "split": "test", "labels": ["a"], "examples": 10, "odd": True})

    asked = []
    monkeypatch.setattr(run.subprocess, "run", lambda command, **options: asked.append(command) or Done)
    assert run.Seed(row(evaluated=True), "full", 0, tmp_path).train()["figures"] == {"loss": 2.5, "examples": 10}
    assert asked[0][1:] == ["-m", "tfnotes", "evaluate", str(tmp_path / "toy-0"), "--json"]
    Done.returncode, Done.stderr = 1, "Error: toy: too bad.\n"
    with pytest.raises(InputError, match=r"^toy: too bad\.$"):
        run.Seed(row(evaluated=True), "full", 0, tmp_path).train()


def test_a_variation_is_measured_on_the_validation_split(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, ["unfinished", "finished", "finished"])
    asked = []

    class Done:
        returncode, stdout = 0, '{"loss": 0.75}'

    monkeypatch.setattr(run.subprocess, "run", lambda command, **options: asked.append(command) or Done)
    plain, varied = (run.Seed(row(), "full", 0, tmp_path, text) for text in ("", "--set width=2"))
    assert len({seed.path.name for seed in (run.Seed(row(), "full", 0, tmp_path), plain, varied)}) == 3
    with pytest.raises(KeyboardInterrupt):
        varied.train()
    found = varied.train()
    whole = "toy --model linear --epochs 2 --set width=2 --no-test --seed 0"
    assert (found["command"], found["split"], found["figures"]) == (whole, "validation", {"loss": 0.75})
    path = str(varied.path)
    assert trained.calls == [["--run", path, *whole.split()], ["--resume", path, "--no-test"]]
    assert asked == [[run.sys.executable, "-m", "tfnotes", "evaluate", path, "--json", "--split", "validation"]]
    table.schemas()["results"]([found], "x")
    assert "--set" not in plain.train()["command"]


def test_a_variation_by_the_command_itself(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", FOLDER)
    monkeypatch.chdir(tmp_path)
    seed = run.Seed(row("toy --model linear --epochs 1"), "full", 1, tmp_path, "--batch-size 2")
    found = seed.train()
    assert found["split"] == "validation"
    assert not (seed.path / "test.json").exists()
    epoch = json.loads((seed.path / "metrics.jsonl").read_text().splitlines()[-1])
    assert found["figures"]["loss"] == pytest.approx(epoch["val_loss"], rel=1e-5)
    # What is trained isn't trained again.
    monkeypatch.setattr(run, "Process", None)
    seed.beside.write_text(json.dumps({"command": seed.command, "cpu_seconds": 1.0}))
    assert seed.train()["figures"] == found["figures"]


def test_by_the_command_itself(monkeypatch, tmp_path):
    """A real training, a real test, and both again by `evaluate`."""
    monkeypatch.setenv("PYTHONPATH", FOLDER)
    monkeypatch.chdir(tmp_path)
    seen = []
    seed = run.Seed(row("toy --model linear --epochs 1", evaluated=True), "quick", 1, tmp_path)
    found = seed.train(lambda done, total: seen.append((done, total)))
    assert json.loads((tmp_path / "quick-toy-1" / "test.json").read_text())["loss"] == found["figures"]["loss"]
    assert found["cpu_seconds"] > 1
    assert all(total == 1 for _, total in seen)
    assert {"tensorflow", "keras"} <= set(found["versions"])


def test_the_time_is_that_of_the_processes_it_started():
    begun = run._cpu_of_children()
    subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.5: pass"], check=True)
    assert run._cpu_of_children() - begun > 0.45


def test_all_that_a_result_tells(monkeypatch, tmp_path):
    trained = Trained(monkeypatch, ["finished"])
    times = iter((10.0, 12.5))
    monkeypatch.setattr(run, "_cpu_of_children", lambda: next(times))
    found = run.Seed(row(), "quick", 3, str(tmp_path)).train()
    day = found.pop("date")
    assert found == {
        "row": "toy", "budget": "quick", "seed": 3, "command": "toy --model linear --epochs 2 --seed 3",
        "figures": {"loss": 0.25, "examples": 10}, "cpu_seconds": 2.5, "versions": {"tfnotes": "0.1.0"},
    }
    assert len(day) == len("2026-01-01")
    stored = (tmp_path / "quick-toy-3.json").read_text("utf-8")
    assert json.loads(stored) == found | {"date": day}
    assert stored.endswith("}\n")
    assert trained.stopped


@pytest.mark.parametrize(
    ("budget", "variation", "name"),
    [
        ("full", None, "toy-0"),
        ("full", "", "toy-0-validation"),
        ("full", "--set width=2.5 --epochs 3", "toy-0-validation-set-width-2.5-epochs-3"),
        ("quick", "--set", "quick-toy-0-validation-set"),
    ],
)
def test_where_a_run_stands(tmp_path, budget, variation, name):
    seed = run.Seed(row(), budget, 0, tmp_path, variation)
    assert (seed.path, seed.beside) == (tmp_path / name, tmp_path / f"{name}.json")


def test_what_is_in_its_way_is_named(monkeypatch, tmp_path):
    Trained(monkeypatch, ["finished"])
    seed = run.Seed(row(), "full", 0, tmp_path)
    seed.train()
    other = run.Seed(row("toy --model linear --epochs 9"), "full", 0, tmp_path)
    with pytest.raises(InputError) as error:
        other.result()
    assert str(error.value) == (
        f"reproduce: `out` must hold runs of the settings of toy. Received: {seed.beside} of `{seed.command}`; move it "
        f"and {seed.path} away, or take another --out."
    )
    seed.beside.unlink()
    with pytest.raises(InputError) as error:
        seed.result()
    assert str(error.value) == (
        f"reproduce: `out` must hold runs of this command alone. Received: {seed.path} without toy-0.json; move it "
        "away, or take another --out."
    )
    seed.beside.write_text(json.dumps({"command": seed.command, "cpu_seconds": 1.0}))
    assert seed.result() is None
    monkeypatch.setattr(run.Seed, "_figures", lambda self: {})
    with pytest.raises(InputError, match=r"the run .*toy-0 must have been measured by loss\. Received: no figures;"):
        seed.train()
    assert json.loads(seed.beside.read_text())["command"] == seed.command


def test_progress_is_told_while_it_trains(monkeypatch, tmp_path):
    """Each look tells the epochs that are in the run by then; before the run has begun there is nothing to tell."""
    trained, seen, slept = Trained(monkeypatch, ["finished"]), [], []
    seed = run.Seed(row(), "full", 0, tmp_path)
    states = [None, None, None, 0, 0]

    def status():
        if len(states) == 4:
            trained._make(str(seed.path), {"loss": 0.25, "examples": 10})
        if len(states) == 3:
            (seed.path / "metrics.jsonl").write_text('{"epoch": 1, "loss": 0.5}\n')
        return states.pop(0)

    monkeypatch.setattr(trained, "status", status)
    monkeypatch.setattr(run.time, "sleep", slept.append)
    seed.train(lambda done, total: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2)]
    assert slept == [0.2] * 3


def test_only_numbers_are_figures():
    given = {"loss": 0.5, "examples": 3, "odd": True, "split": "test", "labels": [1], "none": None}
    assert run._numbers(given) == {"loss": 0.5, "examples": 3}
