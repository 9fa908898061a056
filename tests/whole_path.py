"""The whole path of an installed tfnotes, command by command, in an empty folder: no stack trace, no warning of ours.

    python -I tests/whole_path.py

`make dist` runs it on the newest of everything, `make test-oldest` on the oldest that setup.cfg allows.
"""

import os
import sys
import tempfile
import traceback
from pathlib import Path

import click

import tfnotes
from tfnotes import registry, task
from tfnotes.cli import main

FEW = ("--set", "examples=500")


def commands():
    """The arguments of each call, without the program's name."""
    yield from (["data", "prepare", "sample"], ["data", "prepare", "imdb-sample"], ["data", "list"])
    yield ["data", "extract", "sample", "--index", "3", "--out", "digit.png"]
    for name in task.names():
        for model in task.load(name).models:
            few = FEW if name == "mnist" else ()
            yield ["train", name, "--model", model, "--epochs", "1", *few, "--run", f"{name}-{model}"]
    for run in ("mnist-cnn", "imdb-bilstm", "autoencode-vae", "autoencode-rbm", "autoencode-ladder"):
        yield from (["evaluate", run], ["doctor", run], ["export", run, "--to", f"saved-{run}"])
    yield ["train", "--resume", "mnist-cnn", "--epochs", "2"]
    yield ["predict", "saved-mnist-cnn/mnist", "digit.png"]
    yield ["predict", "saved-imdb-bilstm/imdb", "A dull, lifeless film."]
    yield ["sample", "saved-autoencode-vae/autoencode", "--n", "4", "--seed", "1", "--out", "samples.png"]
    yield ["compare", "mnist", "mlp", "--epochs", "1", *FEW, "--no-figures"]
    yield from (["claims"], ["experiment", "list"], ["experiment", "run", "pool-of-4x4", "--no-figures", "--quick"])
    yield from (["backprop"], ["concepts", "--markdown"], ["completion", "bash"])
    for concept in registry.concepts():
        yield ["show", concept.name]
        if concept.twin:
            yield ["compare", concept.name, "--cases", "1", "--pairs", "4"]


def run(arguments):
    """What went wrong, or None."""
    with open(os.devnull, "w") as nothing:
        out, sys.stdout = sys.stdout, nothing
        try:
            main(arguments, standalone_mode=False)
        except click.exceptions.Exit as ended:
            return f"exit code {ended.exit_code}" if ended.exit_code else None
        except (Exception, SystemExit):
            return traceback.format_exc()
        finally:
            sys.stdout = out


if __name__ == "__main__":
    if "site-packages" not in tfnotes.__file__:
        sys.exit(f"This is for an installed tfnotes; found {tfnotes.__file__}.")
    broken = count = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # As on a fresh machine: what is prepared elsewhere hides what preparing needs.
        os.environ["TFDS_DATA_DIR"] = os.path.join(folder, "data")
        Path("tasks.py").write_text("raise SystemExit('a module of other people')\n")
        for arguments in commands():
            error = run(arguments)
            count += 1
            broken += error is not None
            if error:
                click.echo(f"tfnotes {' '.join(arguments)}\n{error}", err=True)
        os.chdir("/")
    click.echo(f"{count} commands, {broken} failed")
    sys.exit(1 if broken else 0)
