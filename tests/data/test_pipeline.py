import warnings
from itertools import chain

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.data.pipeline import evaluation_batches, training_batches
from tfnotes.task import Split

N, BATCH_SIZE = 23, 5


@pytest.fixture
def split():
    return Split(np.arange(N, dtype=np.uint8).reshape(N, 1) + 100, np.arange(N))


def prepare(x):
    return keras.ops.cast(x, "float32") / 2


def epochs(split, seed, first, last):
    """The labels of each epoch, batch by batch."""
    dataset, steps = training_batches(split, BATCH_SIZE, seed, first, last, prepare)
    batches = [y.numpy().tolist() for _, y in dataset]
    assert len(batches) == steps * (last - first) == len(dataset)
    return [batches[k : k + steps] for k in range(0, len(batches), steps)]


def test_an_epoch_gives_each_example_once_and_keeps_the_last_partial_batch(split):
    for batches in epochs(split, 3, 0, 4):
        assert [len(batch) for batch in batches] == [5, 5, 5, 5, 3]
        assert sorted(chain(*batches)) == list(range(N))


@pytest.mark.parametrize("first", [1, 2, 3])
def test_an_epoch_is_the_same_wherever_the_run_started(split, first):
    assert epochs(split, 3, first, 4) == epochs(split, 3, 0, 4)[first:]


def test_epochs_and_seeds_differ(split):
    orders = [str(batches) for seed in (0, 1, 2**40) for batches in epochs(split, seed, 0, 3)]
    assert len(set(orders)) == 9
    assert str(list(range(N))) not in {str(list(chain(*batches))) for batches in epochs(split, 0, 0, 3)}


def test_images_stay_with_their_labels_and_are_prepared(split):
    dataset, _ = training_batches(split, BATCH_SIZE, 0, 0, 2, prepare)
    for x, y in [*dataset, *evaluation_batches(split, BATCH_SIZE, prepare)]:
        assert x.dtype == "float32"
        np.testing.assert_array_equal(x[:, 0], (y.numpy() + 100) / 2)


@pytest.mark.parametrize("batch_size", [1, 5, N, 100])
def test_evaluation_keeps_the_order_and_every_example(split, batch_size):
    batches = [y.numpy() for _, y in evaluation_batches(split, batch_size, prepare)]
    np.testing.assert_array_equal(np.concatenate(batches), np.arange(N))
    assert max(map(len, batches)) == min(batch_size, N)


def test_two_fits_make_the_same_model_as_one(split):
    def model():
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="ones")])
        model.compile(keras.optimizers.SGD(1e-5), "mse")
        return model

    def fit(model, first, last):
        dataset, steps = training_batches(split, BATCH_SIZE, 9, first, last, prepare)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            model.fit(
                dataset, steps_per_epoch=steps, initial_epoch=first, epochs=last, shuffle=False, verbose=0
            )

    whole, parts = model(), model()
    fit(whole, 0, 4)
    fit(parts, 0, 1)
    fit(parts, 1, 4)
    for a, b in zip(whole.get_weights(), parts.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_part_is_read_and_prepared_alone():
    split, prepared = Split(np.arange(10), np.arange(10) * 2), []

    def prepare(x):
        tf.py_function(lambda rows: prepared.append(len(rows)), [x], [])
        return x * 10

    whole = training_batches(split, 4, 1, 0, 1, lambda x: x * 10)[0].as_numpy_iterator()
    parts = training_batches(split, 4, 1, 0, 1, prepare, lambda rows: (rows[1:], 7))[0].as_numpy_iterator()
    for (x, y), (own, own_y, which) in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(own, x[1:])
        np.testing.assert_array_equal(own_y, y[1:])
        assert which == 7
    assert sorted(prepared) == [1, 3, 3]
    evaluated = evaluation_batches(split, 4, lambda x: x, lambda rows: (rows[:1], 7)).as_numpy_iterator()
    assert [x.tolist() for x, *_ in evaluated] == [[0], [4], [8]]


@pytest.mark.parametrize(("seed", "epoch"), [(3, 1), (1, 3), (2**32 - 1, 0)])
def test_the_order_is_drawn_from_the_seed_and_then_the_epoch(split, seed, epoch):
    """So that a run that was begun long ago goes on as it would have."""
    ((*batches,),) = epochs(split, seed, epoch, epoch + 1)
    order = tf.random.experimental.stateless_shuffle(tf.range(N), seed=tf.constant([seed, epoch], tf.int64))
    assert list(chain(*batches)) == order.numpy().tolist()
