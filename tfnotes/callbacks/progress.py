"""What a person at the terminal sees of a training."""

import math
import time

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars


class Progress(keras.callbacks.Callback):
    """A bar within each epoch and one line after it; where the output is no terminal, the lines alone.

    Call `close` when `fit` fails, so that the terminal gets its cursor back. Or use it in a `with`.

    Args:
        console: a `rich.console.Console`, None for standard output.
    """

    def __init__(self, console=None):
        super().__init__()
        self.console = console or Console()
        self._bars = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Takes the bar away."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None

    def on_epoch_begin(self, epoch, logs=None):
        self._started = time.monotonic()
        self._name = f"epoch {epoch + 1}/{self.params['epochs']}"
        if self.console.is_terminal:
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
            self._task = self._bars.add_task(self._name, total=self.params["steps"], figures="")

    def on_train_batch_end(self, batch, logs=None):
        if self._bars is not None:
            self._bars.update(self._task, completed=batch + 1, figures=_figures(logs))

    def on_epoch_end(self, epoch, logs=None):
        if self._bars is not None:
            self._bars.remove_task(self._task)
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
