"""The one list of concepts: what each is called, its twin in Keras, where the notes teach it.

`@concept(...)` registers a class or function once. The command line, the contract tests, the
benchmarks and the docs all read this registry; nothing lists concepts a second time.
"""

import difflib
import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras

from tfnotes import glossary
from tfnotes.errors import InputError

KINDS = (
    "activations",
    "initializers",
    "regularizers",
    "constraints",
    "layers",
    "preprocessing",
    "augmentation",
    "losses",
    "metrics",
    "clipping",
    "optimizers",
    "schedules",
)

# Whose concepts are Keras layers.
LAYERS = ("layers", "preprocessing", "augmentation")

# How many names an error gives.
_FEW = 5

_concepts: dict[str, "Concept"] = {}


@dataclass(frozen=True)
class Made:
    """An argument that is itself a layer: of `keras.layers` for a twin, of `tfnotes.layers` for a concept.

    Attributes:
        name: of its class.
        arguments: of its constructor.
    """

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    """One way to make a concept and what to call it on.

    Attributes:
        arguments: of the constructor, or keyword arguments of a function.
        shape: of the input with its batch; for an initializer, of the weight.
        targets: how a loss's targets are drawn: "one-hot", "index", "binary" or "real".
        integers: the inputs are whole numbers from 0 to below it; None for real numbers.
    """

    arguments: Mapping[str, Any] = field(default_factory=dict)
    shape: tuple[int, ...] = ()
    targets: str | None = None
    integers: int | None = None

    def make(self, target, **options):
        """A concept's or a twin's object; `options` such as a dtype go to it and to the layers it is made of."""
        layers = importlib.import_module(target.__module__.split(".")[0] + ".layers")
        arguments = {
            name: getattr(layers, value.name)(**value.arguments, **options) if isinstance(value, Made) else value
            for name, value in self.arguments.items()
        }
        return target(**arguments, **options)


@dataclass(frozen=True)
class Concept:
    """A registered class or function.

    Attributes:
        name: as the command line spells it, such as `conv2d`: its file's name.
        target: the class or function.
        kind: its folder, one of `KINDS`.
        en: English name.
        zh: Chinese name.
        twin: dotted name of the Keras builtin it equals, or None.
        notes: the lines that teach it, as "003:128".
        aliases: other names that `get` and the command line understand.
        samples: ways to make it; every contract test runs each of them.
        bench: the size at which it is timed.
        definition: where `target` runs a framework kernel, the same function spelled out:
            of a function's own arguments (a loss's, too), or of `(layer, inputs)`.
        exempt: contract tests it leaves out, each with its reason.
        slower: the stated reason if it is slower than its twin.
    """

    name: str
    target: Any
    kind: str
    en: str
    zh: str
    twin: str | None
    notes: tuple[str, ...]
    aliases: tuple[str, ...]
    samples: tuple[Sample, ...]
    bench: Sample
    definition: Callable | None
    exempt: Mapping[str, str]
    slower: str | None

    @property
    def module(self):
        return self.target.__module__

    @property
    def differences(self):
        """What its docstring states under "Differences from" its twin, in one line; "" without one."""
        found = re.search(r"Differences from \S+: (.*?)(\n\n|$)", inspect.getdoc(self.target) or "", re.DOTALL)
        return " ".join(found[1].split()) if found else ""

    def twin_target(self):
        """The builtin class or function, or None."""
        if self.twin is None:
            return None
        target = keras
        for part in self.twin.split(".")[1:]:
            target = getattr(target, part)
        return target


def concept(*, en, zh, notes, samples, twin=None, aliases=(), bench=None, definition=None, exempt=None, slower=None):
    """Decorator that registers a class or function; see `Concept` for the arguments.

    It also registers the object with Keras under the package `tfnotes`, so that saved models find it.
    """

    def register(target):
        keras.saving.register_keras_serializable(package="tfnotes")(target)
        entry = Concept(
            # The file's name, as a rule for the class's would make p_re_lu of PReLU.
            name=target.__module__.rsplit(".", 1)[-1],
            target=target,
            kind=target.__module__.split(".")[1],
            en=en,
            zh=zh,
            twin=twin,
            notes=tuple(notes),
            aliases=tuple(aliases),
            samples=tuple(samples),
            bench=bench or samples[0],
            definition=definition,
            exempt=dict(exempt or {}),
            slower=slower,
        )
        key = f"{entry.kind}.{entry.name}"
        before = _concepts.get(key, entry).target.__name__
        if before != target.__name__:
            raise ValueError(f"registry: {key} is one file with two concepts, {before}, {target.__name__}.")
        _concepts[key] = entry
        return target

    return register


def registered():
    """What is registered so far; `concepts` imports the rest first, which a concept's own module can't."""
    return _concepts.values()


def concepts(kind=None):
    """All registered concepts, or those of one kind, in the order of kinds and names."""
    for package in KINDS:
        importlib.import_module(f"tfnotes.{package}")
    found = [c for c in _concepts.values() if kind in (None, c.kind)]
    return sorted(found, key=lambda c: (KINDS.index(c.kind), c.name))


def find(name):
    """The concept of that name or alias, English or Chinese, or of a part of one; `layers.softmax` where two share it.

    Where two kinds share it, the one that Python spells so is meant: `softmax` the function, `Softmax` the layer.

    Raises:
        InputError: there is none, or several; the error names those that are near.
    """
    wanted = " ".join(name.lower().split())
    known = concepts()
    matches = [c for c in known if c.target.__name__ == name]
    matches = matches or [c for c in known if wanted in _spellings(c)]
    matches = matches or [c for c in known if wanted and any(wanted in spelling for spelling in _spellings(c))]
    if len(matches) == 1:
        return matches[0]
    if matches:
        which = " or ".join(f"{c.kind}.{c.name}" for c in matches[:_FEW])
        more = f" or {len(matches) - _FEW} others" if len(matches) > _FEW else ""
        raise InputError(f"tfnotes: `name` must say which is meant, {which}{more}. Received: {name!r}.")
    spellings = {spelling: c for c in known for spelling in _spellings(c)}
    near = dict.fromkeys(spellings[s].name for s in difflib.get_close_matches(wanted, spellings, n=_FEW))
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    raise InputError(f"tfnotes: `name` must be a concept; {meant}`tfnotes concepts` lists them. Received: {name!r}.")


def is_concept(target):
    """Whether this very object is registered."""
    return any(c.target is target for c in _concepts.values())


def _spellings(c):
    names = (c.name, f"{c.kind}.{c.name}", c.target.__name__, *c.aliases, c.en, c.zh, *glossary.spellings(c.name))
    return {spelling.lower() for spelling in names}
