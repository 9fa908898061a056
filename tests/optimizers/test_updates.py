"""Every optimizer beside its twin where contracts don't look: networks, gathered rows, averages."""

import inspect

import keras
import numpy as np
import pytest

from tfnotes import optimizers, registry, schedules

# Numbers that float32 holds, so that float64 shows differences of the update alone.
PAIRS = [
    ("SGD", {"learning_rate": 0.125}),
    ("SGD", {"learning_rate": 0.0625, "momentum": 0.875}),
    ("SGD", {"learning_rate": 0.0625, "momentum": 0.875, "nesterov": True}),
    ("Adagrad", {"learning_rate": 0.25}),
    ("RMSprop", {"learning_rate": 0.03125, "rho": 0.875}),
    ("RMSprop", {"learning_rate": 0.03125, "momentum": 0.5, "centered": True, "epsilon": 0.125}),
    ("Adam", {"learning_rate": 0.03125, "beta_1": 0.875, "beta_2": 0.96875}),
    ("Adam", {"learning_rate": 0.03125, "beta_1": 0.875, "beta_2": 0.96875, "amsgrad": True}),
]
EACH = pytest.mark.parametrize(("name", "arguments"), PAIRS, ids=lambda p: p if isinstance(p, str) else "")


def pair(name, arguments, **more):
    return [getattr(module, name)(**arguments, **more) for module in (optimizers, keras.optimizers)]


def network():
    inputs = keras.Input((3,), dtype="float64")
    hidden = keras.layers.Dense(5, activation="tanh", dtype="float64")(inputs)
    return keras.Model(inputs, keras.layers.Dense(2, dtype="float64")(hidden))


def weights_after(optimizer, epochs=5, **compiled):
    model, rng = network(), np.random.default_rng(0)
    model.set_weights([rng.normal(size=w.shape) for w in model.weights])
    model.compile(optimizer, "mse", jit_compile=False, **compiled)
    x, y = rng.normal(size=(40, 3)), rng.normal(size=(40, 2))
    model.fit(x, y, batch_size=4, epochs=epochs, shuffle=False, verbose=0)
    return model.get_weights()


@EACH
def test_fifty_updates_of_a_small_network(name, arguments):
    ours, theirs = (weights_after(optimizer) for optimizer in pair(name, arguments))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "shared",
    [
        {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 7},
        {"gradient_accumulation_steps": 3},
        {"weight_decay": 0.125, "clipnorm": 0.5},
        {"global_clipnorm": 0.25},
        {"clipvalue": 0.125},
    ],
    ids=lambda shared: next(iter(shared)),
)
def test_what_keras_base_class_does_is_done(shared):
    betas = {"beta_1": 0.875, "beta_2": 0.96875}
    ours, theirs = (weights_after(o, epochs=2) for o in pair("Adam", betas, **shared))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_a_schedule_drives_the_rate():
    ours = weights_after(optimizers.RMSprop(schedules.ExponentialDecay(0.25, 4, 0.5)), epochs=1)
    theirs = keras.optimizers.schedules.ExponentialDecay(0.25, 4, 0.5)
    theirs = weights_after(keras.optimizers.RMSprop(theirs), epochs=1)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9)


def sparse_steps(optimizer, rows):
    import tensorflow as tf

    weight = keras.Variable(np.ones((4, 2)), dtype="float64")
    optimizer.build([weight])
    rng = np.random.default_rng(0)
    for _ in range(5):
        values = rng.normal(size=(len(rows), 2))
        optimizer.apply([tf.IndexedSlices(tf.constant(values), tf.constant(rows), tf.constant([4, 2]))])
    return keras.ops.convert_to_numpy(weight)


def dense_steps(optimizer, rows):
    weight = keras.Variable(np.ones((4, 2)), dtype="float64")
    optimizer.build([weight])
    rng = np.random.default_rng(0)
    for _ in range(5):
        gradient = np.zeros((4, 2))
        np.add.at(gradient, rows, rng.normal(size=(len(rows), 2)))
        optimizer.apply([keras.ops.convert_to_tensor(gradient)])
    return keras.ops.convert_to_numpy(weight)


