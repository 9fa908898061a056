"""Predictions that come straight from a softmax or a sigmoid: their logits are found, and a mistake is said."""

import warnings

import keras
import numpy as np
import pytest

import tfnotes.layers
import tfnotes.losses

tf = pytest.importorskip("tensorflow")
pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="Keras does it on TensorFlow alone")

CASES = [("Categorical", "softmax"), ("SparseCategorical", "softmax"), ("Binary", "sigmoid")]
LIBRARIES = [(a, b) for a in (tfnotes, keras) for b in (tfnotes, keras)]


def squashed(library, activation, z, compiled):
    """What a layer gives that ends in the activation, and what a loss makes of it."""
    layer = library.layers.Dense(2, activation=activation, kernel_initializer="ones", use_bias=False)
    layer.build((None, 2))
    layer.set_weights([np.eye(2)])

    def run(loss, y):
        return tf.function(lambda z: loss(y, layer(z)))(z) if compiled else loss(y, layer(z))

    return run


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "graph"])
@pytest.mark.parametrize(("name", "activation"), CASES)
@pytest.mark.parametrize("libraries", LIBRARIES, ids=lambda pair: " ".join(m.__name__ for m in pair))
def test_the_logits_are_found_and_from_logits_is_warned_of(libraries, name, activation, compiled):
    layers, losses = libraries
    z = tf.constant([[30.0, 0.0]])
    y = tf.constant([1]) if name.startswith("Sparse") else tf.constant([[0.0, 1.0]])
    run = squashed(layers, activation, z, compiled)
    make = getattr(losses.losses, f"{name}Crossentropy")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = run(make(), y)
    # By the probabilities, which are rounded to 1 and 0, it would be far less.
    expected = (30 + np.log(2)) / 2 if name == "Binary" else 30
    np.testing.assert_allclose(value, expected, rtol=1e-6)
    with pytest.warns(UserWarning, match="received `from_logits=True`, but .* Was this intended"):
        np.testing.assert_allclose(run(make(from_logits=True), y), expected, rtol=1e-6)


@pytest.mark.parametrize(("name", "activation"), CASES)
def test_a_model_is_warned_of_when_it_trains(name, activation):
    model = keras.Sequential([keras.Input((3,)), tfnotes.layers.Dense(2, activation=activation)])
    model.compile("sgd", getattr(tfnotes.losses, f"{name}Crossentropy")(from_logits=True))
    y = np.array([0, 1]) if name.startswith("Sparse") else np.eye(2)
    with pytest.warns(UserWarning, match="received `from_logits=True`"):
        model.fit(np.ones((2, 3)), y, verbose=0)
