"""Options of training and settings of every model of the installed tasks; and the constructors of all concepts."""

import dataclasses
import inspect
from random import Random

import numpy as np
from hypothesis import strategies as st

from tests.contracts.bad_arguments import BY_KERAS
from tests.fuzz import Trials, drawn

TASKS = ("mnist", "imdb", "autoencode", "adding")
NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.sampled_from([0, 1, -1, 2**31, 2**31 - 1, 2**63, 10**20, 0.5, 1e308, 5e-324]),
)
VALUES = st.one_of(
    NUMBERS,
    st.none(),
    st.booleans(),
    st.text(max_size=8),
    st.binary(max_size=4),
    st.lists(NUMBERS, max_size=3),
    st.tuples(NUMBERS, NUMBERS),
    st.dictionaries(st.text(max_size=3), NUMBERS, max_size=2),
    st.sampled_from([object(), 1j, np.float32("nan"), np.ones(2), np.int64(3), print, "relu", "same", (2, 2), [[1]]]),
)
# What people type, and what they shouldn't.
TYPED = (
    *("", "0", "-1", "1.5", "-0.5", "1e308", "1e999", "nan", "2147483648", "99999999999", "9" * 20, "9" * 5000),
    *("zzz", "0-0", "-", "1--2", "99999999999-10", "true", "数", "1e-320", "None", "[]", "1_0", " 3", "\uff13"),
)


def trials(share, report):
    """Trials of options, of settings, and of constructors; see `tests.fuzz.files.trials`."""
    from tfnotes import registry
    from tfnotes import task as tasks
    from tfnotes.training.config import configure

    known = {name: tasks.load(name) for name in TASKS}
    found = Trials("options of train")
    names = ("model", "data", "epochs", "batch_size", "learning_rate", "learning_rate_decay", "seed", "inspect")
    names += ("patience", "layers", "freeze", "settings")

    def options(drawn):
        task, name, value = drawn
        if name in ("freeze", "settings"):
            value = [str(value)]
        found.attempt(f"{task} {name}={value!r}", lambda: configure(known[task], **{name: value}))

    drawn(round(2000 * share), st.tuples(st.sampled_from(TASKS), st.sampled_from(names), VALUES), options)
    report(found)
    report(_settings(Trials("--set of every model"), known, share))
    found, concepts = Trials("constructors"), [c for c in registry.concepts() if inspect.isclass(c.target)]

    def construct(drawn):
        concept, number, value = drawn
        sample = concept.samples[0]
        parameters = inspect.signature(concept.target).parameters.values()
        arguments = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD and p.name not in BY_KERAS]
        if arguments:
            name = arguments[number % len(arguments)]
            changed = dataclasses.replace(sample, arguments={**sample.arguments, name: value})
            found.attempt(f"{concept.kind}.{concept.name} {name}={value!r}", changed.make, concept.target)

    drawn(round(3000 * share), st.tuples(st.sampled_from(concepts), st.integers(0, 60), VALUES), construct)
    report(found)


def _settings(found, known, share):
    from tfnotes.training.config import configure
    from tfnotes.training.setup import Setup

    cases = [
        (task, model, key, value)
        for task in TASKS
        for model in known[task].models
        for key in known[task].recipe(model).settings()
        for value in TYPED
    ]
    # A model that is really built takes half a second.
    for task, model, key, value in Random(0).sample(cases, min(len(cases), round(1200 * share))):

        def build(task=task, model=model, key=key, value=value):
            config = configure(known[task], model=model, settings=[f"{key}={value}"])
            Setup(config, known[task]).build()

        found.attempt(f"{task} {model} {key}={value[:30]}", build)
    return found
