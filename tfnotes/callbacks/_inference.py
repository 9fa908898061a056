"""A model's outputs for more examples than are computed in one go."""

from functools import partial

import keras
import tensorflow as tf

from tfnotes import _checks


def inference(model):
    """A function that gives the model's outputs for `Examples`, a batch after the other.

    It is traced in less than half the time that `predict_on_batch` takes, which would also warn of each model whose
    last batch is a smaller one.
    """
    forward = tf.function(partial(model, training=False), reduce_retracing=True, autograph=False)

    def batches(examples):
        for batch in examples.batches(model):
            yield forward(batch)

    return batches


def scores_of(owner, outputs, labels=None, least=2):
    """The outputs of a classifier, or a refusal of any others.

    Args:
        owner: the callback, named in errors.
        outputs: what a model gave for all examples.
        labels: the names of the classes, None for any number of them.
        least: how many outputs it must have at least.
    """
    if getattr(outputs, "ndim", None) != 2 or outputs.shape[-1] < least:
        shapes = [tuple(part.shape) for part in keras.tree.flatten(outputs)]
        _checks.refuse(owner, "model", f"a classifier whose output has shape (n, classes), {least} at least", shapes)
    # A single output is the chance of the second of two classes.
    count = max(2, outputs.shape[-1])
    if labels is not None and len(labels) != count:
        _checks.refuse(owner, "labels", f"a name for each of the model's {count} classes", labels)
    return outputs
