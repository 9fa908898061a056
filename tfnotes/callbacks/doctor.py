"""Is a training healthy? The doctor's rules, put to what other callbacks of ours see."""

import math
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks, language
from tfnotes.callbacks import finite_loss
from tfnotes.callbacks._examples import Examples, labelled
from tfnotes.callbacks.activation_statistics import ActivationStatistics
from tfnotes.callbacks.baseline import Baseline, shares
from tfnotes.callbacks.dead_units import DeadUnits
from tfnotes.callbacks.gradient_norms import GradientNorms
from tfnotes.callbacks.input_scale import InputScale
from tfnotes.callbacks.learning_rate import LearningRate
from tfnotes.callbacks.saturation import Saturation
from tfnotes.callbacks.scalars import Scalars
from tfnotes.callbacks.update_ratios import UpdateRatios
from tfnotes.doctor import events
from tfnotes.doctor.examine import report
from tfnotes.errors import InputError


class Doctor(keras.callbacks.Callback):
    """Looks at a training (训练诊断) and says at its end what is wrong with it, since when, and what helps.

    Without examples it sees losses, metrics and updates. With `x` it sees inputs and units, too, and with `y` gradients
    and what guessing gets. Training isn't changed by it, and isn't ended, either, where the loss becomes no number.

    Args:
        x: examples as the model takes them; some hundreds are plenty. An array, a list or dict of arrays for several
            inputs, or a batched `tf.data.Dataset`, of `(x, y)` if the targets stand in it. None to go without.
        y: their targets, as `fit` takes them.
        logdir: a folder for what is seen, as event files for TensorBoard and `tfnotes doctor`; None to keep nothing.
        report: called with one sentence for each finding, or with one that nothing is wrong; None to say nothing.
        lang: in which language, "en" or "zh"; None for that of TFNOTES_LANG or the locale.

    Attributes:
        findings: a tuple of `tfnotes.doctor.findings.Finding`, causes first, once the training has ended.
        unseen: the illnesses that couldn't be judged.
        history: the `tfnotes.doctor.history.History` that was judged, None before the end.

    Raises:
        InputError: an argument is wrong, or the model takes other examples.
    """

    def __init__(self, x=None, y=None, *, logdir=None, report=print, lang=None):
        super().__init__()
        if x is None and y is not None:
            _checks.refuse(self, "x", "examples, where `y` is given", x)
        if report is not None and not callable(report):
            _checks.refuse(self, "report", "a function of a sentence, or None", report)
        if lang not in (None, *language.LANGUAGES):
            _checks.refuse(self, "lang", "'en', 'zh' or None", lang)
        self.x, self.y = _seen(self, x, y)
        if isinstance(self.y, np.ndarray) and self.y.dtype.kind == "f" and not np.isfinite(self.y).all():
            _checks.refuse(self, "y", "targets that are all finite", float(self.y[~np.isfinite(self.y)][0]))
        self.logdir, self.report = logdir, report
        self.lang = lang or language.default()
        self.history, self.findings, self.unseen = None, (), ()
        self._parts: list[keras.callbacks.Callback] = []

    def on_train_begin(self, logs=None):
        self._aside = tempfile.TemporaryDirectory() if self.logdir is None else None
        self._folder = Path(self._aside.name if self._aside else self.logdir)
        self._diverged = False
        self._parts = self._looking(self._folder / "train")
        for part in self._parts:
            part.set_params(self.params)
            part.set_model(self.model)
            part.on_train_begin(logs)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch + 1
        self._each("on_epoch_begin", epoch, logs)

    def on_train_batch_begin(self, batch, logs=None):
        self._each("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        self._each("on_train_batch_end", batch, logs)
        self._note((logs or {}).get("loss", 0.0))

    def on_epoch_end(self, epoch, logs=None):
        figures = dict(logs or {})
        self._each("on_epoch_end", epoch, figures)
        self._note(figures.get("loss", 0.0))

    def on_train_end(self, logs=None):
        self._each("on_train_end", logs)
        try:
            self.history = events.read(self._folder)
        # Of no epoch there is nothing to say.
        except InputError:
            return
        finally:
            if self._aside:
                self._aside.cleanup()
        found = report(self.history, self.logdir or self.model.name)
        self.findings, self.unseen = found.findings, found.unseen
        if self.report:
            for sentence in found.sentences(self.lang):
                self.report(sentence)

    def _each(self, hook, *arguments):
        for part in self._parts:
            getattr(part, hook)(*arguments)

    def _note(self, loss):
        if not self._diverged and not math.isfinite(loss):
            self._diverged = True
            finite_loss.write(self._writer, finite_loss.because("loss", loss, self._epoch), self._epoch)

    def _looking(self, folder):
        """The callbacks that see what the rules need, as far as they can here."""
        scalars = Scalars(folder, self._folder / "validation")
        self._writer = scalars.train
        found = [LearningRate(), scalars, UpdateRatios(folder)]
        if self.x is not None:
            found += [InputScale(folder, self.x), DeadUnits(folder, self.x), Saturation(folder, self.x, answers=False)]
            found.append(ActivationStatistics(folder, self.x))
        if self.y is not None and isinstance(self.y, np.ndarray) and shares(self.y) is not None:
            found.append(Baseline(folder, self.y))
        if self.y is not None and getattr(self.model, "loss", None):
            found.append(GradientNorms(folder, self.x, self.y))
        return found


def _seen(owner, x, y):
    """The examples, and their targets as arrays; None for what isn't given."""
    if x is None:
        return None, None
    targets = y is not None or (isinstance(x, tf.data.Dataset) and isinstance(x.element_spec, tuple))
    return labelled(owner, x, y) if targets else (Examples(owner, x), None)
