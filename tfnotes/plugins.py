"""What packages declare for tfnotes, as entry points; one that is broken is told of, and leaves the others be."""

import traceback
from importlib import metadata

from tfnotes.errors import InputError, first_line


def names(group):
    """The names that installed packages declare in a group, without importing anything."""
    return sorted({point.name for point in metadata.entry_points(group=group)})


def load(group, name, what):
    """What stands behind a name; imports the package that declares it.

    Args:
        group: of entry points, such as "tfnotes.tasks".
        name: one in the group.
        what: what the group's names stand for, as in "task", for errors.

    Raises:
        InputError: no package declares the name, or several do, or its module can't be imported.
    """
    points = {point.value: point for point in metadata.entry_points(group=group, name=name)}
    if not points:
        known = ", ".join(names(group)) or "none installed"
        raise InputError(f"tfnotes: `{what}` must be one of {known}. Received: {name!r}.")
    if len(points) > 1:
        owners = " and ".join(sorted(f"{_package(p)} ({p.value})" for p in points.values()))
        raise InputError(f"tfnotes: the {what} `{name}` must be declared by one package. Received: {owners}.")
    (point,) = points.values()
    try:
        return point.load()
    except InputError:
        raise
    # A module of somebody else's may raise anything, and may end the program.
    except (Exception, SystemExit) as error:
        raise InputError(
            f"tfnotes: the {what} `{name}` of the package {_package(point)} can't be loaded from {point.value}: "
            f"{type(error).__name__}: {first_line(error)}{_place(error)}."
        ) from error


def _package(point):
    return point.dist.name if point.dist else "?"


def _place(error):
    """Where an error arose, in the code that isn't Python's own."""
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({error.filename}, line {error.lineno})"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "importlib" not in f.filename]
    return f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames[1:] else ""
