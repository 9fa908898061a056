"""An experiment: what it measures, which claims it settles and by which rule, and its picture.

    @experiment({"claim-id": rule}, kind="dynamics", seeds=50, draw=draw)
    def name(seed, *, width=64):
        return {"figure": 1.0, "curve": [...]}

`measure` is called once a seed. What it returns is gathered to arrays, one row a seed: `rule` makes a verdict
of them, numbers become the ledger's figures, and `draw(axes, samples, parameters)` the picture. With a `Plan` in place
of `seeds` the rule takes that too, and seeds are run until it decides.
"""

import difflib
import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tfnotes.errors import InputError
from tfnotes.experiments import ledger, sentences
from tfnotes.experiments._plan import Plan
from tfnotes.experiments._verdicts import INCONCLUSIVE, LEVEL, Verdict, interval

# In the order of the claims' topics.
MODULES = (
    "activations",
    "speed",
    "neurons",
    "relu",
    "softmax",
    "initialization",
    "preprocessing",
    "rates",
    "optimization",
    "gradients",
    "regularization",
    "convolution",
    "pooling",
    "sequences",
    "gates",
    "unsupervised",
    "digits",
    "generalization",
    "memory",
    "dying",
    "penalties",
    "filters",
    "directions",
    "pretraining",
    "generation",
)

# Fewer seeds than this decide nothing, whatever the numbers say.
LEAST_SEEDS = {"exact": 1, "optimization": 1, "dynamics": 10, "timing": 10, "training": 5}
QUICK_SEEDS = {"exact": 1, "optimization": 1, "dynamics": 20, "timing": 20, "training": 5}

_experiments: dict[str, "Experiment"] = {}


@dataclass(frozen=True)
class Experiment:
    """A registered experiment.

    Attributes:
        name: as the command line spells it.
        measure: `(seed, *, ...) -> {name: number or array}`.
        rules: for each claim, `samples -> Verdict`, or `(samples, plan) -> Verdict`.
        kind: one of `LEAST_SEEDS`.
        seeds: how many it takes by default: seeds 0, 1, ...; with a plan at most.
        draw: `(axes, samples, parameters)`, or None for the figures with their intervals.
        alone: whether its seeds come one after the other whatever they take, as it measures times.
        plan: its `Plan`, or None if it runs all its seeds and looks once.
    """

    name: str
    measure: Callable[..., Mapping[str, Any]]
    rules: Mapping[str, Callable[..., Verdict]]
    kind: str
    seeds: int
    draw: Callable | None
    alone: bool = False
    plan: Plan | None = None

    @property
    def topic(self):
        """That of its first claim."""
        return ledger.topic(next(iter(self.rules)))

    @property
    def about(self):
        """What it measures, in one line."""
        return (inspect.getdoc(self.measure) or "").split("\n\n")[0].replace("\n", " ")

    @property
    def parallel(self):
        """Whether a seed takes so long that processes share them."""
        return self.kind == "training" and not self.alone

    def parameters(self):
        """Names and defaults of what `--set` may change."""
        signature = inspect.signature(self.measure).parameters.values()
        return {p.name: p.default for p in signature if p.kind is p.KEYWORD_ONLY}


def experiment(rules, kind, seeds=1, draw=None, alone=False, plan=None):
    """Decorator that registers a `measure` function; see `Experiment` for the arguments."""
    most = plan.looks[-1] if plan else seeds

    def register(measure):
        name = measure.__name__.replace("_", "-")
        if name in _experiments and _experiments[name].measure.__module__ != measure.__module__:
            raise ValueError(f"experiments: two are called {name}.")
        _experiments[name] = Experiment(name, measure, rules, kind, most, draw, alone, plan)
        return measure

    return register


def experiments(topic=None):
    """All experiments, or those of one topic, in the order of their files."""
    modules = [importlib.import_module(f"tfnotes.experiments.{name}").__name__ for name in MODULES]
    found = sorted(_experiments.values(), key=lambda e: modules.index(e.measure.__module__))
    return [e for e in found if topic in (None, e.topic)]


def find(name):
    """The experiment of that name, or the one that settles the claim of that name."""
    known = experiments()
    for e in known:
        if e.name == name:
            return e
    for e in known:
        if name in e.rules:
            return e
    names = [name for e in known for name in (e.name, *e.rules)]
    near = difflib.get_close_matches(name, names) or [known[0].name]
    expected = f"an experiment or a claim that one settles, such as {', '.join(near)}"
    raise InputError(f"experiment: `name` must be {expected}; `tfnotes experiment list` has all. Received: {name!r}.")


def judge(experiment, samples):
    """The verdict on each claim of an experiment; INCONCLUSIVE from fewer seeds than its kind takes."""
    seeds, least = len(next(iter(samples.values()))), LEAST_SEEDS[experiment.kind]
    if seeds < least:
        return dict.fromkeys(experiment.rules, Verdict(INCONCLUSIVE, (sentences.FEW,)))
    given = (samples, experiment.plan.at(seeds)) if experiment.plan else (samples,)
    return {claim: rule(*given) for claim, rule in experiment.rules.items()}


def figures(samples, claims=(), level=LEVEL):
    """The numbers among the samples as the ledger has them: a value, or mean, interval, and range of draws.

    Args:
        samples: arrays, one row a seed.
        claims: whose sentences may speak of differences and ratios, which are then taken seed by seed.
        level: how often an interval may miss the mean.
    """
    found = {name: _figure(values, level) for name, values in samples.items() if values.ndim == 1}
    for name, a, sign, b in sentences.contrasts(claims):
        found[name] = _figure(samples[a] - samples[b] if sign == "-" else samples[a] / samples[b], level)
    return found


def _figure(values, level):
    if len(values) == 1:
        return {"value": rounded(values[0])}
    found = interval(values, level)
    low, high = np.percentile(values, [5, 95])
    figure = {"value": found.value, "low": found.low, "high": found.high, "p05": low, "p95": high}
    return {key: rounded(value) for key, value in figure.items()} | {"n": found.n}


def rounded(value):
    """Six digits: more would be noise in the file's history. JSON has no infinity and no NaN, so these are texts."""
    value = float(f"{float(value):.6g}")
    return value if np.isfinite(value) else str(value)
