"""Ctrl-C and SIGTERM: training ends between two batches, never inside a file being written."""

import signal
import threading

import keras


class Interrupted(Exception):
    """A signal has asked for the end; `signum` says which."""

    def __init__(self, signum):
        super().__init__(signal.Signals(signum).name)
        self.signum = signum


class StopOnSignal(keras.callbacks.Callback):
    """Within `with`, holds SIGINT and SIGTERM until the next batch begins; a second one acts at once.

    Raises:
        Interrupted: at that moment, out of `fit`.
    """

    def __init__(self):
        super().__init__()
        self._signum = None
        self._previous = {}

    def __enter__(self):
        # Python allows handlers in the main thread alone.
        if threading.current_thread() is threading.main_thread():
            for signum in (signal.SIGINT, signal.SIGTERM):
                # A background job of a shell script ignores Ctrl-C, and shall go on doing so.
                if signal.getsignal(signum) is not signal.SIG_IGN:
                    self._previous[signum] = signal.signal(signum, self._hold)
        return self

    def __exit__(self, *error):
        self._restore()

    def check(self):
        """Raises `Interrupted` if a signal has come."""
        if self._signum is not None:
            raise Interrupted(self._signum)

    def on_epoch_begin(self, epoch, logs=None):
        self.check()

    def on_train_batch_begin(self, batch, logs=None):
        self.check()

    def on_test_batch_begin(self, batch, logs=None):
        self.check()

    def _hold(self, signum, frame):
        self._signum = signum
        self._restore()

    def _restore(self):
        while self._previous:
            signal.signal(*self._previous.popitem())
