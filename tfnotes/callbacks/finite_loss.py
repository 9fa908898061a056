"""Training that diverges ends at once, before anything keeps its weights."""

import math

import keras


class FiniteLoss(keras.callbacks.Callback):
    """Ends the training when a loss is no number any more. Put it before what saves the model.

    Raises:
        FloatingPointError: says which figure and in which epoch.
    """

    def __init__(self):
        super().__init__()
        self._epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch + 1

    def on_train_batch_end(self, batch, logs=None):
        self._check({name: value for name, value in (logs or {}).items() if "loss" in name})

    def on_epoch_end(self, epoch, logs=None):
        self._check(logs or {})

    def _check(self, figures):
        for name, value in figures.items():
            if not math.isfinite(value):
                raise FloatingPointError(f"{name} became {value} in epoch {self._epoch}")
