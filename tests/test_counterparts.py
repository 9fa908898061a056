"""`get` of every kind: names, classes, instances, callables and configs as Keras takes them, and gives ours."""

import keras
import numpy as np
import pytest

from tfnotes import (
    activations,
    constraints,
    counterparts,
    initializers,
    layers,
    losses,
    optimizers,
    registry,
    regularizers,
    schedules,
)
from tfnotes.errors import InputError

# Names that Keras's own `get` understands, and what stands for them here.
NAMES = {
    initializers: {
        "zeros": initializers.Zeros,
        "Zeros": initializers.Zeros,
        "zero": initializers.Zeros,
        "one": initializers.Ones,
        "normal": initializers.RandomNormal,
        "uniform": initializers.RandomUniform,
        "random_normal": initializers.RandomNormal,
        "GlorotUniform": initializers.GlorotUniform,
        "he_normal": initializers.HeNormal,
        "OrthogonalInitializer": initializers.Orthogonal,
    },
    regularizers: {"l1": regularizers.L1, "L2": regularizers.L2, "l1l2": regularizers.L1L2, "L1L2": regularizers.L1L2},
    constraints: {
        "max_norm": constraints.MaxNorm,
        "MaxNorm": constraints.MaxNorm,
        "non_neg": constraints.NonNeg,
        "UnitNorm": constraints.UnitNorm,
    },
    optimizers: {
        "adam": optimizers.Adam,
        "SGD": optimizers.SGD,
        "RMSprop": optimizers.RMSprop,
        "AdaGrad": optimizers.Adagrad,
    },
    losses: {
        "MeanSquaredError": losses.MeanSquaredError,
        "SparseCategoricalCrossentropy": losses.SparseCategoricalCrossentropy,
    },
}
FUNCTIONS = {
    losses: {
        "mse": losses.mean_squared_error,
        "MSE": losses.mean_squared_error,
        "bce": losses.binary_crossentropy,
        "categorical_crossentropy": losses.categorical_crossentropy,
    },
    activations: {"relu": activations.relu, "softmax": activations.softmax, "linear": activations.linear},
}


def builtin(package):
    return getattr(keras, package.__name__.rpartition(".")[2])


@pytest.mark.parametrize(
    ("package", "name", "ours"), [(package, *row) for package, names in NAMES.items() for row in names.items()]
)
def test_a_name_of_keras_gives_ours(package, name, ours):
    assert type(builtin(package).get(name)).__name__ == ours.__name__
    assert type(package.get(name)) is ours
    assert type(package.get({"class_name": name, "config": {}})) is ours


@pytest.mark.parametrize(
    ("package", "name", "ours"), [(package, *row) for package, names in FUNCTIONS.items() for row in names.items()]
)
def test_a_name_of_a_function_gives_ours(package, name, ours):
    assert package.get(name) is ours
    theirs = builtin(package).get(name)
    assert package.get(keras.saving.serialize_keras_object(theirs)) is ours
    assert package.get(keras.saving.serialize_keras_object(ours)) is ours


@pytest.mark.parametrize("package", [*NAMES, activations])
def test_what_is_no_name_of_ours_is_kerass(package):
    assert package.get(None) is (activations.linear if package is activations else None)
    with pytest.raises((ValueError, TypeError)):
        package.get("nothing_of_this_name")
    with pytest.raises((ValueError, TypeError)):
        package.get({"class_name": "NothingOfThisName", "config": {}})


def test_what_has_no_counterpart_stays_kerass():
    assert type(initializers.get("lecun_normal")) is keras.initializers.LecunNormal
    assert type(regularizers.get("OrthogonalRegularizer")) is keras.regularizers.OrthogonalRegularizer
    assert type(constraints.get("min_max_norm")) is keras.constraints.MinMaxNorm
    assert type(optimizers.get("nadam")) is keras.optimizers.Nadam
    assert type(losses.get("Huber")) is keras.losses.Huber
    assert activations.get("gelu") is keras.activations.gelu


@pytest.mark.parametrize("space", [keras.initializers, initializers])
def test_a_class_an_instance_and_a_callable_stay_what_they_are(space):
    assert type(initializers.get(space.Zeros)) is space.Zeros
    made = space.Constant(2.0)
    assert initializers.get(made) is made

    def drawn(shape, dtype=None):
        return keras.ops.ones(shape, dtype)

    assert initializers.get(drawn) is drawn
    assert layers.Dense(2, kernel_initializer=drawn).kernel_initializer is drawn


def test_a_users_object_goes_before_ours_of_the_same_name():
    class Mine(keras.initializers.Initializer):
        def __call__(self, shape, dtype=None):
            return keras.ops.ones(shape, dtype)

    with keras.saving.custom_object_scope({"Zeros": Mine}):
        for space in (keras.initializers, initializers):
            assert type(space.get("Zeros")) is Mine
            assert type(space.get({"class_name": "Zeros", "config": {}})) is Mine
    assert type(initializers.get("Zeros")) is initializers.Zeros


