"""Runs all trials in one process, counts them by kind, and writes the table of docs/reliability.md (`make fuzz`).

    python -m tests.fuzz [--share 0.01] [--only files] [--write]

It fails if a trial comes to anything but an answer or one sentence, or if memory passes 4 GB.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import click
from rich.console import Console
from rich.table import Table

from tests import section
from tests.fuzz import GOOD, OUTCOMES, commands, files, fitted, inputs, options, stored

PAGES = {
    "reliability.md": (
        "## Damaged files and hostile input",
        """\
`make fuzz` gives damaged files, hostile options, odd values, pictures and texts to what reads them in the commands. An
answer is compared with what the whole file gives, wherever that can be told; a refusal is one sentence. {total:,}
trials in {minutes:.0f} minutes and {memory:.1f} GB:""",
        ("what is given", "answered", "refused", "traceback", "unclear", "wrong", "over a minute"),
        "all",
    ),
    "reliability.zh.md": (
        "## 损坏的文件与恶意的输入",
        """\
`make fuzz` 把损坏的文件、恶意的选项、古怪的数值、图片与文本交给各命令中读取它们的部分。凡能判断之处,都把答案与完好文件
给出的结果比较;拒绝只用一句话。共 {total:,} 次试验,用时 {minutes:.0f} 分钟,占内存 {memory:.1f} GB:""",
        ("输入", "给出答案", "拒绝", "异常回溯", "不成一句", "答案有误", "超过一分钟"),
        "合计",
    ),
}
KINDS = ("files", "stored", "commands", "options", "inputs", "fitted")


@click.command()
@click.option("--share", type=float, default=1.0, help="Of the usual number of trials.")
@click.option("--only", type=click.Choice(KINDS), help="Trials of this kind alone.")
@click.option("--write", is_flag=True, help="Put the table into docs/reliability.md and its Chinese page.")
def main(share, only, write):
    """Give damaged files, hostile options and odd inputs to what reads them."""
    begun, done, console = time.monotonic(), [], Console(width=200)

    def report(trials):
        done.append(trials)
        console.print(f"{trials.name}: {dict(trials.counts)}", markup=False, highlight=False)
        for fault in trials.faults[:20]:
            console.print(f"  {fault}", markup=False, highlight=False)

    for kind, module in (("files", files), ("stored", stored), ("commands", commands)):
        if only in (None, kind):
            with tempfile.TemporaryDirectory() as folder:
                module.trials(Path(folder), share, report)
    if only in (None, "options"):
        options.trials(share, report)
    if only in (None, "inputs"):
        inputs.trials(share, report)
    if only in (None, "fitted"):
        fitted.trials(share, report)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rows = [(trials.name, *(trials.counts[outcome] for outcome in OUTCOMES)) for trials in done]
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    figures = {"total": sum(sums), "minutes": (time.monotonic() - begun) / 60, "memory": memory}
    table = Table("kind", *OUTCOMES)
    for row in (*rows, ("all", *sums)):
        table.add_row(*map(str, row))
    console.print(table)
    if write:
        for name in PAGES:
            title, text, heads, total = PAGES[name]
            written = section.table(heads, (*rows, (total, *sums)))
            section.put(name, "tests.fuzz", [title, "", text.format(**figures), "", *written])
    bad = sum(count for outcome, count in zip(OUTCOMES, sums, strict=True) if outcome not in GOOD)
    sys.exit(1 if bad or memory > 4 else 0)


if __name__ == "__main__":
    main()
