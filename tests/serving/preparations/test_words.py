"""The ids that Python makes of texts are those that the exported model's TensorFlow makes, of odd texts too."""

import json

import numpy as np
import pytest
import tensorflow as tf

from tfnotes.errors import InputError
from tfnotes.serving import preparations
from tfnotes.serving.preparations import words
from tfnotes_tasks.imdb import plain, tokenizer
from tfnotes_tasks.imdb import words as theirs

LENGTH = 20
INPUTS = {"texts": {"shape": ["batch"], "dtype": "string"}}


@pytest.fixture(scope="module")
def prepare(reviews):
    return theirs.fit(reviews.train, length=LENGTH)


@pytest.fixture(scope="module")
def known(prepare):
    return {word: k for k, word in enumerate(prepare.get_layer("words").get_vocabulary()) if k > 1}


def random_texts(count):
    """Of characters that Unicode has had for long, and of pieces that a rule is about."""
    rng = np.random.default_rng(0)
    pieces = ["<br />", "<BR\n/>", "<p a", ">", "&nbsp;", "&eacute;", "&#39;", "\u2019", "\u00a0", "film", "good"]
    pieces += ["GOOD", "it's", " ", "\v", "İ", "ΟΔΟΣ", "Σ", "'", "!", "\u2028"]
    for _ in range(count):
        codes = rng.choice([*range(1, 0x500), *range(0x1E00, 0x2100), *range(0x3041, 0x3097)], 30)
        drawn = [chr(k) for k in codes if chr(k).isprintable() or k < 32]
        yield "".join(rng.permutation([*drawn, *rng.choice(pieces, 12)]))


def test_odd_texts(prepare, known, reviews):
    texts = [*tokenizer.texts(list(prepare.get_layer("words").get_vocabulary()), LENGTH), *random_texts(200)]
    texts += [text.decode() for text in reviews.test.x[:40]]
    typed = words.Typed(plain.REPLACEMENTS, plain.ALIKE)
    for text in texts:
        wanted = prepare(tf.constant([text]))[0].numpy().tolist()
        assert words.ids(typed.words(text), known, LENGTH) == wanted, repr(text)


def test_markup_and_entities_by_hand():
    typed = words.Typed(plain.REPLACEMENTS, plain.ALIKE)
    tags = "One<br/>two</p>three<p a='b'>four 2 < 3"
    entities = "caf&eacute; AT&amp;T don&#x2019;t&hellip; soft&shy;ly&nbsp;"
    assert typed.words(tags) == ["one", "two", "three", "four", "2", "<", "3"]
    assert typed.words(entities) == ["cafe", "at", "&", "t", "don't", ".", ".", ".", "softly"]


class Export:
    """What a preparation sees of an export; it answers with the ids that it is asked."""

    def __init__(self, path, vocabulary):
        (path / "vocabulary.json").write_text(json.dumps(["", "[UNK]", *vocabulary]), "utf-8")
        rules = {"replacements": plain.REPLACEMENTS, "alike": plain.ALIKE}
        (path / "tokenizer.json").write_text(json.dumps(rules), "utf-8")
        known = {"name": "words", "length": LENGTH, "vocabulary": "vocabulary.json", "rules": "tokenizer.json"}
        ways = {"texts": {"inputs": INPUTS, "via": {"endpoint": "ids", "preparation": "", "known": known}}, "ids": {}}
        self.path, self.metadata = path, {"endpoints": ways, "files": {"vocabulary.json": "", "tokenizer.json": ""}}

    def ask(self, name, ids):
        assert name == "ids"
        return {"ids": ids}


def test_a_batch_of_texts(prepare, known, reviews, tmp_path):
    export, texts = Export(tmp_path, list(known)), list(reviews.test.x[:9])
    assert preparations.known(export.metadata["endpoints"]["texts"], {"ids"})
    assert not preparations.known(export.metadata["endpoints"]["texts"], {"layers"})
    got = preparations.answer(export, "texts", {"texts": texts})["ids"]
    np.testing.assert_array_equal(got, prepare(tf.constant(texts)))
    assert got.dtype == np.int32
    assert preparations.answer(export, "texts", {"texts": []})["ids"].shape == (0, 1)


@pytest.mark.parametrize("words", ['{"film": 2}', '["", "[UNK]", 3]', "[" * 100_000, "film"])
def test_a_vocabulary_that_is_none(tmp_path, words):
    export = Export(tmp_path, ["film"])
    (tmp_path / "vocabulary.json").write_text(words, "utf-8")
    with pytest.raises(InputError, match=r"is damaged \(vocabulary.json.+\)"):
        preparations.answer(export, "texts", {"texts": ["film"]})


