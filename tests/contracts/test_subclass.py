"""People subclass: an argument of their own, a method of their own, and the rest passed on.

Keras's behaviour is the right one: every case runs on the twin too, where there is one.
"""

import copy
import dataclasses
import functools
import inspect
import json
import pickle

import keras
import numpy as np
import pytest

from tests.contracts.cases import CLASSES, LAYERS, contract
from tests.contracts.test_parity import assert_equal, exact, tolerance
from tfnotes import parity, registry

# What people override, by kind: of layers it is `call`.
MAIN = {"losses": "call", "optimizers": "update_step", "metrics": "result"}
MAIN |= dict.fromkeys(("initializers", "regularizers", "constraints", "schedules"), "__call__")


def widened(target, method=None, register=True):
    """A subclass with an argument of its own, as people write it, which multiplies what `method` gives."""

    class Widened(target):
        def __init__(self, *args, times=2.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.times = times

        def get_config(self):
            return {**super().get_config(), "times": self.times}

    if method == "update_step":

        def overridden(self, gradient, variable, learning_rate):
            return target.update_step(self, gradient * self.times, variable, learning_rate)

        Widened.update_step = overridden
    elif method:
        plain = getattr(target, method)

        @functools.wraps(plain)
        def overridden(self, *args, **kwargs):
            return keras.tree.map_structure(lambda y: y * self.times, plain(self, *args, **kwargs))

        setattr(Widened, method, overridden)
    package = target.__module__.split(".")[0]
    return keras.saving.register_keras_serializable(f"theirs_{package}")(Widened) if register else Widened


def constructor(cls, target, **own):
    """Makes a subclass of `target` with arguments of its own; layers among them are of the package of `target`."""

    def construct(**arguments):
        return cls(**arguments, **own)

    construct.__module__ = target.__module__
    return construct


def targets(concept):
    return [target for target in (concept.target, concept.twin_target()) if target]


def named(target):
    return {"name": "same"} if "name" in inspect.signature(target.__init__).parameters else {}


def config_of(layer):
    """Its config without the shapes that the layers inside of it are built for."""

    def plain(value):
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k != "build_config"}
        return value

    return plain(layer.get_config())


@contract("subclass config", CLASSES)
def test_a_subclass_with_an_argument_of_its_own_keeps_all_others(concept, sample):
    target, cls = concept.target, widened(concept.target)
    options = {"name": "same"} if "name" in sample.make(target).get_config() else {}
    theirs = sample.make(constructor(cls, target, times=3.0), **options)
    assert theirs.get_config() == {**sample.make(target, **options).get_config(), "times": 3.0}
    config = json.loads(json.dumps(theirs.get_config()))
    assert cls.from_config(config).get_config() == theirs.get_config()


@contract("subclass of a subclass", CLASSES, samples=False)
def test_a_subclass_of_a_subclass_need_say_nothing(concept, sample):
    class Silent(widened(concept.target)):
        pass

    made = sample.make(constructor(Silent, concept.target, times=3.0))
    assert set(made.get_config()) == {*sample.make(concept.target).get_config(), "times"}
    with keras.saving.custom_object_scope({"Silent": Silent}):
        back = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(made))
    assert type(back) is Silent
    assert back.times == 3.0


@contract("overridden method", tuple(k for k in CLASSES if k != "metrics"), samples=False, twin=True)
def test_an_overridden_method_runs_and_gives_what_the_twins_gives(concept, sample):
    sample, method, results = exact(concept, sample), MAIN.get(concept.kind, "call"), []
    for target in (*targets(concept), None):
        made = constructor(widened(target, method), target) if target else concept.target
        alone = dataclasses.replace(concept, target=made, twin=None)
        results.append(parity.results(alone, sample, seed=5)[0])
    ours, theirs, plain = results
    assert_equal(ours, theirs, tolerance(concept))
    if concept.kind != "optimizers":  # Adam's step is the same for gradients twice as large.
        np.testing.assert_allclose(ours.arrays["values"], 2 * plain.arrays["values"], rtol=1e-6)


@contract("subclass saved", LAYERS, samples=False)
def test_a_subclassed_layer_is_saved_cloned_and_pickled(concept, sample, tmp_path):
    x, target = parity.sample_input(sample, np.random.default_rng(1), "float32"), concept.target
    cls = widened(target, "call")
    model = _model(sample, sample.make(constructor(cls, target, times=3.0), **named(target)))
    parity.draw_weights(model, np.random.default_rng(0))
    model.save(tmp_path / "model.keras")
    clone = keras.models.clone_model(model)
    model.save_weights(tmp_path / "of.weights.h5")
    clone.load_weights(tmp_path / "of.weights.h5")
    expected = keras.ops.convert_to_numpy(model(x, training=False))
    for other in (keras.saving.load_model(tmp_path / "model.keras"), clone, pickle.loads(pickle.dumps(model))):
        assert type(other.layers[-1]) is cls
        assert other.layers[-1].times == 3.0
        assert config_of(other.layers[-1]) == config_of(model.layers[-1])
        np.testing.assert_array_equal(other(x, training=False), expected)
    plain = _model(sample, sample.make(target))
    plain.set_weights(model.get_weights())
    np.testing.assert_allclose(expected, 3 * plain(x, training=False), rtol=1e-5, atol=1e-5)


