"""Every option and argument of every command, given what people type and what they shouldn't."""

import os
from pathlib import Path
from random import Random

import click
from click.testing import CliRunner

from tests.fuzz import Trials
from tests.fuzz.options import TYPED as ALL
from tfnotes.errors import InputError

# What is received is shown, so that a refusal of what is very long is too.
TYPED = tuple(text for text in ALL if len(text) < 500)
WORDS = (
    *(*TYPED, "nowhere", "/", "..", "/proc/self/mem", "a" * 300, "a\x00b", "\udcff", "-5 stars", "--", "[red]x[/red]"),
    *("\x1b[2J", "%s", "{x}", "*", "relu", "mnist", "tensorflow", "1e-3", "\u202e", "x\ny"),
)
# What would begin real work, a server or a browser if all the rest were right.
HARMLESS = {
    "train": ("mnist", "--run", "/proc/run"),
    "sweep": ("mnist", "--folder", "/proc/sweep", "--set", "units=8,16"),
    "book": ("--print",),
    "data prepare": ("nothing",),
    "data extract": ("nothing", "--out", "nowhere/x.png"),
    "experiment run": ("nothing",),
    "reproduce": ("nothing",),
    "serve": ("nowhere",),
    "play": ("nowhere",),
    "tensorboard": ("nowhere",),
    "compare": ("nothing",),
    "backprop": (),
}


def commands(group, *names):
    """`(words, command)` of each command."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        else:
            yield (*names, name), command


def trials(folder, share, report):
    """Trials of each command's options and arguments; see `tests.fuzz.files.trials`."""
    from tfnotes.cli import _tensorflow, main

    _tensorflow.load()
    found, random, before = Trials("options of all commands"), Random(0), Path.cwd()
    known = list(commands(main))
    os.chdir(folder)
    try:
        for _ in range(round(2000 * share)):
            words, command = random.choice(known)
            arguments = (*words, *_given(random, words, command))
            found.attempt(repr(arguments)[:300], _invoke, main, arguments)
    finally:
        os.chdir(before)
    report(found)


def _given(random, words, command):
    """A parameter or two of a command with hostile values, before what keeps it from real work: the last one counts."""
    given, harmless = [], HARMLESS.get(" ".join(words), ())
    options = [p for p in command.params if isinstance(p, click.Option)]
    for option in random.sample(options, min(len(options), random.choice((0, 1, 1, 2)))):
        given.append(max(option.opts, key=len))
        if not option.is_flag:
            given.append(random.choice(WORDS))
    if not harmless or random.random() < 0.1:
        given[:0] = [random.choice(WORDS) for _ in range(random.choice((0, 1, 1, 2)))]
    return [*given, *harmless]


def _invoke(main, arguments):
    """Runs a command here; raises what it prints as an error."""
    result = CliRunner().invoke(main, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code:
        *usage, line = (result.stderr.strip() or "nothing is said").splitlines()
        if usage and not usage[0].startswith("Usage: "):
            raise InputError(result.stderr)
        raise InputError(line)
