"""Configs, signatures and weights are Keras's: a concept can stand where its twin stood."""

import importlib
import inspect
import json

import keras
import numpy as np
import pytest

from tests.contracts.cases import CLASSES, LAYERS, contract
from tests.contracts.test_parity import exact, made, tolerance
from tfnotes import activations, parity


@contract("signature", twin=True)
def test_takes_the_twins_arguments_in_the_twins_positions_with_its_defaults(concept, sample):
    ours, theirs = (inspect.signature(target).parameters for target in (concept.target, concept.twin_target()))
    ours, theirs = ({n: p for n, p in s.items() if p.kind is not p.VAR_KEYWORD} for s in (ours, theirs))
    left_out = set(theirs) - set(ours)
    for name in left_out:
        assert name in concept.exempt.get("arguments", ""), f"`{name}` is left out without a stated reason"
    names = [n for n in theirs if n not in left_out]
    assert list(ours)[: len(names)] == names
    for name in names:
        if theirs[name].default is not inspect.Parameter.empty:
            assert ours[name].default == theirs[name].default, name


@contract("config", CLASSES)
def test_config_round_trip_keeps_every_argument(concept, sample):
    original = sample.make(concept.target)
    config = original.get_config()
    copy = concept.target.from_config(json.loads(json.dumps(config)))
    assert copy.get_config() == config
    for name, value in sample.arguments.items():
        assert name in config
        if isinstance(value, (bool, int, float)) and not isinstance(getattr(copy, name, value), tuple):
            assert config[name] == pytest.approx(value)
    by_keras = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(original))
    assert type(by_keras) is concept.target
    assert by_keras.get_config() == config


# What only one of the two writes into a config (and what numbers its objects), always or if it is None.
OF_ONE, IF_NONE = {"name", "use_cudnn"}, {"activity_regularizer", "quantization_config", "seed"}


def plain(value, key=""):
    """A config without what two libraries name differently: modules, tuples, and a number for a symmetric pair."""
    if isinstance(value, dict):
        value = {k: v for k, v in value.items() if "class_name" not in value or k in ("class_name", "config")}
        return {k: plain(v, k) for k, v in value.items() if k not in OF_ONE and (v is not None or k not in IF_NONE)}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return [-value, value] if key.endswith("factor") and isinstance(value, float) else value


def packages(value):
    """The packages of all objects in a config but policies of dtypes."""
    if isinstance(value, dict):
        named = value.get("class_name", "DTypePolicy") != "DTypePolicy"
        own = {str(value.get("module")).partition(".")[0]} if named else set()
        return own.union(*map(packages, value.values()))
    return set().union(*map(packages, value)) if isinstance(value, (list, tuple)) else set()


@contract("config exchange", CLASSES, twin=True)
def test_configs_exchange_with_the_twin_both_ways(concept, sample):
    both = concept.target, concept.twin_target()
    for source, sink in (both, both[::-1]):
        config = json.loads(json.dumps(sample.make(source).get_config()))
        given = json.loads(json.dumps(config))
        read = sink.from_config(given).get_config()
        assert given == config or sink is not concept.target, "the config that was given is changed"
        one, other = plain(config), plain(json.loads(json.dumps(read)))
        # Keras forgets the axis of this loss.
        left_out = {"axis"} if concept.name == "sparse_categorical_crossentropy" else set()
        assert set(one) ^ set(other) <= left_out
        for name in (one.keys() & other.keys()) - {"dtype"}:
            near = isinstance(one[name], float) and one[name] == pytest.approx(other[name])
            assert near or one[name] == other[name], name
        if sink is concept.target:
            assert packages(read) <= {"tfnotes"}, "what it is made of is ours, too"


