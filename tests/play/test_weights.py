"""How a layer was made of the one below is read from ONNX as it is in the model; what can't be read so is left out."""

import base64

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.play import converted
from tfnotes import layers
from tfnotes.play import weights


def network():
    rng = np.random.default_rng(1)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 5, strides=2, activation="relu", name="valid"),
            layers.AveragePooling2D(2, name="average"),
            layers.Conv2D(3, 2, padding="same", activation="tanh", name="same"),
            layers.MaxPooling2D(2, name="largest"),
            layers.Dropout(0.5, name="dropped"),
            keras.layers.Flatten(name="flat"),
            layers.Dense(6, activation="sigmoid", name="hidden"),
            layers.Dense(2, activation="softplus", name="soft"),
            layers.Dense(2, name="scores"),
        ]
    )
    model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A network of several kinds of layers with random weights, as an export's files."""
    model = network()

    def forward(pixels):
        return model(tf.expand_dims(tf.cast(pixels, "float32") / 255.0, -1), training=False)

    spec = tf.TensorSpec((None, 28, 28), tf.uint8, name="pixels")
    pixels = np.random.default_rng(0).integers(0, 256, (3, 28, 28), "uint8")
    return converted.source(tmp_path_factory.mktemp("weights"), model, forward, spec, pixels)


def numbers(text, shape=-1):
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(shape)


def test_kernels_places_and_what_lies_below_are_the_models(source):
    found = {layer["name"]: layer for layer in weights.layers(source)}
    # Dropout and flattening pass on what they get, and aren't shown.
    assert list(found) == ["valid", "average", "same", "largest", "hidden", "soft", "scores"]
    assert "kind" not in found["soft"]
    about = {name: layer for name, layer in found.items() if "kind" in layer}
    assert [layer["kind"] for layer in about.values()] == [
        *("convolution", "pooling", "convolution", "pooling", "dense", "dense"),
    ]
    assert [layer["of"] for layer in about.values()] == ["input", "valid", "average", "same", "largest", "soft"]
    assert [layer.get("activation") for layer in about.values()] == ["Relu", None, "Tanh", None, "Sigmoid", None]
    assert (about["valid"]["strides"], about["same"]["after"], about["average"]["mean"]) == ([2, 2], [1, 1], True)
    for name in ("valid", "same", "hidden", "scores"):
        kernel, bias = source.model.get_layer(name).get_weights()
        np.testing.assert_allclose(numbers(about[name]["kernel"], about[name]["shape"]), kernel, rtol=1e-6)
        np.testing.assert_allclose(numbers(about[name]["bias"]), bias, rtol=1e-6)


def test_what_doesnt_give_the_models_answer_is_left_out(source, monkeypatch):
    monkeypatch.setitem(weights._ACTIVATIONS, "Tanh", np.sin)
    assert [layer["name"] for layer in weights.layers(source) if "kind" not in layer] == ["same", "soft"]


def test_a_large_kernel_stays_out_of_the_page(source, monkeypatch):
    monkeypatch.setattr(weights, "LARGEST", 100)
    assert [layer["name"] for layer in weights.layers(source) if "kind" not in layer] == ["hidden", "soft"]


def test_a_kernel_of_just_the_largest_size_is_told(source, monkeypatch):
    assert weights.LARGEST == 110_000
    size = source.model.get_layer("hidden").kernel.shape.num_elements()
    for largest, left_out in ((size, ["soft"]), (size - 1, ["hidden", "soft"])):
        monkeypatch.setattr(weights, "LARGEST", largest)
        assert [layer["name"] for layer in weights.layers(source) if "kind" not in layer] == left_out


def test_what_the_page_works_out_by_hand():
    below = np.arange(8.0).reshape(1, 2, 4)
    pooling = {"kind": "pooling", "size": [2, 2], "strides": [1, 2], "before": [0, 0], "after": [1, 0]}
    assert weights.computed(pooling | {"mean": False}, below)[..., 0].tolist() == [[[5, 7], [5, 7]]]
    assert weights.computed(pooling | {"mean": True}, below)[..., 0].tolist() == [[[2.5, 4.5], [2.25, 3.25]]]
    kernel = np.array([[[[1.0, 0]]], [[[10.0, -1]]]])
    way = {"kind": "convolution", "size": [2, 1], "strides": [1, 1], "before": [1, 0], "after": [0, 1]}
    found = weights.computed(way | {"kernel": kernel, "bias": np.array([0.5, 0]), "activation": "Relu"}, below)
    assert found[0, ..., 0].tolist() == [[0.5, 10.5, 20.5, 30.5, 0.5], [40.5, 51.5, 62.5, 73.5, 0.5]]
    assert not found[..., 1].any()
    dense = {"kind": "dense", "kernel": np.ones((8, 1)), "bias": np.array([-28.0]), "activation": "Sigmoid"}
    assert weights.computed(dense, below).tolist() == [[0.5]]
    told = weights._packed(dense | {"of": "input"})
    assert {key: told[key] for key in ("kind", "of", "activation", "shape")} == {
        "kind": "dense", "of": "input", "activation": "Sigmoid", "shape": [8, 1],
    }  # fmt: skip
    assert numbers(told["bias"]).tolist() == [-28]
