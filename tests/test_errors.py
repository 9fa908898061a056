"""What an exception says, made one line that a terminal can take."""

import pytest

from tfnotes.errors import first_line


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
