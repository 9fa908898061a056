"""What is read of a run's folder."""

import json

import pytest
import tensorflow as tf

from tfnotes.errors import InputError
from tfnotes.training.health import read
from tfnotes.training.run import Run

CONFIG = {
    "task": "toy",
    "model": "tiny",
    "data": "patterns",
    "epochs": 4,
    "batch_size": 1,
    "learning_rate": 0.1,
    "learning_rate_decay": 1.0,
    "seed": 0,
    "settings": {},
    "versions": {},
    "threads": 1,
    "examples": {},
    "fingerprint": "",
}


@pytest.fixture
def run(tmp_path):
    return Run.create(tmp_path / "run", CONFIG)


def test_figures_and_curves_by_epoch(run):
    run.write_metrics([{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.0}])
    with tf.summary.create_file_writer(str(run.path / "events" / "train")).as_default():
        for step, value in ((1, 0.5), (2, 0.25)):
            tf.summary.scalar("gradient_norm/dense_1", value, step=step)
            tf.summary.text("gradient_norm", "a sentence", step=step)
            tf.summary.histogram("gradients", [1.0, 2.0], step=step)
    history = read(run.path)
    assert history.figures["loss"] == {1: 2.0, 2: 1.0}
    assert history.curves == {"gradient_norm/dense_1": {1: 0.5, 2: 0.25}}
    assert history.layers("gradient_norm") == {"dense_1": {1: 0.5, 2: 0.25}}
    assert (history.epochs, history.diverged) == (2, None)


def test_of_a_training_in_stages_the_last_one_is_judged(run):
    losses = ((9, 0), (99, 1), (98, 1))
    run.write_metrics([{"epoch": k + 1, "loss": loss, "stage": stage} for k, (loss, stage) in enumerate(losses)])
    assert read(run.path).figures["loss"] == {2: 99, 3: 98}


def test_events_of_a_run_that_went_on(run):
    run.write_metrics([{"epoch": 1, "loss": 2.0}])
    for step in (1, 2):
        with tf.summary.create_file_writer(str(run.path / "events" / "train"), filename_suffix=f".{step}").as_default():
            tf.summary.scalar("gradient_norm", 0.5, step=step)
    assert set(read(run.path).curves["gradient_norm"]) == {1, 2}


def test_events_that_end_before_the_epochs_do(run):
    run.write_metrics([{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 2.0}])
    folder = run.path / "events" / "train"
    with tf.summary.create_file_writer(str(folder)).as_default():
        tf.summary.scalar("gradient_norm", 0.5, step=1)
    assert read(run.path).unread == (f"{folder} tells of 1 of the 2 epochs.",)
    with tf.summary.create_file_writer(str(folder), filename_suffix=".2").as_default():
        tf.summary.scalar("gradient_norm", 0.5, step=2)
    assert read(run.path).unread == ()


def test_without_events(run):
    run.write_metrics([{"epoch": 1, "loss": 2.0}])
    assert (read(run.path).curves, read(run.path).diverged) == ({}, None)


def test_a_run_that_has_nothing_to_tell(run):
    with pytest.raises(InputError, match="doctor: `run` must have finished an epoch"):
        read(run.path)
    (run.path / "metrics.jsonl").write_text(json.dumps({"epoch": 1})[:-1])
    with pytest.raises(InputError, match="damaged"):
        read(run.path)


