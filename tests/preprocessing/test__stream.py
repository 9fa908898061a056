"""However the data come, they are read once, block by block, and give the same numbers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.preprocessing.layers import EVERY, adapted
from tfnotes.errors import InputError
from tfnotes.preprocessing import PCA, MeanCentering, MinMaxScaling, Standardization
from tfnotes.preprocessing._stream import BLOCK, Stream

DATA = np.random.default_rng(0).normal(3, 2, size=(101, 4, 3)).astype("float32")


class Sequence(keras.utils.PyDataset):
    def __len__(self):
        return 6

    def __getitem__(self, k):
        return DATA[20 * k : 20 * k + 20], np.zeros(20)


def forms():
    yield tf.constant(DATA)
    for size in (1, 7, 101, 1000):
        yield tf.data.Dataset.from_tensor_slices(DATA).batch(size)
    yield tf.data.Dataset.from_tensor_slices((DATA, np.arange(101))).batch(9)
    yield [DATA[:40], DATA[40:40], DATA[40:41], DATA[41:]]
    yield (DATA[k : k + 3] for k in range(0, 101, 3))
    yield Sequence()


@pytest.mark.parametrize("make", EVERY)
def test_arrays_datasets_and_iterables_give_the_same(make):
    expected = adapted(make, DATA).get_weights()
    for form in forms():
        for a, b in zip(adapted(make, form).get_weights(), expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


class Watched:
    """An array that says how much of it was asked for at once, and how often."""

    def __init__(self, array):
        self.array, self.largest, self.read = array, 0, 0
        self.shape, self.dtype = array.shape, array.dtype

    def __len__(self):
        return len(self.array)

    def __getitem__(self, key):
        part = self.array[key]
        self.largest, self.read = max(self.largest, part.size), self.read + part.size
        return part


@pytest.mark.parametrize("make", [MeanCentering, MinMaxScaling, Standardization, PCA])
def test_an_array_is_read_once_in_blocks(make):
    data = Watched(np.ones((3 * BLOCK // 8 + 5, 8), "uint8"))
    adapted(make, data)
    assert data.largest <= BLOCK
    assert data.read == data.array.size


def test_a_memory_map_is_an_array(tmp_path):
    np.save(tmp_path / "x.npy", DATA)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    np.testing.assert_array_equal(adapted(PCA, mapped).get_weights()[1], adapted(PCA, DATA).get_weights()[1])


def test_blocks_have_one_size_whatever_the_batches():
    x = np.arange(22).reshape(11, 2)
    for batches in ([x], [x[:1], x[1:9], x[9:]], [x[k : k + 1] for k in range(11)]):
        found = [b.copy() for b in Stream("owner", batches).blocks(lambda b: b, rows=4)]
        assert [len(b) for b in found] == [4, 4, 3]
        np.testing.assert_array_equal(np.concatenate(found), x)
        assert found[0].dtype == "float64"


def test_vectors_in_a_dataset_are_batched_first():
    layer = adapted(MeanCentering, tf.data.Dataset.from_tensor_slices(DATA[:, 0]))
    np.testing.assert_allclose(layer.mean, DATA[:, 0].mean(axis=0), rtol=1e-6)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (3.0, "an array, a batched dataset or an iterable of batches"),
        (np.array(3.0), "an array, a batched dataset or an iterable of batches"),
        ("text", "an array, a batched dataset"),
        ({"x": DATA}, "an array, a batched dataset"),
        ([], "at least one batch"),
        (np.ones((0, 3)), "at least one batch"),
        (tf.data.Dataset.from_tensor_slices(np.ones(4)).batch(3), "vectors of one length"),
        (tf.data.Dataset.from_tensor_slices(DATA).take(0).batch(2), "at least one batch"),
        ([[1.0, 2.0]], "arrays, or batches that are arrays"),
        (np.array([["a", "b"]]), "arrays of real numbers"),
        (np.ones((2, 3), "complex64"), "arrays of real numbers"),
        (np.ones((2, 3), "i4,f4"), "arrays of real numbers"),
        (np.ma.masked_array(np.ones((2, 3)), [[True, False, False]] * 2), "arrays without a mask"),
        (tf.sparse.from_dense(np.ones((2, 3))), "an array, a batched dataset"),
        (keras.KerasTensor((2, 3)), "an array, a batched dataset"),
        ([DATA[:, :2], DATA], "batches of one shape"),
        (np.array([[1.0, np.nan], [1, 2]]), "finite numbers throughout"),
        (np.array([[1.0, -np.inf], [1, 2]]), "finite numbers throughout"),
    ],
)
@pytest.mark.parametrize("make", [MinMaxScaling, Standardization, PCA])
def test_other_data_are_refused_in_one_sentence(make, data, expected):
    with pytest.raises(InputError) as caught:
        make().adapt(data)
    assert str(caught.value).startswith(f"{make.__name__}: `data` must be {expected}")
    assert "\n" not in str(caught.value)


class Short(keras.utils.PyDataset):
    """Says that it has 5 batches, and has 3."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def __len__(self):
        return 5

    def __getitem__(self, index):
        if index > 2:
            raise self.error
        return np.full((2, 3), float(index))


