"""The wheel holds the library and the tasks, all of them, and nothing else."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_wheel_holds_every_module_and_the_entry_points(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("tfnotes", "tasks"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip_wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip_wheel, "-w", tmp_path, "."], cwd=source, check=True)
    (wheel,) = tmp_path.glob("tfnotes-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (entry_points,) = (n for n in names if n.endswith("entry_points.txt"))
        points = archive.read(entry_points).decode()
    modules = {str(p.relative_to(ROOT)) for f in ("tfnotes", "tasks") for p in (ROOT / f).rglob("*.py")}
    assert {n for n in names if n.endswith(".py")} == modules
    assert {"tfnotes/py.typed", "tfnotes/experiments/claims.json", "tfnotes/experiments/ledger.json"} <= names
    assert "tfnotes = tfnotes.cli:main" in points
    assert "mnist = tasks.mnist:TASK" in points
