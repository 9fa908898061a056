"""The pictures of experiments, light and dark, with Chinese words where a font has them."""

import textwrap
from typing import Any

from tfnotes import extras
from tfnotes.experiments import ledger
from tfnotes.experiments._verdicts import interval
from tfnotes.files import write_aside

THEMES = {
    "light": {"background": "#ffffff", "ink": "#1f2328", "faint": "#d1d9e0"},
    "dark": {"background": "#0d1117", "ink": "#e6edf3", "faint": "#3d444d"},
}
# What is said where there is no matplotlib.
NEEDED = ("matplotlib.figure", "figures", "experiment: pictures need", "; or leave them out with --no-figures")
# Told apart on both backgrounds, and without telling red from green.
COLORS = ("#3b82c4", "#d97706", "#0d9488", "#c0508f", "#8b6fd0", "#7d8590")
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Arial Unicode MS",
    "Microsoft YaHei",
    "SimHei",
)


def chinese_font():
    """The name of an installed font that has Chinese characters, or None."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE if name in installed), None)


def save(result, folder):
    """Writes `figure-light.png` and `figure-dark.png` to a folder."""
    for theme in THEMES:
        with write_aside(folder / f"figure-{theme}.png") as aside:
            picture(result, theme).savefig(aside, dpi=100)


def picture(result, theme="light"):
    """A matplotlib `Figure`: the claim's words and verdict above what was measured."""
    extras.needed(*NEEDED)
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib.figure import Figure

    colors, font = THEMES[theme], chinese_font()
    style: Any = {
        "font.family": ["DejaVu Sans"] + ([font] if font else []),
        "axes.prop_cycle": cycler(color=COLORS),
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "font.size": 9,
    } | dict.fromkeys(("figure.facecolor", "axes.facecolor"), colors["background"])
    style |= dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), colors["ink"])
    style |= {"axes.edgecolor": colors["faint"], "grid.color": colors["faint"]}
    with mpl.rc_context(style):
        figure = Figure((7, 4.4), layout="constrained")
        axes = figure.subplots()
        (result.experiment.draw or dots)(axes, result.samples, result.parameters)
        labels = axes.get_legend_handles_labels()[1]
        if labels:
            # Above the axes, where no curve runs through it.
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=min(len(labels), 3), borderaxespad=0)
        figure.suptitle("\n".join(_title(result, font)), fontsize=9, x=0.02, ha="left")
        # The colours are looked up when drawn, so within the style.
        figure.draw_without_rendering()
    return figure


def _title(result, font):
    for claim, verdict in result.verdicts.items():
        words = ledger.statement(claim)
        yield from textwrap.wrap(f"{claim}: {words['statement_en']} {verdict.verdict}", 100)
        if font:
            yield from textwrap.wrap(words["statement_zh"], 55)


def shares(axes, samples, parameters=None, what="accuracy on examples that weren't trained with"):
    """`dots` of shares alone, in percent, named by what they are; those outside of 0 to 1 for any seed are left out."""
    inside = [k for k, v in samples.items() if v.ndim == 1 and v.min() >= 0 and v.max() <= 1]
    dots(axes, {name: 100 * samples[name] for name in inside}, log=False)
    axes.set_xlabel(f"{what}, %")


def dots(axes, samples, parameters=None, names=None, log=True):
    """Each figure as a point with its interval, all seeds faint behind it; a logarithmic axis if `log` and needed."""
    names = names or [name for name, values in samples.items() if values.ndim == 1]
    for row, name in enumerate(names):
        found = interval(samples[name])
        if found.n > 1:
            axes.plot(samples[name], [row] * found.n, ".", alpha=0.25, color=COLORS[5])
        axes.errorbar(
            found.value, row, xerr=[[found.value - found.low], [found.high - found.value]], fmt="o", color=COLORS[0]
        )
        text = f"{found.value:,.6g}" if found.n == 1 else f"{found.value:.3g}"
        # Many rows leave little room between them.
        size = min(9, 100 / len(names))
        axes.annotate(text, (found.value, row), (0, 0.6 * size), textcoords="offset points", ha="center", fontsize=size)
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.set_ylim(len(names) - 0.5, -0.7)
    axes.set_xscale("symlog", linthresh=1e-3) if log and _wide(samples, names) else None
    axes.margins(x=0.12)
    axes.grid(axis="x")


def _wide(samples, names):
    """Whether the figures differ by so much that a linear axis would hide the small ones."""
    sizes = sorted(abs(interval(samples[name]).value) for name in names)
    return bool(sizes) and sizes[-1] > 100 * max(sizes[0], 1e-9)


def curves(axes, samples, names, x=None, x_label="", y_label="", log=True):
    """Curves by depth, step or the like: the median over seeds, and the range of nine draws in ten."""
    import numpy as np

    for name, label in names.items():
        values = samples[name]
        at = np.arange(1, values.shape[1] + 1) if x is None else np.asarray(x)
        low, middle, high = np.percentile(values, [5, 50, 95], axis=0)
        (line,) = axes.plot(at, middle, label=label)
        axes.fill_between(at, low, high, alpha=0.2, color=line.get_color(), linewidth=0)
    if log:
        axes.set_yscale("log")
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.grid()
