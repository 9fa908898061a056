"""Configs, signatures and weights are Keras's: a concept can stand where its twin stood."""

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
