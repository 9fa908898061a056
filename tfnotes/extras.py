"""What only some features need, and isn't installed with the rest."""

from tfnotes.errors import InputError


def matplotlib(who, otherwise=""):
    """Refuses to go on without matplotlib.

    Args:
        who: what needs it; the error begins so.
        otherwise: what else can be done; the error ends so.

    Raises:
        InputError: it isn't installed, or can't be imported.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        install = "matplotlib, of the extra `figures`: pip install 'tfnotes[figures]'"
        raise InputError(f"{who} {install}{otherwise}.") from error
