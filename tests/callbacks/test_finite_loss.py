import keras
import numpy as np
import pytest

from tfnotes.callbacks import FiniteLoss


class Spoil(keras.callbacks.Callback):
    """Makes the model's answers no numbers at one batch of the second epoch."""

    def __init__(self, batch):
        super().__init__()
        self.batch, self.seen = batch, 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen == 3 + self.batch:
            self.model.get_layer("logits").bias.assign(np.full(3, np.nan))


def test_a_training_that_is_well_goes_on(fit):
    assert len(fit(FiniteLoss()).history["loss"]) == 2


def test_it_ends_at_once(fit):
    ended = Spoil(1)
    with pytest.raises(FloatingPointError, match=r"^loss became nan in epoch 2$"):
        fit(ended, FiniteLoss())
    assert ended.seen == 5


def test_weights_spoiled_by_the_last_batch_show_in_validation(fit):
    with pytest.raises(FloatingPointError, match=r"^val_loss became nan in epoch 2$"):
        fit(Spoil(3), FiniteLoss())


def test_the_reason_goes_to_tensorboard(fit, writer, read):
    with pytest.raises(FloatingPointError):
        fit(Spoil(1), FiniteLoss(writer))
    (text,) = read().Tensors("diverged")
    assert (text.step, text.tensor_proto.string_val[0]) == (2, b"loss became nan in epoch 2")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_finite_number_ends_it(value):
    ended = FiniteLoss()
    ended.on_epoch_begin(0)
    for name in ("loss", "val_loss", "accuracy"):
        with pytest.raises(FloatingPointError, match=f"^{name} became {value} in epoch 1$"):
            ended.on_epoch_end(0, {name: value})
    with pytest.raises(FloatingPointError):
        ended.on_train_batch_end(0, {"loss": value})


def test_within_an_epoch_only_losses_end_it():
    ended = FiniteLoss()
    ended.on_epoch_begin(4)
    ended.on_train_batch_end(0, {"loss": 1.0, "auc": np.nan})
    ended.on_train_batch_end(0)
    ended.on_epoch_end(4)
    with pytest.raises(FloatingPointError, match=r"^head_loss became nan in epoch 5$"):
        ended.on_train_batch_end(0, {"loss": 1.0, "head_loss": np.nan})
