"""A training step of `tfnotes train mnist`'s network: our layers, loss and optimizer against Keras's own.

    python -m benchmarks.training_step

Both networks start from the same weights and see the same batch, in one process, in turn. Ends with
status 1 above the limit.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from rich.console import Console
from rich.table import Table

import tfnotes.layers
import tfnotes.losses
import tfnotes.optimizers
from tfnotes import models
from tfnotes.compare import alternate

LIMIT, PAIRS = 1.05, 60
NETWORKS = {"softmax": models.softmax_regression, "mlp": models.mlp, "cnn": models.lenet}


def training_step(network, library, batch_size, seed=0):
    """A compiled step of forward pass, loss, gradients and update, and its model."""
    keras.utils.set_random_seed(seed)
    model = network((28, 28, 1), 10, layers=library.layers)
    loss = library.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = library.optimizers.SGD(0.01, momentum=0.9)
    optimizer.build(model.trainable_variables)
    rng = np.random.default_rng(seed)
    x = tf.constant(rng.random((batch_size, 28, 28, 1)), "float32")
    y = tf.constant(rng.integers(10, size=batch_size))

    @tf.function(autograph=False)
    def step():
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(value, [v.value for v in variables]), variables)
        return value

    return step, model


def main():
    """Prints a table of ratios; true if all are within the limit."""
    table = Table("network", "batch", "ours / Keras", "middle half", "ours", "Keras's", title="training step")
    within = True
    for name, network in NETWORKS.items():
        for batch_size in (64, 256):
            ours, model = training_step(network, tfnotes, batch_size)
            theirs, twin = training_step(network, keras, batch_size)
            twin.set_weights(model.get_weights())
            r = alternate(ours, theirs, PAIRS)
            within &= r.median <= LIMIT
            times = f"{r.ours_ms:.2f} ms", f"{r.theirs_ms:.2f} ms"
            table.add_row(name, str(batch_size), f"{r.median:.3f}", f"{r.low:.3f} to {r.high:.3f}", *times)
    Console().print(table)
    return within


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
