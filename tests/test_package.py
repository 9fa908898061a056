"""The wheel holds the library and the tasks, all of them, and nothing else; the tasks bear a name of our own."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = (
    "glossary.json",
    "py.typed",
    "experiments/claims.json",
    "experiments/ledger.json",
    "experiments/sentences.toml",
    "reproduce/results.json",
    "reproduce/rows.toml",
    "reproduce/schema.json",
)


def test_wheel_holds_every_module_and_the_entry_points(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("tfnotes", "tasks"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in ("setup.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip_wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip_wheel, "-w", tmp_path, "."], cwd=source, check=True)
    (wheel,) = tmp_path.glob("tfnotes-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (entry_points,) = (n for n in names if n.endswith("entry_points.txt"))
        points = archive.read(entry_points).decode()
    folders = {"tfnotes": ROOT / "tfnotes", "tfnotes_tasks": ROOT / "tasks"}
    modules = {f"{name}/{p.relative_to(f).as_posix()}" for name, f in folders.items() for p in f.rglob("*.py")}
    assert {n for n in names if n.endswith(".py")} == modules
    assert {f"tfnotes/{name}" for name in DATA} <= names
    assert "tfnotes = tfnotes.cli:main" in points
    assert "mnist = tfnotes_tasks.mnist:TASK" in points


def python(code, folder):
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_a_folder_with_a_module_named_tasks_takes_nothing_from_ours(tmp_path):
    (tmp_path / "tasks.py").write_text("raise SystemExit('a module of other people')")
    code = "from tfnotes import task; print(*[task.load(n).models != {} for n in ('autoencode', 'imdb', 'mnist')])"
    child = python(code, tmp_path)
    assert child.stdout.split() == ["True"] * 3, child.stderr[-2000:]


def test_the_name_that_an_old_installation_uses_is_refused():
    child = python("import tasks.mnist", ROOT)
    assert child.returncode == 1
    assert "ImportError: tfnotes: its tasks are imported as `tfnotes_tasks`" in child.stderr


def test_what_the_package_has_is_found_by_name_and_registered_where_keras_came_first():
    code = """
import sys, tfnotes
assert "keras" not in sys.modules
print(*[name for name in dir(tfnotes) if not name.startswith("_")])
for name in dir(tfnotes):
    assert getattr(tfnotes, name) is not None
try:
    tfnotes.layer
except AttributeError as error:
    print(error)
del sys.modules["tfnotes"], sys.modules["tfnotes.convert"]
import keras
import tfnotes
print("tfnotes.convert" in sys.modules)
"""
    child = python(code, ROOT)
    assert child.returncode == 0, child.stderr[-2000:]
    names, error, registered = child.stdout.splitlines()
    packages = "activations augmentation backprop callbacks clipping constraints convert data initializers layers"
    packages += " losses metrics models optimizers preprocessing regularizers schedules"
    assert set(packages.split()) <= set(names.split())
    assert names.split() == sorted(names.split())
    assert error == "module 'tfnotes' has no attribute 'layer'"
    assert registered == "True"
