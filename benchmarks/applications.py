"""The layers that keras.applications is made of, and whole networks: time of ours over Keras's.

    python -m benchmarks.applications [networks] [layers] [--cpu]

A network of each family is walked for every combination of a layer's class and arguments, of which the first is
timed on the input that it has there. Whole networks are Keras's, with our layers in place of those that we have, and
the same weights. All run in one process, in turn; both parts, unless one is named; `--cpu` is in `_clock.py`. Ends
with status 1 above a limit that has no stated reason.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import tfnotes.layers
import tfnotes.losses
import tfnotes.optimizers
from benchmarks import _clock
from tfnotes import parity, registry
from tfnotes.compare import alternate

LIMIT, PAIRS, AGAIN = 1.05, 20, 150
# The smallest of each family: the larger ones have the same layers, only more and wider.
FAMILIES = (
    "ConvNeXtTiny",
    "DenseNet121",
    "EfficientNetB0",
    "EfficientNetV2B0",
    "InceptionResNetV2",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Small",
    "NASNetMobile",
    "ResNet50",
    "ResNet50V2",
    "VGG16",
    "Xception",
)
SIZE, BATCH = 96, 4
# What a layer's speed doesn't depend on, or only by size.
LEFT_OUT = ("name", "trainable", "dtype", "filters", "units", "seed", "rate")


def network(name, **options):
    """One of keras.applications, small, with random weights."""
    return getattr(keras.applications, name)(weights=None, input_shape=(SIZE, SIZE, 3), classes=10, **options)


def combinations():
    """The first layer of each combination: a dict from a readable name to `(class name, config, input shape)`."""
    found = {}
    for family in FAMILIES:
        # Without a value for any weight, which takes most of the time that a network needs to be made.
        with keras.StatelessScope(initialize_variables=False):
            walked = list(_layers(network(family)))
        for layer in walked:
            name = type(layer).__name__
            if not hasattr(tfnotes.layers, name) or not isinstance(layer.input, keras.KerasTensor):
                continue
            config = layer.get_config()
            kept = {k: v for k, v in config.items() if k not in LEFT_OUT and not k.endswith(("izer", "constraint"))}
            found.setdefault(
                f"{name} {json.dumps(_told(name, kept))}", (name, config, (BATCH, *layer.input.shape[1:]))
            )
        keras.backend.clear_session()
    return found


def _layers(model):
    """All layers, of nested models too."""
    for layer in model.layers:
        yield from _layers(layer) if isinstance(layer, keras.Model) else [layer]


def _told(name, kept):
    """The arguments that aren't at their defaults."""
    try:
        plain = getattr(keras.layers, name)().get_config()
    except TypeError:
        return kept
    return {k: v for k, v in kept.items() if plain.get(k) != v}


def step_of(layer, x):
    """A compiled training step of one layer: both passes with all gradients."""
    weights = [w.value for w in layer.trainable_weights]
    options = {"training": True} if parity.takes_training(layer) else {}

    @tf.function(autograph=False)
    def step():
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x, **options) ** 2)
        return tape.gradient(total, [x, *weights], unconnected_gradients="zero")

    return step


def settled(ours, theirs, clock):
    """A `Ratio`; of what is above the limit, one of many more pairs: most such layers take a third of a millisecond."""
    ratio = alternate(ours, theirs, PAIRS, clock=clock)
    return ratio if ratio.median <= LIMIT else alternate(ours, theirs, AGAIN, clock=clock)


def layer_ratios(clock):
    """A `Ratio` of the training step for each combination."""
    rng = np.random.default_rng(0)
    for told, (name, config, shape) in combinations().items():
        x = tf.constant(rng.normal(size=shape), "float32")
        pair = [getattr(library, name).from_config(config) for library in (tfnotes.layers, keras.layers)]
        for layer in pair:
            layer.build(shape)
        yield name, told, settled(*(step_of(layer, x) for layer in pair), clock)


