"""Learns the weights anew, of the whole of MNIST and of what is drawn; some minutes.

    python -m tfnotes_tasks.mnist.foreign

None of the images that an export's threshold is set or measured on are learned: neither those that `full` holds back
for validation and test, nor those of `sample`. Letters are those of the fonts STIX and Computer Modern, which come
with matplotlib; DejaVu and Pillow's own stay unseen, to measure with.
"""

import string
import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from tfnotes_tasks.mnist import data, foreign
from tfnotes_tasks.mnist.foreign import drawn

EPOCHS, BATCH, RATE = 10, 64, 2e-3
FONTS = ("STIXGeneral", "STIXGeneralItalic", "STIXGeneralBol", "cmr10", "cmss10", "cmtt10", "cmmi10", "cmb10")
# The classes behind the digits: a letter, large or small, and the kinds of what isn't one.
NAMES = string.digits + string.ascii_uppercase
OTHERS = ("noise", "blank", "shape", "scribble", "several", "dark on light")


def digits():
    """Images and labels."""
    full, sample = data.full(), data.sample()
    held = {image.tobytes() for split in (sample.validation, sample.test) for image in split.x}
    kept = np.array([image.tobytes() not in held for image in full.train.x])
    return full.train.x[kept], full.train.y[kept]


def examples(random, count=24_000):
    """All examples in random order: uint8 images and classes."""
    from matplotlib import get_data_path

    fonts = [str(Path(get_data_path(), "fonts", "ttf", f"{name}.ttf")) for name in FONTS]
    x, y = digits()
    chosen = random.permutation(len(x))[:count]
    x, y = x[chosen], y[chosen]
    images, classes = list(x), list(y)

    def add(name, image):
        images.append(image)
        classes.append(NAMES.index(name) if name in NAMES else len(NAMES) + OTHERS.index(name))

    for image, label in zip(x[: count // 4], y, strict=False):
        large = Image.fromarray(image).resize((80, 80), Image.Resampling.BICUBIC)
        add(str(label), drawn.centred(drawn.distorted(large, random, 0.4)))
    for k in range(count // 8):
        add(str(k % 10), drawn.letter(str(k % 10), fonts[k % len(fonts)], random))
    for k in range(count // 2):
        which = drawn.LETTERS[k % len(drawn.LETTERS)]
        add(which.upper(), drawn.letter(which, fonts[random.integers(len(fonts))], random))
    kinds = {"noise": drawn.noise, "blank": drawn.blank, "shape": drawn.shape, "scribble": drawn.scribble}
    for name, draw in kinds.items():
        for _ in range(count // 24 if name == "blank" else count // 6):
            add(name, draw(random))
    for _ in range(count // 10):
        add("several", drawn.several(x, random))
        add("dark on light", 255 - x[random.integers(len(x))])
    order = random.permutation(len(images))
    return np.array(images)[order], np.array(classes)[order]


def main(seed=0):
    """Learns and writes the weights."""
    random = np.random.default_rng(seed)
    x, y = examples(random)
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, 2, activation="relu"),
            layers.Conv2D(32, 5, 2, activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(64, activation="relu"),
            layers.Dense(len(NAMES) + len(OTHERS)),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(RATE, EPOCHS * len(x) // BATCH)
    network.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit(x[..., None] / np.float32(255), y, BATCH, EPOCHS, verbose=2)
    np.savez_compressed(foreign.WEIGHTS, **{f"w{k}": w.astype("float16") for k, w in enumerate(network.get_weights())})


if __name__ == "__main__":
    sys.exit(main())
