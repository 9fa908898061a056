"""Keras's callbacks around models of our layers, and callbacks of one's own."""

import contextlib

import numpy as np

from tests.clients.data import rows
from tests.clients.same import same


def compiled(keras, rate=0.1):
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate), loss, metrics=["accuracy"])
    return model


def fit(model, callbacks, epochs=3):
    x, y = rows()
    return model.fit(x, y, validation_data=(x, y), epochs=epochs, shuffle=False, verbose=0, callbacks=callbacks).history


@same
def test_best_model_is_kept(keras, folder):
    model = compiled(keras)
    best = keras.callbacks.ModelCheckpoint(folder / "best.keras", save_best_only=True)
    weights = keras.callbacks.ModelCheckpoint(folder / "{epoch}.weights.h5", save_weights_only=True)
    history = fit(model, [best, weights])
    first = compiled(keras)
    first.load_weights(folder / "1.weights.h5")
    x, _ = rows()
    return (
        history,
        keras.models.load_model(folder / "best.keras")(x),
        first(x),
        sorted(p.name for p in folder.iterdir()),
    )


@same
def test_rate_falls_on_a_plateau_and_training_stops(keras):
    model = compiled(keras, 1e-9)
    plateau = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=1, min_delta=1)
    early = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True, min_delta=1)
    return fit(model, [plateau, early], epochs=6), early.stopped_epoch, float(model.optimizer.learning_rate)


@same
def test_interrupted_and_resumed(keras, folder):
    class Stop(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise RuntimeError("power failure")

    model = compiled(keras)
    with contextlib.suppress(RuntimeError):
        fit(model, [keras.callbacks.BackupAndRestore(folder / "backup"), Stop()])
    again = compiled(keras)
    history = fit(again, [keras.callbacks.BackupAndRestore(folder / "backup")])
    return len(history["loss"]), again.get_weights()


@same
def test_events_and_tables(keras, folder):
    board = keras.callbacks.TensorBoard(folder / "events", histogram_freq=1, write_images=True)
    fit(compiled(keras), [board, keras.callbacks.CSVLogger(folder / "log.csv")], epochs=2)
    lines = (folder / "log.csv").read_text().splitlines()
    return len(lines), lines[0], sorted(p.name for p in (folder / "events").iterdir())


@same
def test_rate_by_a_function_and_by_hand(keras):
    rates = []
    seen = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: rates.append(float(model.optimizer.learning_rate))
    )
    model = compiled(keras)
    fit(model, [keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5), seen])
    return rates, model.get_weights()


@same
def test_averaged_weights_are_swapped_in(keras):
    model = compiled(keras)
    model.compile(keras.optimizers.Adam(0.05, use_ema=True), "mse")
    x, _ = rows()
    model.fit(x, np.ones((16, 3)), verbose=0, shuffle=False, callbacks=[keras.callbacks.SwapEMAWeights(True)])
    return model.get_weights()


@same
def test_one_that_watches_layers(keras):
    class Watch(keras.callbacks.Callback):
        seen = []

        def on_train_batch_end(self, batch, logs=None):
            self.seen.append(float(np.abs(self.model.layers[0].kernel.numpy()).mean()))
            if batch == 1:
                self.model.stop_training = True

    watch = Watch()
    watch.seen = []
    return fit(compiled(keras), [watch, keras.callbacks.TerminateOnNaN()]), watch.seen
