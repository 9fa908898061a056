"""Dense by hand, on inputs of several ranks, with losses, constraints and masks."""

import keras
import numpy as np
import pytest

from tests.contracts.test_parity import made
from tests.helpers import products
from tfnotes import layers
from tfnotes.errors import InputError
from tfnotes.layers.dense import dense
from tfnotes.registry import Sample


def test_by_hand():
    layer = layers.Dense(3, activation="relu")
    layer.build((None, 2))
    layer.set_weights([np.array([[1, 2, 3], [4, 5, 6]]), np.array([0.5, 0, -16])])
    # 1 * 1 + 2 * 4 + 0.5, 1 * 2 + 2 * 5, 1 * 3 + 2 * 6 - 16
    np.testing.assert_array_equal(layer(np.array([[1.0, 2.0]])), [[9.5, 12, 0]])


@pytest.mark.parametrize("shape", [(4, 5), (2, 4, 5), (2, 3, 4, 5), (0, 5), (2, 0, 5)])
def test_maps_the_last_axis_whatever_the_rank(shape):
    layer = made(layers.Dense, Sample({"units": 3}, shape), "float64")
    x = np.random.default_rng(0).normal(size=shape)
    kernel, bias = layer.get_weights()
    y = layer(x)
    assert tuple(y.shape) == layer.compute_output_shape(shape) == (*shape[:-1], 3)
    np.testing.assert_allclose(y, np.einsum("...i,ij->...j", x, kernel) + bias, rtol=products(1e-12), atol=products(0))


def test_one_input_at_a_time_gives_the_kernel():
    kernel = np.random.default_rng(0).normal(size=(4, 3))
    np.testing.assert_allclose(dense(np.eye(4), kernel, None), kernel, rtol=products(0))


@pytest.mark.parametrize("units", [1, 3])
def test_another_number_of_features_is_refused_once_built(units):
    layer = layers.Dense(units)
    layer(np.ones((2, 5)))
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 5"):
        layer(np.ones((2, 4)))


def test_features_must_be_known():
    with pytest.raises(
        InputError, match=r"^Dense: `input_shape` must be a shape whose axis -1 has a fixed size"
    ):
        layers.Dense(3)(keras.Input((None,)))


def test_regularizers_add_their_losses():
    sample = Sample(
        {
            "units": 3,
            "kernel_regularizer": keras.regularizers.L2(0.5),
            "bias_regularizer": keras.regularizers.L1(0.25),
        },
        (4, 5),
    )
    layer = made(layers.Dense, sample, "float64")
    kernel, bias = layer.get_weights()
    expected = [0.5 * (kernel**2).sum(), 0.25 * np.abs(bias).sum()]
    np.testing.assert_allclose([float(loss) for loss in layer.losses], expected, rtol=1e-6)


@pytest.mark.parametrize("namespace", [layers, keras.layers])
def test_an_activity_regularizer_adds_its_loss_at_each_call(namespace):
    sample = Sample({"units": 3, "activity_regularizer": keras.regularizers.L2(0.5)}, (4, 5))
    layer = made(namespace.Dense, sample, "float64")
    assert not layer.losses
    y = keras.ops.convert_to_numpy(layer(np.random.default_rng(0).normal(size=(4, 5))))
    (loss,) = layer.losses
    np.testing.assert_allclose(float(loss), 0.5 * (y**2).sum() / 4, rtol=1e-6)


def test_training_keeps_its_constraints():
    layer = layers.Dense(
        4,
        kernel_constraint="non_neg",
        bias_constraint=keras.constraints.MaxNorm(0.5),
        kernel_initializer="he_normal",
    )
    model = keras.Sequential([keras.Input((3,)), layer])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    rng = np.random.default_rng(0)
    model.train_on_batch(rng.normal(size=(8, 3)), 10 + rng.normal(size=(8, 4)))
    kernel, bias = layer.get_weights()
    assert kernel.min() == 0
    assert kernel.max() > 0
    assert np.linalg.norm(bias) == pytest.approx(0.5, rel=1e-5)


def test_a_mask_passes_on():
    words = keras.Input((4,), dtype="int32")
    embedded = keras.layers.Embedding(9, 3, mask_zero=True)(words)
    model = keras.Model(words, keras.layers.GlobalAveragePooling1D()(layers.Dense(2)(embedded)))
    short, padded = model(np.array([[3, 5, 7, 7]])), model(np.array([[3, 5, 0, 0]]))
    assert np.abs(short - padded).max() > 0
    # Only the words that count are averaged.
    kernel, bias = model.layers[-2].get_weights()
    table = model.layers[1].get_weights()[0]
    np.testing.assert_allclose(padded, [table[[3, 5]].mean(axis=0) @ kernel + bias], rtol=1e-5)
