"""A run's settings beside its final figures, so that many runs can be compared."""

import keras
import tensorflow as tf

from tfnotes import _checks
from tfnotes.callbacks._writers import writer_of


class HParams(keras.callbacks.Callback):
    """Writes settings (超参数) and the last epoch's figures for TensorBoard's HParams, where each run is a row.

    TensorBoard takes every curve below the writer's folder for a figure of the run, so give it a folder of its own.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        settings: a dict of numbers, texts and truth values; what is None is left out.
        name: of the row, such as that of the run's folder; None for one that TensorBoard makes of the settings.

    Raises:
        InputError: an argument is wrong.
    """

    def __init__(self, writer, settings, name=None):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        if not isinstance(settings, dict):
            _checks.refuse(self, "settings", "a dict of numbers, texts and truth values", settings)
        self.settings = {name: value for name, value in settings.items() if value is not None}
        if name is not None and not isinstance(name, str):
            _checks.refuse(self, "name", "a text, or None", name)
        self.name = name
        self._last = None

    def on_epoch_begin(self, epoch, logs=None):
        # A resumed training has its settings already.
        if epoch == 0:
            from tensorboard.plugins.hparams import api

            self._write(api.hparams_pb(self.settings, trial_id=self.name), step=0)

    def on_epoch_end(self, epoch, logs=None):
        self._last = epoch + 1, dict(logs or {})

    def on_train_end(self, logs=None):
        from tensorboard.plugins.hparams import api_pb2, summary

        if self._last is None:
            return
        step, figures = self._last
        with self.writer.as_default(step=step):
            for name, value in figures.items():
                tf.summary.scalar(f"final/{name}", value)
        self._write(summary.session_end_pb(api_pb2.STATUS_SUCCESS), step)

    def tested(self, figures, step):
        """Adds what was measured on the test split, a dict, when training has ended."""
        with self.writer.as_default(step=step):
            for name, value in figures.items():
                tf.summary.scalar(f"test/{name}", value)
        self.writer.flush()

    def _write(self, message, step):
        with self.writer.as_default(step=step):
            tf.summary.experimental.write_raw_pb(message.SerializeToString())
        self.writer.flush()
