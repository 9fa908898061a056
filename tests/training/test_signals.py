"""A signal is held until a batch ends; a second one acts at once, as it would without us."""

import os
import signal

import pytest

from tfnotes.training.signals import Interrupted, StopOnSignal


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_the_first_is_held_and_the_second_is_the_programs_own(signum):
    own, got = signal.getsignal(signum), []
    signal.signal(signum, lambda *arguments: got.append(arguments[0]))
    try:
        with StopOnSignal() as stop:
            stop.check()
            os.kill(os.getpid(), signum)
            with pytest.raises(Interrupted, match=signal.Signals(signum).name):
                stop.check()
            assert got == []
            os.kill(os.getpid(), signum)
            assert got == [signum]
        os.kill(os.getpid(), signum)
        assert got == [signum, signum]
    finally:
        signal.signal(signum, own)


def test_what_is_ignored_stays_ignored():
    own = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with StopOnSignal() as stop:
            os.kill(os.getpid(), signal.SIGINT)
            stop.check()
    finally:
        signal.signal(signal.SIGINT, own)


@pytest.mark.parametrize("moment", ["on_epoch_begin", "on_train_batch_begin", "on_test_batch_begin"])
def test_it_is_heeded_in_training_and_in_validation(moment):
    with StopOnSignal() as stop:
        getattr(stop, moment)(0)
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Interrupted):
            getattr(stop, moment)(1)
