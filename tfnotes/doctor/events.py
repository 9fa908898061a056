"""What event files say of a training: those of our callbacks, and of Keras's own `TensorBoard`.

Keras writes loss and metrics as "epoch_loss" and counts epochs from 0; both write histograms of the weights.
"""

import re
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np

from tfnotes import event_files
from tfnotes.doctor.history import History
from tfnotes.errors import InputError
from tfnotes.language import Words

_KERAS, _VALIDATION = "epoch_", "validation"
# Weights that no gradient moves.
_NOT_TRAINED = ("gradients", "moving_", "seed")


def read(folder):
    """The history that the event files of a folder tell: of one training, with what its validation wrote.

    Args:
        folder: with event files in it, or below it in one folder, such as "train"; those of the validation stand in a
            folder "validation" beside.

    Raises:
        InputError: there are none, or those of several trainings, or they tell of no epoch.
    """
    train, validation = _folders(Path(folder))
    scalars, histograms, diverged, unread = contents(train)
    # A training without callbacks of ours has no curves but its figures.
    figures, curves = _figures(scalars)
    if validation:
        held, _, _, lost = contents(validation)
        figures |= {f"val_{name}": curve for name, curve in _figures(held)[0].items()}
        unread += lost
    curves |= shifts(histograms)
    history = History({}, with_accuracy(figures), curves, diverged, unread)
    if not history.epochs and not diverged:
        expected = "hold event files that tell of an epoch, such as epoch_loss"
        received = "; ".join(said.removesuffix(".") for said in unread) or ", ".join(scalars) or "no scalars"
        raise InputError(f"doctor: {str(folder)!r} must {expected}. Received: {received}.")
    return history


def _folders(folder):
    """The folder of a training's event files, and that of its validation's, None if there is none."""
    found = sorted({path.parent for path in folder.rglob("*tfevents*") if path.is_file()})
    trained = [path for path in found if path.name != _VALIDATION] or found
    named = [path for path in trained if path == folder] or [path for path in trained if path == folder / "train"]
    if not found:
        raise InputError(
            f"doctor: `run` must be a run folder, with a config.json, or hold event files. Received: {str(folder)!r}."
        )
    if not named and len(trained) > 1:
        several = ", ".join(str(path) for path in trained[:5])
        raise InputError(f"doctor: `run` must hold the event files of one training. Received: {several}.")
    train = (named or trained)[0]
    beside = [path for path in (train.parent / _VALIDATION, train / _VALIDATION) if path in found and path != train]
    return train, beside[0] if beside else None


def contents(folder):
    """What stands in a folder's event files.

    Returns:
        The scalars by tag, a dict from step to value each; the histograms likewise, of arrays of shape
        `(buckets, 3)`; why and when the loss became no number, None if it didn't; and a sentence for each file that
        is damaged.
    """
    if not folder.is_dir():
        return {}, {}, None, ()
    import tensorflow as tf
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    unread: list[str] = []
    # TensorBoard's reader leaves a file at the first damaged record, so it is given the whole ones.
    with tempfile.TemporaryDirectory() as whole:
        for path in filter(Path.is_file, folder.glob("*tfevents*")):
            with tf.io.TFRecordWriter(str(Path(whole) / path.name)) as writer:
                for record in event_files.records(path, unread.append):
                    writer.write(record)
        events = EventAccumulator(whole, size_guidance={"tensors": 10_000}).Reload()
    tags = events.Tags()["tensors"]
    plugins = {tag: events.SummaryMetadata(tag).plugin_data.plugin_name for tag in tags}

    def arrays(plugin):
        return {
            tag: {t.step: tf.make_ndarray(t.tensor_proto) for t in events.Tensors(tag)}
            for tag in tags
            if plugins[tag] == plugin
        }

    scalars = {tag: {step: float(value) for step, value in curve.items()} for tag, curve in arrays("scalars").items()}
    said = None
    if "diverged" in tags:
        said = _diverged(tf.make_ndarray(events.Tensors("diverged")[-1].tensor_proto).item().decode())
    return scalars, arrays("histograms"), said, tuple(unread)


def shifts(histograms):
    """How far the smallest and the largest of each layer's weights moved within each epoch.

    They are what a histogram tells exactly. Beside them stands the largest deviation of any layer's weights at first:
    biases have none then.

    Args:
        histograms: as `contents` gives them.

    Returns:
        Curves "weight_shift/PATH": a dict from epoch to share each.
    """
    trained = {tag: curve for tag, curve in histograms.items() if not any(mark in tag for mark in _NOT_TRAINED)}
    size = max((_deviation(curve[min(curve)]) for curve in trained.values()), default=0)
    if size == 0:
        return {}
    curves = {}
    for tag, curve in trained.items():
        steps = [step for step in sorted(curve) if len(curve[step])]
        ends = {step: np.array([curve[step][0, 0], curve[step][-1, 1]]) for step in steps}
        curves[f"weight_shift/{tag.removesuffix('/histogram')}"] = {
            step: float(np.abs(ends[step] - ends[before]).max() / size) for before, step in pairwise(steps)
        }
    return {tag: curve for tag, curve in curves.items() if curve}


def _deviation(histogram):
    """The standard deviation of the values, each taken for the middle of its bucket."""
    middle, count = histogram[:, :2].mean(axis=1), histogram[:, 2]
    if not count.sum():
        return 0.0
    mean = np.average(middle, weights=count)
    return float(np.sqrt(np.average(np.square(middle - mean), weights=count)))


def _figures(scalars):
    """Loss and metrics by epoch, and the other curves."""
    keras = {tag: curve for tag, curve in scalars.items() if tag.startswith(_KERAS)}
    if keras:
        figures = {
            tag.removeprefix(_KERAS): {step + 1: value for step, value in curve.items()}
            for tag, curve in keras.items()
        }
        return figures, {tag: curve for tag, curve in scalars.items() if "/" in tag}
    figures = {tag: curve for tag, curve in scalars.items() if "/" not in tag and tag != "gradient_norm"}
    return figures, {tag: curve for tag, curve in scalars.items() if tag not in figures}


def with_accuracy(figures):
    """The same figures, of which the accuracy goes by that name whatever it is of, such as "sparse_top_accuracy"."""
    named = dict(figures)
    for before in ("", "val_"):
        found = [name for name in figures if re.fullmatch(f"{before}(?!val_).*(accuracy|acc)", name)]
        if found and f"{before}accuracy" not in named:
            named[f"{before}accuracy"] = figures[found[0]]
    return named


def _diverged(said):
    """What `FiniteLoss` wrote, in both languages."""
    found = re.fullmatch(r"(\S+) became (\S+) in epoch (\d+)", said)
    return Words(said, "第 {2} 轮时 {0} 变成了 {1}".format(*found.groups()) if found else said)
