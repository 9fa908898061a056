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

from benchmarks._markdown import write_pages
from tfnotes import task as tasks
from tfnotes.language import Words
from tfnotes.training import config, loop
from tfnotes.training.run import Run

EPOCHS = {10: 40, 100: 40, 1000: 12}
SEEDS = range(5)
MODEL, FROZEN = "mlp", ["dense_1"]

PAGE = Words(
    """# Fine-tuning, measured

[中文](fine_tuning.zh.md)

`python -m benchmarks.fine_tuning --markdown` writes this page.

An `{model}` learns the digits 0-4 of the sample. Another learns 5-9 from few examples: from scratch, or from the
first one's weights with `{frozen}` frozen. Both see the same examples, drawn by the seed, for as many epochs
({epochs}), in batches of {batch_size}, at a rate of {learning_rate}
which stays. Test accuracy on 5-9: mean ± standard deviation over the seeds 0-{last}.
""",
    """# 微调：实测

[English](fine_tuning.md)

本页由 `python -m benchmarks.fine_tuning --markdown` 生成。

一个 `{model}` 先用示例数据学会数字 0-4，另一个再用少量样本学习 5-9：或者从头学起，或者从前者的权重出发，并冻结
`{frozen}`。两种做法所用的样本相同（按随机种子抽取），轮数也相同（{epochs}），
批量大小为 {batch_size}，学习率始终为 {learning_rate}。表中是 5-9 上的测试准确率：种子 0-{last} 的均值 ± 标准差。
""",
)
EPOCHS_OF = Words("{epochs} with {examples} examples", "{examples} 个样本训练 {epochs} 轮")
HEADS = Words("examples | from scratch | fine-tuned | gain in points", "样本数 | 从头训练 | 微调 | 提高（百分点）")


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
@click.option("--markdown", is_flag=True, help="Write docs/fine_tuning.md and docs/fine_tuning.zh.md.")
def main(markdown):
    """Accuracy on 5-9, from scratch and from a network that knows 0-4."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for examples, found in measure(folder).items():
            gains = [100 * (b - a) for a, b in zip(found["scratch"], found["tuned"], strict=True)]
            accuracies = [f"{statistics.mean(v):.1%} ± {statistics.stdev(v):.1%}" for v in found.values()]
            gain = f"{statistics.mean(gains):+.1f} ± {statistics.stdev(gains):.1f}"
            rows.append((str(examples), *accuracies, gain))
    if markdown:
        write_pages("fine_tuning", page(), lambda language: table(rows, language))
    else:
        Console().print(table(rows))


def page():
    """What stands above the table, in both languages."""
    defaults = tasks.load("mnist").defaults
    each = [EPOCHS_OF.format(epochs=epochs, examples=examples) for examples, epochs in EPOCHS.items()]
    settings = {"batch_size": defaults.batch_size, "learning_rate": defaults.learning_rate}
    epochs = Words(", ".join(words.en for words in each), "，".join(words.zh for words in each))
    return PAGE.format(model=MODEL, frozen=FROZEN[0], last=SEEDS[-1], epochs=epochs, **settings)


def table(rows, language="en"):
    """The table in a language."""
    made = Table(*HEADS[language].split(" | "))
    for row in rows:
        made.add_row(*row)
    return made


if __name__ == "__main__":
    main()
