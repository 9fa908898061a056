"""The pages docs/claims.md and docs/claims.zh.md, made from the ledger."""

from collections import Counter

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
    if missing:
        lines += ["", MISSING[language].format(names=", ".join(row["id"] for row in missing))]
    return "\n".join(lines)


def _row(entry, language):
    name = f"`{entry['id']}` ({', '.join(entry['source'])})"
    words = entry["statement_zh"] if language == "zh" else f"{entry['statement_en']} {entry['statement_zh']}"
    cells = (name, words, ledger.VERDICTS[entry["verdict"]][language], entry[f"condition_{language}"])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _picture(experiment):
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="claims/{experiment}-dark.png">'
        f'<img src="claims/{experiment}-light.png" alt="{experiment}"></picture>'
    )
