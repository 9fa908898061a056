"""One of two processes that train together; the chief trains each model alone as well, and says how far they differ."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from tfnotes import layers, losses, models, optimizers
from tfnotes.data import pipeline
from tfnotes.task import Split
from tfnotes.training import cluster, sharing
from tfnotes.training.launch import free_ports

SHAPE, CLASSES = (12, 12, 1), 3
# Two whole batches and a row, which one of the two workers doesn't get.
EXAMPLES, BATCH, EPOCHS = 65, 32, 2


def lenet():
    """Batch normalization and dropout."""
    network = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(3, 3, strides=2, activation="relu"),
            layers.BatchNormalization(momentum=0.7),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(CLASSES, kernel_regularizer="l2"),
        ]
    )
    return network, optimizers.SGD(0.1, momentum=0.9, global_clipnorm=1.0), "labels"


def lstm():
    """Slices, as the gradient of what was looked up; a mask."""
    network = keras.Sequential(
        [
            keras.Input((144,)),
            keras.layers.Lambda(lambda x: ops.cast(x[:, :7] * 9, "int32")),
            layers.Embedding(9, 4, mask_zero=True),
            layers.BatchNormalization(),
            layers.LSTM(3),
            layers.Dense(CLASSES),
        ]
    )
    return network, optimizers.Adam(0.01), "flat"


def rules(build, **options):
    return lambda: (build(SHAPE, **options), optimizers.Adam(0.01), None)


MODELS = {
    "lenet": lenet,
    "lstm": lstm,
    "vae": rules(models.vae, latent=2, units="5"),
    "gan": rules(models.gan, latent=2, units="5"),
    "rbm": rules(models.rbm, units=5, chains=4),
    "dbn": lambda: (models.dbn(SHAPE, CLASSES, units="5-4", pretrain=1), optimizers.Adam(0.01), "labels"),
}


def trained(build, together=None):
    """The variables and the figures after training alone, or by two workers."""
    keras.utils.set_random_seed(3)
    model, optimizer, targets = build()
    own_rule = hasattr(model, "trackers")
    loss = None if own_rule else losses.SparseCategoricalCrossentropy(from_logits=True)
    metrics = None if own_rule else [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]
    model.compile(optimizer, loss, metrics=metrics, jit_compile=False)
    rng = np.random.default_rng(0)
    x = rng.uniform(size=(EXAMPLES, 144) if targets == "flat" else (EXAMPLES, *SHAPE))
    split = Split(x, rng.integers(0, CLASSES, EXAMPLES))
    part = sharing.part(together) if together else None
    batches, steps = pipeline.training_batches(split, BATCH, 0, 0, EPOCHS, lambda x: x, part)
    validation = pipeline.evaluation_batches(split, BATCH, lambda x: x, part)
    if targets is None:
        batches, validation = (made.map(lambda x, y, *p: (x, *p) if p else x) for made in (batches, validation))
    if together:
        sharing.share(model, together, next(iter(validation)))
    history = model.fit(
        batches, steps_per_epoch=steps, epochs=EPOCHS, validation_data=validation, shuffle=False, verbose=0
    ).history
    variables = [ops.convert_to_numpy(v) for v in [*model.variables, *optimizer.variables]]
    return [*variables, *(np.array(history[name]) for name in sorted(history))]


def differences(*names):
    """The largest difference of any variable or figure between two processes and one, in double precision, by model."""
    addresses, children = [f"127.0.0.1:{port}" for port in free_ports(2)], []
    for rank in range(2):
        config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": rank}}
        environ = {**os.environ, "TF_CONFIG": json.dumps(config), "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [sys.executable, "-m", "tests.training.two_workers", *names]
        root = Path(__file__).parents[2]
        children.append(
            subprocess.Popen(
                command, env=environ, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        )
    try:
        said = [child.communicate(timeout=1200) for child in children]
    finally:
        for child in children:
            child.kill()
    assert [child.returncode for child in children] == [0, 0], said
    return json.loads(said[0][0])


def main():
    together = cluster.from_environment(os.environ, 600)
    together.start()
    keras.config.set_floatx("float64")
    tf.config.experimental.enable_op_determinism()
    assert together.broadcast(b"12345" if together.chief else None) == b"12345"
    differences = {}
    for name in sys.argv[1:]:
        build = MODELS[name]
        shared = trained(build, together)
        if together.chief:
            alone = trained(build)
            differences[name] = max(float(np.max(np.abs(a - b), initial=0)) for a, b in zip(shared, alone, strict=True))
    together.gather()
    if together.chief:
        sys.stdout.write(json.dumps(differences))


if __name__ == "__main__":
    main()