@EACH
def test_gathered_rows_are_updated_as_by_the_twin(name, arguments):
    pytest.importorskip("tensorflow")
    ours, theirs = (sparse_steps(optimizer, [0, 2]) for optimizer in pair(name, arguments))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@EACH
def test_a_row_gathered_twice_counts_with_the_sum_of_its_gradients(name, arguments):
    pytest.importorskip("tensorflow")
    cls, rows = getattr(optimizers, name), [0, 2, 0]
    sparse, dense = sparse_steps(cls(**arguments), rows), dense_steps(cls(**arguments), rows)
    np.testing.assert_allclose(sparse, dense, rtol=1e-9)


@EACH
def test_loss_scaling_works_around_it(name, arguments):
    ours, theirs = (
        weights_after(keras.optimizers.LossScaleOptimizer(o, initial_scale=1024.0), epochs=1)
        for o in pair(name, arguments)
    )
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9)


@EACH
def test_state_has_the_names_of_the_twins_and_survives_a_save(name, arguments, tmp_path):
    def saved(optimizer, file):
        model = network()
        model.compile(optimizer, "mse", jit_compile=False)
        model.fit(np.ones((4, 3)), np.ones((4, 2)), epochs=2, verbose=0)
        model.save(tmp_path / file)
        loaded = keras.saving.load_model(tmp_path / file)
        for a, b in zip(model.optimizer.variables, loaded.optimizer.variables, strict=True):
            np.testing.assert_array_equal(a.numpy(), b.numpy())
        assert type(loaded.optimizer) is type(optimizer)
        return [v.name.split("_", 1)[-1] for v in model.optimizer.variables]

    ours, theirs = (saved(o, f"{k}.keras") for k, o in enumerate(pair(name, arguments)))
    assert [n.rsplit("_", 1)[-1] for n in ours] == [n.rsplit("_", 1)[-1] for n in theirs]


@EACH
def test_all_arguments_may_be_given_by_position(name, arguments):
    ours, theirs = pair(name, arguments)
    names = [n for n, p in inspect.signature(type(theirs)).parameters.items() if p.kind is not p.VAR_KEYWORD]
    config = theirs.get_config()
    positional = type(ours)(*[config[n] for n in names])
    assert positional.get_config() == pytest.approx(config)
    with pytest.raises(TypeError):
        type(ours)(*[config[n] for n in names], 1)
    with pytest.raises(ValueError, match="not recognized"):
        type(ours)(**arguments, no_such_argument=1)


def test_momentum_and_nesterov_are_found_as_descent():
    for name in ("momentum", "nesterov", "gradientdescent"):
        assert registry.find(name).target is optimizers.SGD


@EACH
def test_built_twice_it_keeps_its_state(name, arguments):
    ours, theirs = pair(name, arguments)
    weight = keras.Variable(np.ones((2, 3)))
    for optimizer in (ours, theirs):
        optimizer.build([weight])
    ours.apply([keras.ops.ones((2, 3))])
    kept = [np.array(v) for v in ours.variables]
    ours.build([weight])
    assert len(ours.variables) == len(theirs.variables)
    for a, b in zip(ours.variables, kept, strict=True):
        np.testing.assert_array_equal(np.array(a), b)


@EACH
def test_a_gradient_of_another_precision_is_taken_in_the_weights(name, arguments):
    found = []
    for dtype in ("float16", "float32", "float64"):
        (optimizer, _), weight = pair(name, arguments), keras.Variable(np.ones(3), dtype="float64")
        optimizer.build([weight])
        for _ in range(2):
            optimizer.apply([keras.ops.array([0.5, -2.0, 0.25], dtype)])
        found.append(np.array(weight))
    np.testing.assert_array_equal(found[0], found[2])
    np.testing.assert_array_equal(found[1], found[2])


def test_a_config_may_name_an_object_that_is_given_beside_it():
    class Halved(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.5

        def get_config(self):
            return {}

    config = optimizers.SGD(Halved()).get_config()
    made = optimizers.SGD.from_config(config, custom_objects={"Halved": Halved})
    weight = keras.Variable(np.zeros(1))
    made.build([weight])
    made.apply([keras.ops.ones(1)])
    assert float(weight[0]) == -0.5
