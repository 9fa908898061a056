"""What directives stand for: the registry's and the ledger's words, and source by name."""

import pytest

from website import blocks, catalogue, reference
from website.chapters import BookError


@pytest.fixture(scope="module")
def library(concepts):
    return {"concepts": concepts, "reference": {"activations": catalogue._members("activations")}}


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("relu", "tfnotes.activations.relu"),
        ("ReLU", "tfnotes.layers.ReLU"),
        ("layers.softmax", "tfnotes.layers.Softmax"),
        ("pca", "tfnotes.preprocessing.PCA"),
    ],
)
def test_concepts_are_found_by_name(library, name, public):
    assert blocks.find(library["concepts"], name)["public"] == public


def test_a_concept_that_is_none(library):
    with pytest.raises(BookError, match="must be one of the registry's"):
        blocks.find(library["concepts"], "rleu")


def test_a_concept_that_may_be_either():
    rows = [{"kind": kind, "name": "noise", "public": f"tfnotes.{kind}.Noise{kind}"} for kind in ("layers", "losses")]
    with pytest.raises(BookError, match=r"must say which is meant, layers.noise or losses.noise"):
        blocks.find({f"{row['kind']}.noise": row for row in rows}, "noise")


def test_a_concepts_box_speaks_both_languages(library):
    en, zh = (blocks.concept(blocks.Book(language, library), "relu") for language in ("en", "zh"))
    assert "rectified linear unit" in en.split("·")[0]
    assert "修正线性单元" in zh.split("·")[0]
    for text in (en, zh):
        assert "`keras.activations.relu`" in text
        assert "002:63-69" in text
    assert "with a `threshold` NaN stays NaN" in en
    assert "有意的不同：设了 `threshold` 时，NaN 仍是 NaN" in zh


def test_a_box_has_the_recorded_figures(library, monkeypatch):
    speed = {"forward": {"median": 0.914, "low": 0.8, "high": 1.0}}
    measured = {"concepts": {"activations.relu": {"parity": 2.5e-12, "speed": speed}}}
    monkeypatch.setattr(blocks.Book, "measured", measured)
    text = blocks.concept(blocks.Book("en", library), "relu")
    assert "3e-12" in text or "2e-12" in text
    assert "forward 0.91" in text


def test_source_comes_by_name_without_docstring_and_decorators():
    path, text = blocks.source("tfnotes.activations.relu.relu")
    assert path == "tfnotes/activations/relu.py"
    assert text.startswith("def relu(")
    assert '"""' not in text
    assert '"""Rectified' in blocks.source("tfnotes.activations.relu.relu", docstring=True)[1]


def test_source_of_a_method_stands_at_the_margin():
    _, text = blocks.source("tfnotes.layers.lstm.LSTM.__init__")
    assert text.startswith("def __init__(\n    self,")


@pytest.mark.parametrize("name", ["tfnotes.activations.relu.no_such", "no.such", "tfnotes"])
def test_source_of_what_is_not_there(name):
    with pytest.raises(BookError, match="must be the dotted name"):
        blocks.source(name)


def test_a_claim_says_what_was_measured(library):
    entry = blocks.Book("en", library).entries["relu-sparse"]
    en, zh = (blocks.claim(blocks.Book(language, library), "relu-sparse") for language in ("en", "zh"))
    assert entry["statement_en"] in en
    assert entry["statement_zh"] in zh
    assert "true under a condition" in en
    assert "有条件成立" in zh
    assert blocks.plain(blocks.condition(entry, "en")) in en
    with pytest.raises(BookError, match="must be an id of the ledger"):
        blocks.claim(blocks.Book("en", library), "no-such-claim")


def test_verdicts_lists_all_of_one(library):
    found = blocks.Book("en", library)
    refuted = [name for name, entry in found.entries.items() if entry["verdict"] == "REFUTED"]
    lines = blocks.verdicts(found, "REFUTED").split("\n")
    assert [line.split("(#claim-")[1].split(")")[0] for line in lines] == refuted
    with pytest.raises(BookError, match="must be one of CONFIRMED"):
        blocks.verdicts(found, "WRONG")


def test_plain_text_means_nothing_to_markdown():
    assert blocks.plain("a * b_c `x * y_z` <p> $1") == r"a \* b\_c `x * y_z` \<p\> \$1"


def test_the_reference_has_all_public_names_and_translated_sections(library):
    pages = reference.pages(blocks.Book("zh", library), {"relu": "激活函数"})
    text = pages["api/activations.md"]
    from tfnotes import activations

    for name in activations.__all__:
        assert f"`{name}`" in text
    assert "**参数**" in text
    assert "**Args**" not in text
    assert "[激活函数](#relu)" in text
    assert "- `negative_slope`: slope below the threshold. Default 0." in text
    assert ">>> [float(y) for y in relu(ops.array([-2.0, 0.0, 3.0]))]" in text


def test_a_docstrings_deeper_lines_go_on_with_their_entry():
    lines = reference.docstring("Args:\n    one: begins\n        and ends.\n    two: more.", "en")
    assert lines == ["**Arguments**", "", "- `one`: begins and ends.", "- `two`: more.", ""]
