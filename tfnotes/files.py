"""Files and folders that appear whole or not at all, whatever interrupts the writing."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

_MARK = ".partial-"


@contextmanager
def write_aside(path):
    """Gives a path beside `path` to write to; what stands there at the end takes the place of `path`.

    Args:
        path: the file to replace, or the folder to make (which must not hold anything yet).
            Missing parent folders are made.

    Returns:
        A context manager that gives a `Path` in the same folder with the same suffix, where nothing
        stands yet. The block makes a file or a folder there; it is synced to the disk and renamed when
        the block ends, and removed when the block fails, Ctrl-C included. Only a killed process leaves
        it behind, under a hidden name that nothing else reads; `sweep` removes such leftovers.

    Raises:
        OSError: `path` can't be written, or the folder holds something already.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.stem}{_MARK}{os.getpid()}{path.suffix}")
    _remove(aside)
    try:
        yield aside
        _sync(aside)
        os.replace(aside, path)
    except BaseException as error:
        _remove(aside)
        # A full disk names no file, and nobody knows the hidden name.
        if isinstance(error, OSError) and error.filename in (None, str(aside)):
            error.filename = str(path)
        raise
    _sync_one(path.parent)


def sweep(folder):
    """Removes what killed writers left in `folder`, which nobody else may be writing to now.

    Args:
        folder: an existing folder; its subfolders are left alone.
    """
    for leftover in Path(folder).glob(f".*{_MARK}*"):
        _remove(leftover)


def _remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync(path):
    if path.is_dir():
        for inner in path.iterdir():
            _sync(inner)
    _sync_one(path)


def _sync_one(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
