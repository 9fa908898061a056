import dataclasses
from types import SimpleNamespace

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
from tfnotes.task import Endpoint, Task, Via

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


def test_what_metadata_say_of_an_endpoint():
    inputs = (tf.TensorSpec((None, None, 5, None), tf.int32, name="b"), tf.TensorSpec((), tf.float32, name="a"))
    notes = {"a": "of a", "z": "of z", "unheard": "of nothing"}
    files = lambda: {"z.json": 1, "b.json": 2}  # noqa: E731
    outputs = {"z": tf.TensorSpec((None,), tf.string), "y": tf.TensorSpec((None, 3), tf.bool)}
    signature = SimpleNamespace(structured_outputs=outputs)
    about = {
        "inputs": {
            "b": {"shape": ["batch", "time", 5, "axis_3"], "dtype": "int32"},
            "a": {"shape": [], "dtype": "float32", "note": "of a"},
        },
        "outputs": {
            "y": {"shape": ["batch", 3], "dtype": "bool"},
            "z": {"shape": ["batch"], "dtype": "string", "note": "of z"},
        },
    }
    found = module.described(Endpoint(print, inputs, notes=notes), signature)
    assert found == about
    assert [list(found[side]) for side in found] == [["b", "a"], ["y", "z"]]
    via = Via("ids", "in words", files, {"name": "words", "length": 3})
    told = {"endpoint": "ids", "preparation": "in words", "files": ["b.json", "z.json"]}
    known = {"known": {"name": "words", "length": 3}}
    assert module.described(Endpoint(print, inputs, None, notes, via), signature) == {**about, "via": {**told, **known}}
    via = Via("ids", "in words", files)
    assert module.described(Endpoint(print, inputs, None, notes, via), signature)["via"] == told


def test_arguments_are_of_the_signatures_dtypes():
    spec = (tf.TensorSpec((None,), tf.float32, name="x"), tf.TensorSpec((), tf.int32, name="k"))
    x, k = module.arguments(Endpoint(print, spec, lambda x: (x, len(x))), np.arange(3))
    assert (x.dtype, x.numpy().tolist(), k.dtype, int(k)) == (tf.float32, [0, 1, 2], tf.int32, 3)
    (x,) = module.arguments(Endpoint(print, spec[:1]), [1, 2])
    assert (x.dtype, x.numpy().tolist()) == (tf.float32, [1, 2])


def test_what_stands_before_image_files():
    x = np.zeros((2, 6, 4, 3), "uint8")
    found = ways(x, dense((6, 4, 3)), decode=images.encode)
    assert found["encoded"].signature == (tf.TensorSpec((None,), tf.string, name="images"),)
    via = found["encoded"].via
    assert (via.endpoint, via.known) == ("examples", {"name": "resized"})
    assert "Resized to 6 x 4 pixels" in via.preparation


def test_a_model_that_is_a_function():
    model = lambda x, training: keras.ops.cast(x, "float32") * (-1.0 if training else 1.0)  # noqa: E731
    found = ways(np.zeros((2, 2), "float32"), model)
    assert list(found) == ["examples"], "it has no layers to look at"
    assert called(found["examples"], [[1.0, 2.0]])["index"].tolist() == [1]


@pytest.mark.parametrize("shape", [(3,), (6, 4, 2), (6, 4, 1, 1)])
def test_examples_that_are_no_pictures(shape):
    x = np.zeros((2, *shape), "uint8")
    wanted = rf"Received: endpoints=None, and uint8 of shape \(None, {', '.join(map(str, shape))}"
    with pytest.raises(InputError, match=wanted):
        ways(x, dense(shape), decode=images.encode)


def test_labels_that_a_model_must_have():
    with pytest.raises(InputError, match=r"for each of the 0 labels. Received: endpoints=None, .* \(None, 2\)"):
        ways(np.zeros((2, 3), "float32"), dense((3,)), labels=())