def test_a_registered_object_of_another_package_is_not_mistaken_for_a_builtin():
    @keras.saving.register_keras_serializable("elsewhere")
    class L2(keras.regularizers.L2):
        pass

    config = keras.saving.serialize_keras_object(L2(0.5))
    assert type(regularizers.get(config)) is L2
    del config["module"]
    assert type(regularizers.get(config)) is L2


def test_arguments_come_with_the_config():
    config = {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.25}, "registered_name": None}
    assert regularizers.get(config).l2 == 0.25
    assert regularizers.get({**config, "registered_name": "L2"}).l2 == 0.25
    assert config["config"] == {"l2": 0.25}
    schedule = keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)
    optimizer = optimizers.get(keras.optimizers.serialize(keras.optimizers.Adam(schedule, beta_1=0.5)))
    assert optimizer.beta_1 == 0.5
    assert type(optimizer.get_config()["learning_rate"]["config"]) is dict
    assert optimizer.get_config()["learning_rate"]["registered_name"] == "tfnotes>ExponentialDecay"
    made = schedules.deserialize(keras.optimizers.schedules.serialize(schedule))
    assert type(made) is schedules.ExponentialDecay


def test_an_activation_that_is_a_layer_is_ours():
    dense = keras.layers.Dense(3, activation=keras.layers.LeakyReLU(0.125))
    ours = layers.Dense.from_config(dense.get_config())
    assert type(ours.activation) is layers.LeakyReLU
    assert ours.activation.negative_slope == 0.125


@pytest.mark.parametrize(
    ("cls", "changes", "said"),
    [
        (layers.Dense, {"lora_rank": 4}, "Dense: `lora_rank` must be None"),
        (layers.Embedding, {"lora_alpha": 2.0}, "Embedding: `lora_alpha` must be None"),
        (layers.Dense, {"quantization_config": {"class_name": "A"}}, "Dense: `quantization_config` must be None"),
        (layers.Dense, {"dtype": "int8_from_float32"}, "Dense: `dtype` must be one without quantization"),
        (layers.Conv2D, {"lora_rank": 4}, "Conv2D: `lora_rank` must be None"),
        (layers.LSTM, {"time_major": True}, "LSTM: `time_major` must be None or False"),
        (layers.GRU, {"units": 0}, "GRU: `units` must be a positive integer"),
    ],
)
def test_what_a_config_asks_for_and_is_not_here_is_refused_in_one_sentence(cls, changes, said):
    arguments = {layers.Embedding: (3, 2), layers.Conv2D: (3, 2)}.get(cls, (3,))
    config = getattr(keras.layers, cls.__name__)(*arguments).get_config()
    with pytest.raises(InputError) as caught:
        cls.from_config(config | changes)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_what_asks_for_nothing_is_taken():
    nothing = {"lora_rank": None, "lora_alpha": None, "quantization_config": None}
    assert layers.Dense(3, **nothing).units == 3
    config = keras.layers.LSTM(3).get_config() | {"time_major": False, "implementation": 1}
    assert layers.LSTM.from_config(config).units == 3
    # A config of an older Keras lacks what came later.
    assert layers.Dense.from_config({"units": 3, "activation": "relu"}).activation is activations.relu
    older = keras.layers.GRU(3).get_config()
    for name in ("reset_after", "zero_output_for_mask", "seed"):
        older.pop(name, None)
    assert layers.GRU.from_config(older).reset_after


def test_a_quantized_model_of_keras_is_refused():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    with np.testing.suppress_warnings() as quiet:
        quiet.filter(UserWarning)
        model.quantize("int8")
    with pytest.raises(InputError, match=r"^Dense: `(quantization_config|dtype)` must be "):
        layers.Dense.from_config(model.layers[0].get_config())


def test_names_here_are_kerass_so_that_a_config_names_its_counterpart():
    for c in registry.concepts():
        if c.twin is not None:
            module, _, name = c.twin.rpartition(".")
            assert counterparts.of(module, name) is c.target
    for name in ("RNN", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"):
        assert counterparts.of("keras.layers", name) is getattr(layers, name)
    assert counterparts.of("keras.metrics", "MeanSquaredError") is None
    assert counterparts.of("keras.layers", "Add") is None


def test_a_backends_own_optimizers_stand_for_keras_own():
    assert counterparts.of("keras.src.backend.any.optimizers.any_sgd", "SGD") is optimizers.SGD
    for module in ("my.optimizers", "keras.optimizers.schedules", "tfnotes.optimizers.sgd", None):
        assert counterparts.of(module, "SGD") is None
