"""A whole model converted: every kind of container, weights, training, files, and what stays."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from tfnotes import convert, layers, losses, optimizers, regularizers
from tfnotes.errors import InputError

K = keras.layers
pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="what is trained stays with TensorFlow")


@keras.saving.register_keras_serializable("users")
class Doubled(K.Layer):
    def build(self, input_shape):
        # Keras numbers a weight without a name.
        self.half = self.add_weight(shape=(), initializer="ones")

    def call(self, inputs):
        return 2 * self.half * inputs


class Residual(K.Dense):
    def call(self, inputs):
        return inputs + super().call(inputs)


def whole(optimizer=None, loss="sparse_categorical_crossentropy", unit=K.Activation):
    """Two inputs, a model in a model, a shared layer, wrappers, cells, operations, and parts without counterparts."""
    keras.utils.set_random_seed(0)
    image, words = keras.Input((8, 8, 3), name="image"), keras.Input((5,), dtype="int32", name="words")
    inner = keras.Sequential(
        [keras.Input((4, 4, 6)), K.Conv2D(4, 3, activation="relu"), K.BatchNormalization(), K.Flatten()], name="inner"
    )
    penalty, limit = keras.regularizers.L2(1e-3), keras.constraints.MaxNorm(3.0)
    x = K.Conv2D(6, 3, strides=2, padding="same", kernel_regularizer=penalty, kernel_constraint=limit)(image)
    x = K.Dropout(0.3, seed=3)(inner(x))
    shared = K.Dense(7, activation="tanh", kernel_initializer=keras.initializers.HeNormal(seed=5))
    e = K.Embedding(11, 6, mask_zero=True)(words)
    e = K.TimeDistributed(K.Dense(5, dtype="float32"))(e)
    e = K.Bidirectional(K.GRU(3, return_sequences=True, dropout=0.2, seed=1))(e)
    e = K.Dense(16)(K.RNN([K.LSTMCell(3), K.LSTMCell(4)])(e))
    y = K.Add()([shared(x), shared(e)])
    y = Residual(7)(Doubled()(keras.ops.sin(y)))
    model = keras.Model([image, words], K.Dense(3, activation="softmax")(unit("relu")(y)), name="whole")
    inner.layers[0].trainable = False
    model.compile(optimizer or keras.optimizers.SGD(0.1, momentum=0.9), loss, metrics=["accuracy"])
    return model


def batch():
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(6, 8, 8, 3)).astype("float32"), rng.integers(0, 11, (6, 5))]
    return x, rng.integers(0, 3, 6)


def fitted(model, epochs=1):
    x, y = batch()
    model.fit(x, y, epochs=epochs, shuffle=False, verbose=0)
    return model


def everything(model):
    return list(convert._model._all_layers(model))


def packages(model):
    return {type(layer).__module__.split(".")[0] for layer in everything(model)}


def assert_same(ours, theirs, tolerance=1e-6):
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.fixture(scope="module")
def pair():
    theirs = fitted(whole(), 2)
    return theirs, convert.model(theirs)


def test_every_part_with_a_counterpart_is_ours_under_the_same_names(pair):
    theirs, ours = pair
    kinds = {type(layer) for layer in everything(ours)}
    assert kinds >= {layers.Conv2D, layers.Dense, layers.GRU, layers.GRUCell, layers.LSTMCell, layers.Bidirectional}
    assert kinds >= {layers.RNN, layers.Embedding, layers.BatchNormalization, layers.Flatten, layers.Dropout}
    left = {cls.__name__ for cls in kinds if not cls.__module__.startswith("tfnotes.")}
    assert left == {
        *("Functional", "Sequential", "InputLayer", "TimeDistributed", "Add", "Doubled", "Residual", "Activation")
    }
    assert [layer.name for layer in everything(ours)] == [layer.name for layer in everything(theirs)]
    assert [layer.trainable for layer in everything(ours)] == [layer.trainable for layer in everything(theirs)]
    paths = [[v.path for v in model.weights if not v.name.startswith("variable")] for model in (ours, theirs)]
    assert paths[0] == paths[1]
    convolution = next(layer for layer in ours.layers if type(layer) is layers.Conv2D)
    assert type(convolution.kernel_regularizer) is regularizers.L2
    assert type(ours.optimizer) is optimizers.SGD
    assert ours.loss is losses.sparse_categorical_crossentropy


def test_outputs_and_further_training_are_the_same_and_so_is_the_way_back(pair):
    theirs, ours = whole(), None
    fitted(theirs, 2)
    ours = convert.model(theirs)
    x, _ = batch()
    np.testing.assert_allclose(ours.predict(x, verbose=0), theirs.predict(x, verbose=0), rtol=1e-6, atol=1e-7)
    assert int(ours.optimizer.iterations) == 2
    back = convert.model(ours, to="keras")
    assert packages(back) == {"keras", __name__.split(".")[0]}
    assert type(back.optimizer) is keras.optimizers.SGD
    assert back.loss == "sparse_categorical_crossentropy"
    for model in (theirs, ours, back):
        fitted(model)
    # Dropout's seeds and their states came over, too.
    assert_same(ours, theirs)
    assert_same(back, theirs)


def test_what_draws_goes_on_from_where_the_given_model_was():
    given = keras.Sequential([keras.Input((50,)), keras.layers.Dropout(0.5, seed=1), keras.layers.Dropout(0.5, seed=2)])
    x = np.ones((2, 50), "float32")
    given(x, training=True)
    made = convert.model(given)
    np.testing.assert_array_equal(made(x, training=True), given(x, training=True))


def test_what_stays_is_reported_logged_and_with_strict_refused(caplog):
    theirs = whole()
    report = convert.report(theirs)
    assert {kept.cls.rpartition(".")[2] for kept in report} == {
        "TimeDistributed",
        "Add",
        "Doubled",
        "Residual",
        "Activation",
    }
    assert {kept.reason for kept in report} == {"no counterpart"}
    with caplog.at_level("WARNING", "tfnotes.convert"):
        convert.model(theirs)
    assert "what stays as it is: 1 keras.layers.TimeDistributed (no counterpart); 1 keras.layers.Add (" in caplog.text
    with pytest.raises(InputError, match=r"^convert.model: `given` must be a model whose every part has a counterpart"):
        convert.model(theirs, strict=True)
    plain = keras.Sequential([keras.Input((4,)), K.Dense(3)])
    assert convert.report(plain) == []
    assert type(convert.model(plain, strict=True).layers[0]) is layers.Dense


@pytest.mark.parametrize(
    ("compiled", "cls"),
    [
        ({"optimizer": keras.optimizers.Lion(), "loss": "sparse_categorical_crossentropy"}, "Lion"),
        ({"optimizer": "sgd", "loss": keras.losses.Huber()}, "Huber"),
    ],
    ids=["optimizer", "loss"],
)
def test_an_optimizer_and_a_loss_that_stay_are_reported_and_with_strict_refused(compiled, cls):
    theirs = keras.Sequential([keras.Input((4,)), K.Dense(3)])
    theirs.compile(**compiled)
    assert [(kept.cls.rpartition(".")[2], kept.reason) for kept in convert.report(theirs)] == [(cls, "no counterpart")]
    with pytest.raises(InputError, match=cls):
        convert.model(theirs, strict=True)


def test_a_layer_whose_arguments_the_other_library_does_not_take_stays_and_says_why():
    ours = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            layers.Conv2D(3, 3, padding=1, name="numbers"),
            layers.MinPooling2D(name="least"),
            layers.Flatten(),
            keras.layers.Reshape((9, 3)),
            layers.GRU(3, update_gate="replaces", return_sequences=True, name="gate"),
            layers.GRU(3, name="keeps"),
        ]
    )
    reasons = {kept.name: kept.reason for kept in convert.report(ours, to="keras")}
    assert set(reasons) == {"numbers", "least", "gate"}
    assert reasons["least"] == "no counterpart"
    assert "padding" in reasons["numbers"]
    assert "update_gate" in reasons["gate"]
    back = convert.model(ours, to="keras")
    assert type(back.layers[-1]) is K.GRU
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 2)).astype("float32")
    np.testing.assert_allclose(back(x), ours(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (keras.losses.SparseCategoricalCrossentropy(from_logits=True), losses.SparseCategoricalCrossentropy),
        ("mse", losses.mean_squared_error),
        (keras.losses.mean_squared_error, losses.mean_squared_error),
        ("mae", None),
    ],
)
def test_losses_given_in_any_way_are_ours_where_there_is_one(loss, expected):
    theirs = keras.Sequential([keras.Input((4,)), K.Dense(3)])
    theirs.compile("rmsprop", loss)
    ours = convert.model(theirs)
    assert type(ours.optimizer) is optimizers.RMSprop
    assert expected in (ours.loss, type(ours.loss)) or (expected is None and ours.loss == loss)


def test_a_schedule_and_an_optimizers_state_come_over():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.05, 2, 0.5)
    theirs = fitted(whole(keras.optimizers.Adam(schedule, amsgrad=True), unit=K.Activation), 2)
    ours = convert.model(theirs)
    assert type(ours.optimizer) is optimizers.Adam
    assert ours.optimizer.get_config()["learning_rate"]["registered_name"] == "tfnotes>ExponentialDecay"
    for a, b in zip(ours.optimizer.variables, theirs.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a, b)


def test_keras_computes_with_the_statistics_that_come_back():
    theirs = keras.Sequential([keras.Input((3,)), K.Normalization()])
    theirs.layers[0].adapt(np.array([[1.0, 2.0, 3.0], [5.0, 8.0, 7.0]]))
    ours = convert.model(theirs)
    back = convert.model(ours, to="keras")
    x = np.array([[2.0, 3.0, 9.0]], "float32")
    expected = (x - [3, 5, 5]) / [2, 3, 2]
    for model in (theirs, ours, back):
        np.testing.assert_allclose(model(x), expected, rtol=1e-6)
    assert type(ours.layers[0]).__module__ == "tfnotes.preprocessing.standardization"
    assert type(back.layers[0]) is K.Normalization


def test_policies_of_dtypes_stay():
    theirs = keras.Sequential([keras.Input((4,)), K.Dense(3, dtype="mixed_float16"), K.Dense(2, dtype="float64")])
    ours = convert.model(theirs)
    assert [layer.dtype_policy.name for layer in ours.layers] == ["mixed_float16", "float64"]
    x = np.ones((2, 4), "float32")
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-3)


def test_a_file_of_keras_converted_saved_and_loaded_gives_the_same(tmp_path):
    theirs = fitted(whole(), 1)
    theirs.save(tmp_path / "theirs.keras")
    with keras.saving.custom_object_scope({"Residual": Residual}):
        ours = convert.model(keras.saving.load_model(tmp_path / "theirs.keras"))
        ours.save(tmp_path / "ours.keras")
        loaded = keras.saving.load_model(tmp_path / "ours.keras")
    assert [type(layer) for layer in everything(loaded)] == [type(layer) for layer in everything(ours)]
    assert type(loaded.optimizer) is optimizers.SGD
    x, _ = batch()
    np.testing.assert_allclose(loaded.predict(x, verbose=0), theirs.predict(x, verbose=0), rtol=1e-6, atol=1e-7)


CHILD = """
import sys, keras
if len(sys.argv) > 2:
    import tfnotes
