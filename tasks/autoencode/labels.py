"""Few labels: which examples keep theirs, and batches of labelled and unlabelled images side by side."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks
from tfnotes.data import pipeline

UNKNOWN = -1
evaluation_batches = pipeline.evaluation_batches


def few(splits, seed, *, labels=100):
    """Hides all labels of the training split but some, as many of each class as can be.

    Args:
        splits: the data.
        seed: decides which examples keep their labels.
        labels: how many do, 0 for all.

    Returns:
        The splits; a hidden label is -1.
    """
    y = np.asarray(splits.train.y)
    if _checks.integer("autoencode", "labels", labels, minimum=0) > len(y):
        _checks.refuse("autoencode", "labels", f"at most the {len(y)} training examples", labels)
    if labels == 0:
        return splits
    order = np.random.default_rng(seed).permutation(len(y))
    # Example k of its class comes before example k + 1 of any other.
    rank = np.zeros(len(y), int)
    for label in np.unique(y):
        of_class = order[y[order] == label]
        rank[of_class] = np.arange(len(of_class))
    kept = order[np.argsort(rank[order], kind="stable")][:labels]
    hidden = np.full_like(y, UNKNOWN)
    hidden[kept] = y[kept]
    return dataclasses.replace(splits, train=dataclasses.replace(splits.train, y=hidden))


def training_batches(split, batch_size, seed, first_epoch, epochs, prepare):
    """As `tfnotes.data.pipeline.training_batches`, of `((labelled, unlabelled), labels)`.

    An epoch goes through all images as unlabelled ones. Beside each batch of them stand as many labelled ones,
    or all there are if they are fewer; their epochs count on their own.
    """
    y = np.asarray(split.y)
    known = np.flatnonzero(y != UNKNOWN)
    batches, steps = pipeline.training_batches(split, batch_size, seed, first_epoch, epochs, prepare)
    x, labels = tf.constant(split.take(known).x), tf.constant(y[known])
    size = min(batch_size, len(known))
    turns = len(known) // size

    def beside(k, batch):
        """Batch k of the labelled ones, counted from the training's first step."""
        order = tf.random.experimental.stateless_shuffle(
            tf.range(len(known)), seed=tf.stack([tf.cast(seed, tf.int64), 1_000_000 + k // turns])
        )
        rows = tf.roll(order, -tf.cast(k % turns, tf.int32) * size, 0)[:size]
        return (prepare(tf.gather(x, rows)), batch[0]), tf.gather(labels, rows)

    return batches.enumerate(first_epoch * steps).map(beside).prefetch(tf.data.AUTOTUNE), steps


def accuracy():
    """The metrics of a model that is trained towards labels."""
    return [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]
