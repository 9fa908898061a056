"""What may be given to a function is read there: an option that nothing reads would be taken and not heeded."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What a caller gives to all functions of a kind, and these have no use for; `logs` is given to all callbacks.
UNREAD = {
    # A drawn task stores nothing; `train` reads its own from the context.
    ("tasks/adding/__init__.py", "drawn", "data_dir"),
    ("tfnotes/cli/train.py", "command", "lang"),
    ("tfnotes/experiments/figures.py", "dots", "parameters"),
    ("tfnotes/experiments/figures.py", "shares", "parameters"),
    # A path with it is refused like the one without.
    ("tfnotes/serving/server/tensorflow_rest.py", "predict_by_get", "version"),
    # By NumPy and Keras.
    ("tfnotes/callbacks/predictions.py", "__array__", "copy"),
    ("tfnotes/layers/_rnn.py", "from_config", "custom_objects"),
    ("tfnotes/layers/bidirectional.py", "build", "initial_state_shape"),
    ("tfnotes/layers/bidirectional.py", "compute_output_shape", "initial_state_shape"),
    ("tfnotes/layers/dense.py", "call", "training"),
    ("tfnotes/layers/dense.py", "quantize", "config"),
    ("tfnotes/layers/dense.py", "quantize", "type_check"),
    ("tfnotes/layers/embedding.py", "build", "input_shape"),
    ("tfnotes/layers/embedding.py", "compute_mask", "mask"),
    ("tfnotes/layers/embedding.py", "compute_output_spec", "training"),
    ("tfnotes/layers/embedding.py", "quantize", "config"),
    ("tfnotes/layers/embedding.py", "quantize", "type_check"),
    ("tfnotes/layers/perceptron.py", "call", "training"),
    ("tfnotes/models/_random.py", "next", "ordered"),
    # Those who follow a chief do less than it.
    ("tfnotes/training/followed.py", "write_model", "name"),
    ("tfnotes/training/ray_carried.py", "report", "_"),
    ("tfnotes/training/ray_carried.py", "report", "last"),
}


def arguments(function):
    """What may be left out, and all that a constructor or a command takes."""
    given = function.args
    required = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    if function.name == "__init__" or any("command" in ast.unparse(d) for d in function.decorator_list):
        required = 0
    return {a.arg for a in [*[*given.posonlyargs, *given.args][required:], *given.kwonlyargs]}


def unread(path):
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        # Of `_shared` only the signature counts.
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name != "_shared":
            read = {n.id for part in node.body for n in ast.walk(part) if isinstance(n, ast.Name)}
            yield from ((path, node.name, name) for name in arguments(node) - read - {"self", "logs"})


def test_every_argument_is_read_but_those_that_are_known():
    paths = (p.relative_to(ROOT).as_posix() for folder in ("tfnotes", "tasks") for p in (ROOT / folder).rglob("*.py"))
    assert {found for path in paths for found in unread(path)} == UNREAD