@pytest.mark.parametrize(
    "rules",
    [
        '{"replacements": []}',
        '{"replacements": [["(a+)+$", ""]], "alike": {}}',
        '{"replacements": [["&amp;", "&&"]], "alike": {}}',
        json.dumps({"replacements": [*plain.REPLACEMENTS, *plain.REPLACEMENTS], "alike": {}}),
        '{"replacements": [[["&amp;"], "&"]], "alike": {}}',
        '{"replacements": [], "alike": {"a": 3}}',
        '{"replacements": [], "alike": {"a": "aa"}}',
        "[]",
    ],
)
def test_rules_that_are_none(tmp_path, rules):
    export = Export(tmp_path, ["film"])
    (tmp_path / "tokenizer.json").write_text(rules, "utf-8")
    with pytest.raises(InputError, match=r"is damaged \(tokenizer.json has other rules \(.+\)\)"):
        preparations.answer(export, "texts", {"texts": ["film"]})


def test_a_preparation_that_nobody_knows():
    known = {"name": "words", "length": 9, "vocabulary": "vocabulary.json", "rules": "tokenizer.json"}
    way = {"inputs": INPUTS, "via": {"endpoint": "ids", "preparation": "", "known": known}}
    assert preparations.known(way, {"ids"})
    assert not preparations.known({**way, "via": {**way["via"], "known": {**known, "name": "os"}}}, {"ids"})
    assert not preparations.known({**way, "inputs": {"other": INPUTS["texts"]}}, {"ids"})
    assert not preparations.known({**way, "inputs": {"texts": {"shape": [], "dtype": "string"}}}, {"ids"})
    assert not preparations.known(None, {"ids"})
    # As exports said it before the rules were a file.
    del known["rules"]
    assert not preparations.known(way, {"ids"})


ACCENTS = ("acute", "grave", "circ", "uml", "tilde", "ring", "cedil", "slash", "caron")
SAME = {
    "don't": (
        *("don&apos;t", "don&lsquo;t", "don&rsquo;t", "don&#39;t", "don&#0039;t", "don&#8216;t", "don&#8217;t"),
        *("don&#145;t", "don&#146;t", "don&#x27;t", "don&#X027;t", "don&#x2018;t", "don&#X2019;t"),
        *(f"don{mark}t" for mark in "\x91\x92\u2018\u2019\u201b\u02bc\u2032`\u00b4\uff07"),
    ),
    'a " b': (
        *("a&ldquo;b", "a&rdquo;b", "a&bdquo;b", "a&quot;b", "a&laquo;b", "a&raquo;b", "a&#34;b", "a&#034;b"),
        *("a&#8220;b", "a&#8221;b", "a&#147;b", "a&#148;b", "a&#x22;b", "a&#x201C;b", "a&#X201d;b"),
        *(f"a{mark}b" for mark in "\x93\x94\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"),
    ),
    "a - b": (
        *("a&mdash;b", "a&ndash;b", "a&#8211;b", "a&#8212;b", "a&#150;b", "a&#0151;b", "a&#x2013;b", "a&#X2014;b"),
        *(f"a{mark}b" for mark in "\x96\x97\u2010\u2011\u2012\u2013\u2014\u2015\u2212"),
    ),
    "a . . . b": ("a...b", "a\u2026b", "a&hellip;b", "a&#8230;b", "a&#x2026;b"),
    "ab": ("a&shy;b", "a&zwnj;b", "a&zwj;b", "a&lrm;b", "a&rlm;b", "a&#173;b", "a&#0173;b", "a&#xAD;b", "a&#Xad;b"),
    "cafe": tuple(f"caf&e{kind};" for kind in ACCENTS),
    "a & b": ("a&amp;b", "a & b", "a&b"),
    "a b": (
        *("a&nbsp;b", "a&bogus;b", "a&frac12;b", "a&#160;b", "a&#xA0;b"),
        *("a<br>b", "a</b>b", "a<h1 id=x>b", "a<br/>b", "a<BR\n/>b"),
    ),
    "a < b": ("a < b", "a<b"),
    "a & x ; b": ("a&x;b",),
    "a < 3 > b": ("a <3> b",),
    "a": ("'a'", "\u2018a\u2019", "'' a ''", "''a'''", "A"),
}


@pytest.mark.parametrize("wanted", SAME)
def test_each_way_of_typing_a_mark(wanted):
    typed = words.Typed(plain.REPLACEMENTS, plain.ALIKE)
    found = {text: " ".join(typed.words(text)) for text in SAME[wanted]}
    assert {text: made for text, made in found.items() if made != wanted} == {}


def test_ids_by_hand():
    known = {f"w{k}": k for k in range(2, 99)}
    texts = [f"w{k}" for k in range(2, 12)]
    assert words.ids(texts, known, 10) == words.ids(texts, known, 99) == list(range(2, 12))
    # Of more than eight the first two and the last six.
    assert words.ids(texts, known, 8) == [2, 3, *range(6, 12)]
    assert words.ids(texts, known, 3) == [9, 10, 11]
    assert (words.ids([], known, 3), words.ids(["w1", "w2"], known, 3)) == ([0], [1, 2])
