"""Batch normalization by the notes' equations, its moving statistics, its masks, and large numbers."""

import sys

import keras
import numpy as np
import pytest

from tests.helpers import products
from tfnotes import layers
from tfnotes._gradients import vjp
from tfnotes.errors import InputError
from tfnotes.layers.batch_normalization import moments

# On other backends Keras's own layer casts float64 to float32.
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
TWIN, MASKED_TWIN, ROUNDING = (1e-9, 1e-6, 0) if ON_TENSORFLOW else (1e-5, 1e-4, 1e-5)


def twins(shape, **arguments):
    """Our layer and Keras's, with the same random weights."""
    pair = [namespace.BatchNormalization(**arguments) for namespace in (layers, keras.layers)]
    rng = np.random.default_rng(0)
    for layer in pair:
        layer.build(shape)
    weights = [rng.uniform(0.5, 2, size=w.shape) for w in pair[0].weights]
    for layer in pair:
        layer.set_weights(weights)
    return pair


def test_the_equations_of_the_notes():
    # Note 003:126-132: a linear layer, normalized, scaled and shifted, under ReLU.
    rng = np.random.default_rng(0)
    x, w, gamma, beta, epsilon = (
        rng.normal(size=(8, 5)),
        rng.normal(size=(5, 3)),
        rng.normal(size=3),
        rng.normal(size=3),
        0.1,
    )
    z = x @ w
    centered = z - z.sum(axis=0) / 8
    normalized = centered / np.sqrt(epsilon + (centered**2).sum(axis=0) / 8)
    h = np.maximum(0, gamma * normalized + beta)

    inputs = keras.Input((5,), dtype="float64")
    linear = layers.Dense(3, use_bias=False, dtype="float64")
    normalization = layers.BatchNormalization(epsilon=epsilon, dtype="float64")
    model = keras.Model(inputs, keras.ops.relu(normalization(linear(inputs))))
    linear.set_weights([w])
    normalization.set_weights([gamma, beta, np.zeros(3), np.ones(3)])
    np.testing.assert_allclose(model(x, training=True), h, rtol=products(1e-9), atol=products(1e-12))
    np.testing.assert_allclose(normalization.moving_mean, 0.01 * z.mean(axis=0), rtol=products(1e-9))
    np.testing.assert_allclose(normalization.moving_variance, 0.99 + 0.01 * z.var(axis=0), rtol=products(1e-9))


def test_by_hand():
    layer = layers.BatchNormalization(momentum=0.75, epsilon=1.0, dtype="float64")
    x = np.array([[1.0], [1.0], [7.0], [7.0]])
    # Mean 4, variance 9, sqrt(9 + 1).
    np.testing.assert_allclose(layer(x, training=True), (x - 4) / np.sqrt(10), rtol=1e-12)
    np.testing.assert_allclose(layer.moving_mean, [0.75 * 0 + 0.25 * 4])
    np.testing.assert_allclose(layer.moving_variance, [0.75 * 1 + 0.25 * 9])
    # The next call in inference takes mean 1 and variance 3.
    np.testing.assert_allclose(layer(x), (x - 1) / 2, rtol=1e-12)


@pytest.mark.parametrize(
    "arguments", [{"momentum": 0.8}, {"axis": 1, "momentum": 0.5}, {"center": False, "scale": False}]
)
def test_moving_statistics_follow_the_twins_for_many_steps(arguments):
    ours, theirs = twins((6, 4, 5), dtype="float64", **arguments)
    rng = np.random.default_rng(1)
    for _ in range(5):
        x = rng.normal(2, 3, size=(6, 4, 5))
        np.testing.assert_allclose(ours(x, training=True), theirs(x, training=True), rtol=TWIN, atol=ROUNDING)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=TWIN, atol=ROUNDING)
    np.testing.assert_allclose(ours(x), theirs(x), rtol=TWIN, atol=ROUNDING)


