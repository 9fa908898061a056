"""What a user's code gives with Keras's classes must be what it gives with ours: only the import changes."""

import functools
import importlib
import inspect
import types

import keras
import numpy as np

FOLDERS = ("activations", "callbacks", "constraints", "initializers", "layers", "losses", "optimizers", "regularizers")


class Namespace(types.ModuleType):
    """A module of ours; what it hasn't, it takes from Keras's.

    Args:
        keras_module: Keras's.
        ours: attributes that come first.
    """

    def __init__(self, keras_module, ours):
        super().__init__(keras_module.__name__)
        self.__dict__.update({name: getattr(keras_module, name) for name in dir(keras_module)} | ours)


def _ours():
    folders = {}
    for name in FOLDERS:
        module = importlib.import_module(f"tfnotes.{name}")
        theirs = getattr(keras, name)
        # Aliases, such as `losses.mse`, are other names of the same object.
        pairs = {id(getattr(theirs, n)): getattr(module, n) for n in module.__all__ if hasattr(theirs, n)}
        mapped = {n: pairs[id(value)] for n, value in vars(theirs).items() if id(value) in pairs}
        folders[name] = Namespace(theirs, mapped)
    schedules = importlib.import_module("tfnotes.schedules")
    theirs = keras.optimizers.schedules
    mapped = {n: getattr(schedules, n) for n in schedules.__all__ if hasattr(theirs, n)}
    folders["optimizers"].schedules = Namespace(theirs, mapped)
    return Namespace(keras, folders)


OURS = _ours()


def same(program=None, *, tolerance=1e-5):
    """Decorator: a program of `keras`, and of a folder if it names one, becomes a test of what it returns.

    It runs with Keras's and with ours from the same seed. What both return is compared leaf by leaf: numbers
    within `tolerance` (relative, and absolute for what is below 1), shapes, dtypes and everything else exactly.
    """
    if program is None:
        return functools.partial(same, tolerance=tolerance)
    with_folder = len(inspect.signature(program).parameters) > 1

    def test(tmp_path):
        theirs, ours = (
            _run(program, k, tmp_path / k.layers.Dense.__module__.split(".")[0], with_folder) for k in (keras, OURS)
        )
        assert_same(ours, theirs, tolerance)

    test.__name__ = test.__qualname__ = program.__name__
    test.__doc__ = program.__doc__
    test.__module__ = program.__module__
    return test


def _run(program, namespace, folder, with_folder):
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    if not with_folder:
        return program(namespace)
    folder.mkdir()
    return program(namespace, folder)


def assert_same(ours, theirs, tolerance, where="result"):
    """Both hold the same; `where` names the leaf that differs."""
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs), where
        for key, value in theirs.items():
            assert_same(ours[key], value, tolerance, f"{where}[{key!r}]")
    elif isinstance(theirs, list | tuple):
        assert len(ours) == len(theirs), where
        for k, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            assert_same(a, b, tolerance, f"{where}[{k}]")
    elif isinstance(theirs, str | bool | int | type | None):
        assert ours == theirs, where
    else:
        a, b = (keras.ops.convert_to_numpy(value) for value in (ours, theirs))
        assert (a.dtype, a.shape) == (b.dtype, b.shape), where
        np.testing.assert_allclose(a.astype("float64"), b.astype("float64"), tolerance, tolerance, err_msg=where)
