"""What the seeds of a row gave: mean, deviation, and whether the paper's figure is reached."""

import statistics
from dataclasses import dataclass

from tfnotes.reproduce import results, table


@dataclass(frozen=True)
class Summary:
    """What the seeds of a row gave, all with the same settings.

    Attributes:
        row, budget: of which they are.
        results: as in results.json, one a seed.
        earlier: the same of other settings, which were tried before.
        varied: the same, of the validation split: by the variation, "" for the row's settings as they are.
    """

    row: table.Row
    budget: str
    results: list
    earlier: list
    varied: dict

    @property
    def looks(self):
        """How often the test split was looked at for this row, whatever its settings were then."""
        return len(self.results) + len(self.earlier)

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
        shown = ("mean", "deviation", "error", "reached", "cpu_seconds", "looks", "also")
        names = {"deviation": "standard_deviation", "error": "standard_error"}
        told |= {names.get(key, key): getattr(self, key) for key in shown}
        return told | {"results": self.results, "earlier": self.earlier, "validation": self.varied}


def of(row, budget, found):
    """The `Summary` of a row out of all results: of those that the row's settings gave, by seed."""
    own = [result for result in found if (result["row"], result["budget"]) == (row.name, budget)]
    own.sort(key=lambda result: result["seed"])
    varied: dict[str, dict] = {}
    for variation in ("", *row.variations):
        # Of several seeds the first.
        same = [r for r in own if results.same(r["command"], row.command(budget, r["seed"], variation))]
        if same:
            varied[variation] = same[0]
    own = [result for result in own if "split" not in result]
    now = [result for result in own if results.same(result["command"], row.command(budget, result["seed"]))]
    return Summary(row, budget, now, [result for result in own if result not in now], varied)
