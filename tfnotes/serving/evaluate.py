"""How good a model is, a run's or an export's: what training measures, and for classifiers their mistakes."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.errors import InputError
from tfnotes.serving.endpoints import arguments, endpoints
from tfnotes.training.setup import Setup

_BATCH, _WORST = 256, 10


def evaluate_run(run, split="test", data=None, data_dir=None, progress=lambda done, total: None):
    """Measures a run's model.

    Args:
        run: a `tfnotes.training.run.Run` with at least one finished epoch.
        split: "train", "validation" or "test".
        data: name of the task's data source, None for the run's own.
        data_dir: the data folder, None for the run's own.
        progress: called with how many examples are done, and how many are to be.

    Returns:
        A dict of JSON values: "data", "split", "examples", the figures of training ("loss", "accuracy"), those of
        the task's `measure`, and for a classifier what `summary` gives.

    Raises:
        InputError: no epoch is finished, or the data aren't there.
    """
    setup = run.setup()
    task, recipe = setup.task, setup.recipe
    model, prepare = setup.trained(run)
    part = setup.examples(split, data, data_dir)
    # Some models draw as they are measured, as an RBM does: the same draws each time.
    keras.utils.set_random_seed(run.config["seed"])
    # As training measures its test split, so that the loss is the same to the last digit.
    setup.compile(model)
    # A classifier is asked for its figures, and then for its answers.
    total, size = len(part) * (2 if recipe.targets == "labels" else 1), run.config["batch_size"]
    seen = keras.callbacks.LambdaCallback(
        on_test_batch_end=lambda batch, logs: progress(min((batch + 1) * size, len(part)), total)
    )
    batches = setup.evaluation_batches(part, prepare)
    figures = model.evaluate(batches, return_dict=True, verbose=0, callbacks=[seen])
    figures = {name: float(value) for name, value in figures.items()}
    if recipe.measure:
        figures |= recipe.measure(model, part, prepare)
    about = {"data": data or run.config["data"], "split": split, "examples": len(part), **figures}
    endpoint = next(iter(endpoints(task, recipe, model, prepare, part.x[:1]).values()))
    if not _classifies(endpoint, part):
        return about
    answer = tf.function(endpoint.function, input_signature=endpoint.signature)
    probabilities = _probabilities(
        part, lambda batch: answer(batch)["probabilities"].numpy(), lambda done: progress(len(part) + done, total)
    )
    return {**about, **_shown(summary(task.labels, part.y, probabilities), part.x)}


def evaluate_export(exported, split="test", data=None, data_dir=None, progress=lambda done, total: None):
    """Measures an export through its `serving_default`, as any program that serves it would.

    Args:
        exported: a `tfnotes.serving.exported.Exported`.
        split: "train", "validation" or "test".
        data: name of the task's data source, None for that of the export's run.
        data_dir: the data folder, None for TFDS's own.
        progress: called with how many examples are done, and how many are to be.

    Returns:
        What `summary` gives, with "data" and "split".

    Raises:
        InputError: the data aren't there, or the export isn't a classifier's.
    """
    outputs = exported.endpoint("serving_default")["outputs"]
    if "probabilities" not in outputs:
        raise InputError(
            "evaluate: `export` must be a classifier's; measure the run instead. "
            f"Received: {exported.path}, which gives {', '.join(outputs)}."
        )
    part = Setup(exported.metadata).examples(split, data, data_dir)
    probabilities = _probabilities(
        part,
        lambda batch: exported.classify("serving_default", batch)["probabilities"],
        lambda done: progress(done, len(part)),
    )
    labels, known = exported.metadata["labels"], int(np.max(part.y, initial=0)) + 1
    if known > len(labels):
        raise InputError(
            f"evaluate: `data` must have no other classes than the {len(labels)} of the export. Received: {known}."
        )
    about = {"data": data or exported.metadata["data"], "split": split}
    return {**about, **_shown(summary(labels, part.y, probabilities), part.x)}


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


def _shown(figures, x):
    """With each mistake's example, where examples are texts."""
    if x.dtype == object:
        for mistake in figures["mistakes"]:
            mistake["example"] = x[mistake["index"]].decode("utf-8", "replace")
    return figures


def _classifies(endpoint, part):
    return "probabilities" in endpoint.function(*arguments(endpoint, part.x[:1]))


def _probabilities(split, answer, done):
    found = []
    for k in range(0, len(split), _BATCH):
        found.append(answer(split.x[k : k + _BATCH]))
        done(min(k + _BATCH, len(split)))
    return np.concatenate(found)
