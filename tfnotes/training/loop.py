"""The one training loop: every task, new runs and resumed ones.

A new run is a resumed one without a checkpoint, so both take the same path. What the checkpoint
says is true; `metrics.jsonl`, `model.keras` and the event files are made to agree with it.
"""

import warnings

import keras
import tensorflow as tf

from tfnotes import callbacks as cb
from tfnotes.errors import InputError, first_line
from tfnotes.training import config as configs
from tfnotes.training import fine_tuning, inspection, sharing
from tfnotes.training.checkpoint import ExactCheckpoint
from tfnotes.training.cluster import connected
from tfnotes.training.followed import Followed, FollowedCheckpoint
from tfnotes.training.publish import Publish, Watch
from tfnotes.training.run import Run
from tfnotes.training.setup import Setup
from tfnotes.training.signals import StopOnSignal


def train(run, task, splits, *, model=None, callbacks=(), report=warnings.warn, test=True, cluster=None):
    """Trains a run up to its last epoch, from its newest checkpoint if it has one, and tests it.

    Args:
        run: a `tfnotes.training.run.Run`.
        task: its `tfnotes.task.Task`.
        splits: its data.
        model: what `tfnotes.training.setup.Setup.build` gave, None to build it.
        callbacks: further Keras callbacks; the state of those with `get_state` and `set_state` is kept, and a
            `tfnotes.callbacks.Progress` shows how much of a preparation is learned too.
        report: called with one sentence for whatever the person should know.
        test: whether the run is tested at its end. What was trained without can be tested by another call.
        cluster: a started `tfnotes.training.cluster.Cluster` if several processes train the run together; those other
            than the chief give a `tfnotes.training.followed.Followed`.

    Returns:
        The figures on the test split, as in `test.json`; None without the test.

    Raises:
        InputError: the data aren't those the run began with, no checkpoint is whole or all are gone, the loss
            isn't finite, or another process trains the run.
        OSError: the disk is full, or the run's folder has gone; what was finished before stays.
        tfnotes.training.signals.Interrupted: on SIGINT or SIGTERM, between two batches.
        tfnotes.training.cluster.Lost: another process of the cluster has gone.
    """
    config, setup = run.config, Setup(run.config, task)
    _refuse_other(configs.describe_data(splits), run, task.name)
    with run.locked(), StopOnSignal() as stop, connected(cluster):
        model = model or setup.build()
        splits = setup.selected(splits)
        prepare = _prepare(run, setup, splits.train, cluster, callbacks)
        _compare(run, report, cluster)
        kept = [c for c in [*_stopping(config), *callbacks] if hasattr(c, "get_state")]
        keeper = FollowedCheckpoint if isinstance(run, Followed) else ExactCheckpoint
        checkpoint = keeper(run.path / "checkpoints", callbacks=kept, report=report)
        run.refuse_without_checkpoint()
        done = checkpoint.restore(model)
        if not done and config.get("from"):
            fine_tuning.start_from(task.name, model, Run.open(config["from"]))
        if cluster:
            done = checkpoint.unpack(model, cluster.broadcast(checkpoint.packed(model) if cluster.chief else None))
        _agree(run, model, checkpoint, done, report)
        # `fit` over no epochs still lets early stopping put the best weights back.
        epochs = done if checkpoint.stopped else max(done, config["epochs"])
        part = sharing.part(cluster) if cluster else None
        batches, steps = setup.training_batches(splits.train, prepare, done, epochs, part)
        validation, tested = (setup.evaluation_batches(s, prepare, part) for s in (splits.validation, splits.test))
        if cluster:
            sharing.share(model, cluster, next(iter(validation)))
        inspectors = inspection.inspectors(run, task, setup.recipe, model, splits, prepare)
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
        except (tf.errors.DataLossError, tf.errors.NotFoundError) as error:
            raise InputError(
                f"{task.name}: the data {config['data']!r} must stay as they are while they are read. "
                f"Received: {first_line(error)}. {run.path} keeps {_what_stays(checkpoint.history)}."
            ) from error
        except tf.errors.ResourceExhaustedError as error:
            # The disk was full for an event file, or memory for a tensor: TensorFlow's first line says.
            raise OSError(error.message.splitlines()[0].rpartition("}} ")[2]) from error
        run.check()
        run.write_model(model)
        if not test:
            return None
        figures = model.evaluate(tested, return_dict=True, verbose=0, callbacks=[stop])
        loss = {name: figures.pop(name) for name in ("loss",) if name in figures}
        figures = {**loss, **figures, "examples": len(splits.test)}
        run.check()
        run.write_test(figures)
        inspection.tested(inspectors, figures, len(run.metrics()))
        if cluster:
            cluster.gather()
        return figures


def _refuse_other(about, run, owner):
    if about["fingerprint"] != run.config["fingerprint"]:
        then, now = ("a stream" if found.get("streamed") else "held in memory" for found in (run.config, about))
        other = " with other examples than then" if then == now else f", which was {then} then and is {now} now"
        raise InputError(
            f"{owner}: `data` must be what {run.path} began with. Received: {run.config['data']!r}{other}."
        )


def _prepare(run, setup, split, cluster, callbacks):
    """What prepares a batch; fitted when the run begins, read back when it goes on."""
    prepare = run.prepare(setup.recipe)
    if prepare is None:
        source = run.config.get("from")
        # Weights that know a vocabulary go with that vocabulary.
        shown = next((c.learning for c in callbacks if isinstance(c, cb.Progress)), None)
        prepare = Run.open(source).prepare(setup.recipe) if source else setup.fitted(split, shown)
        run.write_model(prepare, "preparation.keras")
    if cluster and cluster.chief and setup.recipe.fit is not None:
        cluster.broadcast((run.path / "preparation.keras").read_bytes())
    return prepare


def _compare(run, report, cluster):
    """Reports what differs from when the run began, and may change the last digits."""
    then = {**run.config["versions"], "threads": run.config["threads"], "workers": run.config.get("workers", 1)}
    threads = tf.config.threading.get_intra_op_parallelism_threads() or configs.threads()
    now = {**configs.versions(), "threads": threads, "workers": cluster.size if cluster else 1}
    for name in then:
        if then[name] != now.get(name):
            report(
                f"{run.path} began with {name} {then[name]}, this is {now.get(name)}: "
                "its figures may differ from those of an undisturbed run."
            )


def _agree(run, model, checkpoint, done, report):
    if isinstance(run, Followed):
        return
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
