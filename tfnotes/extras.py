"""What only some features need, and isn't installed with the rest."""

from importlib import import_module

from tfnotes.errors import InputError

# Packages by their modules, where those bear another name.
_CALLED = {"ai_edge_litert": "ai-edge-litert"}


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


def needed(module, extra, who):
    """Imports a module of an extra.

    Args:
        module: its name.
        extra: the extra that installs it.
        who: what needs it; the error begins so.

    Returns:
        The module.

    Raises:
        InputError: it isn't installed, or can't be imported.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = _CALLED.get(module.split(".")[0], module.split(".")[0])
        raise InputError(f"{who} {package}, of the extra `{extra}`: pip install 'tfnotes[{extra}]'.") from error
