"""`tfnotes doctor`: what it prints, for people and for machines, and its status."""

import json
import re

import pytest
from click.testing import CliRunner

from tfnotes.cli import main
from tfnotes.training import loop
from tfnotes.training.config import configure, describe_data
from tfnotes.training.run import Run

RATE = "learning rate too low"
INSIDE = ["exploding gradients", "dead units", "saturated units", "vanishing gradients"]


@pytest.fixture
def train(toy, tmp_path):
    """Trains the toy and gives the run's path."""

    def train(model="linear", epochs=3, **options):
        splits = toy.source("patterns")(None)
        config = configure(toy, model=model, epochs=epochs, **options) | describe_data(splits)
        run = Run.create(tmp_path / "run", config)
        loop.train(run, toy, splits, report=lambda sentence: None)
        return str(run.path)

    return train


def doctor(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["doctor", *map(str, arguments)])


def words(result):
    return " ".join(result.stdout.split())


def test_a_healthy_run_that_was_looked_at_closely(train):
    path = train(inspect="full")
    result = doctor(path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert words(result) == f"{path} is healthy: nothing is wrong after 3 epochs."
    report = json.loads(doctor(path, "--json").stdout)
    nothing = {"findings": [], "unseen": [], "unread": []}
    assert report == {"path": path, "level": "full", "epochs": 3, "healthy": True, **nothing}


@pytest.mark.parametrize(("level", "unseen"), [("off", ["badly scaled data", *INSIDE, RATE]), ("basic", INSIDE)])
def test_it_says_what_it_could_not_see(train, level, unseen):
    path = train(inspect=level)
    result = doctor(path)
    assert result.exit_code == 0
    assert "healthy: nothing is wrong as far as can be seen after 3 epochs." in words(result)
    assert words(result).endswith(
        f"Not looked at: {', '.join(unseen)}; the run was trained with --inspect {level}. "
        "To see them, train with --inspect full."
    )
    assert json.loads(doctor(path, "--json").stdout)["unseen"] == unseen


def test_a_sick_run(train):
    path = train(inspect="basic", learning_rate=1e-7)
    result = doctor(path)
    assert result.exit_code == 3
    assert "learning rate too low" in words(result)
    assert "Since epoch 1: an epoch moves the weights by at most" in words(result)
    assert "Not looked at: exploding gradients" in words(result)
    report = json.loads(doctor(path, "--json").stdout)
    finding, learned = report["findings"]
    assert (finding["illness"], finding["settings"]) == ("learning rate too low", {"learning_rate": 1e-6})
    assert (learned["illness"], learned["cause"]) == ("nothing learned", "learning rate too low")
    assert (finding["since"], finding["layers"]) == (1, [])
    assert finding["measured"] in finding["sentence"]
    assert finding["advice"].startswith("raise the learning rate (it began at 1e-07) tenfold")
    assert finding["sentence_zh"].startswith("从第 1 轮起：一轮最多使权重移动其大小的")


def test_a_run_that_diverged_in_its_first_epoch(toy, train, tmp_path):
    from tfnotes.errors import InputError

    with pytest.raises(InputError, match="finite loss"):
        train("tiny", learning_rate=1e30)
    result = doctor(tmp_path / "run", "--json")
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    findings = {finding["illness"]: finding for finding in report["findings"]}
    assert set(findings) == {"learning rate too high"}
    assert findings["learning rate too high"]["measured"].endswith("in epoch 1")
    assert re.search("第 1 轮时 loss 变成了 (nan|inf)；降低学习率", findings["learning rate too high"]["sentence_zh"])


def test_figures_that_are_no_numbers(train):
    path = train()
    run = Run.open(path)
    run.write_metrics([*run.metrics()[:2], {**run.metrics()[2], "val_loss": float("nan")}])
    result = doctor(path)
    assert result.exit_code == 3
    assert "Since epoch 3: val_loss is nan; lower the learning rate" in words(result)


def test_damaged_events_are_read_as_far_as_they_can_be_and_told_of(train):
    path = train(inspect="full", learning_rate=1e-7)
    (events,) = (Run.open(path).path / "events" / "train").glob("*tfevents*")
    sick = json.loads(doctor(path, "--json").stdout)
    data = bytearray(events.read_bytes())
    # The first record: the version of the file, which is as much as says nothing.
    data[14] ^= 4
    events.write_bytes(data)
    report = json.loads(doctor(path, "--json").stdout)
    (said,) = report["unread"]
    assert said.startswith(f"{events} is damaged: ")
    assert report == {**sick, "unread": [said]}


def test_a_run_with_damaged_events_is_not_called_healthy(train):
    path = train(inspect="full")
    (events,) = (Run.open(path).path / "events" / "train").glob("*tfevents*")
    data = bytearray(events.read_bytes())
    data[14] ^= 4
    events.write_bytes(data)
    result = doctor(path)
    assert result.exit_code == 3
    assert words(result).startswith(f"{path}: nothing is wrong in what can be read of 3 epochs. {events} is damaged: ")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "Error: Run: `run` must be a run folder, with a config.json."),
        (lambda path: path.write_text("x"), "Error: Run: `run` must be a run folder, with a config.json."),
    ],
)
def test_bad_input(tmp_path, make, says):
    make(tmp_path / "run")
    result = doctor(tmp_path / "run")
    assert result.exit_code == 1
    assert result.stderr.startswith(says)


def test_a_run_that_has_finished_no_epoch(toy, tmp_path):
    splits = toy.source("patterns")(None)
    Run.create(tmp_path / "run", configure(toy) | describe_data(splits))
    result = doctor(tmp_path / "run")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: doctor: `run` must have finished an epoch. Received: ")


def test_chinese_by_the_option_and_by_the_locale(train, monkeypatch):
    path = train(inspect="basic", learning_rate=1e-7)
    said = words(doctor(path, "--lang", "zh"))
    assert "学习率过低" in said
    assert "没有检查：梯度爆炸、死亡单元、饱和单元、梯度消失；这次训练用的是 --inspect basic。" in said
    assert not re.search("illness|Since epoch|Not looked", said)
    monkeypatch.delenv("TFNOTES_LANG")
    for name, value in (("LC_ALL", "zh_CN.UTF-8"), ("LANG", "zh_TW.UTF-8")):
        monkeypatch.delenv("LC_ALL", raising=False)
        monkeypatch.delenv("LC_MESSAGES", raising=False)
        monkeypatch.setenv(name, value)
        assert "学习率过低" in words(doctor(path))


def test_training_ends_with_what_the_doctor_says(toy, tmp_path):
    path = tmp_path / "run"
    options = ["--model", "linear", "--epochs", "3", "--learning-rate", "1e-7", "--run", str(path), "--lang", "zh"]
    result = CliRunner().invoke(main, ["train", "toy", *options])
    finding, _ = json.loads(doctor(path, "--json").stdout)["findings"]
    assert f"警告：学习率过低。{finding['sentence_zh']}\n" in result.stderr
    assert f"这次训练在 {path} 中。接下来可以：\n" in result.stdout
