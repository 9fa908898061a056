"""Applies each mutant to a copy of the project and shows which test killed it.

    python -m tests.mutants [--match TEXT] [--jobs N]

It fails if one survives.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
from rich.console import Console
from rich.table import Column, Table

import tests.mutants

ROOT = Path(__file__).resolve().parents[2]


def mutants():
    """All mutants of all modules beside this one."""
    names = sorted(m.name for m in iter_modules(tests.mutants.__path__) if m.name != "__main__")
    return [mutant for name in names for mutant in import_module(f"tests.mutants.{name}").MUTANTS]


def selection(mutant):
    """The tests to try: the file's own, then a concept's contracts; they stop at the first failure.

    What several files share, such as `layers/_base.py`, is tried with the tests of the whole folder,
    unless it has some of its own.
    """
    if mutant.tests:
        return list(mutant.tests)
    path = Path(mutant.file)
    folder, stem = Path("tests", *path.parts[1:-1]), path.stem
    own = folder / f"test_{stem}.py"
    tests = [str(p) for p in (own, folder) if (ROOT / p).exists()][:1]
    kind = path.parts[1]
    if not any("@concept(" in p.read_text() for p in (ROOT / "tfnotes" / kind).glob("*.py")):
        return tests
    match = kind if stem.startswith("_") else f"{kind}.{stem} or test_{stem}"
    return [*tests, "tests/contracts/test_parity.py", "tests/contracts/test_config.py", "-k", match]


def killer(mutant, base):
    """The name of the first test that fails with the mutant in place, or None."""
    with tempfile.TemporaryDirectory(dir=base) as folder:
        copy = Path(folder)
        for name in ("tfnotes", "tasks", "tests", "pyproject.toml"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
        target = copy / mutant.file
        target.write_text(mutant.apply(target.read_text()))
        # In place of the project's options, which would collect the docstrings' examples too.
        options = ["-o", "addopts=--import-mode=importlib -p no:cacheprovider -p no:doctest -x -q"]
        command = [sys.executable, "-m", "pytest", *options, *selection(mutant)]
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return None
    failed = [
        line.split(" - ")[0].split(" ", 1)[1]
        for line in run.stdout.splitlines()
        if line.startswith(("FAILED", "ERROR"))
    ]
    if run.returncode != 1 or not failed:
        raise click.ClickException(
            f"{mutant.file}: pytest broke down:\n{run.stdout[-1500:]}{run.stderr[-1500:]}"
        )
    return failed[0]


@click.command()
@click.option("--match", default="", help="Only mutants whose file or text contains this.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="How many at once.")
def main(match, jobs):
    """Kill every mutant."""
    chosen = [m for m in mutants() if match in m.file or match in m.before or match in m.after]
    table = Table("mutant", Column("killed by", overflow="fold"), show_lines=True)
    survivors = 0
    with tempfile.TemporaryDirectory() as base, ThreadPoolExecutor(jobs) as pool:
        for mutant, test in zip(chosen, pool.map(lambda m: killer(m, base), chosen), strict=True):
            survivors += test is None
            what = f"{mutant.file}\n- {mutant.before}\n+ {mutant.after}"
            table.add_row(what, test or "SURVIVED", style=None if test else "bold red")
            click.echo(f"{'survived' if test is None else 'killed'}: {mutant.file}: {mutant.after}", err=True)
    Console().print(table)
    click.echo(f"{len(chosen)} mutants, {len(chosen) - survivors} killed, {survivors} survived")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
