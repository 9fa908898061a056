"""What the models reach on the full data, each by one `tfnotes train`.

    python -m benchmarks.full_data [NAME ...] [--runs FOLDER] [--train/--no-train] [--markdown]

Trains those that aren't trained yet, and goes on with those that were interrupted; then shows the figures of
their `test.json` beside what was published.
"""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import write_pages
from tfnotes.language import Words
from tfnotes.training.run import Run


class Case(NamedTuple):
    """What is trained, and what others report of the like."""

    command: str
    published: Words = Words("", "")


def _error(rate, paper):
    return Words(f"{rate} error ({paper})", f"错误率 {rate}（{paper}）")


CASES = {
    "cnn": Case("mnist --model cnn"),
    "lstm-by-rows": Case("mnist --model lstm"),
    "dropout-max-norm": Case(
        "mnist --model mlp --epochs 200 --batch-size 128 --learning-rate 0.05 --learning-rate-decay 0.98 "
        "--set momentum=0.95 --set units=1024 --set depth=3 --set dropout=0.5 --set input_dropout=0.2 "
        "--set max_norm=2 --set hold_out=false",
        _error("1.06 %", "Srivastava et al. 2014"),
    ),
    "maxout": Case(
        "mnist --model maxout --epochs 200 --batch-size 100 --learning-rate 0.1 --learning-rate-decay 0.98 "
        "--set momentum=0.7 --set hold_out=false",
        _error("0.94 %", "Goodfellow et al. 2013"),
    ),
    "dbn": Case(
        "autoencode --model dbn --epochs 28 --set pretrain=2 --learning-rate-decay 0.9",
        _error("1.2 %", "Hinton and Salakhutdinov 2006"),
    ),
    "stacked-denoising": Case(
        "autoencode --model stacked-denoising --epochs 26 --set pretrain=2 --learning-rate-decay 0.9",
        _error("1.28 %", "Vincent et al. 2010"),
    ),
    "ladder-100-labels": Case(
        "autoencode --model ladder --epochs 50 --learning-rate-decay 0.975",
        Words("1.06 % error after 150 epochs (Rasmus et al. 2015)", "150 轮后错误率 1.06 %（Rasmus et al. 2015）"),
    ),
    "deep-ae": Case(
        "autoencode --model deep-ae --epochs 14",
        Words("3.0 squared error (Hinton and Salakhutdinov 2006)", "平方误差 3.0（Hinton and Salakhutdinov 2006）"),
    ),
    "vae": Case("autoencode --model vae"),
    "bigram": Case(
        "imdb --model bigram",
        Words("91.2 % accuracy, NBSVM (Wang and Manning 2012)", "准确率 91.2 %，NBSVM（Wang and Manning 2012）"),
    ),
    "bilstm": Case("imdb --model bilstm --epochs 6"),
    "bilstm-keras": Case("imdb --model bilstm --epochs 6 --layers keras"),
}

PAGE = Words(
    """# On the full data, measured

[中文](full_data.zh.md)

`make full` trains these (hours on two cores, with the full data prepared) and writes this page: figures of the
test split when training has ended.
""",
    """# 完整数据上的结果：实测

[English](full_data.md)

`make full` 训练这些模型并生成本页（先准备好完整数据，两个核要几个小时）。数字是训练结束后在测试集上的结果。
""",
)
HEADS = Words("on the test split | published", "测试集上 | 已发表的结果")


def train(name, path):
    """Trains the case to its end, or to where it was interrupted."""
    if (path / "config.json").exists():
        arguments = ["--resume", str(path)]
    else:
        arguments = [*CASES[name].command.split(), "--data", "full", "--run", str(path)]
    # The page alone goes to standard output.
    subprocess.run([sys.executable, "-m", "tfnotes", "train", *arguments], check=True, stdout=sys.stderr)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(CASES)))
@click.option("--runs", type=click.Path(path_type=Path), default=Path("runs/full"), show_default=True)
@click.option("--train/--no-train", "training", default=True, help="Train what isn't trained, or only show the rest.")
@click.option("--markdown", is_flag=True, help="Write docs/full_data.md and docs/full_data.zh.md.")
def main(names, runs, training, markdown):
    """Figures on the full data, beside those that were published."""
    rows = []
    for name in names or CASES:
        path = runs / name
        if training and not (path / "test.json").exists():
            train(name, path)
        if (path / "test.json").exists():
            figures = {key: value for key, value in Run.open(path).test().items() if key != "examples"}
            shown = ", ".join(f"{key} {value:.4g}" for key, value in figures.items())
            rows.append((name, shown))
    if markdown:
        write_pages("full_data", PAGE, lambda language: table(rows, language))
    else:
        Console().print(table(rows))


def table(rows, language="en"):
    """The table in a language, of pairs of a case's name and its figures."""
    made = Table("", *HEADS[language].split(" | "), "`tfnotes train … --data full`")
    for name, shown in rows:
        made.add_row(name, shown, CASES[name].published[language], f"`{CASES[name].command}`")
    return made


if __name__ == "__main__":
    main()
