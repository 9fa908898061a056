import keras
import numpy as np

from tfnotes.callbacks import ConfusionMatrix, Mistakes, Predictions
from tfnotes.callbacks.predictions import BATCH, predicted


def test_callbacks_that_share_them_predict_once_an_epoch(fit, images, model, writer, monkeypatch):
    x, y = images
    predictions, calls = Predictions(x), []
    predict = model.predict_on_batch
    monkeypatch.setattr(model, "predict_on_batch", lambda batch: calls.append(len(batch)) or predict(batch))
    fit(Mistakes(writer, predictions, y), ConfusionMatrix(writer, predictions, y))
    assert calls == [len(x)] * 2


def test_they_are_those_of_the_latest_update(fit, images, model):
    predictions, seen = Predictions(images[0]), []
    record = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(predictions.outputs(model)))
    fit(record)
    assert not np.allclose(*seen)
    np.testing.assert_array_equal(seen[1], predicted(model, images[0]))


def test_all_of_several_batches(model):
    x = np.random.default_rng(0).normal(size=(BATCH + 2, 8, 8, 1)).astype("float32")
    assert len(Predictions(x)) == len(predicted(model, Predictions(x))) == BATCH + 2
    np.testing.assert_allclose(predicted(model, x), model(x), atol=1e-6)
    np.testing.assert_array_equal(np.asarray(Predictions(x)), x)
