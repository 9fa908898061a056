"""The search: which trials are trained, which end early, what is tested, and that an interruption changes nothing.

What trains stands in for `tfnotes train` here: its loss is a function of the settings alone, an epoch a look.
tests/cli/test_sweep.py trains.
"""

import json

import optuna
import pytest

from tests.training.test_stored import CONFIG
from tfnotes.errors import InputError
from tfnotes.sweep import sweep as sweeps
from tfnotes.sweep import trials
from tfnotes.sweep.search import Search
from tfnotes.sweep.space import Choices, Range
from tfnotes.sweep.sweep import Sweep
from tfnotes.training.run import Run

EPOCHS = 4


class Training:
    """Finishes an epoch each time it is asked for its status."""

    begun: list = []
    fails = staticmethod(lambda chosen: False)

    def __init__(self, arguments, held=()):
        self.options = dict(a.removeprefix("--set=").split("=", 1) for a in arguments if a.startswith("--set="))
        self.testing = "--no-test" not in arguments
        flag = "--resume" if "--resume" in arguments else "--run"
        path = arguments[arguments.index(flag) + 1]
        type(self).begun.append((flag, path.split("/")[-1], self.testing))
        self.run = Run.create(path, {**CONFIG, "settings": self.options}) if flag == "--run" else Run.open(path)
        self.options = self.run.config["settings"]
        self.stopped = False

    def status(self):
        if self.fails(self.options):
            return 1
        rows = self.run.metrics()
        if self.stopped or len(rows) == EPOCHS:
            if self.testing:
                self.run.write_test({"loss": 0.5})
            return 0
        loss = abs(float(self.options["x"]) - 3) + 1 / (len(rows) + 1)
        self.run.write_metrics([*rows, {"epoch": len(rows) + 1, "loss": 9.0, "val_loss": loss}])
        return None

    def stop(self):
        self.stopped = True

    def said(self):
        return "toy: it fails."


@pytest.fixture(autouse=True)
def training(monkeypatch):
    monkeypatch.setattr(trials, "Process", Training)
    monkeypatch.setattr(sweeps, "_PAUSE", 0)
    monkeypatch.setattr(Training, "begun", [])
    return Training


def test_every_combination_is_trained_and_the_best_is_tested(tmp_path, training):
    space = {"x": Choices(("1", "2.5", "5")), "units": Choices(("8",))}
    seen = []
    results = Sweep.create(tmp_path / "s", "toy", space, prune=False).run(report=seen.append)
    assert [row["settings"]["x"] for row in seen] == ["1", "2.5", "5"]
    # Of like ones the first comes first.
    assert [(row["val_loss"], row["trial"]) for row in results["trials"]] == [(0.75, 1), (2.25, 0), (2.25, 2)]
    assert results["best"]["settings"] == {"x": "2.5", "units": "8"}
    assert results["best"]["test"] == {"loss": 0.5}
    assert results["best"]["run"] == str(tmp_path / "s/trials/1")
    assert training.begun == [*(("--run", n, False) for n in "012"), ("--resume", "1", True)]
    assert [(tmp_path / f"s/trials/{n}/test.json").exists() for n in range(3)] == [False, True, False]
    assert json.loads((tmp_path / "s/results.json").read_text()) == results


