"""Pictures: drawn for every experiment, in both themes, without a box for a character."""

import sys
import warnings

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.experiments import _experiment, figures, run
from tfnotes.experiments._verdicts import interval

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


def axes():
    from matplotlib.figure import Figure

    return Figure().subplots()


def test_dots_and_their_intervals():
    made = axes()
    samples = {"one_value": np.array([2.0]), "some": np.array([1.0, 2.0, 6.0]), "curve": np.ones((3, 2))}
    figures.dots(made, samples)
    mean, low, high, *_ = interval(samples["some"])
    (seeds,) = (line for line in made.lines if line.get_marker() == ".")
    assert (seeds.get_xdata().tolist(), seeds.get_ydata().tolist()) == ([1, 2, 6], [1, 1, 1])
    found = [(line.get_xdata()[0], line.get_ydata()[0]) for line in made.lines if line.get_marker() == "o"]
    assert found == [(2.0, 0), (mean, 1)]
    bars = [collection.get_segments()[0][:, 0].tolist() for collection in made.collections]
    assert bars == [[2.0, 2.0], pytest.approx([low, high])]
    assert [text.get_text() for text in made.texts] == ["2", "3"]
    assert [label.get_text() for label in made.get_yticklabels()] == ["one value", "some"]
    assert (made.get_ylim(), made.get_xscale()) == ((1.5, -0.7), "linear")
    chosen = axes()
    figures.dots(chosen, samples, names=["some"])
    assert [label.get_text() for label in chosen.get_yticklabels()] == ["some"]


def test_numbers_beside_dots():
    made = axes()
    figures.dots(made, {"exact": np.array([1234567.0]), "mean": np.array([1.0, 2.0, 3.3333])})
    assert [text.get_text() for text in made.texts] == ["1.23457e+06", "2.11"]
    figures.dots(made, {"exact": np.array([12345.0])})
    assert made.texts[-1].get_text() == "12,345"
    assert [text.get_fontsize() for text in made.texts] == [9, 9, 9]
    many = axes()
    figures.dots(many, {f"x{k}": np.array([1.0]) for k in range(20)})
    assert {text.get_fontsize() for text in many.texts} == {5}


@pytest.mark.parametrize(
    ("values", "log", "scale"),
    [
        *(((1.0, 101.0), True, "symlog"), ((1.0, 100.0), True, "linear"), ((1.0, 101.0), False, "linear")),
        *(((0.0, 1e-6), True, "symlog"), ((0.0, 1e-8), True, "linear"), ((-101.0, 1.0), True, "symlog")),
    ],
)
def test_a_logarithmic_axis_where_figures_lie_far_apart(values, log, scale):
    made = axes()
    figures.dots(made, {str(k): np.array([v]) for k, v in enumerate(values)}, log=log)
    assert made.get_xscale() == scale


def test_shares_outside_of_0_to_1_are_left_out():
    made = axes()
    samples = {"all": np.array([0.0, 1.0]), "less": np.array([-0.1, 0.5]), "more": np.array([0.5, 1.1])}
    figures.shares(made, samples, what="share")
    assert [label.get_text() for label in made.get_yticklabels()] == ["all"]
    assert made.get_xlabel() == "share, %"
    figures.shares(made, samples)
    assert made.get_xlabel() == "accuracy on examples that weren't trained with, %"


def test_curves_have_their_median_and_the_range_of_nine_in_ten():
    made = axes()
    values = np.arange(21.0)[:, None] * np.array([1.0, 10.0]) + 1
    figures.curves(made, {"a": values, "b": 2 * values}, {"b": "twice", "a": "once"}, None, "depth", "size")
    assert [line.get_label() for line in made.lines] == ["twice", "once"]
    assert [line.get_ydata().tolist() for line in made.lines] == [[22, 202], [11, 101]]
    band = made.collections[1].get_paths()[0].vertices
    assert {tuple(v) for v in band.tolist()} == {(1, 2), (1, 20), (2, 11), (2, 191)}
    assert (made.get_xlabel(), made.get_ylabel(), made.get_yscale()) == ("depth", "size", "log")
    figures.curves(made := axes(), {"a": values}, {"a": "once"}, log=False)
    assert (made.get_xlabel(), made.get_ylabel(), made.get_yscale()) == ("", "", "linear")


def test_the_title_is_the_claim_and_its_verdict(monkeypatch):
    result = run.run(_experiment.find(CHEAP[0]))
    claim = next(iter(result.verdicts))
    for font, lines in ((None, 0), ("some font", 1)):
        told = list(figures._title(result, font))
        words = figures.ledger.statement(claim)
        english = f"{claim}: {words['statement_en']} {result.verdicts[claim].verdict}"
        assert " ".join(told[: len(told) - lines]) == english
        assert max(map(len, told)) <= 100
        assert (told[-1] == words["statement_zh"]) is bool(lines)
    monkeypatch.setattr(figures, "chinese_font", lambda: None)
    made = figures.picture(result)
    assert tuple(made.get_size_inches()) == (7, 4.4)
    legend = made.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["2 pieces", "5 pieces"]
