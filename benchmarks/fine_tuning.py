"""What a network that knows the digits 0-4 is worth for 5-9, by the number of examples.

    python -m benchmarks.fine_tuning

On the sample of MNIST: a multilayer perceptron learns 0-4; its first hidden layer, frozen, then serves one
that learns 5-9 from 10, 100 and 1000 examples, beside one that starts from scratch: the same examples, the same
number of steps. A row shows the test accuracy on 5-9, mean and standard deviation over the seeds.
"""

import statistics
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tfnotes import task as tasks
from tfnotes.training import config, loop
from tfnotes.training.run import Run

EPOCHS = {10: 40, 100: 40, 1000: 12}
SEEDS = range(5)
MODEL, FROZEN = "mlp", ["dense_1"]


def train(path, task, splits, **options):
    """A run's accuracy on the test split."""
    run = Run.create(path, config.configure(task, model=MODEL, data="sample", **options) | config.describe_data(splits))
    return loop.train(run, task, splits)["accuracy"]


def main():
    task = tasks.load("mnist")
    splits = task.source("sample")(None)
    table = Table("examples", "from scratch", "fine-tuned", title="accuracy on the digits 5-9")
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            train(Path(folder, f"low-{seed}"), task, splits, seed=seed, settings=["digits=01234"])
        for examples, epochs in EPOCHS.items():
            found: dict[str, list[float]] = {"scratch": [], "tuned": []}
            for seed in SEEDS:
                settings = ["digits=56789", f"examples={examples}"]
                options = {"seed": seed, "epochs": epochs, "learning_rate_decay": 1.0, "settings": settings}
                source = {"source": Path(folder, f"low-{seed}"), "freeze": FROZEN}
                found["scratch"].append(train(Path(folder, f"a-{examples}-{seed}"), task, splits, **options))
                found["tuned"].append(train(Path(folder, f"b-{examples}-{seed}"), task, splits, **options, **source))
            table.add_row(str(examples), *(_shown(values) for values in found.values()))
    Console().print(table)


def _shown(values):
    return f"{statistics.mean(values):.1%} ± {statistics.stdev(values):.1%}"


if __name__ == "__main__":
    main()