def test_a_grid_of_which_not_all_was_queued_is_queued_to_its_end(tmp_path, monkeypatch):
    values = ("1", "2", "3", "4", "5")
    queued, queue = [], optuna.study.Study.enqueue_trial

    def interrupted(study, chosen):
        queued.append(chosen)
        if len(queued) == 3:
            raise KeyboardInterrupt
        queue(study, chosen)

    sweep = Sweep.create(tmp_path / "s", "toy", {"x": Choices(values)}, prune=False)
    monkeypatch.setattr(optuna.study.Study, "enqueue_trial", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep.run()
    trials = Sweep.open(tmp_path / "s").run()["trials"]
    assert sorted(row["settings"]["x"] for row in trials) == sorted(values)


def test_those_that_fall_behind_end_early(tmp_path):
    space = {"x": Choices(("3", "3.1", "3.2", "3.3", "3.4", "9"))}
    pruned = Sweep.create(tmp_path / "p", "toy", space).run()["trials"]
    assert [(row["state"], row["epochs"]) for row in pruned] == [("complete", EPOCHS)] * 5 + [("pruned", 2)]
    assert (pruned[-1]["settings"], pruned[-1]["val_loss"]) == ({"x": "9"}, 6.5)
    whole = Sweep.create(tmp_path / "w", "toy", space, prune=False).run()["trials"]
    assert {(row["state"], row["epochs"]) for row in whole} == {("complete", EPOCHS)}


@pytest.mark.parametrize("moments", [(1,), (7, 3), (13, 14)])
def test_an_interrupted_search_goes_on_as_if_it_had_not_been(tmp_path, training, monkeypatch, moments):
    space = {"x": Range(0.0, 10.0), "units": Range(1, 64, True)}
    straight = Sweep.create(tmp_path / "a", "toy", space, trials=12, seed=5).run()
    assert len({row["settings"]["x"] for row in straight["trials"]}) == 12
    assert all(isinstance(row["settings"]["units"], int) for row in straight["trials"])
    Sweep.create(tmp_path / "b", "toy", space, trials=12, seed=5)
    look = Training.status
    for moment in moments:
        left = [moment]

        def interrupted(self, left=left):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return look(self)

        monkeypatch.setattr(Training, "status", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Sweep.open(tmp_path / "b").run()
    monkeypatch.setattr(Training, "status", look)
    gone_on = Sweep.open(tmp_path / "b").run()
    for row in (*straight["trials"], straight["best"]):
        row["run"] = row["run"].replace(str(tmp_path / "a"), str(tmp_path / "b"))
    assert gone_on == straight
    other = Sweep.create(tmp_path / "c", "toy", space, trials=12, seed=6).run()
    assert other["best"]["settings"] != straight["best"]["settings"]


def test_several_jobs_train_at_a_time(tmp_path, training, monkeypatch):
    alive, most = set(), []
    look = Training.status

    def counted(self):
        alive.add(self)
        most.append(len(alive))
        status = look(self)
        if status is not None:
            alive.discard(self)
        return status

    monkeypatch.setattr(Training, "status", counted)
    space = {"x": Choices(tuple("12345"))}
    results = Sweep.create(tmp_path / "s", "toy", space, prune=False).run(jobs=2)
    assert max(most) == 2
    assert len(results["trials"]) == 5


def test_a_trial_that_fails_is_told_of_and_the_others_go_on(tmp_path, training, monkeypatch):
    monkeypatch.setattr(Training, "fails", staticmethod(lambda chosen: chosen["x"] == "1"))
    rows = Sweep.create(tmp_path / "s", "toy", {"x": Choices(("1", "2"))}).run()["trials"]
    assert [(row["state"], row["error"]) for row in rows] == [("complete", None), ("fail", "toy: it fails.")]


def test_where_all_fail_it_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(Training, "fails", staticmethod(lambda chosen: True))
    with pytest.raises(InputError, match=r"sweep: no trial of .* came to its end\. toy: it fails\."):
        Sweep.create(tmp_path / "s", "toy", {"x": Choices(("1", "2"))}).run()
    assert not (tmp_path / "s/results.json").exists()


@pytest.mark.parametrize(("patience", "value"), [({}, 0.75), ({"patience": "2"}, 0.5)])
def test_the_loss_is_that_of_the_weights_that_the_run_keeps(tmp_path, patience, value):
    sweep = Sweep.create(tmp_path / "s", "toy", {"x": Choices(("3",))}, options=patience)
    assert sweep._value([2.0, 0.5, 0.75]) == value


def test_no_loss_at_all_is_the_least():
    rows = [{"state": "complete", "val_loss": loss, "trial": 0} for loss in (0.5, 0.0)]
    assert [row["val_loss"] for row in sorted(rows, key=sweeps._rank)] == [0.0, 0.5]


def test_one_process_at_a_time_works_on_a_sweep(tmp_path):
    sweep = Sweep.create(tmp_path / "s", "toy", {"x": Choices(("3",))})
    with sweep._locked(), pytest.raises(InputError, match="`resume` must not be in training already"):
        Sweep.open(tmp_path / "s").run()


def test_what_stands_there_is_not_touched(tmp_path):
    (tmp_path / "s").write_text("mine")
    with pytest.raises(InputError, match="`folder` must be new"):
        Sweep.create(tmp_path / "s", "toy", {"x": Choices(("3",))})
    assert (tmp_path / "s").read_text() == "mine"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"task": "toy"}', "[" * 100_000, '{"task": 1, "space": {}}', "\x00"]
)
def test_a_damaged_request(tmp_path, text):
    (tmp_path / "sweep.json").write_text(text)
    with pytest.raises(InputError, match=r"sweep\.json is damaged"):
        Sweep.open(tmp_path)
    with pytest.raises(InputError, match="`resume` must be a sweep's folder"):
        Sweep.open(tmp_path / "none")


