"""What isn't installed with the rest is named with the extra that installs it."""

import sys

import click
import pytest

from tfnotes import extras
from tfnotes.errors import InputError


def test_what_is_there_is_given():
    assert extras.needed("click", "x", "it needs") is click


@pytest.mark.parametrize(
    ("module", "otherwise", "sentence"),
    [
        ("no_such", "", "it needs no_such, of the extra `x`: pip install 'tfnotes[x]'."),
        ("no_such.part", "; or not", "it needs no_such, of the extra `x`: pip install 'tfnotes[x]'; or not."),
        ("ai_edge_litert.interpreter", "", "it needs ai-edge-litert, of the extra `x`: pip install 'tfnotes[x]'."),
    ],
)
def test_what_is_missing(monkeypatch, module, otherwise, sentence):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError) as raised:
        extras.needed(module, "x", "it needs", otherwise)
    assert str(raised.value) == sentence
