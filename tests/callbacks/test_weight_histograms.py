import numpy as np
import tensorflow as tf

from tfnotes.callbacks import WeightHistograms


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
