"""Whether several processes, here or on Ray, learn what one does: losses by epoch, and weights after the first.

    python -m benchmarks.scaling_curves [--processes 1,2,4] [--engines local,ray] [--epochs N] [--only TEXT] [--write]

Trains on the sample by `tfnotes train`, one thread a process. In single precision a sum over other parts is rounded
otherwise, and the `cnn` at its rate magnifies that; so it is trained in double precision too. `--write` puts the table
into docs/scaling.md and docs/scaling.zh.md, and the picture into docs/images. Fails if a difference is larger than
1e-5, but for the `cnn` in single precision.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import DOCS, as_markdown, place
from tfnotes.files import write_aside
from tfnotes.training.run import Run

# Name, task, model and precision.
TRAININGS = (
    ("lenet", "mnist", "cnn", "float32"),
    ("lenet", "mnist", "cnn", "float64"),
    ("lstm", "mnist", "lstm", "float32"),
    ("vae", "autoencode", "vae", "float32"),
)
ALLOWED = 1e-5
HEADINGS = {
    "en": ("model", "precision", "processes", "engine", "val_loss", "losses differ by", "weights after an epoch by"),
    "zh": ("模型", "精度", "进程数", "引擎", "验证损失", "损失相差", "一轮后的权重相差"),
}


def trained(folder, task, model, precision, workers, engine, epochs):
    """The validation losses of the epochs, and the model's variables after the first."""
    # Keras reads its precision there.
    (folder / "keras.json").write_text(json.dumps({"floatx": precision, "backend": "tensorflow"}))
    path = folder / f"{task}-{model}-{precision}-{workers}-{engine}"
    command = [sys.executable, "-m", "tfnotes", "train", task, "--model", model, "--data", "sample", "--inspect", "off"]
    command += ["--epochs", str(epochs), "--workers", str(workers), "--engine", engine, "--run", str(path)]
    # With several, a process gets its share of the cores; the run's threads are one in any case.
    threads = {"TF_NUM_INTRAOP_THREADS": "1", "KERAS_HOME": str(folder)}
    first, weights = path / "checkpoints" / "epoch-0001", None
    with subprocess.Popen(command, env={**os.environ, **threads}, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None or weights is None:
            if weights is None and first.is_dir():
                # Two epochs later it is removed.
                with np.load(first / "variables.npz") as stored:
                    weights = [np.asarray(stored[name], float) for name in sorted(stored)]
            if process.poll():
                raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}.")
            time.sleep(0.02)
    return np.array([row["val_loss"] for row in Run.open(path).metrics()]), weights


def differences(found, alone):
    """The largest difference of a loss, and that of a variable, where those are above 1 as a share of them."""
    losses = np.abs(found[0] - alone[0]) / np.maximum(1, np.abs(alone[0]))
    pairs = zip(found[1], alone[1], strict=True)
    return losses, max(float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b)), initial=0)) for a, b in pairs)


def picture(curves):
    """Losses above, and below how far they are from those of one process; a `matplotlib` figure."""
    from matplotlib.figure import Figure

    figure = Figure((12, 5.5), layout="constrained")
    panels = figure.subplots(2, len(curves), squeeze=False)
    for (above, below), ((name, precision), lines) in zip(panels.T, curves.items(), strict=True):
        above.set_title(f"{name}, {precision}")
        for k, ((workers, engine), (losses, apart)) in enumerate(lines.items()):
            epochs = np.arange(1, len(losses) + 1)
            # Those of equal losses lie on each other: later ones are drawn thinner.
            above.plot(epochs, losses, label=f"{workers} {engine}", linewidth=1 + 1.2 * (len(lines) - k))
            if apart is not None:
                below.plot(epochs, np.maximum(apart, 1e-16), marker="o", markersize=9 - 2 * (k % 4), alpha=0.7)
        below.axhline(ALLOWED, color="0.5", linestyle=":")
        below.set_yscale("log")
        below.set_ylim(1e-16, 1)
        below.set_xlabel("epoch")
    panels[0, 0].set_ylabel("val_loss")
    panels[1, 0].set_ylabel("distance from 1 process")
    panels[0, 0].legend(title="processes, engine")
    return figure


@click.command()
@click.option("--processes", default="1,2,4", show_default=True, help="How many, with commas between.")
@click.option("--engines", default="local,ray", show_default=True, help="With a comma between.")
@click.option("--epochs", type=click.IntRange(1), default=4, show_default=True)
@click.option("--only", default="", help="Only models and precisions whose name contains this, such as lenet-float64.")
@click.option("--write", is_flag=True, help="Write the table and the picture into the docs.")
def main(processes, engines, epochs, only, write):
    """Compare losses and weights of one process and of several."""
    rows, curves, wrong = [], {}, []
    with tempfile.TemporaryDirectory() as folder:
        for name, task, model, precision in TRAININGS:
            if only not in f"{name}-{precision}":
                continue
            alone, lines = None, {}
            for workers in map(int, processes.split(",")):
                for engine in engines.split(","):
                    found = trained(Path(folder), task, model, precision, workers, engine, epochs)
                    alone = alone or found
                    losses, weights = differences(found, alone)
                    lines[workers, engine] = found[0], None if found is alone else losses
                    texts = ("", "") if found is alone else (f"{losses.max():.0e}", f"{weights:.0e}")
                    rows.append((name, precision, str(workers), engine, f"{found[0][-1]:.6f}", *texts))
                    click.echo("  ".join(rows[-1]), err=True)
                    if max(losses.max(), weights) > ALLOWED and (name, precision) != ("lenet", "float32"):
                        wrong.append(rows[-1])
            curves[name, precision] = lines
    tables = {lang: Table(*headings) for lang, headings in HEADINGS.items()}
    for table in tables.values():
        for row in rows:
            table.add_row(*row)
    if write:
        with write_aside(DOCS / "images" / "scaling.png") as aside:
            picture(curves).savefig(aside, dpi=100)
        for lang, page, shows in (("en", "scaling.md", "Losses by epoch"), ("zh", "scaling.zh.md", "每轮的损失")):
            place(page, "curves", f"![{shows}](images/scaling.png)\n\n{as_markdown(tables[lang])}")
    else:
        Console().print(tables["en"])
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
