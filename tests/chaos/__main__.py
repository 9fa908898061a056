"""Kills and other faults, each followed by a comparison with the undisturbed end (`make chaos`).

    python -m tests.chaos [--share 0.1] [--only "train imdb"] [--record FILE] [--write]

It fails if anything ends otherwise than undisturbed, or says a traceback. Half an hour of one core.
"""

import functools
import json
import resource
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from tests import section
from tests.chaos import cases, faults, kills
from tfnotes import files

SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT")
PAGES = {
    "reliability.md": (
        "## Killed, and other misfortunes",
        """\
`make chaos` kills commands at random, seeded instants, several times in a row, lets each come to its end as a person
would, and compares that with the end of an undisturbed one, bit for bit: every variable of model and optimizer,
metrics, test figures, each curve of the events; of an export its variables and checksums; of data and experiments
every byte. Nothing half-made and no leftover may stand, and nobody may see a traceback. {total:,} kills, {faults:,}
other faults, {compared:,} comparisons, and {wrong} that weren't as undisturbed, in {minutes:.0f} minutes of a
processor:""",
        ("killed", *SIGNALS, "ends compared", "otherwise"),
        ("other faults", "times", "ends compared", "otherwise"),
        "all",
        "Not tried here: {names}.",
    ),
    "reliability.zh.md": (
        "## 中途被杀与其他意外",
        """\
`make chaos` 在带种子的随机时刻连续多次杀死各命令,再像人那样让它走到终点,并与未受打扰的终点逐位比较:模型与优化器的
每个变量、指标、测试成绩、事件中的每条曲线;导出则比较变量与校验和;数据与实验比较每个字节。不得留下半成品与残余文件,
也不得让人看到异常回溯。共杀死 {total:,} 次,其他故障 {faults:,} 次,比较 {compared:,} 次,其中 {wrong} 次与未受打扰者不同;
用去一个处理器 {minutes:.0f} 分钟:""",
        ("被杀的命令", *SIGNALS, "比较的终点", "不同"),
        ("其他故障", "次数", "比较的终点", "不同"),
        "合计",
        "此次未试:{names}。",
    ),
}
CHINESE = {
    "disk full": "磁盘已满",
    "file too large": "文件大小受限",
    "read-only": "文件夹只读",
    "clock set back": "时钟倒拨十天",
    "renamed": "被杀后改名",
    "renamed while it runs": "运行中改名",
    "copied": "被杀后复制为两份",
}
FAULTY = ("train mnist mlp", "train autoencode dbn", "data prepare sample")


@click.command()
@click.option("--share", type=float, default=1.0, help="Of the usual number of kills and faults.")
@click.option("--only", default="", help="Commands, or faults, with this in their name.")
@click.option("--record", type=Path, help="JSON file of what was found; what is in it isn't done again.")
@click.option("--write", is_flag=True, help="Put the tables into docs/reliability.md and its Chinese page.")
def main(share, only, record, write):
    """Kill commands and disturb them, and compare their ends with undisturbed ones."""
    console, done, known = Console(width=200), _read(record), []
    with tempfile.TemporaryDirectory(prefix="tfnotes-chaos-") as folder:
        for kind, name, work in _work(folder, share):
            known.append(name)
            if only not in name or name in done:
                continue
            before = _processor()
            trials = work()
            if trials is None:
                console.print(f"{name}: this machine can't have it")
                continue
            done[name] = {
                "kind": kind,
                "done": dict(trials.done),
                "compared": trials.compared,
                "faults": trials.faults,
                "seconds": _processor() - before,
            }
            console.print(f"{name}: {done[name]['done']}, {trials.compared} compared", markup=False, highlight=False)
            for fault in trials.faults:
                console.print(f"  {fault}", markup=False, highlight=False)
            sys.stdout.flush()
            if record:
                with files.write_aside(record) as aside:
                    aside.write_text(json.dumps(done, indent=1) + "\n", "utf-8")
    if write:
        for page in PAGES:
            section.put(page, "tests.chaos", _lines(page, done, known))
    sys.exit(1 if any(found["faults"] for found in done.values()) else 0)


def _read(record):
    return json.loads(record.read_text("utf-8")) if record and record.exists() else {}


def _work(folder, share):
    """What there is to do: "killed" or "disturbed", a name, and a function that gives `Trials`."""
    world = cases.World(folder)
    every = {case.name: case for case in (*cases.models(), *cases.others(world))}
    for case in every.values():
        yield "killed", case.name, functools.partial(kills.killed, world, case, max(1, round(case.kills * share)))
    disturbed = [every[name] for name in FAULTY]
    for name in faults.KINDS:
        yield "disturbed", name, functools.partial(faults.trials, world, name, disturbed, max(1, round(share)))


def _processor():
    """Seconds of a processor that this process and those before have taken."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _lines(page, done, known):
    """The section's lines in one language; `known` are the names of all that there is to do."""
    title, text, of_kills, of_faults, every, missing = PAGES[page]
    named = (lambda name: name) if page == "reliability.md" else (lambda name: CHINESE.get(name, name))
    tables: dict[str, list] = {"killed": [], "disturbed": []}
    for name, found in done.items():
        times = [found["done"].get(s, 0) for s in (SIGNALS if found["kind"] == "killed" else ("done",))]
        tables[found["kind"]].append((named(name), *times, found["compared"], len(found["faults"])))
    sums = {kind: _sums(every, rows) for kind, rows in tables.items() if rows}
    figures = {
        "total": sum(sums["killed"][1:-2]) if "killed" in sums else 0,
        "faults": sum(sums["disturbed"][1:-2]) if "disturbed" in sums else 0,
        "compared": sum(row[-2] for row in sums.values()),
        "wrong": sum(row[-1] for row in sums.values()),
        "minutes": sum(found["seconds"] for found in done.values()) / 60,
    }
    lines = [title, "", text.format(**figures)]
    for kind, heads in (("killed", of_kills), ("disturbed", of_faults)):
        if tables[kind]:
            lines += ["", *section.table(heads, [*tables[kind], sums[kind]])]
    left_out = [named(name) for name in known if name not in done]
    return lines + (["", missing.format(names=", ".join(left_out))] if left_out else [])


def _sums(every, rows):
    return (every, *(sum(column) for column in list(zip(*rows, strict=True))[1:]))


if __name__ == "__main__":
    main()
