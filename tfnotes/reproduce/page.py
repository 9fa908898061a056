"""The table as people read it: on the terminal, and as the pages docs/reproduce.md and docs/reproduce.zh.md."""

from tfnotes._markdown import row as markdown_row
from tfnotes.language import Words
from tfnotes.reproduce import summary, table

HEAD = Words(
    """# Papers' figures, trained again

[中文](reproduce.zh.md)

Made by `make docs` from what `tfnotes reproduce --budget full --record FILE` has recorded. `tfnotes reproduce ROW
--budget full` trains a row on the full data, which `tfnotes data prepare full` and `tfnotes data prepare imdb-full`
get: hours for some of them; without `--budget full` a row takes a minute or so on the sample, to see it work. Settings
are the paper's, the task's own, or were chosen by the validation split; each look at the test split is counted.
`--vary` trains a row with one thing changed at a time, to see on the validation split what a gap is due to.""",
    """# 论文中的数字，重新训练

[English](reproduce.md)

本页由 `make docs` 根据 `tfnotes reproduce --budget full --record FILE` 记录的结果生成。`tfnotes reproduce ROW
--budget full` 用完整数据训练一行（数据用 `tfnotes data prepare full` 和 `tfnotes data prepare imdb-full` 取得），有的行
要几个小时；不加 `--budget full` 则用样本数据，一行约一分钟，只看能否运行。设置取自论文、
任务的默认值，或由验证集选定；每看一次测试集都记一次。`--vary` 每次只改一处再训练一行，在验证集上看差距从何而来。""",
)
_HEADS = Words(
    "row | what | published | mean | standard deviation | standard error | seeds | reached | CPU minutes | looks",
    "行 | 内容 | 已发表 | 平均 | 标准差 | 标准误 | 种子数 | 达到 | CPU 分钟 | 看测试集次数",
)
UNDER = Words(
    "Reached: the mean is as good as the published figure, or short of it by two standard errors at most; a seed alone "
    "has none, and must be as good. Published in brackets: no paper is known, the goal is ours. CPU minutes: of one "
    "seed. Looks: how many trained seeds have been measured on the test split, those of earlier settings too. An "
    "asterisk: with a run from before there was this table, of which neither time nor versions were kept.",
    "达到：平均值不比已发表的数字差，或最多差两个标准误；只有一个种子时没有标准误，就必须不比它差。括号中的数字"
    "没有已知的论文，是我们自己的目标。CPU 分钟：一个种子所用。看测试集次数：在测试集上测过多少个训练好的种子，"
    "包括用以前的设置训练的。星号：含有此表出现之前的训练，当时没有保留用时和版本。",
)
_REACHED = {True: Words("yes", "是"), False: Words("no", "否"), None: Words("", "")}
_COMMANDS = Words("## Settings", "## 设置")
_PAPER = Words("Paper: {paper}.", "论文：{paper}。")
_OF, _STOP = Words(": ", "："), Words(" ", "")
_ALSO = Words("Measured beside it: {figures}.", "同时测得：{figures}。")
_EARLIER = Words("Tried before: {figure} by `{command}`.", "此前试过：`{command}`，{figure}。")
_VARIED = Words(
    "On the validation split, seed {seed}: {figure} as it is; one thing changed: {changed}.",
    "在验证集上，种子 {seed}：设置不变时 {figure}；每次只改一处：{changed}。",
)
_CHANGED = Words("{figure} with `{variation}`", "用 `{variation}` 时 {figure}")
_JOIN = Words("; ", "；")
_MADE_WITH = Words("Made with {versions}.", "所用版本：{versions}。")


def heads(language):
    """The names of the columns."""
    return _HEADS[language].split(" | ")


def cells(one, language):
    """What a row shows in them, texts."""
    row, results = one.row, one.results
    published = _shown(row, row.published)
    minutes = None if one.cpu_seconds is None else one.cpu_seconds / 60
    return (
        row.name,
        f"{row.what[language]}{_OF[language]}{row.unit.name[language]}",
        published if row.paper else f"({published})",
        _shown(row, one.mean),
        _shown(row, one.deviation),
        _shown(row, one.error),
        f"{len(results)}{'*' * any('taken_from' in result for result in results)}" if results else "",
        _REACHED[one.reached][language],
        "" if minutes is None else f"{minutes:.1f}",
        str(one.looks) if one.looks else "",
    )


def page(found, language):
    """The page as text, of all rows.

    Args:
        found: what `tfnotes.reproduce.results.read` gives.
        language: "en" or "zh".
    """
    summaries = [summary.of(row, "full", found) for row in table.rows().values()]
    lines = [HEAD[language], "", markdown_row(heads(language)), "|---" * len(heads(language)) + "|"]
    lines += [markdown_row(cells(one, language)) for one in summaries]
    lines += ["", UNDER[language], "", _COMMANDS[language]]
    for one in summaries:
        row = one.row
        told = [_PAPER.format(paper=row.paper)[language]] if row.paper else []
        told += [row.notes[language]] if row.notes[language] else []
        if one.also:
            figures = ", ".join(f"`{name}` {value:.4g}" for name, value in one.also.items())
            told.append(_ALSO.format(figures=figures)[language])
        for result in one.earlier:
            told.append(_EARLIER.format(figure=_shown(row, row.figure(result)), command=result["command"])[language])
        told += varied(one, language)
        lines += ["", f"`{row.name}`{_OF[language]}{_STOP[language].join(told)}", ""]
        lines += ["```sh", f"tfnotes train {row.full}", "```"]
    versions = sorted({_versions(r) for one in summaries for r in one.results if r["versions"]})
    if versions:
        lines += ["", _MADE_WITH.format(versions="; ".join(versions))[language]]
    return "\n".join(lines)


def varied(one, language):
    """What a row's variations do, a sentence or none."""
    figures = {name: _shown(one.row, one.row.figure(result)) for name, result in one.varied.items()}
    plain = figures.pop("", None)
    if plain is None or not figures:
        return []
    changed = [_CHANGED.format(figure=figure, variation=name)[language] for name, figure in figures.items()]
    seed = one.varied[""]["seed"]
    return [_VARIED.format(seed=seed, figure=plain, changed=_JOIN[language].join(changed))[language]]


def _versions(result):
    return ", ".join(f"{name} {result['versions'].get(name, '?')}" for name in ("tfnotes", "keras", "tensorflow"))


def _shown(row, value):
    return "" if value is None else f"{value:.{row.unit.digits}f}"