@pytest.mark.skipif(not ON_TENSORFLOW, reason="JAX assigns no state while it differentiates; the contracts do without")
@pytest.mark.parametrize("axis", [-1, 1])
def test_masked_steps_follow_the_twins(axis):
    ours, theirs = twins((6, 4, 5), dtype="float64", momentum=0.6, axis=axis)
    rng = np.random.default_rng(1)
    for _ in range(3):
        x, dy, mask = rng.normal(2, 3, size=(6, 4, 5)), rng.normal(size=(6, 4, 5)), rng.random((6, 4)) < 0.6
        results = [
            vjp(lambda x, m=mask, n=layer: (n(x, training=True, mask=m), ()), [x], lambda shape, dy=dy: dy)
            for layer in (ours, theirs)
        ]
        # The twin divides by 1e-7 more than the number of entries that count.
        np.testing.assert_allclose(results[0][0], results[1][0], rtol=MASKED_TWIN, atol=MASKED_TWIN)
        np.testing.assert_allclose(results[0][2][0], results[1][2][0], rtol=MASKED_TWIN, atol=MASKED_TWIN)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=MASKED_TWIN)


def test_a_mask_leaves_out_what_it_covers():
    x = np.random.default_rng(1).normal(size=(3, 4, 5))
    mask = np.array([[1, 1, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0]], bool)
    mean, variance = moments(keras.ops.array(x), (0, 1), mask[..., None])
    np.testing.assert_allclose(np.ravel(mean), x[mask].mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(np.ravel(variance), x[mask].var(axis=0), rtol=1e-12)
    # What stands there doesn't matter, be it no number.
    garbage = np.where(mask[..., None], x, np.nan)
    layer = layers.BatchNormalization(dtype="float64")
    y = layer(garbage, training=True, mask=mask)
    np.testing.assert_allclose(layer.moving_mean, 0.01 * x[mask].mean(axis=0), rtol=1e-12)
    assert np.isfinite(np.asarray(y)[mask]).all()


def test_a_mask_comes_through_a_model():
    words = keras.Input((4,), dtype="int32")
    embedded = keras.layers.Embedding(9, 3, mask_zero=True)(words)
    layer = layers.BatchNormalization()
    model = keras.Model(words, keras.layers.GlobalAveragePooling1D()(layer(embedded)))
    model(np.array([[3, 5, 0, 0], [7, 0, 0, 0]]), training=True)
    table = model.layers[1].get_weights()[0]
    np.testing.assert_allclose(layer.moving_mean, 0.01 * table[[3, 5, 7]].mean(axis=0), rtol=1e-4)
    # It goes on to the next layer, which averages what counts.
    mean, variance = layer.get_weights()[2:]
    expected = (table[[3, 5]].mean(axis=0) - mean) / np.sqrt(variance + 1e-3)
    np.testing.assert_allclose(model(np.array([[3, 5, 0, 0]])), [expected], rtol=1e-4, atol=1e-6)


def test_a_batch_masked_whole_has_no_nan():
    layer = layers.BatchNormalization()
    y = layer(np.ones((2, 3, 4)), training=True, mask=np.zeros((2, 3), bool))
    for value in (y, *layer.get_weights()):
        assert np.isfinite(value).all()


def test_a_mask_of_another_rank_is_refused():
    layer = layers.BatchNormalization()
    with pytest.raises(
        InputError, match=r"BatchNormalization: `mask` must be of rank 2, one less than the inputs"
    ):
        layer(np.ones((2, 3, 4)), training=True, mask=np.ones((2, 3, 4), bool))


def test_a_frozen_layer_infers_even_in_training():
    ours, theirs = twins((6, 5), dtype="float64")
    before = ours.get_weights()
    ours.trainable = theirs.trainable = False
    x = np.random.default_rng(1).normal(size=(6, 5))
    np.testing.assert_array_equal(ours(x, training=True), ours(x))
    np.testing.assert_allclose(ours(x, training=True), theirs(x, training=True), rtol=TWIN, atol=ROUNDING)
    for a, b in zip(ours.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)
    ours.trainable = True
    assert np.abs(ours(x, training=True) - ours(x)).max() > 0


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_large_half_precision_inputs_do_not_overflow(policy):
    layer = layers.BatchNormalization(momentum=0.0, dtype=policy)
    x = np.array([[-60000.0, 1.0], [60000.0, 2.0], [20000.0, 3.0], [-20000.0, 4.0]], "float16")
    y = np.asarray(keras.ops.cast(layer(x, training=True), "float32"))
    np.testing.assert_allclose(y[:, 0], np.array([-3, 3, 1, -1]) / np.sqrt(5), rtol=1e-2)
    # The mean of the squares is 2e9, of which the largest float16 is 65504.
    np.testing.assert_allclose(layer.moving_variance[0], 2e9, rtol=1e-2)


def test_whole_numbers_are_normalized_as_floats():
    x = np.array([[0, 10], [2, 30]])
    for layer in twins((2, 2)):
        for training in (False, True):
            y = layer(x, training=training)
            assert keras.backend.standardize_dtype(y.dtype) == "float32"
            np.testing.assert_allclose(y, layer(x.astype("float32"), training=training), rtol=1e-6)


def test_features_that_never_change_are_0_and_pass_no_gradient():
    layer = layers.BatchNormalization(dtype="float64")
    y, _, (dx,) = vjp(
        lambda x: (layer(x, training=True), ()), [np.full((4, 2), 3.0)], lambda s: np.arange(8.0).reshape(s)
    )
    np.testing.assert_allclose(y, 0, atol=1e-12)
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-9)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="refused there, as by Keras")
def test_one_process_has_nothing_to_synchronize():
    x = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    ours, alone = layers.BatchNormalization(synchronized=True), layers.BatchNormalization()
    np.testing.assert_array_equal(ours(x, training=True), alone(x, training=True))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="refused there, as by Keras")