try:
    model = keras.saving.load_model(sys.argv[1])
    print(type(model.layers[0]).__module__, type(model.optimizer).__module__)
except TypeError as error:
    print("Could not locate class 'Dense'" in str(error))
"""


def test_a_file_loads_where_tfnotes_is_imported_and_elsewhere_keras_says_what_is_missing(tmp_path):
    model = convert.model(keras.Sequential([keras.Input((4,)), K.Dense(3)]))
    model.compile(optimizers.Adam(), losses.MeanSquaredError())
    model.save(tmp_path / "ours.keras")
    said = []
    for more in ([], ["tfnotes"]):
        command = [sys.executable, "-c", CHILD, str(tmp_path / "ours.keras"), *more]
        said.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
    assert said == ["True", "tfnotes.layers.dense tfnotes.optimizers.adam"]


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = K.Dense(3)

    def call(self, inputs):
        return self.dense(inputs)


class Functional(keras.Model):
    """A user's class with a training step of its own, made of inputs and outputs."""


def test_what_is_no_such_model_is_refused_in_one_sentence():
    subclassed = Subclassed()
    subclassed(np.ones((1, 4)))
    for given, said in (
        (subclassed, "functional or Sequential, as a subclassed model's own code makes its layers"),
        (keras.Sequential([K.Dense(3)]), "built, so that it has weights"),
        (K.Dense(3), "a model of Keras"),
    ):
        with pytest.raises(InputError, match=rf"^convert.model: `given` must be {said}"):
            convert.model(given)
    with pytest.raises(InputError, match=r"^convert.model: `to` must be one of 'tfnotes', 'keras'"):
        convert.model(subclassed, to="torch")


