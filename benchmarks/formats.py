"""Which formats and endpoints each model of the three tasks has, and how far its numbers are from the model's own.

    python -m benchmarks.formats [TASK/MODEL ...] [--runs FOLDER] [--markdown]

Trains each model for an epoch on some examples of the sample, exports it in all formats, and asks its ONNX files for
the figures of the test split in a process that has onnxruntime and numpy alone (`tests/serving/alone.py`). What was
made already is not made again. Ends with status 1 if those figures aren't those of `test.json`.
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import as_markdown
from tfnotes import task as tasks
from tfnotes.serving import formats, metadata
from tfnotes.serving.export import export
from tfnotes.task import Split
from tfnotes.training import config, loop
from tfnotes.training.run import Run

ALONE = Path(__file__).resolve().parents[1] / "tests" / "serving" / "alone.py"
# What is trained a little suffices.
EXAMPLES = 500
NAMES = {"saved_model": "SavedModel", "onnx": "ONNX", "litert": "LiteRT"}
WITHIN = 1e-4

PAGES = {
    "formats.md": """\
# Formats and endpoints, measured

[中文](formats.zh.md)

`python -m benchmarks.formats --markdown` writes this page: every model of the three tasks, trained for one epoch on
500 examples of the sample and exported in all formats. Behind each endpoint stands the largest difference: of the
SavedModel from the model in Python, of the others from the SavedModel, over batches of 1, 5 and 32 examples of the
test split, and of three lengths where the length is open. An export in which it is more than rounding is refused
before a file appears.

What takes strings or image files, or draws at random, stands in the SavedModel alone; its `via` in `metadata.json`
says which portable endpoint answers in its place, and what a client does before: the rules of the tokenizer with
`vocabulary.json` and cases to test by in `tokenizer_cases.json` for `texts`, how a picture becomes pixels for
`encoded`, what to draw for `sample`. Only the VAE's `score` has none: it draws fifty codes for each image from what the
encoder gives before its last step. LiteRT lacks what it could only run with all of TensorFlow inside. `layers` gives
the output of every layer by its name, and of recurrent layers the gates over time. The last column has the figures of
the test split by the ONNX files in a process with onnxruntime and numpy, without TensorFlow and tfnotes, and their
largest difference from what training wrote into `test.json`. Where that holds figures of random draws alone, there is
nothing to compare.
""",
    "formats.zh.md": """\
# 格式与接口：实测

[English](formats.md)

本页由 `python -m benchmarks.formats --markdown` 生成：三个任务的每个模型都用 500 个样本训练一轮，并导出为所有格式。
每个接口后面是最大差值：SavedModel 与 Python 中的模型相比，其他格式与 SavedModel 相比；用测试集的样本，批量为 1、5、
32，长度可变时取三种长度。差值超出舍入误差的导出会被拒绝，不会留下任何文件。

接受字符串或图像文件的接口，以及随机抽样的接口，只存在于 SavedModel 中；`metadata.json` 里的 `via` 说明用哪个可移植
接口代替，以及客户端事先要做什么：`texts` 需要分词规则（词表在 `vocabulary.json`，可供检验的例子在
`tokenizer_cases.json`），`encoded` 需要把图片变成像素，`sample` 需要抽取编码。只有 VAE 的 `score` 没有：它对每幅图像
从编码器最后一步之前的结果抽取五十个编码。LiteRT 缺少只有带上整个 TensorFlow 才能运行的运算。`layers` 按名称给出每
一层的输出，对循环层还给出各时刻的门。最后一列是只装有 onnxruntime 和 numpy、没有 TensorFlow 和 tfnotes 的进程用
ONNX 文件算出的测试集指标，以及它们与训练写入 `test.json` 的数值的最大差值。若其中只有随机抽样的指标，则无可比较。
""",
}
HEADS = {"formats.md": ("model", "ONNX Runtime alone"), "formats.zh.md": ("模型", "仅用 ONNX Runtime")}


def made(name, folder):
    """The run and the export of a model, made if they aren't there."""
    task_name, model = name.split("/")
    task, path, to = tasks.load(task_name), folder / name, folder / f"{name}-exports"
    if not (path / "test.json").exists():
        splits = task.source("sample")(None)
        few = {name: Split(*(a[:EXAMPLES] for a in (part.x, part.y))) for name, part in vars(splits).items()}
        splits = replace(splits, train=few["train"], validation=few["validation"])
        run = Run.create(path, config.configure(task, model=model, epochs=1) | config.describe_data(splits))
        loop.train(run, task, splits, report=lambda sentence: None)
    run = Run.open(path)
    if not to.exists():
        export(run, to, wanted=formats.ALL, report=lambda sentence: click.echo(f"{name}: {sentence}", err=True))
    return run, to / task_name / "1"


def alone(run, path):
    """The figures of the test split by the ONNX files alone, those that `test.json` has too, and their difference."""
    split = run.setup().examples("test")
    given = run.path / "examples.npz"
    np.savez(given, x=split.x, y=split.y)
    command = [sys.executable, "-I", str(ALONE), str(path), str(given)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    if child.returncode:
        raise click.ClickException(child.stderr[-2000:])
    tested = run.test()
    found = {key: value for key, value in json.loads(child.stdout).items() if key in tested}
    off = [abs(value - tested[key]) / max(1, abs(tested[key])) for key, value in found.items()]
    return found, max(off, default=0.0)


def cells(run, path):
    """A table's row of a model, and whether the figures are right."""
    there = metadata.read(path)["formats"]
    ways = (
        ", ".join(f"{way} {about['difference']:.0e}" for way, about in there.get(kind, {}).items()) for kind in NAMES
    )
    found, off = alone(run, path)
    shown = ", ".join(f"{key} {value:.4g}" for key, value in found.items())
    return [*ways, f"{shown} (± {off:.0e})" if found else "—"], off <= WITHIN


def names():
    """All models of the tasks that come with tfnotes, as TASK/MODEL."""
    return [f"{task}/{model}" for task in ("mnist", "imdb", "autoencode") for model in tasks.load(task).models]


@click.command()
@click.argument("models", nargs=-1)
@click.option("--runs", type=click.Path(path_type=Path), default=Path("runs/formats"), show_default=True)
@click.option("--markdown", is_flag=True, help="Write docs/formats.md and docs/formats.zh.md.")
def main(models, runs, markdown):
    """Formats and endpoints of every model, with the largest differences."""
    rows, good = [], True
    for name in models or names():
        row, right = cells(*made(name, runs))
        rows.append((name, *row))
        good &= right
        click.echo(" | ".join(rows[-1]), err=True)
    for page, text in PAGES.items():
        first, last = HEADS[page]
        table = Table(first, *NAMES.values(), last)
        for row in rows:
            table.add_row(*row)
        if markdown:
            (ALONE.parents[2] / "docs" / page).write_text(f"{text}\n{as_markdown(table)}\n", "utf-8")
    if not markdown:
        Console().print(table)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
