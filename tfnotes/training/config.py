"""What a run is asked to do: checked, with the task's defaults filled in, and fit for `config.json`."""

import hashlib
import math
import os
import platform

import keras
import numpy as np
import tensorflow as tf

import tfnotes
from tfnotes import _checks
from tfnotes.data.stream import Streamed
from tfnotes.errors import InputError
from tfnotes.training import inspection
from tfnotes.training.run import Run

LAYERS = ("tfnotes", "keras")
EPOCHS, MOST, LONGEST = 10**6, 2**31 - 1, 500


def configure(
    task,
    *,
    model=None,
    data=None,
    data_dir=None,
    epochs=None,
    batch_size=None,
    learning_rate=None,
    learning_rate_decay=None,
    seed=0,
    patience=None,
    inspect=None,
    layers=None,
    source=None,
    freeze=(),
    settings=(),
):
    """The configuration of a new run.

    Args:
        task: a `tfnotes.task.Task`; its defaults stand in for every None.
        model: name of one of the task's models.
        data: name of one of the task's sources.
        data_dir: folder with the prepared data, None for TFDS's own.
        epochs: how many.
        batch_size: examples in a batch.
        learning_rate: of the optimizer, in the first epoch.
        learning_rate_decay: what it is multiplied by after each epoch.
        seed: of everything random.
        inspect: how much TensorBoard is shown: "off", "basic" or "full". Default "basic".
        patience: epochs without a better validation loss after which training stops, None for never.
        layers: where the model's layers come from, "tfnotes" (as None) or "keras".
        source: a run of the same task, whose weights training starts from.
        freeze: patterns such as "conv*" of the names of layers that stay as they were in `source`.
        settings: `"key=value"` texts, for the settings of the task's `Recipe`.

    Returns:
        A dict that goes into `config.json` once `describe_data` is added.

    Raises:
        InputError: one of them is wrong.
    """
    owner, model = task.name, _given(model, task.defaults.model)
    recipe = task.recipe(model)
    defaults = recipe.defaults
    data = _given(data, defaults.data)
    task.source(data)
    return {
        "task": task.name,
        "model": model,
        "data": data,
        "data_dir": None if data_dir is None else os.path.abspath(data_dir),
        "epochs": _checks.integer(owner, "epochs", _given(epochs, defaults.epochs), maximum=EPOCHS),
        "batch_size": _checks.integer(owner, "batch_size", _given(batch_size, defaults.batch_size), maximum=MOST),
        "learning_rate": _positive(owner, "learning_rate", _given(learning_rate, defaults.learning_rate)),
        "learning_rate_decay": _positive(
            owner, "learning_rate_decay", _given(learning_rate_decay, defaults.learning_rate_decay)
        ),
        "seed": _seed(owner, seed),
        "inspect": _checks.one_of(owner, "inspect", _given(inspect, "basic"), inspection.LEVELS),
        "patience": None if patience is None else _checks.integer(owner, "patience", patience, maximum=MOST),
        "layers": _layers(owner, model, recipe, _given(layers, "tfnotes")),
        "from": _source(owner, source, freeze),
        "freeze": list(freeze),
        "settings": _settings(owner, model, recipe, settings),
        "versions": versions(),
        "threads": threads(),
    }


def describe_data(splits):
    """The part of the configuration that says which data these are."""
    digest = hashlib.sha256()
    counts = {}
    for name in ("train", "validation", "test"):
        split = getattr(splits, name)
        counts[name] = len(split)
        if isinstance(split, Streamed):
            split.describe(name, digest)
            continue
        for array in (np.asarray(split.x), np.asarray(split.y)):
            digest.update(f"{name} {array.shape} {array.dtype}".encode())
            if array.dtype == object:
                # Texts, as bytes: their lengths say where one ends.
                digest.update(np.array([len(text) for text in array]).data)
                array = np.frombuffer(b"".join(array), "uint8")
            digest.update(np.ascontiguousarray(array).data)
    streamed = isinstance(splits.train, Streamed)
    return {"examples": counts, "fingerprint": digest.hexdigest(), "streamed": streamed}


def versions():
    """The versions that a run's figures depend on."""
    return {
        "tfnotes": tfnotes.__version__,
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }


def threads():
    """How many threads TensorFlow splits one operation over, unless told otherwise."""
    if os.environ.get("TF_NUM_INTRAOP_THREADS", "").isdecimal():
        return int(os.environ["TF_NUM_INTRAOP_THREADS"]) or 1
    return cores()


def cores():
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _given(value, default):
    return default if value is None else value


def _positive(owner, argument, value):
    return float(_checks.number(owner, argument, value, low=0, exclusive=True))


def _seed(owner, seed):
    # NumPy's legacy generator, which `keras.utils.set_random_seed` seeds too, takes 32 bits.
    if _checks.integer(owner, "seed", seed, minimum=0) >= 2**32:
        _checks.refuse(owner, "seed", "below 2 ** 32", seed)
    return seed


def _layers(owner, model, recipe, layers):
    if not isinstance(layers, str) or layers not in LAYERS:
        _checks.refuse(owner, "layers", f"one of {', '.join(LAYERS)}", layers)
    if layers != "tfnotes" and not recipe.takes_layers():
        raise InputError(f"{owner}: `layers` must be tfnotes for {model}, which has no twin. Received: {layers!r}.")
    return layers


def _source(owner, source, freeze):
    if source is None:
        if freeze:
            raise InputError(f"{owner}: `freeze` must come with `from`. Received: {', '.join(freeze)} alone.")
        return None
    run = Run.open(source)
    if run.config["task"] != owner:
        raise InputError(f"{owner}: `from` must be a run of {owner}. Received: {source}, one of {run.config['task']}.")
    if not (run.path / "model.keras").is_file():
        raise InputError(f"{owner}: `from` must have finished an epoch. Received: {source}, without model.keras.")
    return os.path.abspath(source)


def _settings(owner, model, recipe, texts):
    known = recipe.settings()
    chosen = dict(known)
    for text in texts:
        if len(text) > LONGEST:
            raise InputError(
                f"{owner}: `set` must be of at most {LONGEST} characters. "
                f"Received: {text[:20]!r} and {len(text) - 20:,} more."
            )
        key, equals, value = text.partition("=")
        if not equals or key not in known:
            defaults = ", ".join(f"{name}={default}" for name, default in known.items()) or "none"
            raise InputError(
                f"{owner}: `set` must be KEY=VALUE with a key of {model}, whose defaults are {defaults}. "
                f"Received: {text!r}."
            )
        try:
            chosen[key] = _typed(value, known[key])
        except ValueError:
            kind = type(known[key]).__name__
            raise InputError(
                f"{owner}: `set` must give {key} a value of type {kind}. Received: {text!r}."
            ) from None
    return chosen


def _typed(text, default):
    if isinstance(default, bool):
        if text.lower() not in ("true", "false"):
            raise ValueError
        return text.lower() == "true"
    if isinstance(default, int):
        return int(text)
    if isinstance(default, float):
        value = float(text)
        if not math.isfinite(value):
            raise ValueError
        return value
    return text
