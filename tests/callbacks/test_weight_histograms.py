import numpy as np
import pytest
import tensorflow as tf

from tfnotes.callbacks import WeightHistograms
from tfnotes.callbacks._histograms import histograms


def test_a_histogram_of_each_weight_by_epoch(fit, model, writer, read):
    fit(WeightHistograms(writer))
    events = read()
    assert set(events.Tags()["tensors"]) == {weight.path for weight in model.weights}
    assert any("moving_variance" in tag for tag in events.Tags()["tensors"])
    kernel = model.get_layer("conv").kernel
    written = events.Tensors(kernel.path)
    assert [t.step for t in written] == [1, 2]
    buckets = tf.make_ndarray(written[-1].tensor_proto)
    assert buckets[:, 2].sum() == kernel.numpy().size
    np.testing.assert_allclose([buckets[0, 0], buckets[-1, 1]], [kernel.numpy().min(), kernel.numpy().max()], rtol=1e-6)


@pytest.mark.parametrize("values", [[1.0, np.nextafter(np.float32(1), np.float32(2))], [3.0], [-2e30, -2e30], []])
def test_values_that_no_bucket_fits_between(writer, read, values):
    with writer.as_default(1):
        histograms({"close": np.array(values, "float32")})
    writer.flush()
    buckets = tf.make_ndarray(read().Tensors("close")[0].tensor_proto)
    assert buckets[:, 2].sum() == len(values)
    assert (buckets[:, 0] <= buckets[:, 1]).all()