def test_what_a_trial_is_asked(tmp_path):
    request = {"task": "toy", "options": {"model": "tiny", "learning_rate": "0.5", "seed": "3"}}
    found = trials.arguments(request, {"learning_rate": "0.1", "batch_size": "8", "filters": "2"})
    assert found == [
        "toy", "--model=tiny", "--learning-rate=0.1", "--seed=3", "--batch-size=8", "--set=filters=2",
    ]  # fmt: skip


def study(folder):
    """A sweep of three trials, of which two are complete, and the file of its study."""
    sweep = Sweep.create(folder, "toy", {"x": Choices(("1", "2", "3"))})
    search = Search(folder / "study.log", sweep.request, sweep.space)
    for loss in (0.5, 0.25):
        search.complete(search.next({}), loss)
    return sweep, folder / "study.log"


@pytest.mark.parametrize("damage", [lambda b: b"\x94" + b[1:], lambda b: b[900:], lambda b: b.replace(b"0.25", b'"a"')])
def test_a_damaged_study_is_refused(tmp_path, damage):
    sweep, path = study(tmp_path / "s")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=r"^sweep: .*study.log is damaged \("):
        Search(path, sweep.request, sweep.space)


def test_a_record_that_was_begun_by_a_killed_process_goes(tmp_path):
    sweep, path = study(tmp_path / "s")
    whole = path.read_bytes()
    for cut in (1, 20):
        path.write_bytes(whole[:-cut])
        for _ in range(2):
            found = Search(path, sweep.request, sweep.space)
            assert found.trials[0].value == 0.5
            assert found.trials[1].state.name == "RUNNING"
        found.complete(found.next({}), 0.25)
        assert [t.value for t in Search(path, sweep.request, sweep.space).trials][:2] == [0.5, 0.25]


@pytest.mark.parametrize(
    ("space", "trials", "asked", "grid"),
    [
        ({"x": Choices(("1", "2")), "y": Choices(("a", "b", "c"))}, None, 6, True),
        ({"x": Choices(("1", "2"))}, 1, 1, False),
        ({"x": Choices(("1", "2")), "y": Range(0.5, 2, True)}, None, 20, False),
        ({"x": Range(1, 9)}, 3, 3, False),
    ],
)
def test_what_a_sweep_is_asked_for(tmp_path, space, trials, asked, grid):
    sweep = Sweep.create(tmp_path / "s", "toy", space, options={"seed": "4"}, trials=trials, seed=7, prune=False)
    expected = {"task": "toy", "options": {"seed": "4"}, "trials": asked, "grid": grid, "seed": 7, "prune": False}
    stored = json.loads((tmp_path / "s" / "sweep.json").read_text())
    assert {key: value for key, value in stored.items() if key != "space"} == expected
    found = Sweep.open(tmp_path / "s")
    assert (found.space, sweep.space, found.request) == (space, space, stored)
    plain = Sweep.create(tmp_path / "p", "toy", space).request
    assert (plain["options"], plain["seed"], plain["prune"]) == ({}, 0, True)