@contract("config exchange", CLASSES, twin=True)
def test_get_gives_ours_for_a_config_of_the_twins(concept, sample):
    package = importlib.import_module("tfnotes." + ("layers" if concept.kind in LAYERS else concept.kind))
    get = getattr(package, "get", package.deserialize)
    of_keras = keras.saving.serialize_keras_object(sample.make(concept.twin_target()))
    shorter = {key: of_keras[key] for key in ("class_name", "config")}
    for config in (of_keras, shorter, json.loads(json.dumps(of_keras)), package.serialize(sample.make(concept.target))):
        assert type(get(config)) is concept.target
        assert type(package.deserialize(config)) is concept.target
    another = sample.make(concept.twin_target())
    if hasattr(package, "get"):
        assert package.get(another) is another, "an instance stays what it is"


@contract("serialization", ("activations",))
def test_is_found_again_by_its_name_and_by_its_config(concept, sample):
    assert activations.get(concept.name) is concept.target
    assert activations.serialize(concept.target) == concept.name
    serialized = keras.saving.serialize_keras_object(concept.target)
    assert keras.saving.deserialize_keras_object(json.loads(json.dumps(serialized))) is concept.target


@contract("weight exchange", LAYERS, twin=True)
def test_weights_exchange_with_the_twin_both_ways(concept, sample):
    sample = exact(concept, sample)
    ours, theirs = made(concept.target, sample, "float64", 1), made(concept.twin_target(), sample, "float64", 2)
    x = parity.sample_input(sample, np.random.default_rng(3), "float64")
    assert [(w.name, tuple(w.shape), w.trainable) for w in ours.weights] == [
        (w.name, tuple(w.shape), w.trainable) for w in theirs.weights
    ]
    for source, sink in ((ours, theirs), (theirs, ours)):
        parity.draw_weights(source, np.random.default_rng(4))
        parity.set_weights(sink, source.get_weights())
        # In inference, as what a layer draws in training isn't of its weights.
        options = {"training": False} if parity.takes_training(ours) else {}
        digits = tolerance(concept)
        np.testing.assert_allclose(sink(x, **options), source(x, **options), rtol=digits, atol=digits / 1000)


@contract("weight exchange in an optimizer", ("optimizers",), twin=True)
def test_state_exchanges_with_the_twin_both_ways(concept, sample):
    pair = [target(**sample.arguments) for target in (concept.target, concept.twin_target())]
    for optimizer in pair:
        weight = keras.Variable(np.ones((2, 3)), dtype="float64")
        optimizer.build([weight])
        optimizer.apply([keras.ops.ones((2, 3), dtype="float64")])
    ours, theirs = pair
    assert [tuple(v.shape) for v in ours.variables] == [tuple(v.shape) for v in theirs.variables]
    for a, b in zip(ours.variables, theirs.variables, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-6)


@contract("saving", ("activations", *LAYERS))
def test_keras_file_round_trip(concept, sample, tmp_path):
    dtype = "int32" if sample.integers else "float32"
    inputs = keras.Input(batch_shape=(None, *sample.shape[1:]), dtype=dtype)
    is_layer = concept.kind in LAYERS
    layer = sample.make(concept.target) if is_layer else keras.layers.Activation(concept.target)
    model = keras.Model(inputs, layer(inputs))
    parity.draw_weights(model, np.random.default_rng(0))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[-1]) is type(layer)
    x = parity.sample_input(sample, np.random.default_rng(1), "float32")
    np.testing.assert_array_equal(model(x), loaded(x))


@contract("unknown sizes", ("activations", *LAYERS))
def test_batch_size_may_be_unknown(concept, sample):
    shape = (None, *sample.shape[1:])
    if concept.kind in LAYERS:
        layer = made(concept.target, sample, "float32")
        call, twin = layer, concept.twin_target()
        if twin:
            assert layer.compute_output_shape(shape) == sample.make(twin).compute_output_shape(shape)
    else:
        call = concept.target
    outputs = call(keras.Input(batch_shape=shape))
    for batch in (1, 3):
        x = parity.sample_input(sample, np.random.default_rng(batch), "float32", batch)
        assert tuple(outputs.shape[1:]) == tuple(call(x).shape[1:])
        assert outputs.shape[0] in (None, batch)
