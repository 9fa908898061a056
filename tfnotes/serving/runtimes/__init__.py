"""What runs an export: TensorFlow, ONNX Runtime or LiteRT, each imported when it is asked for.

A runtime's class is called with an export's folder and its metadata. It has a format, whose files it reads;
`damage`, what it raises of a damaged file; `names(endpoint)`, those of its inputs and of its outputs; and
`ask(endpoint, inputs)`, from arrays by name to arrays by name.
"""

from importlib import import_module

from tfnotes.errors import InputError

NAMES = ("tensorflow", "onnx", "litert")
FORMATS = {"tensorflow": "saved_model", "onnx": "onnx", "litert": "litert"}

# The errors of TensorFlow and of ONNX Runtime, which need not be imported here.
_REFUSALS = ("InvalidArgumentError", "InvalidArgument", "Fail", "ValueError", "TypeError")
_OF_NODES = ("Graph execution error", "Detected at node", "<stack traces", "[[{{node")


def choose(name, folder, metadata):
    """The name of a runtime that can run an export: the one that is asked for, or the first; refuses another."""
    there = [runtime for runtime in NAMES if FORMATS[runtime] in metadata["formats"]]
    holds = ", ".join(metadata["formats"]) or "none"
    if not there:
        raise InputError(
            f"Exported: `export` must hold one of the formats {', '.join(FORMATS.values())}, which runtimes run. "
            f"Received: {folder}, which holds {holds}."
        )
    if name is None:
        return there[0]
    if name not in there:
        raise InputError(
            f"Exported: `runtime` must be one of {', '.join(there)}, as {folder} holds {holds}. Received: {name!r}."
        )
    return name


def refusal(error):
    """What a runtime says of inputs that an endpoint can't read, in a sentence; None for any other error."""
    if type(error).__name__ not in _REFUSALS:
        return None
    # ONNX Runtime's sentence stands behind its codes and the node.
    words = str(error).rsplit("Status Message: ", 1)[-1]
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    # TensorFlow's first lines name its nodes; its sentence stands behind the operation, or on a line of its own.
    sentence = next((line.split("} ", 1)[1] for line in lines if "} " in line), None)
    sentence = sentence or next((line for line in lines if not line.startswith(_OF_NODES)), "nothing")
    return sentence[:300]


def load(name):
    """The class of a runtime."""
    return import_module(f"tfnotes.serving.runtimes.{name}_runtime").Runtime
