"""Several workers take the steps that one would."""

import contextlib

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


def test_only_a_batch_is_shared_out():
    class Noted:
        def drawn(self, draw, shape):
            return "its part", shape

    def draw(shape):
        return "all", shape

    rows = tf.constant(3)
    assert _share.drawn(draw, (rows, 2)) == ("all", (rows, 2))
    with _share.entered(Noted()) as outer:
        assert _share.current() is outer
        assert _share.drawn(draw, (rows, 2)) == ("its part", (rows, 2))
        # What has a size that is known is no batch.
        assert _share.drawn(draw, (3, rows)) == ("all", (3, rows))
        assert _share.drawn(draw, ()) == ("all", ())
        with contextlib.suppress(KeyError), _share.entered(Noted()) as inner:
            assert _share.current() is inner
            raise KeyError
        assert _share.current() is outer
    assert _share.current() is None


def test_each_sum_of_a_step_has_its_key(monkeypatch):
    asked = []
    monkeypatch.setattr(tf.raw_ops, "CollectiveReduceV2", lambda **options: asked.append(options) or options["input"])
    share = _share.Share(3, tf.constant(2, tf.int64), 0, tf.constant(5, tf.int64), 65536, 7.5)
    x = tf.constant([1.0])
    assert share.sum(x) is x
    share.sum(x)
    told = [(o["instance_key"], o["group_size"], o["timeout_seconds"]) for o in asked]
    assert told == [(65537, 3, 7.5), (65538, 3, 7.5)]
    assert {(o["merge_op"], o["final_op"], o["group_key"]) for o in asked} == {("Add", "Id", 7919)}


@pytest.mark.parametrize(("mine", "value", "gradient"), [(2, 3.0, 4.0), (0, 0.0, 0.0)])
def test_a_total_counts_each_row_once_and_its_gradient_as_a_mean_would(monkeypatch, mine, value, gradient):
    """One worker stands for all: d total / d x = mine / mine * sum of d."""
    share = _share.Share(1, tf.constant(mine, tf.int64), tf.constant(0, tf.int64), tf.constant(5, tf.int64), 0, 1)
    monkeypatch.setattr(share, "sum", lambda x: x)
    assert _total_and_gradient(share) == (value, gradient)


@pytest.mark.parametrize(("mine", "value", "gradient"), [(2, 4.0, 10.0), (4, 4.0, 7.0), (0, 1.0, 12.0)])
def test_the_gradient_of_a_total_weighs_each_worker_by_its_rows(monkeypatch, mine, value, gradient):
    """The other worker has x = 1 and 3 rows: d total / d x = (mine * 4 + 3 * 4) / mine."""
    share = _share.Share(2, tf.constant(mine, tf.int64), tf.constant(0, tf.int64), tf.constant(5, tf.int64), 0, 1)
    others = iter([1.0, 3 * 4.0])
    monkeypatch.setattr(share, "sum", lambda x: x + next(others))
    assert _total_and_gradient(share) == (value, gradient)


def _total_and_gradient(share):
    """The total of x = 3, and d 4 total / d x."""
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = share.total(x)
        loss = 4 * total
    return float(total), float(tape.gradient(loss, x))


@pytest.mark.parametrize(("mine", "weight"), [(3, 0.6), (0, 0.0)])
def test_a_gradient_weighs_as_much_as_its_workers_rows(monkeypatch, mine, weight):
    """5 rows for two workers; the other one's part of each sum is 1."""
    share = _share.Share(2, tf.constant(mine, tf.int64), tf.constant(0, tf.int64), tf.constant(5, tf.int64), 0, 1)
    monkeypatch.setattr(share, "sum", lambda x: x + 1)
    dense, double = tf.constant([[10.0, 20.0]]), tf.constant([5.0], tf.float64)
    slices = tf.IndexedSlices(tf.constant([1.0, 2.0]), tf.constant([2, 2]), tf.constant([4]))
    averaged = sharing._averaged(lambda gradients, variables: (gradients, variables))
    with _share.entered(share):
        (*found, none, of_double), variables = averaged([dense, slices, None, double], "variables")
    assert (none, variables, of_double.dtype) == (None, "variables", tf.float64)
    for own, whole in zip((*found, of_double), (dense, [0.0, 0.0, 3.0, 0.0], double), strict=True):
        np.testing.assert_allclose(own, weight * np.asarray(whole) + 1, rtol=1e-6)
    # Alone, they stay as they are.
    assert averaged([dense, None], "variables") == ([dense, None], "variables")
