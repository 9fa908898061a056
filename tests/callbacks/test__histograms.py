import numpy as np
import tensorflow as tf

from tfnotes.callbacks._histograms import histograms


def table(writer, read, values):
    with writer.as_default(step=1):
        histograms({"h": values})
    writer.flush()
    assert read().SummaryMetadata("h").plugin_data.plugin_name == "histograms"
    return tf.make_ndarray(read().Tensors("h")[-1].tensor_proto)


def test_as_tensorflow_writes_them(writer, read):
    values = np.random.default_rng(0).normal(size=(40, 9)).astype("float32")
    found = table(writer, read, values)
    with writer.as_default(step=2):
        tf.summary.histogram("other", values, buckets=30)
    writer.flush()
    np.testing.assert_allclose(found, tf.make_ndarray(read().Tensors("other")[0].tensor_proto), atol=1e-5)


def test_what_is_no_number_is_left_out(writer, read):
    found = table(writer, read, np.array([0.0, 3.0, np.nan, np.inf]))
    assert (found[0, 0], found[-1, 1]) == (0, 3)
    assert found[:, 2].tolist() == [1, *[0] * 28, 1]


def test_equal_values(writer, read):
    assert table(writer, read, np.zeros((5, 2)))[:, 2].sum() == 10
