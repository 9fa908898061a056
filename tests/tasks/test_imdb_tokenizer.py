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
    vocabulary, cases = files[tokenizer.VOCABULARY], files[tokenizer.CASES]
    assert vocabulary[:2] == ["", "[UNK]"]
    assert len(vocabulary) == 60
    for case in cases:
        assert alone.ids(case["text"], vocabulary, LENGTH) == case["ids"], case
    lengths = [len(case["ids"]) for case in cases]
    assert (min(lengths), max(lengths)) == (1, LENGTH)
    assert [0] in [case["ids"] for case in cases]
    assert {1} < {i for case in cases for i in case["ids"]}
    assert "keep the first 3 and the last 9" in via.preparation


def test_the_rules_are_enough_for_texts_of_any_characters(prepare, via):
    vocabulary, rng = via.files()[tokenizer.VOCABULARY], random.Random(0)
    # Python's tables and those of the model may be of other years; in these versions are all but new characters.
    old = [c for c in map(chr, range(1, 0x20000)) if unicodedata.ucd_3_2_0.category(c)[0] != "C" or ord(c) < 0xA0]
    pieces = ["<br />", "<br>", "&amp;", "'", " ", "It's", "GREAT", "ΟΔΟΣ", *[w for w in vocabulary if w]]
    made = ["".join(rng.choice(rng.choice((old, pieces))) for _ in range(rng.randint(1, 12))) for _ in range(3000)]
    found = prepare(tf.constant([text.encode() for text in made])).numpy()
    for text, got in zip(made, found, strict=True):
        wanted = alone.ids(text, vocabulary, LENGTH)
        assert got.tolist() == wanted + [0] * (found.shape[1] - len(wanted)), ascii(text)


def test_every_rule_stands_in_words(via):
    assert re.findall(r"^(\d)\. ", via.preparation, re.MULTILINE) == list("1234567")
    assert not re.search("LENGTH|FIRST|LAST", via.preparation)
