"""Where callbacks write: a `tf.summary.SummaryWriter`, or a folder for which one is made."""

import os
import weakref
from pathlib import Path

import tensorflow as tf

from tfnotes import _checks

EXPECTED = "a folder, or a tf.summary.SummaryWriter"
# TensorBoard reads a folder's files one after the other, so callbacks that are given one folder share its writer.
_OPEN: weakref.WeakValueDictionary = weakref.WeakValueDictionary()
_FOLDERS: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def writer_of(owner, argument, value):
    """The writer that a callback is given, or one for the folder that it is given.

    Args:
        owner: the callback, named in errors.
        argument: the argument's name.
        value: a `tf.summary.SummaryWriter` or the path of a folder, which need not exist.

    Raises:
        InputError: it is neither, or nothing can be written there.
    """
    if isinstance(value, tf.summary.SummaryWriter):
        return value
    if not isinstance(value, (str, os.PathLike)) or not str(value):
        _checks.refuse(owner, argument, EXPECTED, value)
    folder = Path(os.path.abspath(value))
    writer = _OPEN.get(folder)
    # Somebody may have taken the folder away in the meantime.
    if writer is None or not any(folder.glob("*tfevents*")):
        try:
            writer = tf.summary.create_file_writer(str(folder))
        except tf.errors.OpError:
            _checks.refuse(owner, argument, f"{EXPECTED}, that can be written", str(value))
        _OPEN[folder], _FOLDERS[writer] = writer, folder
    return writer


def folder_of(owner, argument, value):
    """The folder that a callback is given, or that of the writer that it is given.

    Raises:
        InputError: it is neither, or the system doesn't tell where the writer writes.
    """
    if isinstance(value, (str, os.PathLike)) and str(value):
        return Path(value)
    if not isinstance(value, tf.summary.SummaryWriter):
        _checks.refuse(owner, argument, EXPECTED, value)
    found = _FOLDERS.get(value) or _grown(value)
    if found is None:
        _checks.refuse(owner, argument, "a folder, as this writer doesn't tell where it writes", value)
    return found


def _grown(writer):
    """The folder of the open event file that grows when the writer writes an empty event; None if none does."""
    writer.flush()
    before = {path: path.stat().st_size for path in _event_files()}
    with writer.as_default(step=0):
        tf.summary.experimental.write_raw_pb(b"")
    writer.flush()
    return next((path.parent for path, size in before.items() if path.stat().st_size > size), None)


def _event_files():
    """The event files that this process holds open, where the system lists them."""
    for link in Path("/proc/self/fd").glob("*"):
        try:
            path = Path(os.readlink(link))
        except OSError:
            continue
        if "tfevents" in path.name and path.is_file():
            yield path
