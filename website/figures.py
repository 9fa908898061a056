"""The cells' figures: drawn once as SVG, with an ink that the page changes where it is dark."""

from tfnotes.experiments.figures import COLORS, THEMES

# Of figures heavier than this, what is drawn in many pieces becomes pixels.
HEAVY = 150_000


def style():
    """matplotlib's settings while cells run."""
    from cycler import cycler

    ink, faint = THEMES["light"]["ink"], THEMES["light"]["faint"]
    settings = {
        "axes.prop_cycle": cycler(color=COLORS),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.constrained_layout.use": True,
        "figure.dpi": 100,
        "font.size": 9,
        "legend.frameon": False,
        # The same figure is the same file.
        "svg.hashsalt": "tfnotes",
    }
    settings |= dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), "none")
    settings |= dict.fromkeys(("text.color", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color"), ink)
    return settings | dict.fromkeys(("axes.edgecolor", "grid.color"), faint)


def save(folder, name):
    """Writes the figures that are open, each for light and for dark, and closes them; gives the files' stems."""
    import matplotlib.pyplot as plt

    stems = []
    for number in plt.get_fignums():
        stem = f"{name}-{len(stems) + 1}"
        figure = plt.figure(number)
        drawn = _svg(figure)
        if len(drawn) > HEAVY:
            for axes in figure.axes:
                for artist in (*axes.collections, *axes.lines, *axes.patches):
                    artist.set_rasterized(True)
            drawn = _svg(figure)
        for theme, colors in THEMES.items():
            text = drawn
            for part in ("ink", "faint"):
                text = text.replace(THEMES["light"][part], colors[part])
            (folder / f"{stem}-{theme}.svg").write_text(text, "utf-8")
        stems.append(stem)
    plt.close("all")
    return stems


def _svg(figure):
    from io import StringIO

    written = StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None}, dpi=150)
    return written.getvalue()
