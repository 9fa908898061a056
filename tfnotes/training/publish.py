"""What keeps a run's folder true while it is trained."""

import keras


class Watch(keras.callbacks.Callback):
    """Before whatever writes at the end of an epoch, the question whether the folder is still there."""

    def __init__(self, run):
        super().__init__()
        self.run = run

    def on_epoch_end(self, epoch, logs=None):
        self.run.check()


class Publish(keras.callbacks.Callback):
    """After the checkpoint, the files that people and other commands read."""

    def __init__(self, run, checkpoint):
        super().__init__()
        self.run = run
        self.checkpoint = checkpoint

    def on_epoch_end(self, epoch, logs=None):
        self.run.write_model(self.model)
        self.run.write_metrics(self.checkpoint.history)
