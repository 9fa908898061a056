"""Whether 28 x 28 pixels are a digit at all: a small network of its own, whatever model then reads them.

What a classifier itself could say of it (its largest probability, its energy, how far its features lie from those of
digits) misses most letters: docs/reliability.md has the measured figures. So an export learns to tell the digits of
the run's training split from what `drawn` draws, each letter and each kind of other thing a class of its own.

    score = sum of the digits' probabilities, softmax(z), or 0 without any ink        digit: score >= threshold

The threshold is set on the validation split. The same splits give the same network.
"""

from functools import partial

import numpy as np
from keras import ops

from tfnotes.task import Reject

REFUSED = 0.0075
"""The share of the validation split's digits below the threshold; a goal of 1 % on digits unseen leaves that room."""

DIGITS = 10


def reject(splits):
    """The `tfnotes.task.Reject` of an export.

    Args:
        splits: `tfnotes.task.Splits`; the training split is learned, the validation split sets the threshold.
    """
    # Kept apart, for only who exports draws and learns.
    from tfnotes_tasks.mnist.foreign import drawn, learned

    of = partial(score, weights=learned.weights(splits.train))
    scores = {name: _of_split(of, getattr(splits, name)) for name in ("validation", "test")}
    threshold = float(np.sort(scores["validation"])[int(REFUSED * len(scores["validation"]))])
    below = {kind: scored(of, images) < threshold for kind, images in drawn.samples().items()}
    return Reject(
        output="is_digit",
        label="no digit",
        score=of,
        threshold=threshold,
        refused={name: float(np.mean(found < threshold)) for name, found in scores.items()},
        found={kind: float(np.mean(found)) for kind, found in below.items()},
    )


def score(pixels, weights):
    """How probably each image is a digit.

    Args:
        pixels: uint8 tensor of shape (N, 28, 28), ink light on dark.
        weights: as for `logits`.

    Returns:
        float32 tensor of shape (N,), from 0 to 1.
    """
    x = ops.expand_dims(ops.cast(pixels, "float32") / 255.0, -1)
    z = logits(x, weights)
    # A network that has seen few digits may take a blank sheet for one.
    inked = ops.cast(ops.max(x, axis=(1, 2, 3)) > 0, "float32")
    # Log-odds would say the same in forty operations of ONNX, which has no logsumexp over some of the classes.
    return inked * ops.sum(ops.softmax(z)[:, :DIGITS], axis=1)


def logits(x, weights):
    """The network: two convolutions with steps of 2, two fully connected layers.

    Args:
        x: float tensor of shape (N, 28, 28, 1), from 0 to 1.
        weights: a kernel and a bias for each of the four.

    Returns:
        A tensor of shape (N, classes).
    """
    for kernel, bias in (weights[0:2], weights[2:4]):
        x = ops.relu(ops.conv(x, kernel, strides=2) + bias)
    x = ops.reshape(x, (-1, x.shape[1] * x.shape[2] * x.shape[3]))
    x = ops.relu(ops.matmul(x, weights[4]) + weights[5])
    return ops.matmul(x, weights[6]) + weights[7]


def scored(of, images):
    """A score of each of many images, some at a time; `of` as in a `Reject`."""
    batches = [images[k : k + 500] for k in range(0, len(images), 500)]
    return np.concatenate([ops.convert_to_numpy(of(batch)) for batch in batches])


def _of_split(of, split):
    return np.concatenate([scored(of, part.x) for part in split.chunks(500)])