def test_a_trial_is_begun_with_its_values_and_goes_on_without_them(tmp_path):
    space = {"x": Choices(("1", "2")), "batch_size": Choices(("8",))}
    sweep = Sweep.create(tmp_path / "s", "toy", space, options={"model": "tiny"})
    trial = optuna.trial.create_trial(params={}, distributions={}, value=0.0)
    trial.number, trial.params = 3, {"x": "2", "batch_size": 8, "deep": True}
    path = str(tmp_path / "s" / "trials" / "3")
    begun = ["--no-test", "--run", path, "toy", "--model=tiny", "--batch-size=8", "--set=x=2", "--set=deep=true"]
    assert sweep._arguments(trial) == begun
    Run.create(path, CONFIG)
    assert sweep._arguments(trial) == ["--no-test", "--resume", path]


def test_a_trial_without_a_finite_loss_has_failed(tmp_path, training, monkeypatch):
    look = Training.status

    def status(self):
        if self.options["x"] == "1":
            return 0
        if self.options["x"] == "2" and self.run.metrics():
            return 0
        found = look(self)
        if self.options["x"] == "2":
            self.run.write_metrics([{"epoch": 1, "loss": 1.0, "val_loss": float("nan")}])
        return found

    monkeypatch.setattr(Training, "status", status)
    space = {"x": Choices(("1", "2", "3"))}
    best, *rest = Sweep.create(tmp_path / "s", "toy", space, prune=False).run()["trials"]
    assert (best["settings"]["x"], best["error"], best["epochs"]) == ("3", None, EPOCHS)
    told = [(row["trial"], row["state"], row["error"], row["epochs"]) for row in rest]
    assert sorted(told) == [(0, "fail", "no finite val_loss", 0), (1, "fail", "no finite val_loss", 1)]
    assert rest[0]["val_loss"] is None or rest[1]["val_loss"] is None


def test_a_best_one_that_cannot_be_tested_is_an_error(tmp_path, monkeypatch):
    look, stopped = Training.status, []
    monkeypatch.setattr(Training, "status", lambda self: 1 if self.testing else look(self))
    monkeypatch.setattr(Training, "stop", lambda self: stopped.append(self.testing))
    sweep = Sweep.create(tmp_path / "s", "toy", {"x": Choices(("1", "2"))})
    with pytest.raises(InputError, match=r"^sweep: the best trial could not be tested\. toy: it fails\.$"):
        sweep.run()
    assert stopped == [True]
    assert not (tmp_path / "s/results.json").exists()


def test_errors_of_all_trials_are_said_once_each_and_no_more_than_three(tmp_path, monkeypatch):
    monkeypatch.setattr(Training, "fails", staticmethod(lambda chosen: True))
    monkeypatch.setattr(Training, "said", lambda self: f"{'dcbaa'[int(self.options['x'])]}.")
    with pytest.raises(InputError, match=r"came to its end\. a\. b\. c\.$"):
        Sweep.create(tmp_path / "s", "toy", {"x": Choices(tuple("01234"))}).run()


def test_what_runs_is_stopped_whatever_ends_the_search(tmp_path, monkeypatch):
    stopped = []
    monkeypatch.setattr(Training, "stop", lambda self: stopped.append(self.options["x"]))

    def interrupted(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(sweeps.time, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Sweep.create(tmp_path / "s", "toy", {"x": Choices(("1", "2", "3"))}).run(jobs=2)
    assert sorted(stopped) == ["1", "2"]


def test_of_a_trial_that_fails_on_its_way_the_last_loss_is_told(tmp_path, monkeypatch):
    look = Training.status
    over = {"1": 2}
    monkeypatch.setattr(
        Training,
        "status",
        lambda self: 1 if len(self.run.metrics()) == over.get(self.options["x"]) else look(self),
    )
    row = Sweep.create(tmp_path / "s", "toy", {"x": Choices(("1", "2"))}).run()["trials"][-1]
    assert (row["state"], row["epochs"], row["val_loss"], row["error"]) == ("fail", 2, 2.5, "toy: it fails.")
