"""TensorBoard's event files after a training that is resumed."""

from pathlib import Path

import tensorflow as tf

from tfnotes import files


def trim(folder, step):
    """Takes out of the event files below `folder` what was written after `step`, or cut short.

    A resumed training writes it again. Call it before the new writers are made.

    Args:
        folder: with event files at any depth; need not exist.
        step: the last step to keep; at 0 the files go entirely.
    """
    for path in sorted(Path(folder).rglob("*tfevents*")):
        if step == 0:
            path.unlink()
            continue
        with files.write_aside(path) as aside, tf.io.TFRecordWriter(str(aside)) as writer:
            for record in _whole_records(path):
                if tf.compat.v1.Event.FromString(record).step <= step:
                    writer.write(record)


def _whole_records(path):
    try:
        yield from tf.data.TFRecordDataset(str(path)).as_numpy_iterator()
    except tf.errors.DataLossError:
        # A killed process leaves its last record cut short.
        return
