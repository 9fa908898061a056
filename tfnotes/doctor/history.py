"""What a run's folder says of its training, by epoch."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tfnotes.errors import InputError
from tfnotes.language import Words
from tfnotes.training.run import Run


@dataclass(frozen=True)
class History:
    """A run's figures.

    Attributes:
        config: as in `config.json`.
        figures: loss, metrics and their "val_..." by name: a dict from epoch to value each.
        curves: what the events hold of the inside, by tag such as "gradient_norm/conv_1": the same.
        diverged: why and when the loss became no number, as a clause; None if it didn't.
        unread: what couldn't be read of the events, a sentence each.
    """

    config: dict
    figures: dict
    curves: dict
    diverged: Words | None = None
    unread: tuple[str, ...] = ()

    @property
    def epochs(self):
        """The number of the last epoch that was finished."""
        return max(self.figures.get("epoch", {0: 0}))

    def layers(self, kind):
        """The curves of each layer of one kind, such as "gradient_norm", by the layer's name."""
        return {tag.removeprefix(f"{kind}/"): curve for tag, curve in self.curves.items() if tag.startswith(f"{kind}/")}


def read(path):
    """The history of the run in a folder.

    Raises:
        InputError: it isn't a run folder, or the run has nothing to tell yet.
    """
    run = Run.open(path)
    figures: dict[str, dict[int, float]] = {}
    rows = run.metrics()
    # Of a training in stages, each with a loss of its own, the last one is judged.
    for row in (row for row in rows if row.get("stage") == rows[-1].get("stage")):
        for name, value in row.items():
            figures.setdefault(name, {})[row["epoch"]] = value
    folder = run.path / "events" / "train"
    curves, diverged, unread = _events(folder)
    last = max((step for curve in curves.values() for step in curve), default=0)
    if rows and folder.is_dir() and last < rows[-1]["epoch"]:
        unread += (f"{folder} tells of {last} of the {rows[-1]['epoch']} epochs.",)
    if not figures and not diverged:
        raise InputError(f"doctor: `run` must have finished an epoch. Received: {str(path)!r}, without metrics.jsonl.")
    return History(run.config, figures, curves, diverged, unread)


def _events(folder):
    """The curves below a folder, what a training that diverged left there, and what can't be read."""
    if not folder.is_dir():
        return {}, None, ()
    import tensorflow as tf
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    from tfnotes.callbacks import event_files

    unread: list[str] = []
    # TensorBoard's reader leaves a file at the first damaged record, so it is given the whole ones.
    with tempfile.TemporaryDirectory() as whole:
        for path in filter(Path.is_file, folder.glob("*tfevents*")):
            with tf.io.TFRecordWriter(str(Path(whole) / path.name)) as writer:
                for record in event_files.records(path, unread.append):
                    writer.write(record)
        events = EventAccumulator(whole, size_guidance={"tensors": 10_000}).Reload()
    tags = events.Tags()["tensors"]
    scalars = set(events.PluginTagToContent("scalars")) if tags else ()
    curves = {
        tag: {t.step: float(tf.make_ndarray(t.tensor_proto)) for t in events.Tensors(tag)}
        for tag in tags
        if tag in scalars
    }
    if "diverged" not in tags:
        return curves, None, tuple(unread)
    said = tf.make_ndarray(events.Tensors("diverged")[-1].tensor_proto).item().decode()
    return curves, _diverged(said), tuple(unread)


def _diverged(said):
    """What `FiniteLoss` wrote, in both languages."""
    found = re.fullmatch(r"(\S+) became (\S+) in epoch (\d+)", said)
    return Words(said, "第 {2} 轮时 {0} 变成了 {1}".format(*found.groups()) if found else said)