def test_of_two_workers_each_counts_by_its_unmasked_steps(monkeypatch):
    x = np.random.default_rng(0).normal(size=(4, 6, 3)).astype("float32")
    mask = np.arange(6) < np.array([[6], [5], [1], [2]])
    expected = layers.BatchNormalization()(x, training=True, mask=mask)
    sums = []

    def worked(rows, total):
        monkeypatch.setattr(sys.modules[layers.BatchNormalization.__module__], "total_of", lambda layer: total)
        return layers.BatchNormalization(synchronized=True)(x[rows], training=True, mask=mask[rows])

    worked(slice(2, 4), lambda own: sums.append(own) or own)
    y = worked(slice(0, 2), lambda own: own + sums[0])
    np.testing.assert_allclose(y, expected[:2], rtol=1e-4, atol=1e-5)


@pytest.mark.skipif(keras.backend.backend() == "tensorflow", reason="done there")
def test_synchronized_statistics_are_refused_on_other_backends():
    with pytest.raises(InputError, match="`synchronized` must be False on backends other than TensorFlow"):
        layers.BatchNormalization(synchronized=True)(np.ones((2, 3), "float32"), training=True)


@pytest.mark.parametrize("shape", [(None,), (3, None)])
def test_features_must_be_known(shape):
    with pytest.raises(InputError, match=r"^BatchNormalization: `input_shape` must be a shape whose axis -1"):
        layers.BatchNormalization()(keras.Input(shape))


def test_regularizers_add_their_losses():
    layer = layers.BatchNormalization(
        gamma_regularizer=keras.regularizers.L2(0.5), beta_regularizer="l1", dtype="float64"
    )
    layer.build((None, 3))
    layer.set_weights([np.array([1.0, 2, 3]), np.array([1.0, -1, 2]), np.zeros(3), np.ones(3)])
    np.testing.assert_allclose(sorted(float(loss) for loss in layer.losses), [0.04, 7], rtol=1e-6)
