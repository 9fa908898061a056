"""Several workers take the steps that one would."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.two_workers import differences
from tfnotes import _share, layers, models
from tfnotes.errors import InputError
from tfnotes.training import sharing
from tfnotes.training.cluster import Cluster


@pytest.fixture(scope="module")
def found():
    return differences("lenet", "lstm", "vae")


@pytest.mark.parametrize("name", ["lenet", "lstm", "vae"])
def test_two_processes_train_as_one(found, name):
    assert found[name] < 1e-10


def share_of(workers, rank, rows):
    batch = tf.data.Dataset.from_tensors((tf.range(rows), tf.range(rows) * 2))
    return next(iter(batch.map(sharing.part(Cluster(["host:1"] * workers, rank)))))


@pytest.mark.parametrize("rows", [1, 3, 4, 7, 8])
def test_the_parts_of_a_batch_are_all_of_it(rows):
    found = [share_of(4, rank, rows) for rank in range(4)]
    counted = [x[: int(part["mine"])] for x, _, part in found]
    np.testing.assert_array_equal(np.concatenate(counted), np.arange(rows))
    sizes = [len(part) for part in counted]
    assert max(sizes) - min(sizes) <= 1
    for x, y, part in found:
        # Who has no row computes with one.
        assert len(x) == max(int(part["mine"]), 1)
        np.testing.assert_array_equal(y, 2 * x)
        assert int(part["rows"]) == rows
    firsts = np.cumsum([0, *sizes])
    assert [int(part["first"]) for _, _, part in found] == firsts[:-1].tolist()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("rows", [1, 5])
def test_each_worker_drops_what_one_process_drops_of_its_rows(rows, times):
    layer = layers.Dropout(0.5, seed=3)
    state = layer.seed_generator.state
    begun = keras.ops.copy(state)
    x = tf.ones((times, rows, 6))
    whole = tf.reshape(layer(tf.reshape(x, (-1, 6)), training=True), x.shape)

    @tf.function(input_signature=[tf.TensorSpec((None, 6)), *[tf.TensorSpec((), tf.int64)] * 3])
    def of_worker(x, mine, first, all_rows):
        with _share.entered(_share.Share(2, mine, first, all_rows, 0, 1)):
            return layer(x, training=True)

    for rank in range(2):
        part = share_of(2, rank, rows)[-1]
        mine, first = int(part["mine"]), int(part["first"])
        if mine:
            state.assign(begun)
            own = of_worker(tf.ones((times * mine, 6)), *part.values())
            np.testing.assert_array_equal(tf.reshape(own, (times, mine, 6)), whole[:, first : first + mine])


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (lambda: models.ladder((2, 2), 3, units="3", costs="1-1-1"), "labelled"),
        (lambda: keras.Sequential([keras.Input((2,)), keras.layers.BatchNormalization(name="bn")]), "`bn` is Keras's"),
    ],
    ids=["ladder", "keras"],
)
def test_a_model_that_would_train_otherwise_is_refused(model, reason):
    with pytest.raises(InputError, match=rf"^mnist: `workers` must be 1 for this model\..*{reason}"):
        sharing.check("mnist", model())
