import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.errors import InputError
from tfnotes.serving import endpoints as module
from tfnotes.serving import images, texts
from tfnotes.serving.endpoints import endpoints
from tfnotes.serving.preparations import resized
from tfnotes.serving.preparations.opened import opened
from tfnotes.task import Task

TASK = Task("small", ("no", "yes"), {"d": print}, {"m": print})


def ways(x, model, **changes):
    task = dataclasses.replace(TASK, **changes)
    return endpoints(task, task.recipe("m"), model, task.recipe("m").prepare, x)


def dense(shape, units=2):
    layers = [keras.Input(shape), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(units)]
    return keras.Sequential(layers)


def called(endpoint, x):
    function = tf.function(endpoint.function, input_signature=endpoint.signature)
    answer = function(tf.constant(x, endpoint.signature[0].dtype))
    return {key: value.numpy() for key, value in answer.items()}


def test_numbers():
    x, model = np.random.default_rng(0).normal(size=(5, 3)).astype("float32"), dense((3,))
    endpoint, inner = (found := ways(x, model)).values()
    assert list(called(inner, x)) == [layer.name for layer in model.layers]
    assert list(found) == ["examples", "layers"]
    assert endpoint.signature == (tf.TensorSpec((None, 3), tf.float32, name="examples"),)
    answer = called(endpoint, x)
    expected = keras.ops.softmax(model(x))
    np.testing.assert_allclose(answer["probabilities"], expected, rtol=1e-5)
    assert answer["index"].tolist() == np.argmax(expected, -1).tolist()
    assert answer["label"].tolist() == [(b"no", b"yes")[k] for k in np.argmax(expected, -1)]


@pytest.mark.parametrize("shape", [(6, 4), (6, 4, 1), (6, 4, 3)])
def test_pictures_and_their_files(shape):
    x, model = np.random.default_rng(0).integers(0, 256, (5, *shape), "uint8"), dense(shape)
    found = ways(x, model, decode=images.encode)
    assert list(found) == ["examples", "encoded", "layers"]
    (files,) = found["encoded"].examples(x)
    expected = called(found["examples"], x)["probabilities"]
    np.testing.assert_allclose(called(found["encoded"], files)["probabilities"], expected, rtol=1e-5)
    large = tf.io.encode_png(np.full((60, 40, 3), 255, "uint8")).numpy()
    white = called(found["examples"], np.full((1, *shape), 255))["probabilities"]
    np.testing.assert_allclose(called(found["encoded"], [large])["probabilities"], white, rtol=1e-5)
    # NumPy comes to the same pixels, for runtimes without TensorFlow.
    for size in ((60, 40, 3), (5, 9, 1), (6, 4, 3), (1, 1, 1), (300, 2, 3)):
        file = tf.io.encode_png(np.random.default_rng(1).integers(0, 256, size, "uint8")).numpy()
        expected = module._pixels(tf.constant([file]), shape)[0]
        np.testing.assert_array_equal(resized.pixels(opened(file, ("RGB",)), list(shape)), expected)


def test_texts():
    words = keras.layers.TextVectorization(vocabulary=["good", "bad"], output_mode="count")
    model = keras.Sequential([keras.Input((), dtype="string"), words, keras.layers.Dense(2)])
    found = ways(np.array([b"good", b"bad"], object), model, decode=texts.decode)
    assert list(found) == [texts.ENDPOINT, "layers"]
    assert called(found["texts"], [b"good", b"bad", b""])["probabilities"].shape == (3, 2)


def test_a_model_of_other_outputs_or_examples():
    with pytest.raises(InputError, match=r"small: `endpoints` must be given for .* of the 2 labels.*\(None, 3\)"):
        ways(np.zeros((2, 3), "float32"), dense((3,), 3))
    with pytest.raises(InputError, match=r"aren't uint8 images. Received: endpoints=None, and float32 of shape"):
        ways(np.zeros((2, 3), "float32"), dense((3,)), decode=images.encode)
