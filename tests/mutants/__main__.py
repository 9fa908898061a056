"""Applies each mutant to a copy of the project and shows which test killed it.

    python -m tests.mutants [--of MODULE] [--match TEXT] [--jobs N]

It fails if one survives.
"""

import io
import multiprocessing
import os
import shutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import hypothesis  # noqa: F401
import keras  # noqa: F401
import pytest
from rich.console import Console
from rich.table import Column, Table

import tests.mutants

ROOT = Path(__file__).resolve().parents[2]


def mutants(of=""):
    """All mutants of all modules beside this one whose names begin so."""
    names = sorted(m.name for m in iter_modules(tests.mutants.__path__) if m.name != "__main__")
    names = [name for name in names if name.startswith(of)]
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
    # What has no tests of its own may be named anywhere in the folder's.
    match = f"{kind}.{stem} or test_{stem}" if own.exists() else kind
    return [*tests, "tests/contracts/test_parity.py", "tests/contracts/test_config.py", "-k", match]


def killer(mutant):
    """The name of the first test that fails with the mutant in place, or None; what pytest printed if it broke down.

    Runs in a forked process of its own, which finds TensorFlow imported already.
    """
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(printed), redirect_stderr(printed):
        copy = Path(folder)
        # All but what is made: a test that misses a file would kill whatever the error.
        made = (".git", ".venv*", ".*_cache", ".hypothesis", "node_modules", "__pycache__", "runs")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*made), dirs_exist_ok=True)
        # Where the copy's tasks are found under the name that they are installed as.
        (copy / "tfnotes_tasks").symlink_to("tasks")
        target = copy / mutant.file
        target.write_text(mutant.apply(target.read_text()))
        os.chdir(copy)
        os.environ.update(PYTHONPATH=folder, PYTHONDONTWRITEBYTECODE="1", TFNOTES_LONG="1")
        sys.path.insert(0, folder)
        for name in [n for n in sys.modules if n.split(".")[0] in ("tests", "tfnotes", "tfnotes_tasks", "website")]:
            del sys.modules[name]
        # In place of the project's options, which would collect the docstrings' examples too.
        options = ["-o", "addopts=--import-mode=importlib -p no:cacheprovider -p no:doctest -x -q"]
        recorder = _FirstFailure()
        status = pytest.main([*options, f"--rootdir={folder}", *selection(mutant)], plugins=[recorder])
        os.chdir(ROOT)
    if status == pytest.ExitCode.OK:
        return None
    return recorder.name or f"BROKE DOWN: {printed.getvalue()[-1500:]}"


class _FirstFailure:
    """A plugin of pytest that keeps the name of the first failure."""

    name = None

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.name = self.name or report.nodeid

    def pytest_collectreport(self, report):
        if report.failed:
            self.name = self.name or report.nodeid


@click.command()
@click.option("--of", default="", help="Only mutants of the modules beside this one whose names begin so.")
@click.option("--match", default="", help="Only mutants whose file or text contains this.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="How many at once.")
def main(of, match, jobs):
    """Kill every mutant."""
    chosen = [m for m in mutants(of) if match in m.file or match in m.before or match in m.after]
    table = Table("mutant", Column("killed by", overflow="fold"), show_lines=True)
    survivors = 0
    # A process forked for each mutant: importing TensorFlow anew would take most of the time.
    with multiprocessing.get_context("fork").Pool(jobs, maxtasksperchild=1) as pool:
        for mutant, test in zip(chosen, pool.imap(killer, chosen), strict=True):
            if test and test.startswith("BROKE DOWN"):
                raise click.ClickException(f"{mutant.file}: {mutant.after}: pytest {test}")
            survivors += test is None
            what = f"{mutant.file}\n- {mutant.before}\n+ {mutant.after}"
            table.add_row(what, test or "SURVIVED", style=None if test else "bold red")
            click.echo(f"{'survived' if test is None else 'killed'}: {mutant.file}: {mutant.after}", err=True)
    Console().print(table)
    click.echo(f"{len(chosen)} mutants, {len(chosen) - survivors} killed, {survivors} survived")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
