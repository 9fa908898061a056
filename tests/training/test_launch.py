"""What is done when a worker of this machine is lost."""

import os
import signal
import subprocess
import sys

import pytest

from tfnotes.training import launch
from tfnotes.training.cluster import Lost


class Some:
    """A run whose workers end so: each time a status, after as many epochs."""

    def __init__(self, monkeypatch, *ends):
        self.ends, self.epochs, self.complete = list(ends), 0, False
        monkeypatch.setattr(launch, "_once", lambda *_: self._next())

    def _next(self):
        status, self.epochs = self.ends.pop(0)
        self.complete = status == 0
        return status

    def metrics(self):
        return [{}] * self.epochs


def test_all_begin_anew_from_the_last_epoch(monkeypatch):
    said = []
    run = Some(monkeypatch, (75, 0), (75, 2), (75, 2), (75, 2), (75, 3), (0, 4))
    assert launch.launch(run, 2, [], said.append) == 0
    assert [sentence[-8:] for sentence in said] == ["epoch 0.", "epoch 2.", "epoch 2.", "epoch 2.", "epoch 3."]


def test_what_fails_without_an_epoch_is_given_up(monkeypatch):
    run = Some(monkeypatch, *[(75, 1)] * 9)
    with pytest.raises(Lost, match="3 times in a row"):
        launch.launch(run, 2, [], lambda sentence: None)
    assert len(run.ends) == 5


def test_an_error_is_not_tried_again(monkeypatch):
    run = Some(monkeypatch, (1, 0), (0, 1))
    assert launch.launch(run, 2, [], lambda sentence: None) == 1


@pytest.mark.parametrize(
    ("ignoring", "status"), [("", -signal.SIGTERM), ("signal.signal(signal.SIGTERM, signal.SIG_IGN)", launch.LOST)]
)
def test_a_tethered_process_ends_with_the_one_that_started_it(ignoring, status):
    program = f"import signal, time; from tfnotes.training import launch; launch._GRACE = 0.1; {ignoring}\n"
    program += "launch.end_with_launcher(); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, env={**os.environ, **launch.TETHERED}
    )
    process.stdin.close()
    assert process.wait(30) == status
