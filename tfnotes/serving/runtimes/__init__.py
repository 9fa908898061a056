"""What runs an export: TensorFlow, ONNX Runtime or LiteRT, each imported when it is asked for.

A runtime's class is called with an export's folder and its metadata. It has a format, whose files it reads;
`damage`, what it raises of a damaged file; and `ask(endpoint, inputs)`, from arrays by name to arrays by name.
"""

from importlib import import_module

from tfnotes.errors import InputError

NAMES = ("tensorflow", "onnx", "litert")
FORMATS = {"tensorflow": "saved_model", "onnx": "onnx", "litert": "litert"}


def choose(name, folder, metadata):
    """The name of a runtime that can run an export: the one that is asked for, or the first; refuses another."""
    there = [runtime for runtime in NAMES if FORMATS[runtime] in metadata["formats"]]
    if name is None and there:
        return there[0]
    if name not in there:
        raise InputError(
            f"Exported: `runtime` must be one of {', '.join(there) or 'none'}, as {folder} holds "
            f"{', '.join(metadata['formats'])}. Received: {name!r}."
        )
    return name


def load(name):
    """The class of a runtime."""
    return import_module(f"tfnotes.serving.runtimes.{name}_runtime").Runtime
