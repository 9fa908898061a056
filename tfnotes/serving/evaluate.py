"""How good a model is: accuracy, confusion matrix, worst mistakes; of a run or of an export."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from tfnotes import task as tasks
from tfnotes.data import pipeline
from tfnotes.errors import InputError

_BATCH, _WORST = 256, 10


def evaluate_run(run, split="test", data=None, data_dir=None):
    """Measures a run's model.

    Args:
        run: a `tfnotes.training.run.Run` with at least one finished epoch.
        split: "train", "validation" or "test".
        data: name of the task's data source, None for the run's own.
        data_dir: the data folder, None for the run's own.

    Returns:
        What `summary` gives, with "data", "split" and "loss".

    Raises:
        InputError: no epoch is finished, or the data aren't there.
    """
    task, model = run.task(), run.model()
    part = examples(task, run.config, split, data, data_dir)
    endpoint = next(iter(task.endpoints(model).values()))
    answer = tf.function(endpoint.function, input_signature=endpoint.signature)
    probabilities = _probabilities(part, lambda batch: answer(batch)["probabilities"].numpy())
    # As training measures its test split, so that the loss is the same to the last digit.
    model.compile(loss=task.loss(), metrics=task.metrics(), jit_compile=False)
    batches = pipeline.evaluation_batches(part, run.config["batch_size"], task.prepare)
    loss = model.evaluate(batches, return_dict=True, verbose=0)["loss"]
    about = {"data": data or run.config["data"], "split": split, "loss": float(loss)}
    return {**about, **summary(task.labels, part.y, probabilities)}


def evaluate_export(exported, split="test", data=None, data_dir=None):
    """Measures an export through its `serving_default`, as any program that serves it would.

    Args:
        exported: a `tfnotes.serving.exported.Exported`.
        split: "train", "validation" or "test".
        data: name of the task's data source, None for that of the export's run.
        data_dir: the data folder, None for TFDS's own.

    Returns:
        What `summary` gives, with "data" and "split".

    Raises:
        InputError: the data aren't there.
    """
    part = examples(tasks.load(exported.metadata["task"]), exported.metadata, split, data, data_dir)
    probabilities = _probabilities(
        part, lambda batch: exported.ask("serving_default", batch)["probabilities"]
    )
    about = {"data": data or exported.metadata["data"], "split": split}
    return {**about, **summary(exported.metadata["labels"], part.y, probabilities)}


def summary(labels, y, probabilities):
    """The figures of a classifier.

    Args:
        labels: the names of the classes.
        y: true classes, of shape `(n,)`.
        probabilities: of shape `(n, classes)`.

    Returns:
        A dict of JSON values: "examples", "accuracy", "labels", "confusion" (a row for each true class,
        a column for each predicted one), "per_class" (share of each class that is found, None for a class
        without examples) and "mistakes": the ten that the model was surest of.
    """
    y, predicted, sure = np.asarray(y), np.argmax(probabilities, axis=1), np.max(probabilities, axis=1)
    confusion = np.zeros((len(labels), len(labels)), int)
    np.add.at(confusion, (y, predicted), 1)
    found, there = np.diag(confusion), confusion.sum(axis=1)
    wrong = np.flatnonzero(predicted != y)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:_WORST]
    return {
        "examples": len(y),
        "accuracy": int(found.sum()) / len(y),
        "labels": list(labels),
        "confusion": confusion.tolist(),
        "per_class": {
            name: int(f) / int(n) if n else None for name, f, n in zip(labels, found, there, strict=True)
        },
        "mistakes": [
            {
                "index": int(k),
                "label": labels[y[k]],
                "prediction": labels[predicted[k]],
                "probability": float(sure[k]),
            }
            for k in worst
        ],
    }


def examples(task, config, split, data=None, data_dir=None):
    """The `Split` to measure on: of the data that a run's `config` names, unless told otherwise."""
    folder = data_dir or config.get("data_dir")
    part = getattr(task.source(data or config["data"])(Path(folder) if folder else None), split)
    if not len(part):
        raise InputError(f"{task.name}: `split` must hold examples. Received: {split!r}, which is empty.")
    return part


def _probabilities(split, answer):
    return np.concatenate([answer(split.x[k : k + _BATCH]) for k in range(0, len(split), _BATCH)])
