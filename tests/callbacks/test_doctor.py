"""The doctor beside any `fit`."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.doctor.fits import NOISE, X, Y, fitted
from tfnotes.callbacks import Doctor
from tfnotes.errors import InputError
from tfnotes.training.health import examine


def test_what_it_says_of_a_healthy_training(capsys):
    said = []
    doctor = Doctor(X, Y, report=said.append)
    fitted(doctor)
    assert (doctor.findings, doctor.unseen) == ((), ())
    assert said == ["network is healthy: nothing is wrong after 3 epochs."]
    assert capsys.readouterr().out == ""


def test_causes_first_in_either_language(capsys):
    said = []
    doctor = Doctor(X, NOISE, report=said.append, lang="zh")
    fitted(doctor, Doctor(X, NOISE), rate=1e3, activation="sigmoid", y=NOISE)
    first, *others = doctor.findings
    assert (first.illness, first.settings) == ("learning rate too high", {"learning_rate": 100.0})
    assert {f.illness for f in others} >= {"saturated units"}
    assert {f.cause for f in others} == {first.illness}
    assert said[0].startswith("学习率过高。从第 1 轮起：训练损失为")
    assert capsys.readouterr().out.startswith("learning rate too high. Since epoch 1: the training loss is")


def test_layers_are_named(capsys):
    fitted(Doctor(X, Y), activation="sigmoid", depth=10)
    assert "vanishing gradients in hidden_" in capsys.readouterr().out


def test_what_it_sees_without_examples():
    doctor = Doctor(report=None)
    fitted(doctor, rate=1e-8)
    assert [f.illness for f in doctor.findings] == ["learning rate too low", "nothing learned"]
    assert set(doctor.unseen) == {
        *("badly scaled data", "exploding gradients", "dead units", "saturated units", "vanishing gradients")
    }


def test_a_loss_that_is_no_number_before_the_first_epoch_ended():
    doctor = Doctor(X, Y, report=None)
    fitted(doctor, rate=1e30)
    first = doctor.findings[0]
    assert (first.illness, first.since) == ("learning rate too high", 1)
    assert first.measured.en.endswith("in epoch 1")
    assert all(f.cause for f in doctor.findings[1:])


def test_training_is_as_without_it():
    with_it, without = fitted(Doctor(X, Y, report=None)), fitted()
    for a, b in zip(with_it.get_weights(), without.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_history_of_fit_is_as_without_it():
    assert set(fitted(Doctor(X, Y, report=None)).history.history) == {"loss", "accuracy"}


def test_what_it_saw_can_be_kept(tmp_path):
    doctor = Doctor(X, Y, report=None, logdir=tmp_path / "logs")
    fitted(doctor, rate=1e-8)
    again = examine(tmp_path / "logs")
    assert again.findings == doctor.findings
    assert again.path == str(tmp_path / "logs")


def test_a_dataset_of_pairs_and_targets_that_are_no_classes():
    doctor = Doctor(tf.data.Dataset.from_tensor_slices((X, Y)).batch(50), report=None)
    fitted(doctor)
    assert "baseline/loss" in doctor.history.curves
    doctor = Doctor(X, X[:, :1], report=None)
    fitted(doctor, y=X[:, :1], loss="mse", units=1)
    assert "baseline/loss" not in doctor.history.curves
    assert "gradient_norm" in doctor.history.curves


def test_a_classifier_that_is_sure_is_healthy():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1, "sigmoid")])
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    doctor = Doctor(X, Y.astype("float32"), report=None)
    model.fit(X, Y, batch_size=16, epochs=8, verbose=0, callbacks=[doctor])
    sure = model.predict(X, verbose=0)
    assert np.mean((sure < 0.05) | (sure > 0.95)) > 0.5
    assert doctor.findings == ()


def test_inputs_that_are_no_numbers():
    x = X.copy()
    x[0, 0] = np.nan
    doctor = Doctor(x, Y, report=None)
    fitted(doctor, x=x)
    assert doctor.findings[0].said.en.endswith("leave out the examples with such values, or fill them in.")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        *(({"y": Y}, "`x`"), ({"report": 3}, "`report`"), ({"lang": "fr"}, "`lang`"), ({"x": X, "y": Y[:3]}, "`y`")),
        ({"x": X, "y": np.full(160, np.nan)}, "`y` must be targets that are all finite. Received: y=nan"),
    ],
)
def test_bad_arguments(arguments, says):
    with pytest.raises(InputError, match=f"Doctor: {says}"):
        Doctor(**arguments)


def test_validation_is_kept_apart_and_a_second_training_begins_anew(capsys):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2, name="last")], name="network")
    model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(True), jit_compile=False)
    doctor = Doctor()
    model.set_weights([np.full((8, 2), np.nan), np.zeros(2)])
    model.fit(X, Y, batch_size=80, epochs=2, verbose=0, validation_data=(X[:8], Y[:8]), callbacks=[doctor])
    assert doctor.history.diverged
    first = doctor._folder
    assert not first.exists()
    said = capsys.readouterr().out.splitlines()
    assert len(said) >= len(doctor.findings) > 0
    model.set_weights([np.zeros((8, 2)), np.zeros(2)])
    history = model.fit(X, Y, batch_size=80, epochs=2, verbose=0, validation_data=(X[:8], Y[:8]), callbacks=[doctor])
    assert doctor.history.diverged is None
    for name in ("loss", "val_loss"):
        found = doctor.history.figures[name]
        np.testing.assert_allclose(list(found.values()), history.history[name], rtol=1e-6)
        assert list(found) == [1, 2]
    assert doctor._folder != first
    model.set_weights([np.full((8, 2), np.nan), np.zeros(2)])
    model.fit(X, Y, batch_size=160, verbose=0, callbacks=[doctor])
    assert doctor.history.diverged
    capsys.readouterr()
    # Of a training that was complete already there is nothing to say.
    model.fit(X, Y, epochs=2, initial_epoch=2, verbose=0, callbacks=[doctor])
    assert capsys.readouterr().out == ""
    assert not doctor._folder.exists()


def test_the_folder_is_named_where_one_was_given(tmp_path):
    said = []
    fitted(Doctor(logdir=tmp_path / "logs", report=said.append))
    assert said[0] == f"{tmp_path / 'logs'} is healthy: nothing is wrong as far as can be seen after 3 epochs."
