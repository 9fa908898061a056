"""Files and folders that appear whole or not at all, whatever interrupts the writing."""

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tfnotes.errors import InputError

try:
    import fcntl
except ImportError:  # Windows has no fcntl, so there nobody keeps a second process out of a folder.
    fcntl = None  # type: ignore[assignment]

_MARK = ".partial-"


@contextmanager
def write_aside(path, name=None):
    """Gives a path beside `path` to write to; what stands there at the end takes the place of `path`.

    Args:
        path: the file to replace, or the folder to make (which must not hold anything yet).
            Missing parent folders are made.
        name: what the hidden name begins with, None for the name of `path`.

    Returns:
        A context manager that gives a `Path` in the same folder with the same suffix, where nothing
        stands yet. The block makes a file or a folder there; it is synced to the disk and renamed when
        the block ends, and removed when the block fails, Ctrl-C included. Only a killed process leaves
        it behind, under a hidden name that nothing else reads; the next one that writes there removes it,
        or `sweep`.

    Raises:
        OSError: `path` can't be written, or the folder holds something already.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    begin, end = _named(path, name)
    _sweep(path.parent, f"{begin}{_MARK}", locked=False)
    aside = path.with_name(f"{begin}{_MARK}{os.getpid()}{end}")
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


@contextmanager
def scratch(folder, name):
    """Gives a new hidden folder in `folder`, removed at the end; `sweep` removes what a killed process left."""
    # TemporaryDirectory's own removal calls itself without end where the folder has become read-only.
    made = tempfile.mkdtemp(dir=folder, prefix=f".{name}{_MARK}{os.getpid()}.")
    try:
        yield Path(made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def refuse_unwritable(owner, argument, path):
    """Refuses an argument: a path at which no file or folder can be made, the folders above it included."""
    nearest = next(folder for folder in Path(os.path.abspath(path)).parents if os.path.lexists(folder))
    try:
        # Permissions alone don't tell: the disk may be read-only, or the user be root.
        with tempfile.TemporaryDirectory(dir=nearest):
            pass
    except OSError as error:
        expected = "in a folder that can be written"
        raise InputError(
            f"{owner}: `{argument}` must be {expected}. Received: {str(path)!r} ({error.strerror})."
        ) from error


@contextmanager
def locked(folder):
    """Keeps a second process that asks for the same out of a folder; a killed process holds nothing.

    Args:
        folder: an existing folder.

    Returns:
        A context manager that gives the lock's file descriptor, None where there are no locks. A child that is given
        the descriptor holds the lock for as long as it lives.

    Raises:
        BlockingIOError: another process has it.
    """
    if fcntl is None:
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    finally:
        os.close(descriptor)


def until_free(folder, seconds):
    """Returns when no other process has what `locked` gives any more, or after so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with locked(folder):
                return
        except BlockingIOError:
            time.sleep(0.1)


def sweep(folder, locked=True):
    """Removes what killed writers left in `folder`.

    Args:
        folder: an existing folder; its subfolders are left alone.
        locked: whether nobody else may be writing there now. If not, what belongs to a running process stays.
    """
    _sweep(folder, ".", locked)


def _sweep(folder, begin, locked):
    for leftover in Path(folder).glob(f".*{_MARK}*"):
        ours = leftover.name.startswith(begin)
        if ours and (locked or not _runs(leftover.name.split(_MARK)[1].split(".")[0])):
            _remove(leftover)


def _named(path, name):
    """How a hidden name begins and ends, which is of the kind of `path` and, with the process's number, no longer
    than a file system takes."""
    stem, suffix = (path.stem, path.suffix) if len(os.fsencode(path.suffix)) < 20 else (path.name, "")
    return os.fsencode(f".{name or stem}")[:200].decode("utf-8", "ignore"), suffix


def _runs(process):
    """Whether a process of this machine runs, or may."""
    # Elsewhere than on POSIX, signal 0 isn't a question.
    if os.name != "posix" or not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


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
