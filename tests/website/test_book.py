"""The book that stands in docs/book: each page has a twin of today."""

import pytest

pytest.importorskip("jupytext", reason="jupytext, of the extra `site`, isn't installed")

from website import blocks, chapters


@pytest.mark.parametrize("name", ["index", *chapters.names()])
def test_twins_agree(name):
    chapters.check_twins(name)


def test_every_claim_has_its_chapter():
    chapters.check_claims([row["id"] for row in blocks.ledger.claims()])
