"""The health of a run, or of any training that left event files."""

from pathlib import Path

from tfnotes.doctor import events
from tfnotes.doctor.examine import report
from tfnotes.doctor.history import History
from tfnotes.errors import InputError
from tfnotes.training.run import Run


def examine(path):
    """Puts every rule of the doctor to a training.

    Args:
        path: a run's folder, or one with event files of our callbacks or of `keras.callbacks.TensorBoard`.

    Returns:
        A `tfnotes.doctor.examine.Report`.

    Raises:
        InputError: it is neither, or the training has nothing to tell yet.
    """
    history = read(path)
    return report(history, path, history.config.get("inspect", "basic") if history.config else None)


def read(path):
    """The `History` of a run, or of the event files in a folder."""
    if Path(path).is_dir() and not (Path(path) / "config.json").exists():
        return events.read(path)
    return of_run(Run.open(path))


def of_run(run):
    """The history of a run: its figures, and what its events hold.

    Raises:
        InputError: the run has nothing to tell yet.
    """
    figures: dict[str, dict[int, float]] = {}
    rows = run.metrics()
    # Of a training in stages, each with a loss of its own, the last one is judged.
    for row in (row for row in rows if row.get("stage") == rows[-1].get("stage")):
        for name, value in row.items():
            figures.setdefault(name, {})[row["epoch"]] = value
    folder = run.path / "events" / "train"
    scalars, histograms, diverged, unread = events.contents(folder)
    curves = scalars | events.shifts(histograms)
    last = max((step for curve in curves.values() for step in curve), default=0)
    if rows and folder.is_dir() and last < rows[-1]["epoch"]:
        unread += (f"{folder} tells of {last} of the {rows[-1]['epoch']} epochs.",)
    if not figures and not diverged:
        raise InputError(
            f"doctor: `run` must have finished an epoch. Received: {str(run.path)!r}, without metrics.jsonl."
        )
    return History(run.config, figures, curves, diverged, unread)
