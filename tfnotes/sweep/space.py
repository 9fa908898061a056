"""What a sweep searches: lists of values, and ranges of numbers."""

import itertools
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tfnotes import _checks
from tfnotes.errors import InputError

RANGE = {"low", "high", "log"}


@dataclass(frozen=True)
class Choices:
    """One of these texts, as `--set` takes them."""

    values: tuple[str, ...]

    def suggested(self, trial, key):
        """An Optuna trial's value."""
        return trial.suggest_categorical(key, self.values)


@dataclass(frozen=True)
class Range:
    """A number from `low` to `high`, both allowed; drawn by its logarithm if `log`. Ints where both ends are."""

    low: float
    high: float
    log: bool = False

    def suggested(self, trial, key):
        """An Optuna trial's value."""
        whole = isinstance(self.low, int) and isinstance(self.high, int)
        return (trial.suggest_int if whole else trial.suggest_float)(key, self.low, self.high, log=self.log)


def of_texts(texts):
    """The space of texts such as `"units=100,300"`.

    Raises:
        InputError: one of them is something else.
    """
    space = {}
    for text in texts:
        key, equals, values = text.partition("=")
        parts = values.split(",")
        if not equals or not key or "" in parts or key in space:
            raise InputError(f"sweep: `set` must be KEY=A,B,C, each key once. Received: {text!r}.")
        space[key] = _choices(key, parts)
    return space


def of_file(path):
    """The space of a TOML file: `key = [a, b, c]`, or `key = { low = 1e-4, high = 0.1, log = true }`.

    Raises:
        InputError: the file can't be read, or says something else.
    """
    try:
        given = tomllib.loads(Path(path).read_text("utf-8"))
    # A file that is no text raises a ValueError too.
    except (OSError, ValueError) as error:
        raise InputError(f"sweep: `space` must be a TOML file. Received: {str(path)!r} ({error}).") from error
    return {key: _of_value(key, value) for key, value in given.items()}


def grid(space):
    """Every combination, as a list of dicts of texts; None if a range has no end of them."""
    if any(isinstance(dimension, Range) for dimension in space.values()):
        return None
    return [dict(zip(space, chosen, strict=True)) for chosen in itertools.product(*(d.values for d in space.values()))]


def examples(space):
    """Dicts of texts in which each value, and each end of a range, comes at least once."""
    ends = {key: d.values if isinstance(d, Choices) else (text(d.low), text(d.high)) for key, d in space.items()}
    most = max(map(len, ends.values()))
    return [{key: values[k % len(values)] for key, values in ends.items()} for k in range(most)]


def text(value):
    """A value as `--set` takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _of_value(key, value):
    if isinstance(value, dict) and {"low", "high"} <= set(value) <= RANGE:
        low, high, log = value["low"], value["high"], value.get("log", False)
        for end in (low, high):
            _checks.number("sweep", key, end, low=0 if log else -math.inf, exclusive=log)
        if low >= high or not isinstance(log, bool):
            _checks.refuse("sweep", key, "a range with low below high, and log true or false", value)
        return Range(low, high, log)
    if isinstance(value, list) and value and all(isinstance(v, (str, int, float)) for v in value):
        return _choices(key, [text(v) for v in value])
    return _checks.refuse("sweep", key, "a list of values, or a table of low, high and perhaps log", value)


def _choices(key, texts):
    if len(set(texts)) < len(texts):
        _checks.refuse("sweep", key, "values that differ", ",".join(texts))
    return Choices(tuple(texts))
