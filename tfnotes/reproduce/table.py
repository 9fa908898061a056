"""The table of rows: what papers report, and how it is trained here."""

import functools
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tfnotes import documents
from tfnotes.errors import InputError
from tfnotes.language import Words

FOLDER = Path(__file__).parent
BUDGETS = ("quick", "full")


@dataclass(frozen=True)
class Unit:
    """What a figure is in.

    Attributes:
        name: in both languages.
        lower: whether less of it is better.
        digits: behind the point, where it is shown.
        of: makes it of what `tfnotes train` writes.
    """

    name: Words
    lower: bool
    digits: int
    of: Callable[[float], float] = float

    def better(self, figure, other):
        """Whether a figure is as good as another, or better."""
        return figure <= other if self.lower else figure >= other


UNITS = {
    "error": Unit(Words("% error", "错误率 %"), True, 2, lambda accuracy: 100 * (1 - accuracy)),
    "accuracy": Unit(Words("% accuracy", "准确率 %"), False, 2, lambda accuracy: 100 * accuracy),
    "squared error": Unit(Words("squared error", "平方误差"), True, 2),
    "mean squared error": Unit(Words("mean squared error", "均方误差"), True, 4),
    "nats": Unit(Words("nats", "奈特"), False, 2),
    "digits": Unit(Words("digits of ten", "十个数字中的个数"), False, 1),
}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: by which the command line knows it.
        what: model and data, in both languages.
        published: the paper's figure; where no paper is known, the goal.
        paper: who reports it, None for a goal of ours.
        unit: the figure's `Unit`.
        measure: the figure's name among those that are measured.
        evaluated: whether `tfnotes evaluate` measures it, and not already the test at training's end.
        also: names of further figures that are shown beside it, their means over seeds.
        seeds: how many are trained, from 0 on.
        full, quick: what follows `tfnotes train` for either budget.
        notes: what else is to be known, in both languages.
        variations: what may follow the full command, one thing each, to see on the validation split what it does.
    """

    name: str
    what: Words
    published: float
    paper: str | None
    unit: Unit
    measure: str
    evaluated: bool
    also: tuple[str, ...]
    seeds: int
    full: str
    quick: str
    notes: Words
    variations: tuple[str, ...] = ()

    def command(self, budget, seed, variation=None):
        """What follows `tfnotes train` for a seed; with a variation, "" for none, without a look at the test split."""
        varied = () if variation is None else (variation, "--no-test")
        return " ".join(filter(None, (getattr(self, budget), *varied, f"--seed {seed}")))

    def figure(self, result):
        """The figure that is compared, of a result."""
        return self.unit.of(result["figures"][self.measure])


@functools.cache
def rows():
    """All rows, a dict by name."""
    stored = tomllib.loads((FOLDER / "rows.toml").read_text("utf-8"))
    schemas()["rows"](stored, "rows.toml")
    return {name: _row(name, row) for name, row in stored.items()}


def chosen(names):
    """The rows of these names, all without a name.

    Raises:
        InputError: there is no such row.
    """
    known = rows()
    for name in names:
        if name not in known:
            raise InputError(f"reproduce: `row` must be one of {', '.join(known)}. Received: {name!r}.")
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())


def varied(names):
    """The rows of these names, all that have variations without a name.

    Raises:
        InputError: there is no such row, or it has none.
    """
    asked = chosen(names)
    without = [row for row in asked if not row.variations]
    if names and without:
        have = ", ".join(name for name, row in rows().items() if row.variations)
        raise InputError(f"reproduce: `row` must have variations, as {have}. Received: {without[0].name!r}.")
    return [row for row in asked if row not in without]


def _row(name, stored):
    return Row(
        name=name,
        what=Words(stored["what_en"], stored["what_zh"]),
        published=stored.get("published", stored.get("goal")),
        paper=stored.get("paper"),
        unit=UNITS[stored["unit"]],
        measure=stored["measure"],
        evaluated=stored.get("evaluated", False),
        also=tuple(stored.get("also", ())),
        seeds=stored.get("seeds", 3),
        full=" ".join(stored["full"].split()),
        quick=" ".join(stored["quick"].split()),
        notes=Words(stored.get("notes_en", ""), stored.get("notes_zh", "")),
        variations=tuple(stored.get("variations", ())),
    )


@functools.cache
def schemas():
    """The schemas in schema.json, by name, as `tfnotes.documents.schemas` gives them."""
    return documents.schemas(FOLDER / "schema.json")