def test_a_users_class_made_of_inputs_and_outputs_stays_its_own():
    inputs = keras.Input((4,))
    theirs = Functional(inputs, K.Dense(3)(inputs))
    ours = convert.model(theirs)
    assert type(ours) is Functional
    assert type(ours.layers[-1]) is layers.Dense


def small(**compiled):
    inputs = keras.Input((4,))
    hidden = K.Dense(3, activation="relu", name="hidden")(inputs)
    outputs = {"a": K.Dense(2, name="a")(hidden), "b": K.Dense(1, name="b")(hidden)}
    model = keras.Model(inputs, outputs)
    model.compile(**compiled)
    return model


def test_losses_of_several_outputs_and_what_they_weigh_come_over():
    given = {"a": "mse", "b": keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)}
    for loss in (given, list(given.values())):
        ours = convert.model(
            small(optimizer="adam", loss=loss, loss_weights={"a": 2.0, "b": 3.0}, metrics={"a": ["mae"]})
        )
        first, second = ours.loss.values() if loss is given else ours.loss
        assert first is losses.mean_squared_error
        assert type(second) is losses.BinaryCrossentropy
        assert second.get_config()["label_smoothing"] == 0.1
        assert type(ours.optimizer) is optimizers.Adam
        config = ours.get_compile_config()
        assert (config["loss_weights"], config["metrics"]) == ({"a": 2.0, "b": 3.0}, {"a": ["mae"]})


