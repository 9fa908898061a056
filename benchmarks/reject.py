"""By what an export could tell that an image is no digit: what the model itself says, and the network that learned it.

    python -m benchmarks.reject RUN... [--markdown]

    probability   the largest of the ten
    energy        log sum exp of the logits
    distance      Mahalanobis's, from the nearest class's mean among the features before the last layer
    network       `tfnotes_tasks.mnist.foreign`

Letters are those of five fonts that come with matplotlib, of which the network has learned none. Each threshold is the
one that refuses 0.75 % of the validation split.
"""

import argparse
import os
import sys
from functools import partial
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import as_markdown
from tfnotes.training.run import Run
from tfnotes_tasks.mnist import foreign, prepare
from tfnotes_tasks.mnist.foreign import drawn, learned

FONTS = ("DejaVuSans", "DejaVuSerif", "STIXGeneral", "cmr10", "cmtt10")
KINDS = ("letters", "noise", "blank", "shapes", "scribbles")


def scores(run, splits):
    """By its name, a function from images to a number for each, larger for digits."""
    model = run.model()
    both = keras.Model(model.inputs, [model.layers[-1].input, model.layers[-1].output])

    def asked(images):
        features, logits = both.predict(prepare(images), batch_size=256, verbose=0)
        return features.reshape(len(images), -1).astype("float64"), logits.astype("float64")

    def energy(images):
        logits = asked(images)[1]
        largest = logits.max(1, keepdims=True)
        return np.log(np.exp(logits - largest).sum(1)) + largest[:, 0]

    train = splits.train
    few = slice(0, 6000)
    features, labels = asked(train.x[few])[0], train.y[few]
    means = np.array([features[labels == k].mean(0) for k in range(10)])
    within = np.cov((features - means[labels]).T)
    within += 1e-3 * np.trace(within) / len(within) * np.eye(len(within))
    network = partial(foreign.score, weights=learned.weights(train))
    whiten = np.linalg.cholesky(np.linalg.inv(within))

    def distance(images):
        x = asked(images)[0] @ whiten
        return -((x[:, None] - (means @ whiten)[None]) ** 2).sum(-1).min(1)

    return {
        "probability": lambda images: asked(images)[1].max(1) - energy(images),
        "energy": energy,
        "distance": distance,
        "network": lambda images: foreign.scored(network, images),
    }


def letters():
    """Each letter in each font, of shape (n, 28, 28)."""
    from matplotlib import get_data_path

    files = [str(Path(get_data_path(), "fonts", "ttf", f"{name}.ttf")) for name in FONTS]
    return np.array([drawn.letter(which, file) for file in files for which in drawn.LETTERS])


def main(arguments=None):
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path, nargs="+")
    parser.add_argument("--markdown", action="store_true")
    given = parser.parse_args(arguments)
    table = Table("model", "by", "digits refused", *(f"{kind} found" for kind in KINDS))
    samples = drawn.samples() | {"letters": letters()}
    for path in given.run:
        run = Run.open(path)
        setup = run.setup()
        splits = setup.selected(setup.read())
        for name, score in scores(run, splits).items():
            threshold = np.sort(score(splits.validation.x))[int(foreign.REFUSED * len(splits.validation))]
            shares = [np.mean(score(images) < threshold) for images in (splits.test.x, *(samples[k] for k in KINDS))]
            table.add_row(run.config["model"], name, *(f"{100 * share:.1f} %" for share in shares))
    if given.markdown:
        sys.stdout.write(as_markdown(table) + "\n")
    else:
        Console(width=120).print(table)


if __name__ == "__main__":
    main()
