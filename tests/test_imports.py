"""Which way imports point: a part of the project knows those below it, and nothing above or beside it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    p.relative_to(ROOT) for folder in ("tfnotes", "tasks") for p in (ROOT / folder).rglob("*.py")
)

# As what the folder `tasks` is installed.
TASKS = "tfnotes_tasks"

# From the lowest to the highest: each imports from the lines before its own.
LEVELS = (
    ("errors",),
    ("_checks", "_config", "_gradients", "_markdown", "_quiet", "_share", "_tiles"),
    ("documents", "extras", "files", "glossary", "language", "plugins"),
    ("event_files", "ray_cluster", "registry", "parity"),
    ("counterparts",),
    ("activations", "clipping", "constraints", "initializers", "regularizers", "schedules"),
    ("backprop", "layers", "losses", "metrics", "optimizers"),
    ("augmentation", "models", "preprocessing"),
    ("_declared", "_endpoint", "_split"),
    ("task",),
    ("doctor",),
    ("compare", "convert", "callbacks", "data"),
    ("training",),
    ("serving", "sweep"),
    ("experiments", "reproduce"),
    ("play",),
    (TASKS, "cli"),
    ("__main__",),
)
# `tfnotes/__init__.py` holds the version and imports nothing.
LEVEL = {"__init__": -1} | {part: level for level, parts in enumerate(LEVELS) for part in parts}

# What is imported before a command runs, so that `tfnotes --help` takes no longer than a moment.
AT_START = (
    "tfnotes",
    "tfnotes.errors",
    "tfnotes.task",
    "tfnotes._checks",
    "tfnotes._declared",
    "tfnotes._endpoint",
    "tfnotes._split",
    "tfnotes._quiet",
    "tfnotes.language",
    "tfnotes.plugins",
    "tfnotes.files",
    "tfnotes.data",
    "tfnotes.data.sources",
    "tfnotes.serving",
    "tfnotes.serving.runtimes",
)
HEAVY = ("tensorflow", "keras", "numpy", "rich", "PIL", "tensorflow_datasets", "tensorboard")

CHILD = f"""
import sys
import click.testing
import tfnotes
from tfnotes.cli import main
helps = ([name, "--help"] for name in main.commands)
for arguments in (["--help"], ["--version"], ["completion", "bash"], *helps):
    result = click.testing.CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
print([name for name in {HEAVY} if name in sys.modules])
"""


def part(name):
    """Which line of `LEVELS` a dotted name belongs to: `tfnotes.layers.dense` to `layers`."""
    names = name.split(".")
    return names[0] if names[0] == TASKS else (*names, "__init__")[1]


def dotted(path):
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    return f"tfnotes_{name}" if path.parts[0] == "tasks" else name


def is_module(name):
    path = ROOT / name.replace(TASKS, "tasks", 1).replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def imports(nodes):
    """The dotted names that these statements import, as modules where they are some."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if is_module(whole) or node.module == "keras" else node.module


def at_top(node):
    """The statements that run when a module is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from at_top(child)


def parsed(path):
    return ast.parse((ROOT / path).read_text())


def test_every_part_has_its_level():
    unknown = {part(dotted(path)) for path in MODULES} - set(LEVEL)
    assert not unknown, f"LEVELS says nothing of {unknown}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_down(path):
    own = part(dotted(path))
    for name in imports(ast.walk(parsed(path))):
        assert name.split(".")[0] != "tasks", f"{own} imports {name}, which may be anyone's"
        if name.split(".")[0] in ("tfnotes", TASKS) and part(name) != own:
            assert LEVEL[part(name)] < LEVEL[own], f"{own} imports {name}, which doesn't stand below it"
        if path.parts[0] == "tfnotes":
            assert name.split(".")[0] not in (TASKS, "tests", "benchmarks"), f"the library imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_kerass_public_interface_is_used(path):
    tree = parsed(path)
    for name in imports(ast.walk(tree)):
        assert not name.startswith(("keras.src", "tensorflow.python", "tensorflow.keras")), name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {("keras", "src"), ("tf", "keras"), ("tf", "python")}


@pytest.mark.parametrize(
    "path", [p for p in MODULES if dotted(p) in AT_START or part(dotted(p)) == "cli"], ids=str
)
def test_the_command_line_starts_with_click_and_the_standard_library_alone(path):
    for name in imports(at_top(parsed(path))):
        light = name.split(".")[0] in {*sys.stdlib_module_names, "click"}
        assert light or name in AT_START or part(name) == "cli", f"{name} is imported at the start"


def test_help_imports_nothing_heavy():
    child = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (child.returncode, child.stdout.strip()) == (0, "[]"), child.stderr[-2000:]


def test_a_subpackage_is_imported_when_it_is_used():
    code = "import sys, tfnotes as t; print('keras' in sys.modules); t.layers; print('keras' in sys.modules)"
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert child.stdout.split() == ["False", "True"], child.stderr[-2000:]
