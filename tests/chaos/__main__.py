"""Kills and other faults, each followed by a comparison with the undisturbed end (`make chaos`).

    python -m tests.chaos [--share 0.1] [--only "train imdb"] [--write]

It fails if anything ends otherwise than undisturbed, or says a traceback. About twenty minutes of one core.
"""

import resource
import sys
import tempfile

import click
from rich.console import Console

from tests import section
from tests.chaos import cases, children, faults, kills

SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT")
PAGES = {
    "reliability.md": (
        "## Killed, and other misfortunes",
        """\
`make chaos` kills commands at random, seeded instants, several times in a row, lets each come to its end as a person
would, and compares that with the end of an undisturbed one, bit for bit: every variable of model and optimizer,
metrics, test figures, each curve of the events; of an export its variables and checksums; of data and experiments
every byte. Nothing half-made and no leftover may stand, and nobody may see a traceback. {total:,} kills, {faults:,}
other faults, {compared:,} comparisons, and {wrong} that weren't as undisturbed, in {minutes:.0f} minutes of a processor:""",
        ("killed", *SIGNALS, "ends compared", "otherwise"),
        ("other faults", "times", "ends compared", "otherwise"),
        "all",
        "Left out, as this machine can't have it: {names}.",
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
        "本机无法制造、因而略去:{names}。",
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
FAULTY = ("train mnist cnn", "train imdb lstm", "train autoencode dbn", "data prepare sample")


@click.command()
@click.option("--share", type=float, default=1.0, help="Of the usual number of kills and faults.")
@click.option("--only", default="", help="Commands, or faults, with this in their name.")
@click.option("--write", is_flag=True, help="Put the tables into docs/reliability.md and its Chinese page.")
def main(share, only, write):
    """Kill commands and disturb them, and compare their ends with undisturbed ones."""
    console, done = Console(width=200), []
    children.load()

    def report(trials):
        done.append(trials)
        console.print(f"{trials.name}: {dict(trials.done)}, {trials.compared} compared", markup=False, highlight=False)
        for fault in trials.faults:
            console.print(f"  {fault}", markup=False, highlight=False)

    with tempfile.TemporaryDirectory(prefix="tfnotes-chaos-") as folder:
        world = cases.World(folder)
        world.make()
        every = {case.name: case for case in cases.models()}
        for needed in cases.EXPORTED:
            kills.undisturbed(world, every[needed])
        every |= {case.name: case for case in cases.others(world)}
        for case in every.values():
            if only in case.name:
                report(kills.killed(world, case, max(1, round(case.kills * share))))
        killed, left_out = list(done), []
        for name in faults.KINDS:
            if only in name:
                found = faults.trials(world, name, [every[name] for name in FAULTY], max(1, round(2 * share)))
                left_out.append(name) if found is None else report(found)
    minutes = sum(getattr(resource.getrusage(who), field) for who in (0, -1) for field in ("ru_utime", "ru_stime")) / 60
    wrong = sum(len(trials.faults) for trials in done)
    console.print(f"{sum(t.done.total() for t in killed)} kills, {wrong} faults, {minutes:.0f} minutes of a processor")
    if left_out:
        console.print(f"left out: {', '.join(left_out)}")
    if write:
        for page in PAGES:
            section.put(page, "tests.chaos", _lines(page, killed, done[len(killed) :], left_out, minutes))
    sys.exit(1 if wrong else 0)


def _lines(page, killed, disturbed, left_out, minutes):
    """The section's lines in one language."""
    title, text, of_kills, of_faults, every, missing = PAGES[page]
    named = (lambda name: name) if page == "reliability.md" else (lambda name: CHINESE[name])
    rows = [(t.name, *(t.done[s] for s in SIGNALS), t.compared, len(t.faults)) for t in killed]
    others = [(named(t.name), t.done.total(), t.compared, len(t.faults)) for t in disturbed]
    sums, other_sums = (_sums(every, table) for table in (rows, others))
    figures = {
        "total": sum(sums[1 : 1 + len(SIGNALS)]),
        "faults": other_sums[1] if others else 0,
        "compared": sums[-2] + (other_sums[-2] if others else 0),
        "wrong": sums[-1] + (other_sums[-1] if others else 0),
        "minutes": minutes,
    }
    lines = [title, "", text.format(**figures), "", *section.table(of_kills, [*rows, sums])]
    lines += ["", *section.table(of_faults, [*others, other_sums])]
    return lines + (["", missing.format(names=", ".join(map(named, left_out)))] if left_out else [])


def _sums(every, rows):
    return (every, *(sum(column) for column in list(zip(*rows, strict=True))[1:])) if rows else (every, 0)


if __name__ == "__main__":
    main()
