"""The book that stands in docs/book: each page has a twin of today."""

import pytest

pytest.importorskip("jupytext", reason="jupytext, of the extra `site`, isn't installed")

from website import chapters


@pytest.mark.parametrize("name", chapters.names())
def test_twins_agree(name):
    chapters.check_twins(name)
