"""The learning rate as one of the figures of an epoch."""

import keras


class LearningRate(keras.callbacks.Callback):
    """Adds "learning_rate", after the epoch's last step, to what `fit` logs.

    Put it first, so that the history and the callbacks behind it see the figure.
    """

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["learning_rate"] = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
