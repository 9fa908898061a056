"""A test module of Keras, executed so that it sees our classes where it imports their twins.

Nothing of Keras is changed: the module gets an `import` of its own, whose modules answer with ours. What Keras's
code does inside itself stays Keras's.
"""

import builtins
import importlib
import sys
import types
from pathlib import Path

import keras
import pytest

# The wheel's tests stand beside the private code that they import; this folder alone names it.
PRIVATE = "keras.src"
PARAMETERIZED = "absl.testing.parameterized"
SITE = Path(keras.__file__).parents[1]
FOLDERS = ("activations", "callbacks", "constraints", "initializers", "layers", "losses", "metrics")
FOLDERS += ("optimizers", "regularizers")


def twins():
    """Ours by the identity of Keras's: every public name that both have, and the schedules' among the optimizers'."""
    pairs = {}
    for folder in FOLDERS:
        pairs |= _pairs(f"keras.{folder}", f"tfnotes.{folder}")
    return pairs | _pairs("keras.optimizers.schedules", "tfnotes.schedules")


def _pairs(theirs, ours):
    theirs, ours = importlib.import_module(theirs), importlib.import_module(ours)
    names = [name for name in ours.__all__ if hasattr(theirs, name)]
    return {id(getattr(theirs, name)): getattr(ours, name) for name in names}


class Swap:
    """Loads Keras's test modules.

    Args:
        pairs: what to give in place of what, by identity; none leaves Keras as it is.
    """

    def __init__(self, pairs):
        self.pairs = pairs
        self.used = set()
        self.modules = {}
        self.views = {}

    def load(self, path):
        """The module of that file, executed anew with the other `import`."""
        name = ".".join(Path(path).relative_to(SITE).with_suffix("").parts)
        if name not in self.modules:
            module = self.modules[name] = types.ModuleType(name)
            module.__file__ = str(path)
            module.__package__ = name.rpartition(".")[0]
            module.__builtins__ = {**vars(builtins), "__import__": self.import_module}
            # `unittest` and pickle look for a test's module here.
            sys.modules[name] = module
            exec(compile(Path(path).read_text(), str(path), "exec"), vars(module))
        return self.modules[name]

    def import_module(self, name, globals=None, locals=None, fromlist=(), level=0):
        if name == "conftest":
            return CONFTEST
        if name.startswith(PRIVATE) and name.endswith("_test"):
            return self.load(SITE.joinpath(*name.split(".")).with_suffix(".py"))
        return self.view(builtins.__import__(name, globals, locals, fromlist, level))

    def view(self, value):
        """Ours for a twin, a view of a module of Keras, anything else as it is."""
        if id(value) in self.pairs:
            self.used.add(self.pairs[id(value)].__name__)
            return self.pairs[id(value)]
        if isinstance(value, types.ModuleType) and _may_hold_twins(value.__name__):
            return self.views.setdefault(value.__name__, View(self, value))
        return value

    def mentions(self, function, owner):
        """Names of ours in a test's code, and in that of the functions and methods of its module that it calls."""
        ours = {id(value): value.__name__ for value in self.pairs.values()}
        names = set(ours.values())
        seen, todo, found = set(), [function], set()
        while todo:
            function = todo.pop()
            if id(function) in seen or function.__globals__.get("__name__") not in (*self.modules, PARAMETERIZED):
                continue
            seen.add(id(function))
            values = [cell.cell_contents for cell in function.__closure__ or ()]
            for name in _names(function.__code__):
                found |= names & {name}
                values += [function.__globals__.get(name), getattr(owner, name, None)]
            found |= {ours[id(value)] for value in _flat(values) if id(value) in ours}
            todo += [value for value in values if isinstance(value, types.FunctionType)]
        return found


class View(types.ModuleType):
    """A module as a test sees it."""

    def __init__(self, swap, module):
        super().__init__(module.__name__)
        object.__setattr__(self, "_swap", swap)
        object.__setattr__(self, "_module", module)

    def __getattribute__(self, name):
        if name in ("_swap", "_module", "__class__"):
            return object.__getattribute__(self, name)
        return self._swap.view(getattr(self._module, name))

    def __setattr__(self, name, value):
        setattr(self._module, name, value)


def _may_hold_twins(name):
    parts = name.removeprefix(PRIVATE).removeprefix("keras").strip(".").split(".")
    return name.split(".")[0] == "keras" and parts[0] in ("", *FOLDERS)


def _names(code):
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _flat(values):
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        elif isinstance(value, dict):
            yield from _flat([*value.values()])
        else:
            yield value


def _skip_if_backend(backend, reason):
    return pytest.mark.skipif(keras.backend.backend() == backend, reason=reason)


# Keras's own conftest isn't in the wheel.
CONFTEST = types.SimpleNamespace(skip_if_backend=_skip_if_backend)
