"""Pictures: drawn for every experiment, in both themes, without a box for a character."""

import builtins
import warnings

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.experiments import _experiment, figures, run

CHEAP = ("maxout-two-lines", "mlp-parameter-count", "tanh-is-shifted-sigmoid")


@pytest.mark.parametrize("name", CHEAP)
@pytest.mark.parametrize("fonts", [figures.CHINESE, ("no such font",)], ids=["installed", "none"])
def test_no_character_becomes_a_box(name, fonts, monkeypatch, tmp_path):
    monkeypatch.setattr(figures, "CHINESE", fonts)
    result = run.run(_experiment.find(name))
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        figures.save(result, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"figure-light.png", "figure-dark.png"}


def test_themes_have_their_backgrounds(tmp_path):
    from PIL import Image

    figures.save(run.run(_experiment.find(CHEAP[0])), tmp_path)
    for theme, colors in figures.THEMES.items():
        image = Image.open(tmp_path / f"figure-{theme}.png").convert("RGB")
        background, ink = (tuple(bytes.fromhex(colors[name][1:])) for name in ("background", "ink"))
        assert image.getpixel((1, 1)) == background
        assert (np.asarray(image) == ink).all(-1).any()


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(InputError, match=r"tfnotes\[figures\]"):
        figures.check()
