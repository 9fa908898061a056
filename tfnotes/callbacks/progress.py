"""What a person at the terminal sees of a training."""

import math
import time

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars


class Progress(keras.callbacks.Callback):
    """A bar within each epoch and one line after it; where the output is no terminal, the lines alone.

    `learning` shows a bar of its own while a preparation, such as a vocabulary, is learned before the first epoch.

    Call `close` when `fit` fails, so that the terminal gets its cursor back. Or use it in a `with`.

    Args:
        console: a `rich.console.Console`, None for standard output.
    """

    def __init__(self, console=None):
        super().__init__()
        self.console = console or Console()
        self._bars = self._task = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Takes the bar away."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = self._task = None

    def learning(self, done, total):
        """Shows how much of a preparation is learned: `done` steps of `total`."""
        if self._task is None:
            self._show("preparation", total)
        self._update(done)
        if done == total:
            self._hide()

    def on_epoch_begin(self, epoch, logs=None):
        self._started = time.monotonic()
        self._name = f"epoch {epoch + 1}/{self.params['epochs']}"
        self._show(self._name, self.params["steps"])

    def on_train_batch_end(self, batch, logs=None):
        self._update(batch + 1, _figures(logs))

    def _show(self, name, total):
        if self.console.is_interactive:
            if self._bars is None:
                self._bars = Bars(
                    TextColumn("{task.description}"),
                    BarColumn(),
                    MofNCompleteColumn(),
                    TextColumn("{task.fields[figures]}"),
                    TimeRemainingColumn(),
                    console=self.console,
                    transient=True,
                )
                self._bars.start()
            self._task = self._bars.add_task(name, total=total, figures="")

    def _update(self, done, figures=""):
        if self._bars is not None:
            self._bars.update(self._task, completed=done, figures=figures)

    def _hide(self):
        if self._bars is not None:
            self._bars.remove_task(self._task)
            self._task = None

    def on_epoch_end(self, epoch, logs=None):
        self._hide()
        seconds = time.monotonic() - self._started
        line = f"{self._name}  {_figures(logs)}  {seconds:.1f} s"
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def on_train_end(self, logs=None):
        self.close()


def _figures(logs):
    # The loss before the metrics, training before validation; Keras sorts by name.
    names = sorted(logs or {}, key=lambda name: (name == "learning_rate", name.startswith("val_"), "loss" not in name))
    return "  ".join(f"{name} {_short(logs[name])}" for name in names)


def _short(value):
    return f"{value:.4f}" if value == 0 or 1e-3 <= math.fabs(value) < 1e4 else f"{value:.2e}"
