"""A run repeated from its configuration, and compared with itself bit for bit."""

import keras
import numpy as np

from tfnotes import files
from tfnotes.errors import InputError
from tfnotes.training import loop
from tfnotes.training.run import Run


def rerun(run, callbacks=(), report=lambda sentence: None):
    """Trains what a run's `config.json` asks for once more, beside the run, and takes it away again.

    Args:
        run: a `tfnotes.training.run.Run` that is complete.
        callbacks: further Keras callbacks for the training.
        report: called with one sentence for whatever may make another number, such as another version.

    Returns:
        A dict of JSON values: "same", "weights" (how many numbers, how many of them differ, and by how much at most),
        "epochs" and "first_other_epoch" (None if all are the same), "test" and "test_again".

    Raises:
        InputError: the run isn't complete, or as for `tfnotes.training.loop.train`.
    """
    if not run.complete:
        raise InputError(
            f"rerun: `run` must be complete; to continue it, tfnotes train --resume {run.path}. "
            f"Received: {str(run.path)!r}, without test.json."
        )
    setup = run.setup()
    splits, before = setup.read(), _values(run.model())
    # What is shown of a training changes no number of it.
    config = {**run.config, "inspect": "off"}
    parent = run.path.resolve().parent
    files.sweep(parent, locked=False)
    with files.scratch(parent, "rerun") as folder:
        again = Run.create(folder / "run", config)
        loop.train(again, setup.task, splits, callbacks=callbacks, report=report)
        weights = _difference(before, _values(again.model()))
        rows, rows_again = run.metrics(), again.metrics()
        test, test_again = run.test(), again.test()
    other = [k for k, (a, b) in enumerate(zip(rows, rows_again, strict=False), 1) if a != b]
    if len(rows) != len(rows_again):
        other.append(min(len(rows), len(rows_again)) + 1)
    same = not (weights["other"] or other or test != test_again)
    return {
        "same": same,
        "weights": weights,
        "epochs": len(rows),
        "first_other_epoch": min(other, default=None),
        "test": test,
        "test_again": test_again,
    }


def _values(model):
    # A file holds no state of what draws.
    return [keras.ops.convert_to_numpy(w) for w in model.weights]


def _difference(values, again):
    """How many numbers there are, how many of them have other bits, and the largest difference."""
    if [v.shape for v in values] != [v.shape for v in again]:
        raise InputError("rerun: `model.keras` must hold the model of config.json. Received: one of other shapes.")
    other, largest = 0, 0.0
    for a, b in zip(values, again, strict=True):
        unequal = np.frombuffer(a.tobytes(), np.uint8) != np.frombuffer(b.tobytes(), np.uint8)
        other += int(unequal.reshape(a.size, -1).any(axis=1).sum())
        if unequal.any():
            largest = max(largest, float(np.max(np.abs(a.astype(float) - b.astype(float)))))
    return {"numbers": sum(v.size for v in values), "other": other, "largest": largest}
