"""The look at the first batch, and numbers in a text."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import layers, models
from tfnotes.errors import InputError
from tfnotes.models._base import check_range, numbers
from tfnotes.models.rbm import RBM

SENTENCE = r"Autoencoder: `x` must be from 0 to 1 \(pixels of 0 to 255 .*\). Received: numbers from -?\d+ to [-\d.]+ in"


def compiled():
    model = models.autoencoder((4,), units="2")
    model.compile("sgd")
    return model


X = np.linspace(0, 1, 32).reshape(8, 4).astype("float32")


def generator(x):
    yield from ((x[:4],), (x[4:],))


@pytest.mark.parametrize("x", [255 * X, X - 3], ids=["bytes", "negative"])
def test_whatever_holds_the_batches_is_looked_at(x):
    for given in (x, tf.data.Dataset.from_tensor_slices(x).batch(4), generator(x)):
        with pytest.raises(InputError, match=SENTENCE):
            compiled().fit(given, verbose=0)
    with pytest.raises(InputError, match=SENTENCE):
        compiled().fit(tf.data.Dataset.from_tensor_slices((x, x[:, 0])).batch(4), verbose=0)


def test_a_generators_first_batch_is_not_lost():
    model = compiled()
    given = list(model._looked_at(generator(X)))
    np.testing.assert_array_equal(np.concatenate([batch for (batch,) in given]), X)
    model.fit(generator(X), steps_per_epoch=2, verbose=0)
    assert int(model.optimizer.iterations) == 2


def test_the_range_itself_is_allowed():
    check_range("m", np.array([0.0, 1.0]))
    with pytest.raises(InputError):
        check_range("m", [np.array([0.5]), np.array([np.nan])])


def test_numbers():
    assert numbers("m", "units", "1000-500-30") == [1000, 500, 30]
    assert numbers("m", "costs", "10-0.1-0", float, count=3) == [10, 0.1, 0]
    for text in ("", "5--3", "0", "a", "1.5", "3-0"):
        with pytest.raises(InputError, match="m: `units` must be one or more positive whole numbers with -"):
            numbers("m", "units", text)
    with pytest.raises(InputError, match="3 numbers of at least 0"):
        numbers("m", "costs", "10-1", float, count=3)
    with pytest.raises(InputError, match="numbers of at least 0"):
        numbers("m", "costs", "inf", float)


def test_a_config_round_trips():
    model = models.vae((4, 4, 1), latent=2, units="5")
    clone = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(model))
    assert clone.get_config() == model.get_config()
    assert [w.shape for w in clone.weights] == [w.shape for w in model.weights]


def test_a_users_subclass_keeps_what_it_passes_on():
    class Mine(RBM):
        def __init__(self, *args, times=1.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.times = times

        def get_config(self):
            return {**super().get_config(), "times": self.times}

    config = Mine((2, 2), layers.Dense(3, activation="sigmoid"), k=4, times=3.0).get_config()
    again = Mine.from_config(config)
    assert (again.k, again.times, again.layer.units, again.image_shape) == (4, 3.0, 3, (2, 2))
