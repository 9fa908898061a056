import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import layers
from tfnotes.callbacks import Saturation
from tfnotes.callbacks._layers import answering
from tfnotes.callbacks.saturation import saturated
from tfnotes.errors import InputError


def written(writer, read, model, x, **options):
    callback = Saturation(writer, x, **options)
    callback.set_model(model)
    callback.on_epoch_end(2)
    events = read()
    return callback, {tag: events.Tensors(tag)[0] for tag in events.Tags()["tensors"]}


@pytest.mark.parametrize("made", [layers, keras.layers])
def test_shares_of_a_sigmoid_and_a_tanh(writer, read, made):
    model = keras.Sequential(
        [
            keras.Input((1,)),
            made.Dense(1, activation="sigmoid", name="sigmoid"),
            made.Dense(1, activation="linear", name="linear"),
            keras.layers.Activation("tanh", name="tanh"),
        ]
    )
    model.get_layer("sigmoid").set_weights([np.ones((1, 1)), np.zeros(1)])
    model.get_layer("linear").set_weights([np.full((1, 1), 10.0), np.full(1, -5.0)])
    # Of the sigmoid's outputs 0.047 and 0.993 are saturated, 0.057 and 0.5 aren't; ten times those less 5 is 0 once.
    x = np.array([[-3.0], [5.0], [-2.8], [0.0]], "float32")
    callback, tags = written(writer, read, model, x)
    assert {tag: float(tf.make_ndarray(t.tensor_proto)) for tag, t in tags.items() if "/" in tag} == {
        "saturation/sigmoid": 0.5,
        "saturation/tanh": 0.75,
    }
    assert tags["saturation/tanh"].step == 3
    assert [f.split(";")[0] for f in callback.findings] == [
        "sigmoid: 50% of outputs saturated",
        "tanh: 75% of outputs saturated",
    ]
    assert tf.make_ndarray(tags["saturation"].tensor_proto)[1].decode() == callback.findings[1]


def test_the_limit(writer, read):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Activation("tanh", name="tanh")])
    x = np.array([[0.0], [0.5], [9.0]], "float32")
    callback, tags = written(writer, read, model, x)
    assert callback.findings == []
    assert set(tags) == {"saturation/tanh"}


def test_bounds_by_hand():
    y = np.array([-1, -0.91, -0.89, 0, 0.89, 0.91])
    np.testing.assert_array_equal(saturated(y, -1, 1, 0.05), [True, True, False, False, False, True])
    np.testing.assert_array_equal(saturated(y, -1, 1, 0.06), [True, True, True, False, True, True])


def test_in_fit_of_a_model_without_such_layers(fit, images, writer, read):
    fit(Saturation(writer, images[0]))
    assert not read().Tags()["tensors"]


def test_what_gives_the_models_answer_may_be_left_out(writer, read):
    """A classifier that is sure is saturated when it is right; so is what draws black pixels, in a model inside."""

    def dense(name, units=1):
        return keras.layers.Dense(units, "sigmoid", kernel_initializer="ones", name=name)

    head = keras.Sequential([keras.Input((2,)), dense("inner", 2), dense("drawn")], name="head")
    last = (keras.layers.Dense(1), keras.layers.Activation("tanh", name="last"))
    plain = keras.Sequential([keras.Input((1,)), dense("hidden", 2), *last])
    nested = keras.Sequential([keras.Input((1,)), dense("hidden", 2), head])
    x = np.full((3, 1), 9.0, "float32")
    _, found = written(writer, read, plain, x, answers=False)
    assert set(found) & {"saturation/hidden", "saturation/last"} == {"saturation/hidden"}
    _, found = written(writer, read, nested, x, answers=False)
    assert {tag for tag in found if "head" in tag} == {"saturation/head/inner"}
    _, found = written(writer, read, nested, x)
    assert {tag for tag in found if "head" in tag} == {"saturation/head/inner", "saturation/head/drawn"}


def test_margin_and_limit_are_those_given_and_all_batches_count(writer, read):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Activation("sigmoid", name="sigmoid")])
    # 0.119 two times in three, 0.5 else, in more than one batch.
    x = np.array([[-2.0], [-2.0], [0.0]] * 200, "float32")
    for options, share, found in (
        ({"margin": 0.11}, 0, 0),
        ({"margin": 0.12}, 2 / 3, 1),
        ({"margin": 0.12, "limit": 0.66}, 2 / 3, 1),
        ({"margin": 0.12, "limit": 0.67}, 2 / 3, 0),
    ):
        callback, _ = written(writer, read, model, x, **options)
        value = float(tf.make_ndarray(read().Tensors("saturation/sigmoid")[-1].tensor_proto))
        assert value == pytest.approx(share)
        assert len(callback.findings) == found
    callback, _ = written(writer, read, model, x, margin=0.12)
    callback.margin = 0.1
    callback.on_epoch_end(3)
    assert callback.findings == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"margin": 0.51}, "`margin` must be a finite number at least 0 and at most 0.5"),
        ({"margin": -0.1}, "`margin`"),
        ({"limit": 1.1}, "`limit` must be a finite number at least 0 and at most 1"),
        ({"limit": -0.1}, "`limit`"),
        ({"answers": "no"}, "`answers` must be True or False"),
    ],
)
def test_bad_arguments(writer, options, said):
    with pytest.raises(InputError, match=f"^Saturation: {said}"):
        Saturation(writer, np.ones((2, 1)), **options)


def test_layers_that_answer_stand_in_wrappers_and_models_too():
    dense = keras.layers.Dense(2, "sigmoid", name="dense")
    last = keras.layers.TimeDistributed(dense, name="steps")
    inner = keras.Sequential([keras.Input((3, 2)), keras.layers.Dense(2, name="first"), last], name="inner")
    model = keras.Sequential([keras.Input((3, 2)), keras.layers.Dense(2, name="before"), inner])
    assert {layer.name for layer in answering(model)} == {"inner", "steps", "dense"}
    assert answering(keras.Model()) == set()
