"""The network that tells digits from the rest, learned in seconds of a run's own digits and of what is drawn."""

import string

import keras
import numpy as np
from PIL import Image

from tfnotes.serving import reject
from tfnotes_tasks.mnist.foreign import drawn

BATCH, RATE = 64, 2e-3
FEW, MOST = 6_000, 20_000
"""Digits: up to so many are learned in some ten seconds; more than the second, of a run that took minutes, never."""
EPOCHS, LONGER = 8, 20
"""Of few digits, and of more."""
# The classes behind the digits: a letter, large or small, and the kinds of what isn't one.
NAMES = string.digits + string.ascii_uppercase
OTHERS = ("noise", "blank", "shape", "scribble", "several", "dark on light")


def examples(split, random):
    """All examples in random order: uint8 images of shape (n, 28, 28), and their classes.

    Args:
        split: digits, a `tfnotes.task.Split`.
        random: a `numpy.random.Generator`.
    """
    chosen = random.permutation(len(split))[:MOST]
    chosen = split.take(chosen)
    x, y = chosen.x, chosen.y
    images, classes = list(x), list(y)
    count = max(len(x), FEW)

    def add(name, image):
        images.append(image)
        classes.append(NAMES.index(name) if name in NAMES else len(NAMES) + OTHERS.index(name))

    for image, label in zip(x, y, strict=True):
        large = Image.fromarray(image).resize((80, 80), Image.Resampling.BICUBIC)
        add(str(label), drawn.centred(drawn.distorted(large, random, 0.4)))
    for _ in range(count // 2):
        which = drawn.LETTERS[random.integers(len(drawn.LETTERS))]
        add(which.upper(), drawn.letter(which, random=random))
    kinds = {"noise": drawn.noise, "blank": drawn.blank, "shape": drawn.shape, "scribble": drawn.scribble}
    for name, draw in kinds.items():
        for _ in range(count // 24 if name == "blank" else count // 6):
            add(name, draw(random))
    for _ in range(count // 10):
        add("several", drawn.several(x, random))
        add("dark on light", 255 - x[random.integers(len(x))])
    order = random.permutation(len(images))
    return np.array(images)[order], np.array(classes)[order]


def weights(split, seed=0):
    """What the network learned, a kernel and a bias for each of its four layers, as `foreign.logits` takes them.

    Args:
        split: digits, a `tfnotes.task.Split`.
        seed: of what is drawn, the first weights, and the order.
    """
    x, y = examples(split, np.random.default_rng(seed))
    layers, seeds = keras.layers, iter(range(seed, seed + 5))

    def kernel():
        return keras.initializers.GlorotUniform(next(seeds))

    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, 2, activation="relu", kernel_initializer=kernel()),
            layers.Conv2D(32, 5, 2, activation="relu", kernel_initializer=kernel()),
            layers.Flatten(),
            layers.Dropout(0.2, seed=seed),
            layers.Dense(64, activation="relu", kernel_initializer=kernel()),
            layers.Dense(len(NAMES) + len(OTHERS), kernel_initializer=kernel()),
        ]
    )
    pixels = x[..., None] / np.float32(255)
    epochs = EPOCHS if len(split) <= FEW else LONGER
    return reject.learned(network, pixels, y, epochs=epochs, batch_size=BATCH, learning_rate=RATE)
