"""What a run was asked to do, as a text beside its curves."""

import json

import keras
import tensorflow as tf

from tfnotes.callbacks._writers import writer_of


class Configuration(keras.callbacks.Callback):
    """Writes a configuration (配置) for TensorBoard's texts, once, before the first epoch.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        config: a dict of JSON values.
    """

    def __init__(self, writer, config):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.config = config

    def on_epoch_begin(self, epoch, logs=None):
        # A resumed training has its configuration already.
        if epoch > 0:
            return
        lines = json.dumps(self.config, indent=2, ensure_ascii=False).splitlines()
        with self.writer.as_default(step=0):
            # Indented by four, Markdown shows it as it stands.
            tf.summary.text("configuration", "\n".join(f"    {line}" for line in lines))
        self.writer.flush()
