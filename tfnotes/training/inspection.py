"""What a run writes for TensorBoard, at one of three levels.

off      nothing
basic    loss and metrics, learning rate, histograms of the weights, the graph, and what the task shows
full     and gradients, updates, activations, dead and saturated units; for classes, confusion and precision-recall
"""

import keras
import tensorflow as tf

from tfnotes import callbacks as cb
from tfnotes.task import Look, Split

LEVELS = ("off", "basic", "full")
# A thousand examples hold enough to show, and cost little beside an epoch.
EXAMPLES = 1000


def inspectors(run, task, recipe, model, validation, prepare):
    """The callbacks of the level that the run's configuration names."""
    level = run.config.get("inspect", "basic")
    if level == "off":
        return []
    train = tf.summary.create_file_writer(str(run.path / "events" / "train"))
    held_out = tf.summary.create_file_writer(str(run.path / "events" / "validation"))
    few = Split(validation.x[:EXAMPLES], validation.y[:EXAMPLES])
    found = [cb.Scalars(train, held_out), cb.WeightHistograms(train)]
    if getattr(model, "inputs", None):
        found.append(cb.Graph(train))
    found += recipe.shows(Look(train, held_out, few, prepare)) if recipe.shows else []
    return found + (_closer(train, held_out, task, recipe, model, few, prepare) if level == "full" else [])


def findings(callbacks):
    """What callbacks that judge say of the last epoch, in sentences."""
    return [sentence for callback in callbacks for sentence in getattr(callback, "findings", ())]


def _closer(train, held_out, task, recipe, model, few, prepare):
    x = keras.ops.convert_to_numpy(prepare(few.x))
    found = [cb.UpdateRatios(train)]
    if getattr(model, "loss", None) and recipe.targets:
        found.append(cb.GradientNorms(train, x, few.y if recipe.targets == "labels" else x, histograms=True))
    if getattr(model, "inputs", None):
        found += [cb.DeadUnits(train, x), cb.Saturation(train, x), cb.ActivationStatistics(train, x)]
    if recipe.targets == "labels" and task.labels and model.output_shape[-1] == len(task.labels):
        found.append(cb.ConfusionMatrix(held_out, x, few.y, labels=task.labels))
        found.append(cb.PrecisionRecall(held_out, x, few.y, labels=task.labels, from_logits=True))
    return found
