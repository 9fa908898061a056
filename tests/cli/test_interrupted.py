import os
import signal
import sys

import click
import pytest
from click.testing import CliRunner

from tfnotes.cli import Commands
from tfnotes.errors import InputError

shown = sys.unraisablehook


@click.group(cls=Commands)
def group():
    """Commands that lose Ctrl-C, as native code does."""


def _lost():
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        return sys.unraisablehook
    raise AssertionError("nothing was raised")


@group.command()
def fail():
    _lost()
    raise InputError("the data are damaged")


@group.command("exit")
@click.pass_context
def leave(ctx):
    _lost()
    ctx.exit(130)


@group.command()
def quiet():
    # What native code drops is said by this hook, with a traceback.
    sys.stdout.write("quiet" if _lost() is not shown else "loud")


@group.command()
def refuse():
    raise InputError("the data are damaged")


@pytest.fixture(autouse=True)
def interruptible():
    """As in a terminal; what a shell starts in the background ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_what_fails_once_ctrl_c_was_lost_was_interrupted():
    answer = CliRunner().invoke(group, ["fail"])
    assert (answer.exit_code, answer.output.strip()) == (1, "Aborted!")


def test_a_command_that_ends_itself_keeps_its_status():
    assert CliRunner().invoke(group, ["exit"]).exit_code == 130


def test_without_ctrl_c_it_is_the_sentence():
    answer = CliRunner().invoke(group, ["refuse"])
    assert (answer.exit_code, answer.output.strip()) == (1, "Error: the data are damaged")


@pytest.mark.parametrize("name", ["fail", "exit", "quiet", "refuse"])
def test_afterwards_signals_and_what_python_says_are_as_before(name):
    before = signal.getsignal(signal.SIGINT), sys.unraisablehook
    CliRunner().invoke(group, [name])
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == before


def test_nothing_that_native_code_drops_is_shown(monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", shown)
    assert CliRunner().invoke(group, ["quiet"]).output == "quiet"


def test_another_handler_stays():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *given: heard.append(given[0]))
    try:
        with pytest.raises(AssertionError, match="nothing was raised"):
            CliRunner().invoke(group, ["fail"], catch_exceptions=False)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]
