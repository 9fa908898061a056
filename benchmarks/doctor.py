"""Does `tfnotes doctor` find each illness, and none where there is none?

    python -m benchmarks.doctor [--seeds N] [--markdown]

Trains the runs that tests/doctor makes sick on purpose, and the healthy ones, and each model of mnist as
`tfnotes train mnist --model NAME --inspect full` does. A cell says in how many runs, of as many seeds, the illness
was found. Ends with status 1 if one was missed, or found in a healthy run.
"""

import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import as_markdown
from tests.doctor.illnesses import HEALTHY, SICK, train
from tfnotes.doctor.examine import examine
from tfnotes.doctor.findings import ILLNESSES
from tfnotes.training import config, loop
from tfnotes.training.run import Run
from tfnotes_tasks.mnist import TASK


def default(path, model, splits):
    """A run as the command line trains it where nothing else is asked for."""
    asked = config.configure(TASK, model=model, inspect="full")
    run = Run.create(path, asked | config.describe_data(splits))
    loop.train(run, TASK, splits, report=lambda sentence: None)
    return run


def found(made):
    """The illnesses found in a run."""
    return {finding.illness for finding in examine(made.path).findings}


def rows(seeds):
    """For each kind of run its name, the illness it was given (None if it is healthy), and what was found by seed."""
    splits = TASK.source("sample")(None)
    with tempfile.TemporaryDirectory() as folder:
        for given, kinds in ((True, SICK), (False, HEALTHY)):
            for name, (recipe, options) in kinds.items():
                runs = (train(Path(folder, f"{name}-{s}"), recipe, splits, seed=s, **options) for s in range(seeds))
                yield name if given else f"healthy: {name}", name if given else None, [found(run) for run in runs]
        # A row of pixels is one step to the other readers, of which "pixel-lstm" takes 28 times as many.
        for model in (name for name in TASK.models if name != "pixel-lstm"):
            yield f"default: {model}", None, [found(default(Path(folder, model), model, splits))]


def main(seeds=3, markdown=False):
    """Prints the table; true if each illness was found in all its runs and none in a healthy one."""
    right = True
    table = Table("run", *ILLNESSES, title="illnesses found (columns) in runs (rows)")
    for name, illness, by_seed in rows(seeds):
        counts = [sum(i in one for one in by_seed) for i in ILLNESSES]
        right &= not any(by_seed) if illness is None else all(illness in one for one in by_seed)
        table.add_row(name, *(f"{count} of {len(by_seed)}" if count else "" for count in counts))
    click.echo(as_markdown(table)) if markdown else Console().print(table)
    return right


@click.command()
@click.option("--seeds", default=3, show_default=True, help="Runs of each kind.")
@click.option("--markdown", is_flag=True, help="Print the table as docs/inspection.md has it.")
def command(seeds, markdown):
    sys.exit(0 if main(seeds, markdown) else 1)


if __name__ == "__main__":
    command()
