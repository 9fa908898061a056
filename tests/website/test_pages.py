"""Pages made from the docs, the ledger and the glossary."""

import re

import pytest

from tfnotes import glossary
from tfnotes.experiments import _experiment, ledger
from website import blocks, catalogue, claims, guides
from website import glossary as terms
from website.chapters import BookError
from website.words import LANGUAGES, TOPICS, WORDS


@pytest.fixture(scope="module")
def library():
    measured = {e.name: catalogue._measured(e) for e in _experiment.experiments()}
    return {"experiments": measured, "concepts": {}}


def test_each_how_to_stands_in_both_languages_under_one_name():
    en, zh = (guides.pages(language) for language in LANGUAGES)
    assert list(en) == list(zh)
    assert {"guides/drop_in.md", "guides/start.md", "guides/add_concept.md"} <= set(en)
    assert zh["guides/tasks.md"].startswith("# 自己的任务")


def test_a_how_to_without_its_twin(monkeypatch, tmp_path):
    (tmp_path / "knots.md").write_text("# Knots\n", "utf-8")
    monkeypatch.setattr(guides, "DOCS", tmp_path)
    with pytest.raises(BookError, match=r"docs/knots.zh.md is missing, the twin of knots.md"):
        guides.pages("zh")


def test_links_of_a_how_to_lead_within_the_site():
    text = guides.pages("zh")["guides/tasks.md"]
    assert "](formats.md)" in text
    assert "(`tests/plugin`)" in text
    assert "(../api/index.md)" in guides.pages("zh")["guides/drop_in.md"]
    for page in guides.pages("en").values():
        for address in re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", page):
            assert address.startswith(("http", "#", "../")) or f"guides/{address}" in guides.pages("en")


def test_a_section_that_left_the_readme():
    with pytest.raises(BookError, match=r"README.md: the site takes its section 'Gone', which isn't there"):
        guides._section("README.md", "Gone")


def test_a_claims_page_has_all_that_decided_it(library):
    found = claims.pages(blocks.Book("zh", library), {"relu-sparse": ("02_activations", "激活函数")})
    text = found["claims/relu-sparse.md"]
    entry = ledger.recorded()["relu-sparse"]
    assert "(claim-relu-sparse)=\n# 输入为负时 ReLU 输出 0，使网络稀疏。" in text
    assert "[激活函数](../02_activations.md)" in text
    assert "深层 ReLU 网络全部单元中零的比例，偏置为 0 和偏置很大两种情形。" in text
    assert "def sparse_rule(s):" in text
    assert "tfnotes experiment run relu-sparse" in text
    assert "claims/relu-sparse-dark.png" in text
    figure = entry["figures"]["zeros_at_start"]
    assert f"{figure['low']:,.6g} … {figure['high']:,.6g}" in text
    assert entry["date"] in text


def test_the_ledgers_table_has_a_row_a_claim(library):
    text = claims.pages(blocks.Book("en", library), {})["claims/index.md"]
    rows = dict(re.findall(r'<tr data-topic="\w+" data-verdict="(\w+)" data-words="([\w-]+)">', text)[::-1])
    assert len(re.findall("<tr data-topic", text)) == len(ledger.recorded())
    assert all(ledger.recorded()[name]["verdict"] == verdict for verdict, name in rows.items())
    assert {ledger.topic(name) for name in ledger.recorded()} == set(TOPICS)


def test_the_glossary_has_all_terms(concepts):
    text = terms.page(blocks.Book("zh", {"concepts": concepts}))
    assert text.count("<tr><td>") == len(glossary.terms())
    assert "<b>暂退法</b>" in text
    assert '<a href="api/layers.html"><code>dropout</code></a>' in text


def test_both_languages_have_each_word():
    for key, words in WORDS.items():
        assert set(words) == set(LANGUAGES), key
