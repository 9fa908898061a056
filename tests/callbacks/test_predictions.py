import keras
import numpy as np
import pytest

from tfnotes.callbacks import ConfusionMatrix, Mistakes, Predictions
from tfnotes.callbacks._examples import BATCH
from tfnotes.callbacks.predictions import predicted
from tfnotes.errors import InputError


def test_callbacks_that_share_them_predict_once_an_epoch(fit, images, model, writer, monkeypatch):
    x, y = images
    predictions, given = Predictions(x), []
    outputs = predictions.outputs
    monkeypatch.setattr(predictions, "outputs", lambda model: given.append(outputs(model)) or given[-1])
    fit(Mistakes(writer, predictions, y), ConfusionMatrix(writer, predictions, y))
    first, second, third, fourth = given
    assert first is second is not third
    assert third is fourth


def test_of_another_model(model):
    x = np.random.default_rng(0).normal(size=(3, 8, 8, 1)).astype("float32")
    other = keras.models.clone_model(model)
    other.compile("sgd", "mse")
    predictions = Predictions(x)
    assert not np.allclose(predictions.outputs(model), predictions.outputs(other))
    np.testing.assert_allclose(predictions.outputs(other), other(x), atol=1e-6)


def test_they_are_those_of_the_latest_update(fit, images, model):
    predictions, seen = Predictions(images[0]), []
    record = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(predictions.outputs(model)))
    fit(record)
    assert not np.allclose(*seen)
    np.testing.assert_allclose(seen[1], predicted(model, images[0]), atol=1e-6)


def test_weights_count_and_not_the_optimizers_steps(model):
    x = np.random.default_rng(0).normal(size=(3, 8, 8, 1)).astype("float32")
    predictions = Predictions(x)
    before = predictions.outputs(model)
    # As a model that is trained in stages does, and early stopping.
    first, *others = model.get_weights()
    model.set_weights([first + 0.5, *others])
    assert not np.allclose(predictions.outputs(model), before)
    np.testing.assert_allclose(predictions.outputs(model), model(x), rtol=1e-5, atol=1e-6)


def test_moving_averages_count_as_well(model):
    x = np.random.default_rng(0).normal(size=(3, 8, 8, 1)).astype("float32")
    predictions = Predictions(x)
    before = predictions.outputs(model)
    for average in model.non_trainable_weights:
        average.assign(average + 0.5)
    assert not np.allclose(predictions.outputs(model), before)
    np.testing.assert_allclose(predictions.outputs(model), model(x), rtol=1e-5, atol=1e-6)


def test_all_of_several_batches(model):
    x = np.random.default_rng(0).normal(size=(BATCH + 2, 8, 8, 1)).astype("float32")
    assert len(Predictions(x)) == len(predicted(model, Predictions(x))) == BATCH + 2
    for examples in (x, Predictions(x)):
        np.testing.assert_allclose(predicted(model, examples), model(x), atol=1e-6)
    np.testing.assert_array_equal(np.asarray(Predictions(x)), x)


def test_what_are_no_examples():
    with pytest.raises(InputError, match=r"^Predictions: `x` must be examples as the model takes them"):
        Predictions(None)
