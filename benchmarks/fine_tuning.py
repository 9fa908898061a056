"""What a network that knows the digits 0-4 is worth for 5-9, by the number of examples.

    python -m benchmarks.fine_tuning [--markdown]

On the sample of MNIST: a multilayer perceptron learns 0-4; its first hidden layer, frozen, then serves one
that learns 5-9 from 10, 100 and 1000 examples, beside one that starts from scratch: the same examples, the same
number of steps. A row shows the test accuracy on 5-9, and how much more the fine-tuned one has with the same
seed: mean and standard deviation over the seeds.
"""

import statistics
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import as_markdown
from tfnotes import task as tasks
from tfnotes.training import config, loop
from tfnotes.training.run import Run

EPOCHS = {10: 40, 100: 40, 1000: 12}
SEEDS = range(5)
MODEL, FROZEN = "mlp", ["dense_1"]

PAGE = """# Fine-tuning, measured

`python -m benchmarks.fine_tuning --markdown > docs/fine_tuning.md` writes this page.

An `{model}` learns the digits 0-4 of the sample. Another learns 5-9 from few examples: from scratch, or from the
first one's weights with `{frozen}` frozen. Both see the same examples, drawn by the seed, for as many epochs
({epochs}), in batches of {batch_size}, at a rate of {learning_rate}
which stays. Test accuracy on 5-9: mean ± standard deviation over the seeds 0-{last}.
"""


def train(path, task, splits, **options):
    """A run's accuracy on the test split."""
    asked = config.configure(task, model=MODEL, data="sample", inspect="off", **options)
    run = Run.create(path, asked | config.describe_data(splits))
    return loop.train(run, task, splits)["accuracy"]


def measure(folder):
    """Test accuracies: `{examples: {"scratch": [...], "tuned": [...]}}`, one for each seed."""
    task = tasks.load("mnist")
    splits = task.source("sample")(None)
    for seed in SEEDS:
        train(Path(folder, f"low-{seed}"), task, splits, seed=seed, settings=["digits=01234"])
    found = {}
    for examples, epochs in EPOCHS.items():
        found[examples] = {"scratch": [], "tuned": []}
        for seed in SEEDS:
            settings = ["digits=56789", f"examples={examples}"]
            options = {"seed": seed, "epochs": epochs, "learning_rate_decay": 1.0, "settings": settings}
            starts = {"scratch": {}, "tuned": {"source": Path(folder, f"low-{seed}"), "freeze": FROZEN}}
            for start, source in starts.items():
                path = Path(folder, f"{start}-{examples}-{seed}")
                found[examples][start].append(train(path, task, splits, **options, **source))
    return found


@click.command()
@click.option("--markdown", is_flag=True, help="Print the page of the docs.")
def main(markdown):
    """Accuracy on 5-9, from scratch and from a network that knows 0-4."""
    table = Table("examples", "from scratch", "fine-tuned", "gain in points")
    with tempfile.TemporaryDirectory() as folder:
        for examples, found in measure(folder).items():
            gains = [100 * (b - a) for a, b in zip(found["scratch"], found["tuned"], strict=True)]
            accuracies = [f"{statistics.mean(v):.1%} ± {statistics.stdev(v):.1%}" for v in found.values()]
            gain = f"{statistics.mean(gains):+.1f} ± {statistics.stdev(gains):.1f}"
            table.add_row(str(examples), *accuracies, gain)
    if not markdown:
        Console().print(table)
        return
    defaults = tasks.load("mnist").defaults
    epochs = ", ".join(f"{epochs} with {examples} examples" for examples, epochs in EPOCHS.items())
    settings = {"epochs": epochs, "batch_size": defaults.batch_size, "learning_rate": defaults.learning_rate}
    click.echo(PAGE.format(model=MODEL, frozen=FROZEN[0], last=SEEDS[-1], **settings))
    click.echo(as_markdown(table))


if __name__ == "__main__":
    main()
