"""How good a model is, a run's or an export's: what training measures, and for classifiers their mistakes."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.data.stream import Streamed
from tfnotes.errors import InputError
from tfnotes.serving.endpoints import arguments, endpoints
from tfnotes.training.setup import Setup

_BATCH, _WORST = 256, 10
MEASURED = 10_000
"""Examples of a stream that a task's own figures are of, its first ones: they are computed in memory."""


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
        the task's `measure`, and for a classifier what `Summary.figures` gives.

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
        measured = part.take(slice(MEASURED)) if isinstance(part, Streamed) else part
        figures |= recipe.measure(model, measured, prepare)
    about = {"data": data or run.config["data"], "split": split, "examples": len(part), **figures}
    one = part.take(slice(1)).x
    endpoint = next(iter(endpoints(task, recipe, model, prepare, one).values()))
    if "probabilities" not in endpoint.function(*arguments(endpoint, one)):
        return about
    answer = tf.function(endpoint.function, input_signature=endpoint.signature)
    told = Summary(task.labels)
    for chunk in part.chunks(_BATCH):
        told.add(chunk.y, answer(chunk.x)["probabilities"].numpy(), chunk.x)
        progress(len(part) + told.examples, total)
    return {**about, **told.figures()}


def evaluate_export(exported, split="test", data=None, data_dir=None, progress=lambda done, total: None):
    """Measures an export through its `serving_default`, as any program that serves it would.

    Args:
        exported: a `tfnotes.serving.exported.Exported`.
        split: "train", "validation" or "test".
        data: name of the task's data source, None for that of the export's run.
        data_dir: the data folder, None for TFDS's own.
        progress: called with how many examples are done, and how many are to be.

    Returns:
        What `Summary.figures` gives, with "data" and "split".

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
    labels, known = exported.metadata["labels"], int(np.max(part.y, initial=0)) + 1
    if known > len(labels):
        raise InputError(
            f"evaluate: `data` must have no other classes than the {len(labels)} of the export. Received: {known}."
        )
    told = Summary(labels)
    for chunk in part.chunks(_BATCH):
        told.add(chunk.y, exported.classify("serving_default", chunk.x)["probabilities"], chunk.x)
        progress(told.examples, len(part))
    return {"data": data or exported.metadata["data"], "split": split, **told.figures()}


class Summary:
    """The figures of a classifier, from some examples at a time.

    Args:
        labels: the names of the classes.

    Attributes:
        examples: how many there have been.
    """

    def __init__(self, labels):
        self.labels, self.examples = labels, 0
        self._confusion = np.zeros((len(labels), len(labels)), int)
        self._worst: list[dict] = []

    def add(self, y, probabilities, x=()):
        """Adds the next examples: true classes `y` of shape `(n,)`, `probabilities` of shape `(n, classes)`.

        Where `x` are texts, each mistake keeps its own.
        """
        y, predicted, sure = np.asarray(y), np.argmax(probabilities, axis=1), np.max(probabilities, axis=1)
        np.add.at(self._confusion, (y, predicted), 1)
        wrong = np.flatnonzero(predicted != y)
        for k in wrong[np.argsort(-sure[wrong], kind="stable")][:_WORST]:
            mistake = {
                "index": self.examples + int(k),
                "label": self.labels[y[k]],
                "prediction": self.labels[predicted[k]],
                "probability": float(sure[k]),
            }
            if len(x) and isinstance(x[k], bytes):
                mistake["example"] = x[k].decode("utf-8", "replace")
            self._worst.append(mistake)
        self._worst = sorted(self._worst, key=lambda mistake: -mistake["probability"])[:_WORST]
        self.examples += len(y)

    def figures(self):
        """A dict of JSON values.

        It has "examples", "accuracy", "labels", "confusion" (a row for each true class, a column for each predicted
        one), "per_class" (share of each class that is found, None for a class without examples) and "mistakes": the
        ten that the model was surest of.
        """
        found, there = np.diag(self._confusion), self._confusion.sum(axis=1)
        return {
            "examples": self.examples,
            "accuracy": int(found.sum()) / self.examples,
            "labels": list(self.labels),
            "confusion": self._confusion.tolist(),
            "per_class": {
                name: int(f) / int(n) if n else None for name, f, n in zip(self.labels, found, there, strict=True)
            },
            "mistakes": list(self._worst),
        }
