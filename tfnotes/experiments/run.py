"""Runs an experiment: its seeds, in processes where they take long; its verdicts, picture and raw results."""

import json
import math
import time
from contextlib import nullcontext
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tfnotes.errors import InputError
from tfnotes.experiments import _experiment, _processes, ledger
from tfnotes.experiments._verdicts import INCONCLUSIVE, LEVEL
from tfnotes.files import write_aside


class Result(NamedTuple):
    """What a run has found.

    Attributes:
        experiment: the `Experiment`.
        parameters: those that were used.
        samples: a dict of arrays, one row a seed.
        verdicts: a dict from claim to `Verdict`.
        seconds: how long it took.
    """

    experiment: Any
    parameters: dict
    samples: dict
    verdicts: dict
    seconds: float = 0.0


def run(experiment, seeds=None, settings=(), quick=False, progress=lambda done, total: None, ray=None):
    """Measures an experiment.

    Args:
        experiment: what `find` gives.
        seeds: how many, looked at once; None for the experiment's own number, or as many as its plan needs to decide.
        settings: texts `key=value` that change parameters.
        quick: whether to take few seeds, looked at once, which give wider intervals and so weaker verdicts.
        progress: called with the seeds done and their number.
        ray: the package `ray`, connected, for seeds that take long to be shared out over its cluster; None for
            processes of this machine.

    Returns:
        A `Result`.

    Raises:
        InputError: a setting isn't one of the experiment's, or not of its type.
    """
    parameters = _parameters(experiment, settings)
    looks: tuple[int, ...] = (experiment.seeds,)
    if seeds is None and quick:
        looks = (min(experiment.seeds, _experiment.QUICK_SEEDS[experiment.kind]),)
    elif seeds is None and experiment.plan:
        looks = experiment.plan.looks
    elif seeds is not None:
        looks = (seeds,)
    first = experiment.plan.first if experiment.plan else 0
    rows: list[dict] = []
    begun = time.monotonic()
    progress(0, looks[0])
    with _mapped(experiment, looks[-1], ray) as mapped:
        for look in looks:
            numbers = range(first + len(rows), first + look)
            for row in mapped(_one, repeat(experiment.name), repeat(parameters), numbers):
                rows.append(row)
                progress(len(rows), look)
            samples = {name: np.asarray([row[name] for row in rows], float) for name in rows[0]}
            verdicts = _experiment.judge(experiment, samples)
            if all(verdict != INCONCLUSIVE for verdict, *_ in verdicts.values()):
                break
    return Result(experiment, parameters, samples, verdicts, time.monotonic() - begun)


def entries(result):
    """The ledger's entries that a result makes, one a claim."""
    from tfnotes.training.config import versions

    experiment, seeds = result.experiment, len(next(iter(result.samples.values())))
    plan = experiment.plan.at(seeds) if experiment.plan else None
    # Of a plan the interval that the last look had.
    level = plan.seen(seeds)[-1][1] if plan else LEVEL
    figures = _experiment.figures(result.samples, result.verdicts, level)
    for claim, (verdict, unclear, answers) in result.verdicts.items():
        found = {
            **ledger.statement(claim),
            "verdict": verdict,
            "open": list(unclear),
            "figures": figures,
            "experiment": experiment.name,
            "design": plan.design(seeds) if plan else {"seeds": seeds},
        }
        if experiment.kind == "training" and answers:
            told = {case: answer.power for case, answer in answers.items()}
            found["power"] = {case: _experiment.rounded(power) for case, power in told.items() if power is not None}
            needed = {case: answer.needed for case, answer in answers.items() if answer.needed}
            found |= {"needed": needed} if needed else {}
        yield found | {"date": date.today().isoformat(), "versions": versions()}


def save(result, folder):
    """Writes `results.json` (parameters, verdicts, each seed's numbers) to a folder."""
    raw = {
        "experiment": result.experiment.name,
        "parameters": result.parameters,
        "verdicts": {claim: {"verdict": v.verdict, "open": v.open} for claim, v in result.verdicts.items()},
        "samples": {name: _plain(values.tolist()) for name, values in result.samples.items()},
    }
    with write_aside(Path(folder) / "results.json") as aside:
        aside.write_text(json.dumps(raw, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def _mapped(experiment, most, ray):
    """A context that gives a `map` for the seeds: Python's own, or one whose calls processes share."""
    if not experiment.parallel:
        return nullcontext(map)
    return _processes.mapped(most) if ray is None else _processes.mapped_on_ray(ray, most)


def _one(name, parameters, seed):
    """One seed's numbers. The name stands for the experiment, as a decorated function can't be sent."""
    import keras

    keras.utils.set_random_seed(seed)
    return _experiment.find(name).measure(seed, **parameters)


def _parameters(experiment, settings):
    parameters = experiment.parameters()
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals or key not in parameters:
            known = ", ".join(parameters) or "none, for it has no parameters"
            raise InputError(
                f"experiment {experiment.name}: `set` must be key=value with a key of {known}. Received: {text!r}."
            )
        parameters[key] = _typed(experiment, key, parameters[key], value)
    return parameters


def _typed(experiment, key, default, text):
    try:
        value = type(default)(text)
    except ValueError:
        value = None
    wrong = value is None or (isinstance(value, float) and not math.isfinite(value))
    if wrong or (isinstance(value, int) and value < 1):
        expected = {int: "a positive integer", float: "a number"}.get(type(default), "a text")
        raise InputError(f"experiment {experiment.name}: `{key}` must be {expected}. Received: {text!r}.")
    return value


def _plain(values):
    """JSON has neither infinity nor NaN."""
    if isinstance(values, list):
        return [_plain(v) for v in values]
    return values if math.isfinite(values) else str(values)
