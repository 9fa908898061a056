"""Pictures: drawn for every experiment, in both themes, without a box for a character."""

import sys
import warnings

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.experiments import _experiment, figures, run

CHEAP = ("maxout-two-lines", "mlp-parameter-count", "tanh-is-shifted-sigmoid")


def drawn(name, folder):
    """The pictures of an experiment, where a character without a glyph is an error."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        figures.save(run.run(_experiment.find(name)), folder)


@pytest.mark.parametrize("name", CHEAP)
@pytest.mark.parametrize("fonts", [figures.CHINESE, ("no such font",)], ids=["installed", "none"])
def test_no_character_becomes_a_box(name, fonts, monkeypatch, tmp_path):
    monkeypatch.setattr(figures, "CHINESE", fonts)
    drawn(name, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"figure-light.png", "figure-dark.png"}


def test_chinese_without_a_font_would_be_boxes(monkeypatch, tmp_path):
    # A font without Chinese passed off as one with it: the other tests see boxes.
    monkeypatch.setattr(figures, "chinese_font", lambda: "DejaVu Sans Mono")
    with pytest.raises(UserWarning, match=r"Glyph .* missing"):
        drawn(CHEAP[0], tmp_path)


@pytest.mark.filterwarnings("ignore:Glyph", "ignore:findfont")
def test_titles_have_chinese_only_with_a_font(monkeypatch):
    result = run.run(_experiment.find(CHEAP[0]))
    for font, expected in (("some font", True), (None, False)):
        monkeypatch.setattr(figures, "chinese_font", lambda font=font: font)
        title = figures.picture(result)._suptitle.get_text()
        assert any("\u4e00" <= c <= "\u9fff" for c in title) is expected


def test_shares_are_in_percent_and_without_other_figures():
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    samples = {"accuracy_1": np.array([0.25, 0.75]), "loss": np.array([0.5, 2.0]), "curve": np.ones((2, 3))}
    figures.shares(axes, samples)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["accuracy 1"]
    assert axes.texts[0].get_text() == "50"
    assert axes.get_xscale() == "linear"


def test_curves_begin_at_the_first_layer():
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    figures.curves(axes, {"a": np.ones((2, 3))}, {"a": "label"})
    figures.curves(axes, {"a": np.ones((2, 3))}, {"a": "label"}, x=(2, 4, 8))
    assert [list(line.get_xdata()) for line in axes.lines] == [[1, 2, 3], [2, 4, 8]]


def test_themes_have_their_backgrounds(tmp_path):
    from PIL import Image

    figures.save(run.run(_experiment.find(CHEAP[0])), tmp_path)
    for theme, colors in figures.THEMES.items():
        image = Image.open(tmp_path / f"figure-{theme}.png").convert("RGB")
        background, ink = (tuple(bytes.fromhex(colors[name][1:])) for name in ("background", "ink"))
        assert image.getpixel((1, 1)) == background
        assert (np.asarray(image) == ink).all(-1).any()


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(InputError, match=r"tfnotes\[figures\]"):
        figures.picture(run.run(_experiment.find(CHEAP[0])))