def with_our_layers(model):
    """The same network of our layers, where we have them, with the same weights."""

    def ours(layer):
        library = tfnotes.layers if hasattr(tfnotes.layers, type(layer).__name__) else keras.layers
        return getattr(library, type(layer).__name__).from_config(layer.get_config())

    clone = keras.models.clone_model(model, clone_function=ours)
    clone.set_weights(model.get_weights())
    return clone


def bilstm(library):
    """A classifier of sequences of words."""
    inputs = keras.Input((40,), dtype="int32")
    x = library.Embedding(1000, 64)(inputs)
    x = library.Bidirectional(library.LSTM(64))(x)
    return keras.Model(inputs, library.Dense(10)(x)), (16, 40)


def encoder_decoder(library):
    """An LSTM that reads, one that writes from the state that is left; of the words that it writes 10 classes."""
    inputs = keras.Input((40,), dtype="int32")
    x = library.Embedding(1000, 64)(inputs)
    _, h, c = library.LSTM(64, return_state=True)(x)
    y = library.LSTM(64, return_sequences=True)(x, initial_state=[h, c])
    return keras.Model(inputs, library.Dense(10)(y)), (16, 40)


def runs_of(model, library, x, y):
    """Compiled calls of a whole network: a training step with its update, and inference."""
    loss = library.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = library.optimizers.SGD(0.01, momentum=0.9)
    optimizer.build(model.trainable_variables)

    @tf.function(autograph=False)
    def step():
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(value, [v.value for v in variables]), variables)
        return value

    return {"training step": step, "inference": tf.function(lambda: model(x, training=False), autograph=False)}


def network_ratios(clock):
    """A `Ratio` for the training step and the inference of each whole network."""
    rng = np.random.default_rng(0)
    for name in ("MobileNet", "ResNet50", "BiLSTM", "encoder-decoder"):
        if name in FAMILIES:
            theirs = network(name, classifier_activation=None)
            ours = with_our_layers(theirs)
            x = tf.constant(rng.normal(size=(BATCH, SIZE, SIZE, 3)), "float32")
            y = tf.constant(rng.integers(10, size=BATCH))
        else:
            make = bilstm if name == "BiLSTM" else encoder_decoder
            (ours, shape), (theirs, _) = make(tfnotes.layers), make(keras.layers)
            ours.set_weights(theirs.get_weights())
            x = tf.constant(rng.integers(1000, size=shape), "int32")
            y = tf.constant(rng.integers(10, size=ours(x).shape[:-1]))
        pair = [runs_of(model, library, x, y) for model, library in ((ours, tfnotes), (theirs, keras))]
        for what in pair[0]:
            yield name, f"{name}, {what}", settled(pair[0][what], pair[1][what], clock)


def main(names=()):
    """Prints each ratio as it is found, and a table of them; true if all are within the limit, or have a reason."""
    clock, told_clock = _clock.chosen()
    slower = {c.target.__name__: c.slower for c in registry.concepts("layers") if c.slower}
    columns = ("what", "ours / Keras", "middle half", "ours", "Keras's", "if slower, why")
    table = Table(*columns, title=f"layers of keras.applications and whole networks, {told_clock}")
    within = True
    parts = {"networks": network_ratios, "layers": layer_ratios}
    for part in [part for part in parts if part in names] or parts:
        for name, told, r in parts[part](clock):
            slow = r.median > LIMIT
            reason = (slower.get(name) or "NO REASON STATED") if slow else ""
            within &= not slow or name in slower
            times = f"{r.ours_ms:.2f} ms", f"{r.theirs_ms:.2f} ms"
            table.add_row(escape(told), f"{r.median:.3f}", f"{r.low:.2f} to {r.high:.2f}", *times, reason)
            print(f"{r.median:.3f}  {told}", flush=True)
    Console(width=None if sys.stdout.isatty() else 170).print(table)
    return within


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
