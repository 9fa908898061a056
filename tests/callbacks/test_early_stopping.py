import json

import keras
import numpy as np

from tfnotes.callbacks import EarlyStopping


class Script(keras.callbacks.Callback):
    """Plays the figures of a training whose losses are known."""

    LOSSES = [3.0, 1.0, 2.0, 2.5, 0.5]

    def on_epoch_end(self, epoch, logs=None):
        logs["score"] = self.LOSSES[epoch]


def stopping(**options):
    return EarlyStopping(monitor="score", mode="min", patience=2, restore_best_weights=True, **options)


def test_it_stops_as_the_builtin_does(fit, model):
    callback = stopping()
    assert fit(Script(), callback, epochs=5).history["score"] == [3.0, 1.0, 2.0, 2.5]
    assert (callback.best_epoch, callback.stopped_epoch, callback.best) == (1, 3, 1.0)


def test_a_state_goes_from_one_to_another(fit, model):
    first = stopping()
    fit(Script(), first, epochs=3)
    state = first.get_state()
    plain = {key: value for key, value in state.items() if not isinstance(value, np.ndarray)}
    assert json.loads(json.dumps(plain)) == {"wait": 1, "stopped_epoch": 0, "best_epoch": 1, "best": 1.0}
    best = [weight.copy() for weight in first.best_weights]

    class Continue(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            second.set_state(state)

    second = stopping()
    assert fit(Script(), second, Continue(), initial_epoch=3, epochs=5).history["score"] == [2.5]
    assert (second.best_epoch, second.stopped_epoch, second.best) == (1, 3, 1.0)
    for weight, expected in zip(model.get_weights(), best, strict=True):
        np.testing.assert_array_equal(weight, expected)


def test_the_state_before_any_epoch():
    callback = stopping()
    callback.on_train_begin()
    state = callback.get_state()
    assert state == {"wait": 0, "stopped_epoch": 0, "best_epoch": 0, "best": None}
    callback.set_state(state)
    assert callback.best_weights is None


def test_more_than_ten_weights_come_back_in_their_order():
    first, second = stopping(), stopping()
    for callback in (first, second):
        callback.on_train_begin()
    first.best_weights = [np.full(2, k) for k in range(12)]
    second.set_state(first.get_state())
    np.testing.assert_array_equal(second.best_weights, first.best_weights)
