"""Keras's layers replaced by ours in a user's model: the same weights, the same training, the same files."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import layers, losses, models, optimizers

BOTH = (keras.layers, layers)
TOLERANCE = {"float32": 1e-6, "float64": 1e-9}


def functional(source):
    """Every layer with weights or a state, two branches, a shared layer, regularizers and constraints."""
    image = keras.Input((8, 8, 2))
    x = source.Conv2D(6, 3, padding="same", groups=2, activation="relu", kernel_regularizer="l2")(image)
    x = source.BatchNormalization(momentum=0.8, gamma_constraint="non_neg")(x)
    a, b = source.MaxPooling2D(2)(x), source.AveragePooling2D(2)(x)
    shared = source.Conv2D(4, (3, 2), strides=(1, 2), bias_initializer="glorot_normal")
    x = keras.layers.concatenate([source.Flatten()(shared(a)), source.Flatten()(shared(b))])
    x = source.Dense(10, activation="tanh", kernel_initializer="he_uniform", activity_regularizer="l2")(x)
    x = source.Dropout(0.0)(x)
    return keras.Model(image, source.Dense(3, bias_constraint=keras.constraints.MaxNorm(0.1))(x))


def subclassed(source):
    class Network(keras.Model):
        def __init__(self):
            super().__init__()
            self.convolution = source.Conv2D(
                5, 3, strides=2, activation="sigmoid", kernel_initializer="he_normal"
            )
            self.normalization = source.BatchNormalization(epsilon=0.01)
            self.flatten = source.Flatten()
            self.logits = source.Dense(3, kernel_initializer="glorot_normal")

        def call(self, inputs, training=False):
            return self.logits(self.flatten(self.normalization(self.convolution(inputs), training=training)))

    network = Network()
    network(np.zeros((1, 8, 8, 2)))
    return network


@pytest.fixture(params=["float32", "float64"])
def precision(request):
    before = keras.config.dtype_policy(), keras.config.floatx()
    keras.config.set_floatx(request.param)
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy(before[0])
    keras.config.set_floatx(before[1])


def batches(dtype, shape=(12, 8, 8, 2), classes=3):
    rng = np.random.default_rng(0)
    return rng.normal(size=shape).astype(dtype), rng.integers(0, classes, size=shape[0])


def trained(model, optimizer, loss, x, y, steps=3):
    model.compile(optimizer, loss)
    size = len(x) // steps
    for k in range(steps):
        model.train_on_batch(x[k * size : (k + 1) * size], y[k * size : (k + 1) * size])
    return model.get_weights()


def assert_close(ours, theirs, tolerance):
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("build", [functional, subclassed])
def test_training_gives_the_weights_of_the_builtins(build, precision):
    theirs, ours = (build(source) for source in BOTH)
    ours.set_weights(theirs.get_weights())
    x, y = batches(precision)
    results = []
    for model in (ours, theirs):
        before = model.get_weights()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        results.append(trained(model, keras.optimizers.SGD(0.05, momentum=0.5), loss, x, y))
        assert all(np.abs(a - b).max() > 0 for a, b in zip(before, results[-1], strict=True))
    assert_close(*results, TOLERANCE[precision])


@pytest.mark.parametrize("precision", ["float64"], indirect=True)
def test_our_loss_and_optimizer_train_as_the_builtins(precision):
    x, y = batches(precision)
    results = []
    for source, loss, optimizer in (
        (layers, losses, optimizers),
        (keras.layers, keras.losses, keras.optimizers),
    ):
        keras.utils.set_random_seed(1)
        model = functional(source)
        crossentropy = loss.SparseCategoricalCrossentropy(from_logits=True)
        # 7/8 is exact in binary; Keras would round 0.9 to float32.
        sgd = optimizer.SGD(0.05, momentum=0.875, nesterov=True)
        results.append(trained(model, sgd, crossentropy, x, y))
    assert_close(*results, TOLERANCE[precision])


def test_the_same_seed_starts_from_the_weights_of_the_builtins():
    starts = []
    for source in BOTH:
        keras.utils.set_random_seed(7)
        starts.append(models.lenet((28, 28, 1), 10, layers=source).get_weights())
    for a, b in zip(*starts, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


@pytest.mark.parametrize(
    ("build", "shape"),
    [(models.lenet, (28, 28, 1)), (models.mlp, (6, 5)), (models.softmax_regression, (6, 5))],
)
def test_our_models_of_builtins_and_of_our_layers_are_equal(build, shape):
    theirs, ours = (build(shape, 10, layers=source) for source in BOTH)
    assert all(type(layer).__module__.startswith("tfnotes.") for layer in ours.layers)
    assert not any(type(layer).__module__.startswith("tfnotes.") for layer in theirs.layers)
    assert [w.path.split("/")[1:] for w in ours.weights] == [w.path.split("/")[1:] for w in theirs.weights]
    rng = np.random.default_rng(0)
    weights = [0.1 * rng.normal(size=w.shape) + ("variance" in w.name) for w in theirs.weights]
    for model in (ours, theirs):
        model.set_weights(weights)
    x = rng.normal(size=(4, *shape)).astype("float32")
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-5, atol=1e-5)
    assert ours.output_shape == theirs.output_shape == (None, 10)


def test_weight_files_exchange_both_ways(tmp_path):
    theirs, ours = (models.lenet((28, 28, 1), 10, filters=4, units=8, layers=source) for source in BOTH)
    x = np.random.default_rng(0).normal(size=(2, 28, 28, 1))
    for source, sink in ((theirs, ours), (ours, theirs)):
        source.set_weights([w + 0.1 for w in source.get_weights()])
        source.save_weights(tmp_path / "model.weights.h5")
        sink.load_weights(tmp_path / "model.weights.h5")
        np.testing.assert_allclose(sink(x), source(x), rtol=1e-5, atol=1e-6)


def test_a_saved_model_comes_back_with_our_layers(tmp_path):
    model = functional(layers)
    model.compile(optimizers.SGD(0.05, momentum=0.5), losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y = batches("float32")
    model.fit(x, y, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert [type(layer) for layer in loaded.layers] == [type(layer) for layer in model.layers]
    assert type(loaded.optimizer) is optimizers.SGD
    assert type(loaded.loss) is losses.SparseCategoricalCrossentropy
    for each in (model, loaded):
        each.fit(x, y, shuffle=False, verbose=0)
    for a, b in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)


def test_one_export_takes_images_of_any_size(tmp_path):
    image = keras.Input((None, None, 3))
    x = layers.Conv2D(4, (3, 2), activation="relu")(image)
    x = layers.BatchNormalization()(layers.MaxPooling2D(2)(x))
    x = layers.AveragePooling2D(2, padding="same")(layers.Conv2D(4, 3, padding="same", strides=2)(x))
    model = keras.Model(image, layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(x)))
    model.export(tmp_path / "export", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "export")
    for shape in ((1, 9, 12, 3), (3, 20, 7, 3)):
        x = np.random.default_rng(0).normal(size=shape).astype("float32")
        np.testing.assert_allclose(loaded.serve(x), model(x), rtol=1e-5, atol=1e-6)


def test_dense_takes_sparse_tensors_as_the_builtin_does():
    x = np.random.default_rng(0).normal(size=(4, 6)).astype("float32") * (
        np.arange(24).reshape(4, 6) % 3 == 0
    )
    layer = layers.Dense(3)
    np.testing.assert_allclose(layer(tf.sparse.from_dense(x)), layer(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("arguments", [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}])
def test_sgd_takes_an_embeddings_sparse_gradients_as_the_builtin_does(arguments):
    words = np.array([[1, 2, 1], [3, 1, 0]])
    results = []
    for namespace in (optimizers, keras.optimizers):
        table = keras.Variable(np.arange(10.0).reshape(5, 2), dtype="float32")
        optimizer = namespace.SGD(0.1, **arguments)
        for _ in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(tf.gather(table.value, words) ** 2)
            gradient = tape.gradient(loss, table.value)
            assert isinstance(gradient, tf.IndexedSlices)
            optimizer.apply_gradients([(gradient, table)])
        results.append(table.numpy())
    np.testing.assert_allclose(*results, rtol=1e-5)
