"""The snippets: which film stands where, what is left out, and what is stored."""

import hashlib

import numpy as np
import pytest

from tfnotes.data import prepared
from tfnotes_tasks import sources
from tfnotes_tasks.imdb import data as imdb
from tfnotes_tasks.imdb.sample import by_film


def row(text, film, category="fresh"):
    return {"category": category, "text": text, "movie_name": film}


def texts(examples):
    return {example["text"] for example in examples}


def films(examples):
    return {example["film"] for example in examples}


def test_no_film_stands_in_two_splits(small_snippets):
    train, test = by_film(small_snippets)
    assert len(train) + len(test) == 200
    assert 30 <= len(test) <= 40
    assert not films(train) & films(test)
    assert {e["label"] for e in test} == {0, 1}


def test_the_order_of_the_rows_does_not_matter(small_snippets):
    shuffled = [small_snippets[k] for k in np.random.default_rng(0).permutation(len(small_snippets))]
    for ours, theirs in zip(by_film(small_snippets), by_film(shuffled), strict=True):
        assert texts(ours) == texts(theirs)


# c before its b is merged into a; and a ring.
@pytest.mark.parametrize("shared", [["ab", "bc"], ["bc", "ac"], ["bc", "ca"], ["ab", "bc", "ca"]])
def test_names_that_share_a_snippet_are_one_film(shared):
    # Each of these is told of both its names; d stands alone.
    rows = [row(f"{name} {k}", name) for name in "abcd" for k in range(5)]
    rows += [row(pair, name) for pair in shared for name in pair]
    train, test = by_film(rows)
    assert len(films([*train, *test])) == 2
    assert texts(train) | texts(test) == texts(rows)
    for part in (train, test):
        letters = {t[0] for t in texts(part)}
        assert letters & set("abc") in (set(), set("abc"))


def test_plots_are_left_out_and_a_snippet_that_comes_again():
    train, test = by_film([row("good", "a"), row("bad", "a", "rotten"), row("a story", "a", "plot"), row("good", "a")])
    assert test == []
    assert sorted((e["text"], e["label"]) for e in train) == [("bad", 0), ("good", 1)]


def test_what_is_stored_is_what_was_in_the_table(small_snippets, tmp_path):
    prepared.prepare(sources.IMDB_SAMPLE, tmp_path)
    splits = imdb.sample(tmp_path)
    stored = {}
    for split in (splits.train, splits.validation, splits.test):
        assert split.y.dtype == np.int64
        stored |= dict(zip(split.x.tolist(), split.y.tolist(), strict=True))
    assert stored == {
        r["text"].encode(): int(r["category"] == "fresh") for r in small_snippets if r["category"] != "plot"
    }
    train, test = by_film(small_snippets)
    assert set(splits.test.x) == {t.encode() for t in texts(test)}
    held = {e["film"] for e in train if e["text"].encode() in set(splits.validation.x)}
    assert held
    assert not held & {e["film"] for e in train if e["text"].encode() in set(splits.train.x)}


def test_the_last_fifth_by_the_hashes_of_films_is_the_test_split():
    rows = [row(f"text {k}", f"film {k}", ("fresh", "rotten")[k % 3 == 0]) for k in range(11)]
    train, test = by_film(rows)
    ordered = sorted((f"film {k}" for k in range(11)), key=lambda film: hashlib.sha256(film.encode()).hexdigest())
    assert [e["film"] for e in [*train, *test]] == ordered
    assert (len(train), len(test)) == (9, 2)
    assert [e["label"] for e in test] == [int(int(e["text"].split()[1]) % 3 != 0) for e in test]
    assert by_film([]) == ([], [])
    # Of one film alone nothing is left to test.
    assert [len(part) for part in by_film([row(str(k), "a") for k in range(10)])] == [10, 0]
    # Texts of a film are in order, whichever came first.
    assert [e["text"] for e in by_film([row("b", "a"), row("c", "a"), row("a", "a")])[0]] == ["a", "b", "c"]
