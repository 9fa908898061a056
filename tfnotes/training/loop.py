"""The one training loop: every task, new runs and resumed ones.

A new run is a resumed one without a checkpoint, so both take the same path. What the checkpoint
says is true; `metrics.jsonl`, `model.keras` and the event files are made to agree with it.
"""

import warnings
from contextlib import suppress

import keras
import numpy as np
import tensorflow as tf

from tfnotes import callbacks as cb
from tfnotes.data import pipeline
from tfnotes.errors import InputError
from tfnotes.training import config as configs
from tfnotes.training.checkpoint import ExactCheckpoint
from tfnotes.training.signals import StopOnSignal


def build(task, config):
    """A run's model, compiled, with the weights it starts from.

    Args:
        task: a `tfnotes.task.Task`.
        config: see `tfnotes.training.config.configure`.

    Raises:
        InputError: the model or the optimizer refuses a setting.
    """
    _use_threads(config["threads"])
    keras.utils.set_random_seed(config["seed"])
    # Costs no time on a CPU (0.5 s an epoch of LeNet on 3,200 digits either way).
    tf.config.experimental.enable_op_determinism()
    of_model, of_optimizer = task.settings(config["model"])
    settings = config["settings"].items()
    try:
        model = task.model(config["model"])(**{k: v for k, v in settings if k in of_model})
        own = {k: v for k, v in settings if k in of_optimizer}
        optimizer = task.optimizer(config["learning_rate"], **own)
        if config["learning_rate_decay"] != 1:
            # Refused here, before the first epoch, by an optimizer that has a schedule of its own.
            optimizer.learning_rate = config["learning_rate"]
    except (ValueError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        reason = str(error).splitlines()[0]
        raise InputError(f"{task.name}: the options must suit the model and the optimizer. {reason}") from error
    # On a CPU XLA takes twice the time, and its first step seconds.
    model.compile(optimizer, task.loss(), metrics=task.metrics(), jit_compile=False)
    return model


def train(run, task, splits, *, model=None, callbacks=(), report=warnings.warn):
    """Trains a run up to its last epoch, from its newest checkpoint if it has one, and tests it.

    Args:
        run: a `tfnotes.training.run.Run`.
        task: its `tfnotes.task.Task`.
        splits: its data.
        model: what `build` gave, None to build it.
        callbacks: further Keras callbacks; the state of those with `get_state` and `set_state` is kept.
        report: called with one sentence for whatever the person should know.

    Returns:
        The figures on the test split, as in `test.json`.

    Raises:
        InputError: the data aren't those the run began with, no checkpoint is whole, the loss isn't
            finite, or another process trains the run.
        OSError: the disk is full; what was finished before stays.
        tfnotes.training.signals.Interrupted: on SIGINT or SIGTERM, between two batches.
    """
    config = run.config
    if configs.describe_data(splits)["fingerprint"] != config["fingerprint"]:
        raise InputError(
            f"{task.name}: `data` must be what {run.path} began with. "
            f"Received: {config['data']!r} with other examples than then."
        )
    with run.locked(), StopOnSignal() as stop:
        model = model or build(task, config)
        _compare(run, report)
        kept = [c for c in [*_stopping(config), *callbacks] if hasattr(c, "get_state")]
        checkpoint = ExactCheckpoint(run.path / "checkpoints", callbacks=kept, report=report)
        done = checkpoint.restore(model)
        _agree(run, model, checkpoint, done)
        # `fit` over no epochs still lets early stopping put the best weights back.
        epochs = done if checkpoint.stopped else max(done, config["epochs"])
        batches, steps = pipeline.training_batches(
            splits.train, config["batch_size"], config["seed"], done, epochs, task.prepare
        )
        validation, test = (
            pipeline.evaluation_batches(split, config["batch_size"], task.prepare)
            for split in (splits.validation, splits.test)
        )
        try:
            model.fit(
                batches,
                steps_per_epoch=steps,
                initial_epoch=done,
                epochs=epochs,
                validation_data=validation,
                shuffle=False,
                verbose=0,
                callbacks=[
                    *_schedule(config),
                    cb.LearningRate(),
                    cb.FiniteLoss(),
                    *_events(run, task, splits.validation),
                    *kept,
                    checkpoint,
                    _Publish(run, checkpoint),
                    *(c for c in callbacks if c not in kept),
                    stop,
                ],
            )
        except FloatingPointError as error:
            raise InputError(
                f"{task.name}: `learning_rate` must be small enough for a finite loss. "
                f"Received: learning_rate={config['learning_rate']:g}; {error}. "
                f"{run.path} keeps {_what_stays(checkpoint.history)}."
            ) from error
        except tf.errors.ResourceExhaustedError as error:
            # The disk was full for an event file, or memory for a tensor: TensorFlow's first line says.
            raise OSError(error.message.splitlines()[0].rpartition("}} ")[2]) from error
        run.write_model(model)
        figures = model.evaluate(test, return_dict=True, verbose=0, callbacks=[stop])
        figures = {"loss": figures.pop("loss"), **figures, "examples": len(splits.test)}
        run.write_test(figures)
        return figures


def _use_threads(number):
    # Sums are split over threads, so another number of them gives other last digits.
    # TensorFlow takes the number before its first operation only; `_compare` says if it was too late.
    with suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(number)


def _compare(run, report):
    """Reports what differs from when the run began, and may change the last digits."""
    then = {**run.config["versions"], "threads": run.config["threads"]}
    threads = tf.config.threading.get_intra_op_parallelism_threads() or configs.threads()
    now = {**configs.versions(), "threads": threads}
    for name in then:
        if then[name] != now.get(name):
            report(
                f"{run.path} began with {name} {then[name]}, this is {now.get(name)}: "
                "its figures may differ from those of an undisturbed run."
            )


class _Publish(keras.callbacks.Callback):
    """After the checkpoint, the files that people and other commands read."""

    def __init__(self, run, checkpoint):
        super().__init__()
        self.run = run
        self.checkpoint = checkpoint

    def on_epoch_end(self, epoch, logs=None):
        self.run.write_model(self.model)
        self.run.write_metrics(self.checkpoint.history)


def _agree(run, model, checkpoint, done):
    cb.trim(run.path / "events", done)
    if done:
        run.write_model(model)
        run.write_metrics(checkpoint.history)


def _schedule(config):
    rate, decay = config["learning_rate"], config["learning_rate_decay"]
    return [] if decay == 1 else [keras.callbacks.LearningRateScheduler(lambda epoch: rate * decay**epoch)]


def _stopping(config):
    patience = config.get("patience")
    return [cb.EarlyStopping(patience=patience, restore_best_weights=True)] if patience else []


def _events(run, task, validation):
    train = tf.summary.create_file_writer(str(run.path / "events" / "train"))
    held_out = tf.summary.create_file_writer(str(run.path / "events" / "validation"))
    # A thousand examples hold mistakes enough to show, and cost little beside an epoch.
    x, y = validation.x[:1000], validation.y[:1000]
    return [
        cb.Scalars(train, held_out),
        cb.WeightHistograms(train),
        cb.Graph(train),
        cb.FilterImages(train),
        cb.Mistakes(
            held_out,
            keras.ops.convert_to_numpy(task.prepare(x)),
            y,
            labels=task.labels,
            pictures=np.stack([task.picture(example) for example in x]),
        ),
    ]


def _what_stays(history):
    return f"epoch {history[-1]['epoch']}" if history else "no epoch"
