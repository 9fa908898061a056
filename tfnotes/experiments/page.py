"""The pages docs/claims.md and docs/claims.zh.md, made from the ledger."""

from collections import Counter

from tfnotes._markdown import row
from tfnotes.experiments import ledger
from tfnotes.language import Words

HEAD = Words(
    """# The notes' claims, measured

[中文](claims.zh.md)

Made by `make docs` from the ledger, which `make claims` measures anew. CONFIRMED: so it is. QUALIFIED: so it is under
a condition, and not otherwise; both sides were measured. REFUTED: what is right instead was measured as well.
INCONCLUSIVE: the numbers don't tell. `tfnotes experiment run CLAIM` measures a claim again, here and now.""",
    """# 笔记所说，实测如何

[English](claims.md)

本页由 `make docs` 根据账本生成；`make claims` 把账本重新测量一遍。判定有四种：成立（CONFIRMED）；有条件成立
（QUALIFIED），条件之外不成立，两边都测过；不成立（REFUTED），正确的说法也测过；尚无定论（INCONCLUSIVE），数字还说明
不了。`tfnotes experiment run CLAIM` 当场重测一条。""",
)
TOPICS = {
    "activations": Words("Activations", "激活函数"),
    "initialization": Words("Initialization", "初始化"),
    "preprocessing": Words("Preprocessing", "预处理"),
    "training": Words("Training", "训练"),
    "convolution": Words("Convolution", "卷积"),
    "sequences": Words("Sequences", "序列"),
    "unsupervised": Words("Unsupervised", "无监督学习"),
}
COLUMNS = Words(
    "| claim | what the notes say | verdict | when, or what instead |",
    "| 论断 | 笔记怎么说 | 判定 | 何时成立，或应当怎么说 |",
)
DESIGNS = Words(
    """## Designs

Claims about training are measured with several seeds. A plan fixes in code, before the first of them is run, at how
many the results are looked at, how many there are at most, and the least effect that counts. Its intervals are wider,
so that all looks together are wrong in at most 5 of 100 repetitions, and it stops at the look that decides. That a
difference is smaller than the least effect can be shown as well. "Found" is what a design finds in 80 of 100
repetitions, by the deviation between seeds that was measured: the mean (of a difference, or whatever the case is about)
from which on the answer is yes. The last column has the designs and verdicts that these replaced.""",
    """## 设计

关于训练的论断用随机种子来测量。计划在跑第一个种子之前就写进代码：在跑完多少个种子时查看结果、最多跑多少个、多大的差别才
算数；区间相应放宽，使各次查看合起来在 100 次重复中至多错 5 次；哪次查看能判定，就停在哪次。差别小于最小差别，也可以由此
证实。“可发现”指 100 次重复中有 80 次能发现的大小，按实测的种子间标准差计算：平均差别（或该情形所比的量）达到它，
就会判为“是”。被替换的设计和判定列在最后一栏。""",
)
DESIGN_COLUMNS = Words(
    "| claim | seeds | looks | least effect | found, by case | before |",
    "| 论断 | 种子数 | 查看点 | 最小差别 | 可发现（各情形用英文名） | 此前 |",
)
BEFORE = Words("{date}: {verdict} from {seeds} seeds", "{date}：{seeds} 个种子，{verdict}")
MISSING = Words("Not yet measured: {names}.", "尚未测量：{names}。")


def page(measured, missing, language):
    """The page as text.

    Args:
        measured: entries of the ledger.
        missing: claims that have no entry.
        language: "en" or "zh".
    """
    counts = Counter(entry["verdict"] for entry in measured)
    told = [f"{ledger.VERDICTS[name][language]} {count}" for name, count in counts.most_common()]
    lines = [HEAD[language], "", (", ".join(told) + ".") if language == "en" else ("，".join(told) + "。")]
    for topic in dict.fromkeys(ledger.topic(entry["id"]) for entry in measured):
        lines += ["", f"## {TOPICS[topic][language]}", "", COLUMNS[language], "|---|---|---|---|"]
        of_topic = [entry for entry in measured if ledger.topic(entry["id"]) == topic]
        lines += [_row(entry, language) for entry in of_topic]
        for experiment in dict.fromkeys(entry["experiment"] for entry in of_topic):
            if (ledger.FOLDER.parents[1] / "docs" / "claims" / f"{experiment}-light.png").exists():
                lines += ["", _picture(experiment)]
    planned = [entry for entry in measured if {"power", "history"} & entry.keys() or "looks" in entry["design"]]
    if planned:
        lines += ["", DESIGNS[language], "", DESIGN_COLUMNS[language], "|---|---|---|---|---|---|"]
        lines += [_design(entry, language) for entry in planned]
    if missing:
        lines += ["", MISSING[language].format(names=", ".join(row["id"] for row in missing))]
    return "\n".join(lines)


def _row(entry, language):
    name = f"`{entry['id']}` ({', '.join(entry['source'])})"
    words = entry["statement_zh"] if language == "zh" else f"{entry['statement_en']} {entry['statement_zh']}"
    cells = (name, words, ledger.VERDICTS[entry["verdict"]][language], entry[f"condition_{language}"])
    return row(cells)


def _design(entry, language):
    design, stop = entry["design"], Words("; ", "；")[language]
    history = (
        BEFORE.format(date=old["date"], seeds=old["design"]["seeds"], verdict=ledger.VERDICTS[old["verdict"]])[language]
        for old in entry.get("history", ())
    )
    cells = (
        f"`{entry['id']}`",
        str(design["seeds"]),
        ", ".join(str(look) for look in design.get("looks", ())),
        f"{design['minimum']:.2g}" if "minimum" in design else "",
        stop.join(f"{case}: {power:.2g}" for case, power in entry.get("power", {}).items()),
        stop.join(history),
    )
    return row(cells)


def _picture(experiment):
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="claims/{experiment}-dark.png">'
        f'<img src="claims/{experiment}-light.png" alt="{experiment}"></picture>'
    )
