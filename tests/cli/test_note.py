"""`tfnotes note`: what concepts and claims refer to can be read."""

import json
import re
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

import tfnotes
import tfnotes_tasks
from tfnotes.cli import main
from tfnotes.experiments import ledger

PLACE = re.compile(r"\b(00\d:\d+(?:-\d+)?)")


def invoke(*arguments):
    return CliRunner().invoke(main, ["note", *arguments])


def test_a_line_and_some():
    assert invoke("004:87").stdout == "  87  ### 4.1.4 白化\n"
    assert list(json.loads(invoke("004:284-285", "--json").stdout)) == ["284", "285"]
    # The notes are in one language.
    assert "No such option '--lang'" in invoke("004:87", "--lang", "en").stderr


def test_every_place_that_is_referred_to():
    kept = json.loads(resources.files("tfnotes").joinpath("notes.json").read_text("utf-8"))
    sources = [path for p in (tfnotes, tfnotes_tasks) for path in Path(p.__file__).parent.rglob("*.py")]
    texts = [path.read_text("utf-8") for path in sources]
    places = {place for text in texts for place in PLACE.findall(text)}
    places |= {place for entry in ledger.recorded().values() for place in entry["source"]}
    assert len(places) > 100
    for place in places:
        note, lines = place.split(":")
        first, last = (lines.split("-") * 2)[:2]
        assert set(map(str, range(int(first), int(last) + 1))) <= kept[note].keys(), place


@pytest.mark.parametrize("place", ["", "4:87", "004", "004:87-", "099:1", "004:9999", "004:88-87", "004:٣"])
def test_what_is_refused(place):
    result = invoke(place)
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: note: `place` must .*\. Received: .*\.\n", result.stderr)


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("4:87", "`place` must be like 004:87 or 004:284-285. Received: '4:87'."),
        ("004:86", "; the nearest is 004:87. Received: '004:86'."),
        ("999:1", "lines that a concept or a claim refers to, of 000, 001, 002, 003, 004. Received: '999:1'."),
    ],
)
def test_what_would_be_right_is_said(place, says, monkeypatch):
    kept = {"000": {}, "001": {}, "002": {}, "003": {}, "004": {"80": "a", "87": "b", "95": "c"}}
    monkeypatch.setattr(json, "loads", lambda text: kept)
    assert invoke(place).stderr.endswith(f"{says}\n")


def test_of_lines_those_that_are_kept_are_shown_up_to_the_last(monkeypatch):
    kept = {"004": {"8": "a", "9": "", "1000": "b", "1001": "c"}}
    monkeypatch.setattr(json, "loads", lambda text: kept)
    assert invoke("004:8-1000").stdout == "   8  a\n   9\n1000  b\n"
