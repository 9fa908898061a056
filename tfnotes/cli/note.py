"""`tfnotes note`: the notes' own lines that concepts and claims refer to. It needs no TensorFlow."""

import json
import re
from importlib import resources

import click

from tfnotes.errors import InputError


@click.command("note")
@click.argument("place", metavar="PLACE")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object from line numbers to texts.")
def command(place, as_json):
    """Read the notes at PLACE, such as 004:87 or 004:284-285: the note's number, and a line or some."""
    found = _lines(place)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for number, text in found.items():
        click.echo(f"{number:>4}  {text}".rstrip())


def _lines(place):
    """A dict from line numbers to texts; of the notes, only lines that something refers to are kept."""
    told = re.fullmatch(r"(\d{3}):(\d{1,4})(?:-(\d{1,4}))?", place)
    if told is None:
        raise InputError(f"note: `place` must be like 004:87 or 004:284-285. Received: {place!r}.")
    notes = json.loads(resources.files("tfnotes").joinpath("notes.json").read_text("utf-8"))
    note, first, last = told[1], int(told[2]), int(told[3] or told[2])
    found = {k: notes[note][str(k)] for k in range(first, last + 1) if str(k) in notes.get(note, {})}
    if not found:
        near = sorted(map(int, notes.get(note, {})), key=lambda k: abs(k - first))[:1]
        hint = f"; the nearest is {note}:{near[0]}" if near else f", of {', '.join(notes)}"
        raise InputError(
            f"note: `place` must hold lines that a concept or a claim refers to{hint}. Received: {place!r}."
        )
    return found
