"""The table of rows and the results of their seeds, read, counted and written."""

import functools
import json
import math
import shlex
import statistics
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tfnotes import documents
from tfnotes.errors import InputError
from tfnotes.files import write_aside
from tfnotes.language import Words

FOLDER = Path(__file__).parent
BUDGETS = ("quick", "full")
_LIMIT = 2**24  # bytes of a file of results


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
    "squared error": Unit(Words("squared error", "平方误差"), True, 4),
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

    def command(self, budget, seed):
        """What follows `tfnotes train` for a seed."""
        return f"{getattr(self, budget)} --seed {seed}"

    def figure(self, result):
        """The figure that is compared, of a result."""
        return self.unit.of(result["figures"][self.measure])


@dataclass(frozen=True)
class Summary:
    """What the seeds of a row gave, all with the same settings.

    Attributes:
        row, budget: of which they are.
        results: as in results.json, one a seed.
        looks: how often the test split was looked at for this row, whatever its settings were then.
    """

    row: Row
    budget: str
    results: list
    looks: int

    @property
    def figures(self):
        """One a seed."""
        return [self.row.figure(result) for result in self.results]

    @property
    def mean(self):
        """Over seeds; None without any."""
        return statistics.fmean(self.figures) if self.results else None

    @property
    def also(self):
        """The means of the row's further figures, by name, of those that all seeds have."""
        found = {name: [r["figures"].get(name) for r in self.results] for name in self.row.also}
        return {name: statistics.fmean(values) for name, values in found.items() if values and None not in values}

    @property
    def deviation(self):
        """The sample standard deviation between seeds; None of one seed."""
        return statistics.stdev(self.figures) if len(self.results) > 1 else None

    @property
    def error(self):
        """The standard error of the mean; None of one seed."""
        return None if self.deviation is None else self.deviation / len(self.results) ** 0.5

    @property
    def reached(self):
        """Whether the mean is the published figure, by two standard errors, or better.

        A seed alone has no standard error, so it must be as good. None where nothing is compared: without results, and
        of the quick budget.
        """
        if not self.results or self.budget == "quick":
            return None
        room = 2 * (self.error or 0.0) * (1 if self.row.unit.lower else -1)
        return self.row.unit.better(self.mean, self.row.published + room)

    @property
    def cpu_seconds(self):
        """The mean over seeds; None where one of them isn't known."""
        times = [result["cpu_seconds"] for result in self.results]
        return None if None in times or not times else statistics.fmean(times)

    def as_dict(self):
        """The same for JSON."""
        keys = ("published", "paper", "measure")
        told = {"row": self.row.name, "budget": self.budget, **{key: getattr(self.row, key) for key in keys}}
        told |= {"unit": self.row.unit.name.en, "command": getattr(self.row, self.budget), "seeds": len(self.results)}
        shown = ("mean", "deviation", "error", "reached", "cpu_seconds", "looks")
        names = {"deviation": "standard_deviation", "error": "standard_error"}
        return told | {names.get(key, key): getattr(self, key) for key in (*shown, "also")} | {"results": self.results}


@functools.cache
def rows():
    """All rows, a dict by name."""
    stored = tomllib.loads((FOLDER / "rows.toml").read_text("utf-8"))
    _schemas()["rows"](stored, "rows.toml")
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


def summary(row, budget, results):
    """The `Summary` of a row out of all results: of those that the row's settings gave, by seed."""
    own = [result for result in results if (result["row"], result["budget"]) == (row.name, budget)]
    now = [result for result in own if same(result["command"], row.command(budget, result["seed"]))]
    return Summary(row, budget, sorted(now, key=lambda result: result["seed"]), len(own))


def same(command, other):
    """Whether two commands differ in spaces at most."""
    return shlex.split(command) == shlex.split(other)


def recorded():
    """The results that tfnotes brings along."""
    return read(FOLDER / "results.json")


def read(path):
    """The results in a file.

    Raises:
        InputError: `path` isn't a file of results.
        OSError: it can't be read.
    """
    path = Path(path)
    try:
        found = documents.parsed(documents.content(path, _LIMIT), path.name)
        _schemas()["results"](found, path.name)
        for result in found:
            row = rows().get(result["row"])
            # What a row that is no more has given stays, and isn't shown.
            if row and row.measure not in result["figures"]:
                raise ValueError(f"{path.name} has a result of {row.name} without {row.measure}")
            if not all(math.isfinite(value) for value in result["figures"].values()):
                raise ValueError(f"{path.name} has a figure that isn't finite")
            shlex.split(result["command"])
    except ValueError as error:
        raise InputError(
            f"reproduce: `record` must be a file of results. Received: {str(path)!r} ({error})."
        ) from error
    return found


def record(results, path):
    """Adds results to the file `path`, which is made if missing; one of the same command is replaced.

    Those of other settings stay: each has looked at the test split.
    """
    path = Path(path)
    found = {_key(result): result for result in (read(path) if path.exists() else [])}
    found |= {_key(result): result for result in results}
    order = list(rows())
    kept = sorted(found.values(), key=lambda r: (order.index(r["row"]) if r["row"] in order else len(order), *_key(r)))
    with write_aside(path) as aside:
        aside.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def check(kind, found, name):
    """Raises a `ValueError` for what isn't as schema.json has it under that kind."""
    _schemas()[kind](found, name)


def _key(result):
    return result["row"], result["budget"], result["command"], result["seed"]


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
    )


@functools.cache
def _schemas():
    return documents.schemas(FOLDER / "schema.json")