def test_the_way_back_of_what_a_model_was_compiled_with():
    ours = convert.model(small(optimizer=keras.optimizers.SGD(0.25, momentum=0.5, nesterov=True), loss="mse"))
    ours.optimizer.build(ours.trainable_variables)
    for k, variable in enumerate(ours.optimizer.variables[2:]):
        variable.assign(np.full(variable.shape, k))
    ours.optimizer.iterations.assign(7)
    back = convert.model(ours, to="keras")
    assert type(back.optimizer) is keras.optimizers.SGD
    assert {key: back.optimizer.get_config()[key] for key in ("learning_rate", "momentum", "nesterov")} == {
        "learning_rate": 0.25, "momentum": 0.5, "nesterov": True,
    }  # fmt: skip
    assert int(back.optimizer.iterations) == 7
    for one, other in zip(back.optimizer.variables, ours.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one, other)
    assert back.loss == "mean_squared_error"
    assert {type(layer).__module__.split(".")[0] for layer in back.layers} == {"keras"}
    assert back.get_layer("hidden").activation is keras.activations.relu
    for one, other in zip(back.get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_and_what_is_trained_come_over_and_nothing_is_said_where_nothing_stays(caplog):
    theirs = small(optimizer="sgd", loss="mse")
    theirs.get_layer("hidden").trainable = False
    before = theirs.get_weights()
    with caplog.at_level("WARNING", "tfnotes.convert"):
        ours = convert.model(theirs)
    assert caplog.text == ""
    assert [layer.trainable for layer in ours.layers] == [True, False, True, True]
    # Of a whole model, too, whose config doesn't tell.
    frozen = keras.Sequential([keras.Input((4,)), K.Dense(3)])
    frozen.trainable = False
    frozen.layers[0].trainable = True
    made = convert.model(frozen)
    assert (made.trainable, made.layers[0].trainable, made.trainable_variables) == (False, True, [])
    for one, other in zip(ours.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)
    # The given model stays as it is, and is another's.
    ours.set_weights([w + 1 for w in before])
    for one, other in zip(theirs.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_sentence_of_what_stays_counts_kinds_and_the_refusal_names_each(caplog):
    theirs = keras.Sequential([keras.Input((4,)), K.Dense(3), K.Permute((1,), name="one")])
    theirs.add(K.Permute((1,), name="two"))
    with caplog.at_level("WARNING", "tfnotes.convert"):
        convert.model(theirs)
    (record,) = caplog.records
    kind = "keras.layers.Permute"
    assert record.getMessage() == f"convert.model: what stays as it is: 2 {kind} (no counterpart)"
    assert convert.report(theirs) == [convert.Kept(name, kind, "no counterpart") for name in ("one", "two")]
    said = rf"as not one \({kind}: no counterpart\), two \({kind}: no counterpart\). Received: given="
    with pytest.raises(InputError, match=said):
        convert.model(theirs, strict=True)


def test_a_report_speaks_for_itself():
    with pytest.raises(InputError, match=r"^convert.report: `given` must be a model of Keras"):
        convert.report(3)
    with pytest.raises(InputError, match=r"^convert.report: `to` must be one of 'tfnotes', 'keras'"):
        convert.report(3, "torch")
