"""Does training wait for its data? Batches per second of the input pipeline alone, and the waiting in a step.

    python -m benchmarks.input_pipeline

Pixels are random, as only their number matters. The same training step runs on the pipeline and on a
dataset that has one ready batch to give again and again, in turn. What asking the pipeline for a batch
takes longer than asking that dataset is waiting. The ratio of the two steps also counts the processor
time that the pipeline takes away from the step. Ends with status 1 above the limits.
"""

import os
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from tfnotes import models
from tfnotes.data.pipeline import training_batches
from tfnotes.task import Split

EXAMPLES, BATCH_SIZE, ROUNDS, STEPS = 54_000, 64, 15, 40
WAITING_LIMIT, RATIO_LIMIT = 0.02, 1.05


def prepare(pixels):
    return keras.ops.expand_dims(keras.ops.cast(pixels, "float32") / 255.0, -1)


def alone(split):
    """Batches per second when nothing is done with them."""
    batches, steps = training_batches(split, BATCH_SIZE, seed=0, first_epoch=0, epochs=3, prepare=prepare)
    iterator = iter(batches)
    next(iterator)
    start = time.perf_counter()
    for _ in iterator:
        pass
    return (3 * steps - 1) / (time.perf_counter() - start)


def rounds(split):
    """By round: the share of a step that is waiting, and the ratio to a step that never waits."""
    model = models.lenet((28, 28, 1), 10)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    batches, _ = training_batches(split, BATCH_SIZE, seed=0, first_epoch=0, epochs=100, prepare=prepare)
    fed = iter(batches)
    ready = iter(tf.data.Dataset.from_tensors(next(fed)).repeat())
    train(model, ready)
    for _ in range(ROUNDS):
        ready_asking, ready_total = train(model, ready)
        asking, total = train(model, fed)
        yield (asking - ready_asking) / total, total / ready_total


def train(model, iterator):
    """Seconds spent in asking for batches, and in all, over some steps."""
    asking, start = 0.0, time.perf_counter()
    for _ in range(STEPS):
        asked = time.perf_counter()
        x, y = next(iterator)
        asking += time.perf_counter() - asked
        model.train_on_batch(x, y)
    return asking, time.perf_counter() - start


def main():
    rng = np.random.default_rng(0)
    split = Split(rng.integers(0, 256, (EXAMPLES, 28, 28), dtype=np.uint8), rng.integers(0, 10, EXAMPLES))
    print(f"the pipeline alone: {alone(split):,.0f} batches of {BATCH_SIZE} per second")
    waits, ratios = zip(*rounds(split), strict=True)
    wait, ratio = statistics.median(waits), statistics.median(ratios)
    print(f"waiting for data: {wait:.2%} of a training step ({min(waits):.2%} to {max(waits):.2%})")
    print(f"step time against one that never waits: {ratio:.3f} ({min(ratios):.3f} to {max(ratios):.3f})")
    return wait <= WAITING_LIMIT and ratio <= RATIO_LIMIT


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