def _model(sample, layer):
    dtype = "int32" if sample.integers else "float32"
    inputs = keras.Input(batch_shape=(None, *sample.shape[1:]), dtype=dtype)
    return keras.Model(inputs, layer(inputs))


PARTS = ("initializers", "regularizers", "constraints", "schedules", "losses", "optimizers")


@contract("subclass in a model", PARTS, samples=False)
def test_subclassed_parts_of_a_model_come_back_with_it(concept, sample, tmp_path):
    weights = []
    for target in targets(concept):
        cls = widened(target, MAIN[concept.kind])
        keras.utils.set_random_seed(3)
        model = _compiled(concept, sample.make(constructor(cls, target, times=0.5)))
        x, y = np.linspace(-1, 1, 24, dtype="float32").reshape(6, 4), np.eye(4, dtype="float32")[[0, 1, 2, 3, 1, 2]]
        if sample.targets == "index":
            y = y.argmax(axis=-1)
        model.fit(x, y, epochs=2, batch_size=3, shuffle=False, verbose=0)
        model.save(tmp_path / "model.keras")
        loaded = keras.saving.load_model(tmp_path / "model.keras")
        assert type(_part(concept, loaded)) is cls
        # Keras's own `Constant.from_config` drops what a subclass adds.
        if target is concept.target:
            assert _part(concept, loaded).get_config() == _part(concept, model).get_config()
        for each in (model, loaded):
            each.fit(x, y, batch_size=3, shuffle=False, verbose=0)
        for a, b in zip(model.get_weights(), loaded.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
        weights.append(model.get_weights())
    for a, b in zip(weights[0], weights[-1], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def _compiled(concept, part):
    """A small model that trains with a part of any kind."""
    weight = {"initializers": "kernel_initializer", "regularizers": "kernel_regularizer"}
    weight |= {"constraints": "kernel_constraint"}
    own = {weight[concept.kind]: part} if concept.kind in weight else {}
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, activation="softmax", **own)])
    rate = part if concept.kind == "schedules" else 0.1
    model.compile(
        optimizer=part if concept.kind == "optimizers" else keras.optimizers.SGD(rate),
        loss=part if concept.kind == "losses" else "mean_squared_error",
    )
    return model


def _part(concept, model):
    if concept.kind == "schedules":
        return keras.optimizers.schedules.deserialize(model.optimizer.get_config()["learning_rate"])
    if concept.kind in ("optimizers", "losses"):
        return {"optimizers": model.optimizer, "losses": model.loss}[concept.kind]
    return getattr(model.layers[-1], f"kernel_{concept.kind[:-1]}")


@contract("copies", CLASSES, samples=False)
def test_is_copied_deeply(concept, sample):
    original = sample.make(concept.target)
    if concept.kind in LAYERS:
        original.build(sample.shape)
    copied = copy.deepcopy(original)
    assert type(copied) is concept.target
    assert copied is not original
    assert config_of(copied) == config_of(original)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="a SavedModel is TensorFlow's")
def test_subclassed_layers_leave_in_one_saved_model(tmp_path):
    import tensorflow as tf

    archive, expected = keras.export.ExportArchive(), {}
    for concept in registry.concepts():
        if concept.kind not in LAYERS:
            continue
        sample = concept.samples[0]
        layer = sample.make(constructor(widened(concept.target, "call"), concept.target))
        layer.build(sample.shape)
        parity.draw_weights(layer, np.random.default_rng(0))
        x = parity.sample_input(sample, np.random.default_rng(1), "float32")
        options = {"training": False} if parity.takes_training(layer) else {}
        archive.track(layer)
        spec = tf.TensorSpec(x.shape, x.dtype)
        archive.add_endpoint(concept.name, functools.partial(layer, **options), input_signature=[spec])
        expected[concept.name] = x, layer(x, **options)
    archive.write_out(tmp_path / "all", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "all")
    for name, (x, y) in expected.items():
        np.testing.assert_allclose(getattr(loaded, name)(x), y, rtol=1e-5, atol=1e-5, err_msg=name)
