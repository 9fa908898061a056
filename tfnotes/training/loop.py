"""The one training loop: every task, new runs and resumed ones.

A new run is a resumed one without a checkpoint, so both take the same path. What the checkpoint
says is true; `metrics.jsonl`, `model.keras` and the event files are made to agree with it.
"""

import warnings
from contextlib import suppress

import keras
import tensorflow as tf

from tfnotes import callbacks as cb
from tfnotes import layers as tfnotes_layers
from tfnotes.data import pipeline
from tfnotes.errors import InputError
from tfnotes.task import chosen
from tfnotes.training import config as configs
from tfnotes.training import fine_tuning, inspection
from tfnotes.training.checkpoint import ExactCheckpoint
from tfnotes.training.publish import Publish, Watch
from tfnotes.training.run import Run
from tfnotes.training.signals import StopOnSignal

_LAYERS = {"tfnotes": tfnotes_layers, "keras": keras.layers}


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
    recipe, settings = task.recipe(config["model"]), config["settings"]
    namespace = {"layers": _LAYERS[config.get("layers", "tfnotes")]} if recipe.takes_layers() else {}
    try:
        model = recipe.build(**chosen(recipe.build, settings), **namespace)
        fine_tuning.freeze(task.name, model, config.get("freeze", ()))
        optimizer = recipe.optimizer(config["learning_rate"], **chosen(recipe.optimizer, settings))
        if config["learning_rate_decay"] != 1:
            # Refused here, before the first epoch, by an optimizer that has a schedule of its own.
            optimizer.learning_rate = config["learning_rate"]
    except (ValueError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        reason = str(error).splitlines()[0]
        raise InputError(f"{task.name}: the options must suit the model and the optimizer. {reason}") from error
    # On a CPU XLA takes twice the time, and its first step seconds.
    model.compile(optimizer, recipe.loss(), metrics=recipe.metrics() or None, jit_compile=False)
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
        InputError: the data aren't those the run began with, no checkpoint is whole or all are gone, the loss
            isn't finite, or another process trains the run.
        OSError: the disk is full, or the run's folder has gone; what was finished before stays.
        tfnotes.training.signals.Interrupted: on SIGINT or SIGTERM, between two batches.
    """
    config, recipe = run.config, task.recipe(run.config["model"])
    if configs.describe_data(splits)["fingerprint"] != config["fingerprint"]:
        raise InputError(
            f"{task.name}: `data` must be what {run.path} began with. "
            f"Received: {config['data']!r} with other examples than then."
        )
    with run.locked(), StopOnSignal() as stop:
        model = model or build(task, config)
        splits = selected(recipe, config, splits)
        prepare = _prepare(run, recipe, splits.train)
        _compare(run, report)
        kept = [c for c in [*_stopping(config), *callbacks] if hasattr(c, "get_state")]
        checkpoint = ExactCheckpoint(run.path / "checkpoints", callbacks=kept, report=report)
        run.refuse_without_checkpoint()
        done = checkpoint.restore(model)
        if not done and config.get("from"):
            fine_tuning.start_from(task.name, model, Run.open(config["from"]))
        _agree(run, model, checkpoint, done, report)
        # `fit` over no epochs still lets early stopping put the best weights back.
        epochs = done if checkpoint.stopped else max(done, config["epochs"])
        maker = recipe.batches or pipeline
        batches, steps = maker.training_batches(
            splits.train, config["batch_size"], config["seed"], done, epochs, prepare
        )
        batches = towards(recipe, batches)
        validation, test = (
            towards(recipe, maker.evaluation_batches(split, config["batch_size"], prepare))
            for split in (splits.validation, splits.test)
        )
        inspectors = inspection.inspectors(run, task, recipe, model, splits, prepare)
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
                    Watch(run),
                    *_schedule(config),
                    cb.LearningRate(),
                    *inspectors,
                    *kept,
                    checkpoint,
                    Publish(run, checkpoint),
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
        run.check()
        run.write_model(model)
        figures = model.evaluate(test, return_dict=True, verbose=0, callbacks=[stop])
        loss = {name: figures.pop(name) for name in ("loss",) if name in figures}
        figures = {**loss, **figures, "examples": len(splits.test)}
        run.check()
        run.write_test(figures)
        return figures


def selected(recipe, config, splits):
    """The splits that a run uses, out of those that its source gives."""
    if recipe.select is None:
        return splits
    return recipe.select(splits, config["seed"], **chosen(recipe.select, config["settings"]))


def fitted(recipe, config, split):
    """The recipe's preparation, learned of the training split."""
    return recipe.fit(split, **chosen(recipe.fit, config["settings"]))


def towards(recipe, batches):
    """Batches of (x, label) as a recipe's `targets` wants them."""
    if recipe.targets == "labels":
        return batches
    return batches.map(_inputs_twice if recipe.targets == "inputs" else _inputs_alone)


def _inputs_twice(x, y):
    return x, x


def _inputs_alone(x, y):
    return x


def _prepare(run, recipe, split):
    """What prepares a batch; fitted when the run begins, read back when it goes on."""
    prepare = run.prepare(recipe)
    if prepare is None:
        source = run.config.get("from")
        # Weights that know a vocabulary go with that vocabulary.
        prepare = Run.open(source).prepare(recipe) if source else fitted(recipe, run.config, split)
        run.write_model(prepare, "preparation.keras")
    return prepare


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


def _agree(run, model, checkpoint, done, report):
    cb.trim(run.path / "events", done, report)
    if done:
        run.write_model(model)
        run.write_metrics(checkpoint.history)


def _schedule(config):
    rate, decay = config["learning_rate"], config["learning_rate_decay"]
    return [] if decay == 1 else [keras.callbacks.LearningRateScheduler(lambda epoch: rate * decay**epoch)]


def _stopping(config):
    patience = config.get("patience")
    return [cb.EarlyStopping(patience=patience, restore_best_weights=True)] if patience else []


def _what_stays(history):
    return f"epoch {history[-1]['epoch']}" if history else "no epoch"
