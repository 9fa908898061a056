"""What an exception says, made one line that a terminal can take."""

import click
import pytest
import tensorflow as tf
from click.testing import CliRunner

from tfnotes.cli import Commands
from tfnotes.errors import first_line, reason


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("one\ntwo", "one"),
        ("\n  two\nthree", "two"),
        ("数字.png 不是图像, café", "数字.png 不是图像, café"),
        ("red \x1b[31m\x07", "red ?[31m?"),
        ("", "KeyError"),
        ("x" * 999, "x" * 300),
    ],
)
def test_first_lines(said, expected):
    class KeyError(Exception):
        pass

    assert first_line(KeyError(said)) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device"), "No space left on device."),
        (OSError(28, "No space left on device", "runs/demo"), "runs/demo: No space left on device."),
        (OSError("the disk is full"), "the disk is full."),
    ],
)
def test_what_the_system_refuses_is_a_sentence(error, expected):
    @click.group(cls=Commands)
    def group():
        pass

    @group.command()
    def fails():
        raise error

    assert CliRunner().invoke(group, ["fails"]).output == f"Error: {expected}\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("{{node x}} a/.1.partial-2/part.tempstate12; No space left on device [Op:SaveV2]", "No space left on device"),
        ("{{node x}} run/events; Permission denied \n[Op:CreateSummaryFileWriter] name: ", "Permission denied"),
    ],
)
def test_the_reason_out_of_tensorflows_words(words, expected):
    assert reason(tf.errors.UnknownError(None, None, words)) == expected
