"""Whoever reads the rules alone writes a tokenizer that gives the model's ids."""

import json
import random
import re
import unicodedata

import numpy as np
import pytest
import tensorflow as tf

from tests.serving import alone
from tfnotes.task import Split
from tfnotes_tasks.imdb import tokenizer, words
from tfnotes_tasks.imdb.plain import plain

LENGTH = 12


@pytest.fixture(scope="module")
def prepare():
    texts = [text.encode() for text in tokenizer.texts([], 30)]
    split = Split(np.array(texts, object), np.zeros(len(texts)))
    return words.fit(split, vocabulary=60, length=LENGTH)


@pytest.fixture(scope="module")
def via(prepare):
    return tokenizer.via(prepare)


def test_the_rules_are_enough_for_the_cases(via):
    files = json.loads(json.dumps(via.files()))
    vocabulary, typed, cases = (files[name] for name in (tokenizer.VOCABULARY, tokenizer.TYPED, tokenizer.CASES))
    assert vocabulary[:2] == ["", "[UNK]"]
    assert len(vocabulary) == 60
    for case in cases:
        assert alone.ids(case["text"], typed, vocabulary, LENGTH) == case["ids"], case
    lengths = [len(case["ids"]) for case in cases]
    assert (min(lengths), max(lengths)) == (1, LENGTH)
    assert [0] in [case["ids"] for case in cases]
    assert {1} < {i for case in cases for i in case["ids"]}
    assert "keep the first 3 and the last 9" in via.preparation


def test_the_rules_are_enough_for_texts_of_any_characters(prepare, via):
    files, rng = json.loads(json.dumps(via.files())), random.Random(0)
    vocabulary, typed = files[tokenizer.VOCABULARY], files[tokenizer.TYPED]
    # Python's tables and those of the model may be of other years; in these versions are all but new characters.
    old = [c for c in map(chr, range(1, 0x20000)) if unicodedata.ucd_3_2_0.category(c)[0] != "C" or ord(c) < 0xA0]
    pieces = ["<br />", "<BR>", "</p ", ">", "&amp;", "&eacute;", "&#x2019;", "&", ";", "'", "\u2019", " ", "It's"]
    pieces += ["GREAT", "ΟΔΟΣ"]
    pieces += [word for word in vocabulary if word]
    made = ["".join(rng.choice(rng.choice((old, pieces))) for _ in range(rng.randint(1, 12))) for _ in range(3000)]
    found = prepare(tf.constant([text.encode() for text in made])).numpy()
    for text, got in zip(made, found, strict=True):
        wanted = alone.ids(text, typed, vocabulary, LENGTH)
        assert got.tolist() == wanted + [0] * (found.shape[1] - len(wanted)), ascii(text)


def test_every_rule_stands_in_words(via):
    assert re.findall(r"^(\d)\. ", via.preparation, re.MULTILINE) == list("12345678")
    assert not re.search("LENGTH|FIRST|LAST", via.preparation)


TYPED = [
    "It isn't good: don't go, caf\u00e9 \u201cfilm\u201d - 10/10... really",
    "It isn't good: don't go, cafe\u0301 \"film\" - 10/10... really",
    "It isn\u2019t good: don\u2019t go, CAF\u00c9 \u201efilm\u201c \u2014 10/10\u2026 really",
    "It isn&#39;t good: don&rsquo;t go, caf&eacute; &quot;film&quot; &mdash; 10/10&hellip; really",
    "It isn`t good: don\u00b4t go, cafe \xabfilm\xbb \u2013 10/10... really",
    "It\u00a0isn't\u2003good:\u3000don't\u2028go,\tcaf\u00e9\u0085\"film\" - 10/10...\r\nreally\x1f",
    "<p>It isn't <b>good</b>:<BR>don't go,<br clear=all>caf\u00e9</br>\"film\" &#8211; 10/10...&nbsp;really</p>",
    "\ufeffIt is\u00adn't go\u200bod: don't go, caf\u00e9 \"film\" - 10/10... really\u200e",
    '\uff29\uff54 isn\uff07t \uff47\uff4f\uff4f\uff44\uff1a don\'t go\uff0c caf\u00e9 "film" - 10\uff0f10... really',
    "it isn\x92t good: don\x92t go, caf\u00e9 \x93film\x94 \x96 10/10... really",
]


def test_ten_ways_to_type_a_text_are_the_same_words():
    found = [text.decode().split() for text in plain(tf.constant(TYPED)).numpy()]
    assert " ".join(found[0]) == "it isn't good : don't go , cafe \" film \" - 10 / 10 . . . really"
    assert [words for words in found if words != found[0]] == []


def test_what_looks_like_markup_stays():
    words = plain(tf.constant("2 < 3 > 1, <3 R&B; AT&T 'tis the actors' rock'n'roll")).numpy().decode().split()
    assert " ".join(words) == "2 < 3 > 1 , < 3 r & b ; at & t tis the actors rock'n'roll"


def test_apostrophes_beside_a_word_are_quotation_marks_however_many():
    texts = ["''good'' '''film''' 'em don't rock''n'roll", "''good", "good''", "good '' '''", "'", "''"]
    found = [" ".join(text.decode().split()) for text in plain(tf.constant(texts)).numpy()]
    assert found == ["good film em don't rock''n'roll", "good", "good", "good", "", ""]
