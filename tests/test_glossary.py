"""The glossary: whole in both languages, one name for one term, and the registry's names among it."""

import re

import pytest

from tfnotes import glossary, registry

TERMS = glossary.terms()


def test_it_is_as_large_as_the_field_that_the_notes_teach():
    assert len(TERMS) >= 150


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.en)
def test_a_term_has_names_and_one_sentence_in_each_language(term):
    assert re.search("[\u4e00-\u9fff]", term.zh)
    assert not re.search("[\u4e00-\u9fff]", " ".join((term.en, *term.aliases_en)))
    assert term.definition_en.isascii()
    assert term.definition_en.endswith(".")
    assert ". " not in term.definition_en
    assert term.definition_zh.endswith("。")
    assert term.definition_zh.count("。") == 1
    assert not re.search(r"[\u4e00-\u9fff][,.;:?!]", term.definition_zh), "punctuation of full width"


@pytest.mark.parametrize("names", [[t.en for t in TERMS], [t.zh for t in TERMS]], ids=["en", "zh"])
def test_a_name_stands_for_one_term(names):
    assert len(names) == len(set(names))
    taken = [name for term in TERMS for name in {spelling.lower() for spelling in term.spellings}]
    assert not {name for name in taken if taken.count(name) > 1}


def test_what_it_says_of_concepts_is_what_the_registry_says():
    known = {c.name for c in registry.concepts()}
    assert {t.concept for t in TERMS} - {None} <= known
    for c in registry.concepts():
        spellings = glossary.spellings(c.name)
        assert not spellings or c.zh in spellings, f"{c.name} is called {c.zh}, which the glossary doesn't know"


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("丢弃", "dropout"),
        ("随机失活", "dropout"),
        ("按值剪切梯度", "clip_by_value"),
        ("步伐衰减", "step_decay"),
        ("PCA 主成分分析", "pca"),
        ("最大汇聚", "max_pooling2d"),
        ("批规范化", "batch_normalization"),
        ("稠密层", "dense"),
        ("Nesterov momentum", "sgd"),
    ],
)
def test_lookups_by_older_and_other_names_find_the_concept(name, concept):
    assert registry.find(name).name == concept
