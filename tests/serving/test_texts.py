"""Texts to predictions: where they come from, which are refused, and what moved an answer."""

import io

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import texts


class Weighed:
    """Stands for an export: the log-odds of "positive" are the sum of its words' weights."""

    metadata = {"labels": ["negative", "positive"], "endpoints": {"texts": {}}}
    weights = {"good": 2.0, "bad": -3.0, "naïve": 0.5}

    def __init__(self):
        self.asked = []

    def endpoint(self, name):
        assert name == "texts"

    def classify(self, name, batch):
        self.asked.append(len(batch))
        sums = [sum(self.weights.get(word, 0.0) for word in text.decode().lower().split()) for text in batch]
        p = 1 / (1 + np.exp(-np.array(sums)))
        return {"probabilities": np.stack([1 - p, p], 1)}


def gathered(*arguments, stdin=b""):
    reported = []
    return list(texts.gather(arguments, io.BytesIO(stdin), reported.append)), reported


def test_what_moved_an_answer_by_hand():
    (answer,) = texts.predict(Weighed(), [("", "Bad film , bad plot , good Naïve")])
    assert answer["label"] == "negative"
    assert answer["probability"] == pytest.approx(1 / (1 + np.exp(-3.5)))
    assert [word for word, _ in answer["words"]][:3] == ["bad", "good", "naïve"]
    # Both occurrences of "bad" are taken out: 3.5 - (-2.5).
    assert [moved for _, moved in answer["words"]] == pytest.approx([6.0, -2.0, -0.5, 0.0, 0.0])


def test_a_long_texts_words_are_looked_for_at_its_ends():
    exported = Weighed()
    middle = " ".join(f"m{k}" for k in range(5000))
    moved = texts.moved(exported, " ".join(["good", *["a"] * 100, middle, *["b"] * 299, "bad"]), 1)
    assert set(moved) == {"good", "a", "b", "bad"}
    assert (moved["good"], moved["bad"]) == pytest.approx((2, -3))
    texts.moved(exported, " ".join(f"w{k}" for k in range(200)), 1)
    assert exported.asked == [5, 64, 64, 64, 9]


def test_a_text_without_words():
    (answer,) = texts.predict(Weighed(), [("", "!!!")])
    assert answer["words"] == []


def test_where_texts_come_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "review.txt").write_bytes("\ufeffEine Größe\n".encode())
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    (tmp_path / "folder" / "inner" / "b.txt").write_text("bee")
    (tmp_path / "folder" / "a.txt").write_text("ant")
    (tmp_path / "folder" / "c.png").write_text("not a text")
    (tmp_path / "none").mkdir()
    found, reported = gathered("a good film.", "review.txt", "-", "folder", "none", stdin=b"one\r\ntwo")
    assert found == [
        ("", "a good film."),
        ("review.txt", "Eine Größe\n"),
        ("line 1 of standard input", "one"),
        ("line 2 of standard input", "two"),
        ("folder/a.txt", "ant"),
        ("folder/inner/b.txt", "bee"),
    ]
    assert reported == ["none: `text` must be a file or a folder of .txt files. Received: a folder without one."]


@pytest.mark.parametrize("said", [(13, "Permission denied", "locked.txt"), ("Permission denied",)])
def test_a_file_that_cannot_be_read_is_left_out(tmp_path, monkeypatch, said):
    def refused(*_):
        raise PermissionError(*said)

    monkeypatch.chdir(tmp_path)
    (tmp_path / "locked.txt").touch()
    monkeypatch.setattr(texts, "open", refused, raising=False)
    assert gathered("locked.txt", "fine") == ([("", "fine")], ["locked.txt: Permission denied."])


MUST = "`text` must be UTF-8, not empty, of at most 100,000 bytes. Received:"


def test_bad_texts_among_good_ones(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin.txt").write_bytes("Größe".encode("latin-1"))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "zero.txt").write_bytes(b"a\0b")
    (tmp_path / "huge.txt").write_bytes(b"x" * (texts.LIMIT + 1))
    found, reported = gathered(
        "latin.txt", "fine", "picture.png", "empty.txt", "zero.txt", "huge.txt", "missing.txt", "", " \n", "\udcff"
    )
    assert found == [("", "fine")]
    assert reported == [
        f"latin.txt: {MUST} the byte 0xf6 at offset 2.",
        f"picture.png: {MUST} the byte 0x89 at offset 0.",
        f"empty.txt: {MUST} no text.",
        f"zero.txt: {MUST} zero bytes.",
        f"huge.txt: {MUST} more.",
        "missing.txt: No such file or directory.",
        f"predict: {MUST} no text.",
        f"predict: {MUST} no text.",
        f"predict: {MUST} the byte 0xff at offset 0.",
    ]


def test_standard_input_that_is_empty():
    assert gathered("-") == ([], ["-: `text` must be a text on each line of standard input. Received: nothing."])


def test_a_gigantic_line_costs_that_line_alone():
    lines = b"first\n" + b"x" * (3 * texts.LIMIT) + b"\n\nlast\n" + b"y" * (texts.LIMIT + 1)
    found, reported = gathered("-", stdin=lines)
    assert found == [("line 1 of standard input", "first"), ("line 4 of standard input", "last")]
    assert reported == [
        f"line 2 of standard input: {MUST} more.",
        f"line 3 of standard input: {MUST} no text.",
        f"line 5 of standard input: {MUST} more.",
    ]
    limit = b"z" * texts.LIMIT
    assert gathered("-", stdin=limit + b"\n")[0] == [("line 1 of standard input", limit.decode())]


def test_texts_that_look_like_files_and_do_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for text in ("awful.", "no.way.to say", "8/10", "...", "wow!", "x" * 5000, "It cost $3.50"):
        assert gathered(text) == ([("", text)], [])


def test_an_export_that_takes_no_texts(trained):
    from tfnotes.serving.exported import Exported

    exported = Exported(trained / "saved_models" / "drawn" / "1")
    sentence = r"must have the endpoint 'texts'. Received: .*, which has pixels, encoded, layers for tensorflow\."
    with pytest.raises(InputError, match=sentence):
        next(texts.predict(exported, [("", "a text")]))


def test_the_five_words_that_moved_most_and_certainty_is_cut():
    exported = Weighed()
    exported.weights = {f"w{k}": (-1) ** k * k / 8 for k in range(1, 9)} | {"sure": 100.0}
    (answer,) = texts.predict(exported, [("name", " ".join(f"w{k}" for k in range(1, 9)))])
    assert [word for word, _ in answer["words"]] == ["w8", "w7", "w6", "w5", "w4"]
    assert (answer["file"], answer["text"][:5]) == ("name", "w1 w2")
    # A probability of 1 counts as one of 1 - 1e-7.
    assert texts.moved(exported, "sure w1", 1) == pytest.approx({"sure": np.log(1e7 - 1) + 1 / 8, "w1": 0.0})
    assert texts.moved(exported, "sure", 0) == pytest.approx({"sure": -np.log(1e7 - 1)})


def test_words_are_letters_digits_and_apostrophes():
    assert list(texts.moved(Weighed(), "It's \u2018so\u2019 3 o\u2019clock, IT'S e-mail", 0)) == [
        "it's",
        "so\u2019",
        "3",
        "o\u2019clock",
        "e",
        "mail",
    ]
