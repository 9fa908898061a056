"""What a run writes for TensorBoard, at one of three levels.

off      nothing
basic    loss and metrics, learning rate, settings beside the final figures, the scale of the inputs, what guessing
         gets, histograms of the weights, the graph, and what the task shows
full     and gradients, updates, activations, dead and saturated units; for classes, confusion and
         precision-recall, and a map of what the last layer sees
"""

import keras
import numpy as np
import tensorflow as tf

from tfnotes import callbacks as cb
from tfnotes.errors import reason
from tfnotes.task import Look

LEVELS = ("off", "basic", "full")
# A thousand examples hold enough to show; at the level "basic" they are one for 40 that are trained with, so that
# they cost a hundredth of an epoch, but not so few that there are no mistakes among them.
EXAMPLES, FEW, SHARE = 1000, 100, 40
# What in a configuration isn't a setting.
_NO_SETTINGS = (
    *("settings", "versions", "threads", "data_dir", "inspect", "freeze"),
    *("examples", "fingerprint", "streamed"),
)


def inspectors(run, task, recipe, model, splits, prepare):
    """The callbacks of the level that the run's configuration names; what goes before all others comes first.

    Raises:
        OSError: the run's folder can't be written.
    """
    level = run.config.get("inspect", "basic")
    if level == "off":
        return [cb.FiniteLoss()]
    folder = run.path / "events"
    train, held_out, about = (_writer(folder / name) for name in ("train", "validation", "settings"))
    count = EXAMPLES if level == "full" else min(EXAMPLES, max(FEW, len(splits.train) // SHARE))
    few = splits.validation.take(slice(count))
    x = keras.ops.convert_to_numpy(prepare(few.x))
    look = Look(train, held_out, folder / "train", few, x, cb.Predictions(x))
    found = [
        cb.FiniteLoss(train),
        cb.Configuration(about, run.config),
        cb.HParams(about, settings(run.config), run.path.name),
        cb.InputScale(train, x),
        cb.Scalars(train, held_out),
        cb.WeightHistograms(train),
    ]
    if recipe.targets == "labels" and task.labels:
        found.append(cb.Baseline(train, splits.validation.y))
    if getattr(model, "inputs", None):
        found.append(cb.Graph(train))
    found += recipe.shows(look) if recipe.shows else []
    return found + (_closer(look, task, recipe, model) if level == "full" else [])


def tested(inspectors, figures, epoch):
    """Shows the figures of the test split, but for how many examples it has."""
    for callback in inspectors:
        if isinstance(callback, cb.HParams):
            callback.tested({name: value for name, value in figures.items() if name != "examples"}, epoch)


def settings(config):
    """The settings in a configuration, as TensorBoard's HParams take them."""
    return {key: value for key, value in config.items() if key not in _NO_SETTINGS} | config["settings"]


def _writer(folder):
    try:
        return tf.summary.create_file_writer(str(folder))
    except tf.errors.OpError as error:
        raise OSError(None, reason(error), str(folder)) from error


def _closer(look, task, recipe, model):
    x, y = look.x, look.examples.y
    found = [cb.UpdateRatios(look.train)]
    if getattr(model, "loss", None) and recipe.targets:
        found.append(cb.GradientNorms(look.train, x, y if recipe.targets == "labels" else x, histograms=True))
    if getattr(model, "inputs", None):
        found += [cb.DeadUnits(look.train, x), cb.ActivationStatistics(look.train, x)]
        found.append(cb.Saturation(look.train, x, answers=False))
    # Not every model knows its outputs' shape.
    if recipe.targets == "labels" and task.labels and model(x[:1], training=False).shape[-1] == len(task.labels):
        found.append(cb.ConfusionMatrix(look.validation, look.predictions, y, labels=task.labels))
        found.append(cb.PrecisionRecall(look.validation, look.predictions, y, labels=task.labels, from_logits=True))
    if recipe.targets == "labels" and task.labels and getattr(model, "inputs", None):
        pictures = np.stack([task.picture(e) for e in look.examples.x]) if task.picture else None
        found.append(cb.Embeddings(look.folder, x, [task.labels[k] for k in y], pictures))
    return found
