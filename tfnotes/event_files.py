"""Event files on disk: the records in them that are whole, and those up to a step."""

import os
import struct
from pathlib import Path

import tensorflow as tf
from google.protobuf.message import DecodeError

from tfnotes import files

# A record is its length and that length's checksum, then its bytes and theirs.
_HEADER, _LENGTH, _CHECKSUM = 12, "<Q", "<I"


def trim(folder, step, report=lambda sentence: None):
    """Takes out of the event files below `folder` what was written after `step`, or is damaged.

    A resumed training writes it again. Call it before the new writers are made.

    Args:
        folder: with event files at any depth; need not exist.
        step: the last step to keep; at 0 the files go entirely.
        report: called with one sentence for each file that is damaged other than by a killed writer.
    """
    folder = Path(folder)
    for inner in [folder, *folder.rglob("*")]:
        if inner.is_dir():
            files.sweep(inner)
    for path in sorted(filter(Path.is_file, folder.rglob("*tfevents*"))):
        if step == 0:
            path.unlink()
            continue
        # Named otherwise, for TensorBoard reads whatever has `tfevents` in its name, hidden or not.
        with files.write_aside(path, "trimmed") as aside, tf.io.TFRecordWriter(str(aside)) as writer:
            for record in records(path, report):
                if tf.compat.v1.Event.FromString(record).step <= step:
                    writer.write(record)


def records(path, report):
    """The whole records of an event file, as bytes, those behind a damaged one too.

    Args:
        path: of the file.
        report: called with one sentence if something is damaged. The last record alone, cut short, is what any
            killed process leaves, and nothing to tell of.
    """
    end = 0
    try:
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            end += _HEADER + len(record) + struct.calcsize(_CHECKSUM)
            if _is_event(record):
                yield record
            else:
                report(f"{os.fspath(path)} holds a record that is no event.")
    except tf.errors.DataLossError:
        data = Path(path).read_bytes()
        found = list(_salvaged(data, end))
        # What a killed process leaves has its length and that length's checksum, or less than that.
        cut = not found and (len(data) - end < _HEADER or _right(data, end, end + 8))
        if not cut:
            lost = len(data) - end - sum(_HEADER + len(r) + struct.calcsize(_CHECKSUM) for r in found)
            report(f"{os.fspath(path)} is damaged: {lost:,} of {len(data):,} bytes can't be read; the rest stays.")
        yield from filter(_is_event, found)


def _is_event(record):
    try:
        tf.compat.v1.Event.FromString(record)
    except DecodeError:
        return False
    return True


def _salvaged(data, start):
    """The whole records behind a damaged place."""
    while start + _HEADER <= len(data):
        if not _right(data, start, start + 8):
            start += 1
            continue
        end = start + _HEADER + struct.unpack_from(_LENGTH, data, start)[0]
        if _right(data, start + _HEADER, end):
            yield data[start + _HEADER : end]
        start = end + 4


def _right(data, begin, end):
    """Whether the checksum behind some bytes is theirs."""
    # Only here does Python work out checksums, byte by byte.
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

    return struct.pack(_CHECKSUM, masked_crc32c(data[begin:end])) == data[end : end + 4]
