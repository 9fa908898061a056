"""Batch renormalization by hand, and step by step what Keras's layer does, under masks and in half precision too."""

import keras
import numpy as np
import pytest
from keras import ops

from tfnotes import layers
from tfnotes._gradients import vjp
from tfnotes.layers._renormalization import corrections

in_float64 = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="Keras's own layer casts float64 to float32 on JAX and PyTorch"
)
BOUNDS = {"rmax": 1.25, "rmin": 0.8, "dmax": 0.3}


def test_corrections_by_hand():
    mean, deviation, slow_mean, slow = (ops.array(v) for v in ([1.0, 2], [2.0, 0.5], [0.0, 3], [1.0, 1]))
    for bounds, r, d in (
        ({}, [2, 0.5], [1, -1]),
        (BOUNDS, [1.25, 0.8], [0.3, -0.3]),
        ({"rmax": 1.25, "rmin": None}, [1.25, 0.5], [1, -1]),
    ):
        found = corrections(mean, deviation, slow_mean, slow, bounds)
        for a, b in zip(found, (r, d), strict=True):
            np.testing.assert_allclose(ops.convert_to_numpy(a), b, rtol=1e-6)


@in_float64
def test_where_the_averages_are_the_batchs_it_is_batch_normalization():
    x = np.random.default_rng(0).normal(2, 3, size=(50, 4))
    layer = layers.BatchNormalization(renorm=True, dtype="float64")
    layer.build(x.shape)
    layer.renorm_mean.assign(x.mean(axis=0))
    layer.renorm_stddev.assign(np.sqrt(x.var(axis=0) + 1e-3))
    plain = layers.BatchNormalization(dtype="float64")
    np.testing.assert_allclose(layer(x, training=True), plain(x, training=True), rtol=1e-9, atol=1e-12)


@in_float64
@pytest.mark.parametrize("bounds", [None, BOUNDS, {"dmax": 0.1}])
@pytest.mark.parametrize("options", [{}, {"scale": False}, {"center": False, "axis": 1}])
@pytest.mark.parametrize("masked", [False, True])
def test_steps_values_state_and_gradients_are_the_twins(bounds, options, masked):
    rng = np.random.default_rng(0)
    drawn = {"moving_mean_initializer": "random_normal", "moving_variance_initializer": "ones"}
    options = {"renorm": True, "renorm_clipping": bounds, "renorm_momentum": 0.7, "momentum": 0.8, **drawn, **options}
    pair = [library.layers.BatchNormalization(**options, dtype="float64") for library in (_Ours, keras)]
    for layer in pair:
        layer.build((None, 3, 3))
    assert [w.name for w in pair[0].weights] == [w.name for w in pair[1].weights]
    pair[1].set_weights(pair[0].get_weights())
    mask = np.arange(3) < rng.integers(1, 4, size=(8, 1)) if masked and "axis" not in options else None
    for step in range(4):
        x = rng.normal(step, 1 + step, size=(8, 3, 3))
        found = []
        for layer in pair:
            gradient = vjp(lambda x, c=layer: (c(x, training=True, mask=mask), ()), [x], lambda s, x=x: np.ones(s) + x)
            found.append((gradient[0], gradient[2][0], *layer.get_weights(), np.asarray(layer(x))))
        for a, b in zip(*found, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7 if mask is not None else 1e-9)


class _Ours:
    layers = layers


def test_trains_in_half_precision_is_saved_and_goes_to_keras(tmp_path):
    x = np.random.default_rng(0).normal(3, 2, size=(32, 4)).astype("float32")
    layer = layers.BatchNormalization(renorm=True, renorm_clipping=BOUNDS, dtype="mixed_float16")
    model = keras.Sequential([keras.Input((4,)), layer, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, x[:, :1], epochs=2, verbose=0)
    assert all(np.all(np.isfinite(w)) for w in model.get_weights())
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(loaded(x), model(x))
    assert loaded.layers[0].renorm_clipping == BOUNDS
    twin = keras.layers.BatchNormalization.from_config(layer.get_config())
    twin.build((None, 4))
    twin.set_weights(layer.get_weights())
    np.testing.assert_allclose(ops.cast(twin(x), "float32"), ops.cast(layer(x), "float32"), rtol=1e-2, atol=1e-2)


def test_averages_start_where_those_of_the_twin_do():
    options = {"moving_mean_initializer": keras.initializers.Constant(3.0), "renorm": True}
    options |= {"moving_variance_initializer": keras.initializers.Constant(4.0)}
    found = []
    for library in (_Ours, keras):
        layer = library.layers.BatchNormalization(**options)
        layer.build((None, 2))
        found.append({w.name: w.numpy().tolist() for w in layer.weights})
    assert found[0] == found[1]
    assert [found[0][n] for n in ("moving_stddev", "renorm_mean", "renorm_stddev")] == [[2, 2], [3, 3], [2, 2]]


def test_a_frozen_layer_moves_none_of_its_averages():
    layer = layers.BatchNormalization(renorm=True, trainable=False)
    layer.build((None, 3))
    before, x = layer.get_weights(), np.random.default_rng(0).normal(5, 2, size=(8, 3)).astype("float32")
    np.testing.assert_array_equal(layer(x, training=True), layer(x))
    for a, b in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)