@pytest.mark.parametrize("error", [IndexError(), StopIteration()])
def test_a_dataset_that_ends_early_is_refused(error):
    layer = MeanCentering()
    with pytest.raises(InputError, match=r"MeanCentering: `data` must be 5 batches, as many as .* Received: data='3 b"):
        layer.adapt(Short(error))
    assert not layer.weights


@pytest.mark.parametrize(
    ("data", "expected", "received"),
    [
        (3.0, "an array, a batched dataset or an iterable of batches", "<class 'float'>"),
        ([], "at least one batch", "'nothing'"),
        ([[1.0, 2.0]], "arrays, or batches that are arrays", "<class 'list'>"),
        (np.array([["a", "b"]]), "arrays of real numbers", "'<U1 of shape (1, 2)'"),
        ([np.float64(3.0)], "arrays of real numbers", "'float64 of shape ()'"),
        ([DATA[:, :2, 0], DATA[:5, :, 0]], "batches of one shape, (None, 2)", "(5, 4)"),
        ([DATA[:9, 0], DATA[:9, 0].astype("float16")], "batches of one dtype, float32", "'float16'"),
        (np.array([[1.0, np.nan]] * 2), "finite numbers throughout", "'NaN, infinity or an overflow'"),
        (np.ma.masked_array(np.ones((2, 3)), [[True, False, False]] * 2), "arrays without a mask", "'masked numbers'"),
        (
            tf.data.Dataset.from_tensor_slices(np.ones(4)).batch(3),
            "vectors of one length, where a dataset gives one at a time",
            "'several lengths'",
        ),
    ],
)
def test_what_is_said_of_other_data(data, expected, received):
    with pytest.raises(InputError) as caught:
        MeanCentering().adapt(data)
    assert str(caught.value) == f"MeanCentering: `data` must be {expected}. Received: data={received}."


def test_a_block_has_half_a_million_numbers():
    for columns, rows in ((2, 2**18), (3, 2**19 // 3), (2**20, 1)):
        blocks = Stream("owner", [np.zeros((2**18 + 1 if columns < 9 else 2, columns), "uint8")]).blocks(lambda b: b)
        assert len(next(blocks)) == rows


def test_which_blocks_are_of_single_precision():
    found = {
        dtype: next(Stream("owner", [np.ones((3, 2), dtype)]).blocks(lambda b: b, 2, single=True)).dtype.name
        for dtype in ("float16", "float32", "float64", "uint8", "int32", "bool")
    }
    assert found == {
        **dict.fromkeys(("float16", "float32"), "float32"),
        **dict.fromkeys(("float64", "uint8", "int32", "bool"), "float64"),
    }
    assert next(Stream("owner", [np.ones((3, 2), "float32")]).blocks(lambda b: b, 2)).dtype == "float64"


def test_vectors_with_labels_are_batched_first_and_other_elements_refused():
    labelled = tf.data.Dataset.from_tensor_slices((DATA[:, 0], np.arange(101)))
    layer = adapted(MeanCentering, labelled)
    np.testing.assert_allclose(layer.mean, DATA[:, 0].mean(axis=0), rtol=1e-6)
    assert int(layer.count) == 101
    for elements, expected in (
        (np.arange(5.0), "arrays of real numbers. Received: data='float64 of shape ()'."),
        ({"x": DATA}, "arrays, or batches that are arrays. Received: data=<class 'dict'>."),
    ):
        with pytest.raises(InputError) as caught:
            MeanCentering().adapt(tf.data.Dataset.from_tensor_slices(elements))
        assert str(caught.value) == f"MeanCentering: `data` must be {expected}"
    ragged = tf.data.Dataset.from_generator(lambda: ([1.0], [1.0, 2.0]), output_signature=tf.TensorSpec((None,)))
    with pytest.raises(InputError, match="vectors of one length, where a dataset gives one at a time"):
        MeanCentering().adapt(ragged)
