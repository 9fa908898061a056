"""What only some features need, and isn't installed with the rest."""

from importlib import import_module

from tfnotes.errors import InputError

# Packages by their modules, where those bear another name.
_CALLED = {"ai_edge_litert": "ai-edge-litert"}


def needed(module, extra, who, otherwise=""):
    """Imports a module of an extra.

    Args:
        module: its name.
        extra: the extra that installs it.
        who: what needs it; the error begins so.
        otherwise: what else can be done; the error ends so.

    Returns:
        The module.

    Raises:
        InputError: it isn't installed, or can't be imported.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = _CALLED.get(module.split(".")[0], module.split(".")[0])
        install = f"pip install 'tfnotes[{extra}]'{otherwise}"
        raise InputError(f"{who} {package}, of the extra `{extra}`: {install}.") from error
