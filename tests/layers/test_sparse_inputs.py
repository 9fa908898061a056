"""Sparse, whole-numbered and empty inputs to Dense and Flatten, as Keras takes them."""

import keras
import numpy as np
import pytest

from tfnotes import layers

tf = pytest.importorskip("tensorflow")
pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sparse tensors are TensorFlow's")

NUMBERS = np.array([[1.0, 0, 2, 0], [0, 0, 0, 0], [0, 3, 0, 4]])
LIBRARIES = pytest.mark.parametrize("library", [layers, keras.layers], ids=["ours", "keras"])


@LIBRARIES
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_dense_of_a_sparse_tensor_is_that_of_the_dense_one_with_gradients(library, dtype):
    layer = library.Dense(2, activation="tanh", kernel_initializer="ones")
    found = []
    for x in (tf.sparse.from_dense(NUMBERS.astype(dtype)), tf.constant(NUMBERS, dtype)):
        with tf.GradientTape() as tape:
            y = layer(x)
            total = tf.reduce_sum(y * y)
        gradients = tape.gradient(total, [w.value for w in layer.trainable_variables])
        found.append([y, *map(tf.convert_to_tensor, gradients)])
    for sparse, dense in zip(*found, strict=True):
        np.testing.assert_allclose(sparse, dense, rtol=1e-6)


@LIBRARIES
def test_a_model_trains_on_sparse_inputs(library):
    model = keras.Sequential([keras.Input((2, 2), sparse=True), library.Flatten(), library.Dense(1)])
    assert model.layers[0].output.sparse
    model.compile("sgd", "mse")
    x = tf.sparse.from_dense(NUMBERS.reshape(3, 2, 2).astype("float32"))
    before = model.get_weights()[0]
    assert model.predict(x, verbose=0).shape == (3, 1)
    model.fit(x, np.ones((3, 1)), batch_size=3, verbose=0)
    assert np.all(model.get_weights()[0] != before)


@LIBRARIES
def test_flatten_keeps_what_is_sparse(library):
    x = tf.sparse.from_dense(NUMBERS.reshape(3, 2, 2))
    y = library.Flatten()(x)
    assert isinstance(y, tf.SparseTensor)
    np.testing.assert_array_equal(tf.sparse.to_dense(y), NUMBERS)


@LIBRARIES
@pytest.mark.parametrize("x", [np.zeros((0, 4)), NUMBERS.astype("int32"), NUMBERS > 0], ids=["empty", "int", "bool"])
def test_no_examples_and_whole_numbers(library, x):
    y = library.Dense(2, kernel_initializer="ones")(x)
    np.testing.assert_array_equal(y, x.astype("float32") @ np.ones((4, 2)))
    assert y.dtype == "float32"
    flat = library.Flatten()(x)
    np.testing.assert_array_equal(flat, x)
