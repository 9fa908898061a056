"""Activations by name: ours before Keras's, in our layers and, as far as Keras allows, in its own."""

import json

import keras
import numpy as np
import pytest

from tfnotes import (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    optimizers,
    registry,
    regularizers,
    schedules,
)

NAMES = [c.name for c in registry.concepts("activations")]


@pytest.mark.parametrize("name", NAMES)
def test_our_layers_take_the_name(name):
    layer = layers.Dense(3, activation=name)
    assert layer.activation is getattr(activations, name)
    assert layer.get_config()["activation"] == name
    assert layers.Dense.from_config(json.loads(json.dumps(layer.get_config()))).activation is layer.activation


@pytest.mark.parametrize("name", NAMES)
def test_builtin_layers_take_the_function_and_find_it_again(name, tmp_path):
    model = keras.Sequential([keras.layers.Dense(3, activation=getattr(activations, name))])
    model.build((None, 4))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.layers[0].activation is getattr(activations, name)
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    np.testing.assert_array_equal(loaded(x), model(x))


def test_builtin_layers_take_a_registered_name_through_its_object():
    # `keras.activations.get` looks up builtin names alone, so a registered name is resolved first.
    with pytest.raises(ValueError, match="Could not interpret"):
        keras.layers.Dense(3, activation="tfnotes>step")
    registered = keras.saving.get_registered_object("tfnotes>step")
    assert keras.layers.Dense(3, activation=registered).activation is activations.step


def test_keras_own_names_and_configs_resolve_as_in_keras_and_none_to_linear():
    assert activations.get("gelu") is keras.activations.gelu
    assert activations.get(None) is activations.linear
    assert activations.get(keras.saving.serialize_keras_object(activations.step)) is activations.step
    with pytest.raises(ValueError, match="no_such"):
        activations.get("no_such")


def test_what_is_no_function_of_ours_is_serialized_as_by_keras():
    def mine(x):
        return x

    assert activations.serialize(activations.tanh) == "tanh"
    for given in (keras.activations.gelu, keras.activations.tanh, mine):
        assert activations.serialize(given) == keras.activations.serialize(given)


@pytest.mark.parametrize(
    ("package", "base"),
    [
        (constraints, keras.constraints.Constraint),
        (initializers, keras.initializers.Initializer),
        (layers, keras.layers.Layer),
        (losses, keras.losses.Loss),
        (optimizers, keras.optimizers.Optimizer),
        (regularizers, keras.regularizers.Regularizer),
        (schedules, keras.optimizers.schedules.LearningRateSchedule),
    ],
    ids=lambda given: given.__name__.rpartition(".")[2],
)
def test_an_object_that_is_given_beside_a_config_is_found(package, base):
    class Mine(base):
        @classmethod
        def from_config(cls, config, custom_objects=None):
            return cls.__new__(cls)

    config = {"class_name": "Mine", "config": {"a": 1}, "registered_name": "Mine", "module": None}
    made = package.deserialize(config, {"Mine": Mine})
    assert type(made) is Mine
    with pytest.raises((ValueError, TypeError)):
        package.deserialize(config)


def test_a_function_that_is_given_beside_a_name_is_found():
    def mine(x):
        return x

    assert activations.deserialize("mine", {"mine": mine}) is mine
