"""Networks on reviews of our layers and of Keras's, from one seed: their curves lie on each other."""

import numpy as np
import pytest

from tfnotes.task import Splits
from tfnotes.training.side_by_side import side_by_side
from tfnotes_tasks.imdb import TASK

# Dropout draws otherwise in each kind.
SMALL = ("dropout=0", "units=8", "width=8", "vocabulary=500")


@pytest.fixture(scope="module")
def reviews():
    splits = TASK.source("sample")(None)
    sizes = {"train": 256, "validation": 64, "test": 64}
    return Splits(*(getattr(splits, name).take(slice(size)) for name, size in sizes.items()))


@pytest.mark.parametrize("model", ["lstm", "bilstm"])
def test_curves_lie_on_each_other(model, reviews, tmp_path):
    options = {"epochs": 3, "settings": SMALL, "inspect": "off", "learning_rate": 0.01, "learning_rate_decay": 1.0}
    report = side_by_side(TASK, model, tmp_path / "both", reviews, pairs=4, figures=False, seed=1, **options)
    assert report["draws"] == []
    ours, theirs = (report["runs"][kind]["metrics"] for kind in ("tfnotes", "keras"))
    for name in ("loss", "val_loss"):
        curve = [row[name] for row in ours]
        np.testing.assert_allclose(curve, [row[name] for row in theirs], rtol=1e-4)
    # They do learn.
    assert ours[-1]["loss"] < 0.99 * ours[0]["loss"]
