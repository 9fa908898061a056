"""The twins of a chapter are held against each other; each complaint is one sentence."""

import pytest

from tests.website.conftest import ENGLISH
from website import chapters
from website.chapters import BookError


def test_a_page_is_read_in_parts(book):
    parts = chapters.parts(chapters.read("01_small", "zh"))
    named = [(p.kind, p.argument) for p in parts if p.kind != "text"]
    assert named == [
        ("label", "relu"),
        ("code", "tfnotes.activations.relu.relu_by_definition"),
        ("cell", "worked"),
        ("claim", "relu-sparse"),
        ("exercise", ""),
        ("answer", "relu-answer"),
    ]
    by_kind = {p.kind: p for p in parts}
    assert by_kind["cell"].options == (("caption", "a line"),)
    assert by_kind["answer"].body == "It is this."
    assert [p.body for p in parts if p.kind == "text"][1] == "## A concept"


def test_twins_that_agree(book):
    chapters.check_twins("01_small")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("```{cell} worked\n:caption: a line\n```\n", "", r"has \{cell\} worked \(line 10\) where zh.md has \{claim\}"),
        ("(relu)=", "(elu)=", r"en.md has \(relu\)= \(line 5\) where zh.md has \(elu\)="),
        ("{claim} relu-sparse", "{claim} relu-grows", r"\{claim\} relu-sparse .* \{claim\} relu-grows"),
        ("```{answer} relu-answer\nIt is this.\n```\n", "", "where zh.md has the end"),
    ],
)
def test_twins_that_differ(book, old, new, sentence):
    book(chinese=ENGLISH.replace(old, new))
    with pytest.raises(BookError, match=sentence) as raised:
        chapters.check_twins("01_small")
    assert "\n" not in str(raised.value)


def test_a_twin_older_than_its_english(book):
    book(follows="0" * 12)
    with pytest.raises(BookError, match=r"`follows` must be [0-9a-f]{12}, .* Received: 000000000000"):
        chapters.check_twins("01_small")


def test_a_page_without_its_twin(book):
    (chapters.BOOK / "01_small" / "zh.md").unlink()
    with pytest.raises(BookError, match=r"01_small: zh.md is missing, the twin of en.md"):
        chapters.check_twins("01_small")


def test_a_claim_placed_twice_or_never(book):
    chapters.check_claims(["relu-sparse"])
    with pytest.raises(BookError, match="missing: relu-grows"):
        chapters.check_claims(["relu-sparse", "relu-grows"])
    claim = "```{claim} relu-sparse\n```\n"
    book(ENGLISH.replace(claim, 2 * claim))
    with pytest.raises(BookError, match=r"relu-sparse must be placed once. Received: in 01_small, 01_small"):
        chapters.check_claims(["relu-sparse"])
