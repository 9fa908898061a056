"""Files to predictions: the good ones are answered, the bad ones named."""

import io
import json
import shutil

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tfnotes.errors import InputError
from tfnotes.serving import decoders, images, predict, preparations, texts
from tfnotes.serving.exported import Exported


@pytest.fixture
def exported(trained):
    return Exported(trained / "saved_models" / "drawn" / "1")


@pytest.fixture
def pictures(drawn, tmp_path):
    """One dark-on-light picture of each digit, in as many formats."""
    import drawn_task

    kinds = ("png", "jpg", "bmp", "gif", "webp", "tif", "png", "jpg", "png", "png")
    paths = [tmp_path / f"{digit}.{kind}" for digit, kind in enumerate(kinds)]
    for digit, path in enumerate(paths):
        share = drawn_task.ink(digit, 100 + 5 * digit, slant=0.1)
        Image.fromarray(drawn_task.on_paper(share).astype("uint8")).save(path)
    return paths


def test_every_format(exported, pictures):
    answers = predict.predict(exported, pictures)
    assert [answer["file"] for answer in answers] == [str(path) for path in pictures]
    assert [answer["digit"] for answer in answers] == list(range(10))
    assert [answer["label"] for answer in answers] == list("0123456789")
    assert all(0.3 < answer["probability"] <= 1 for answer in answers)
    assert json.loads(json.dumps(answers)) == answers


def test_more_files_than_one_batch(exported, pictures, monkeypatch):
    monkeypatch.setattr(predict, "_BATCH", 4)
    assert [answer["digit"] for answer in predict.predict(exported, pictures)] == list(range(10))


def test_standard_input(exported, pictures):
    (answer,) = predict.predict(exported, ["-"], io.BytesIO(pictures[6].read_bytes()))
    assert (answer["file"], answer["digit"]) == ("-", 6)


def test_a_blurred_digit_is_warned_of(exported, pictures, tmp_path):
    blurred, warned = tmp_path / "blurred.png", []
    Image.open(pictures[3]).convert("L").filter(ImageFilter.GaussianBlur(7)).save(blurred)
    answers = predict.predict(exported, [pictures[3], blurred, pictures[4]], warn=warned.append)
    assert len(answers) == 3
    assert warned == [f"{blurred}: the picture is blurred, so that the digit may be read wrongly."]


def test_an_export_of_other_things_has_no_doubts(exported):
    described = exported.endpoints["encoded"]
    for known in ({}, {"name": "resized"}, {"name": "unheard of"}):
        exported.endpoints["encoded"] = {**described, "via": {**described["via"], "known": known}}
        assert preparations.doubt(exported, "encoded", b"anything") is None
    exported.endpoints["encoded"] = {key: value for key, value in described.items() if key != "via"}
    assert preparations.doubt(exported, "encoded", b"anything") is None


def test_bad_files_among_good_ones(exported, pictures, tmp_path):
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("a letter")
    (tmp_path / "cut.jpg").write_bytes(pictures[1].read_bytes()[:900])
    bad = [tmp_path / name for name in ("empty.png", "text.png", "cut.jpg", "missing.png")]
    order = [bad[0], pictures[3], *bad[1:3], pictures[8], bad[3]]
    reported = []
    answers = predict.predict(exported, order, report=reported.append)
    assert [answer["digit"] for answer in answers] == [3, 8]
    assert [sentence.split(": ")[0] for sentence in reported] == [str(path) for path in bad]
    assert reported[3] == f"{bad[3]}: No such file or directory."


def test_a_file_too_large_to_read(exported, pictures, monkeypatch):
    monkeypatch.setattr(predict, "_LARGEST", 2**20)
    reported = []
    assert predict.predict(exported, ["/dev/zero"], report=reported.append) == []
    assert reported == ["/dev/zero: `file` must be of at most 1 MiB. Received: more."]


def test_folders(pictures, tmp_path):
    folder = tmp_path / "folder"
    for name in ("b.png", "a.PNG", "inner/c.jpeg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "inner" / "notes.txt").touch()
    (tmp_path / "none").mkdir()
    skipped, reported = [], []
    found = predict.expand([folder, "-", tmp_path / "none", pictures[0]], "images", skipped.append, reported.append)
    assert found == [*(folder / name for name in ("a.PNG", "b.png", "inner/c.jpeg")), "-", pictures[0]]
    assert skipped == [f"{folder / 'inner' / 'notes.txt'}: skipped, its name isn't an image's."]
    assert reported == [
        f"{tmp_path / 'none'}: `file` must be an image or a folder of images. Received: a folder without one."
    ]


def test_an_empty_name_is_not_the_current_folder(pictures, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reported = []
    assert predict.expand(["", str(pictures[0])], "images", report=reported.append) == [str(pictures[0])]
    assert reported == ["predict: `file` must be an image or a folder. Received: an empty name."]


def test_an_export_that_takes_no_files(trained, tmp_path):
    class Fewer(Exported):
        def __init__(self, path):
            super().__init__(path)
            del self.endpoints["encoded"]

    fewer = Fewer(trained / "saved_models" / "drawn" / "1")
    with pytest.raises(
        InputError, match=r"must have the endpoint 'encoded'. Received: .*, which has pixels, layers for tensorflow\."
    ):
        predict.predict(fewer, [tmp_path / "never read"])


def test_metadata_choose_only_from_a_table(drawn, trained, tmp_path, pictures):
    shutil.copytree(trained / "saved_models" / "drawn" / "1", tmp_path / "1")
    path = tmp_path / "1" / "metadata.json"
    metadata = json.loads(path.read_text())
    del metadata["sha256"]
    assert metadata["decode"] == "images"
    # As exports said it before; and not at all, so that the task says what to do.
    for named in ("tfnotes.serving.images:encode", None):
        path.write_text(json.dumps({**metadata, "decode": named}))
        (answer,) = predict.predict(Exported(tmp_path / "1"), [pictures[2]])
        assert answer["digit"] == 2
    for named in ("os:abort", "tfnotes.serving.images:tf.io.write_file", ["images"]):
        path.write_text(json.dumps({**metadata, "decode": named}))
        reason = r"damaged \(metadata.json.decode must be one of \['images', 'texts', None\]"
        with pytest.raises(InputError, match=reason):
            predict.predict(Exported(tmp_path / "1"), [pictures[2]])
    path.write_text(json.dumps({**metadata, "decode": None, "task": "unheard of"}))
    with pytest.raises(InputError, match=r"`task` must be one of .*Received: 'unheard of'"):
        predict.predict(Exported(tmp_path / "1"), [pictures[2]])


def test_probabilities_are_those_of_the_pixels(drawn, exported, tmp_path):
    examples = drawn.source("drawn")(None).test.x[:20]
    for k, example in enumerate(examples):
        Image.fromarray(example).save(tmp_path / f"{k:02d}.png")
    answers = predict.predict(exported, sorted(tmp_path.glob("*.png")))
    expected = exported.ask("serving_default", examples)
    assert [answer["digit"] for answer in answers] == expected["digit"].tolist()
    found = [answer["probability"] for answer in answers]
    np.testing.assert_allclose(found, expected["probabilities"].max(1), rtol=1e-5)


class Told:
    """An export that takes texts, has an output of strings, and tells by one of its own what has no label."""

    path = "there"
    metadata = {"task": "t", "decode": "texts", "labels": ["no", "yes"], "reject": {"output": "is_one"}}
    endpoints = {"encoded": {"via": {"known": {"name": "digits"}}}}

    def endpoint(self, name):
        return self.endpoints[name]

    def classify(self, name, contents):
        assert name == "encoded"
        p = np.array([[0.25, 0.75], [0.875, 0.125], [0.5, 0.5]])[: len(contents)]
        known, names = np.array([True, False, True])[: len(p)], np.array([b"no"] * len(p), object)
        return {"label": names, "index": p.argmax(1), "is_one": known, "probabilities": p}


def test_what_an_answer_holds(tmp_path, monkeypatch):
    for name in "abc":
        (tmp_path / name).write_text(f"text {name}")
    monkeypatch.setattr(preparations, "doubt", lambda exported, name, content: f"{name} of {content.decode()}")
    warned = []
    answers = predict.predict(Told(), [tmp_path / name for name in "abc"], warn=warned.append)
    assert answers == [
        {"file": str(tmp_path / "a"), "label": "yes", "index": 1, "is_one": True, "probability": 0.75},
        {"file": str(tmp_path / "b"), "label": None, "index": 0, "is_one": False, "probability": None},
        {"file": str(tmp_path / "c"), "label": "no", "index": 0, "is_one": True, "probability": 0.5},
    ]
    assert [type(answers[0][key]) for key in ("index", "is_one", "probability")] == [int, bool, float]
    # Of what has no label nothing is doubted.
    assert warned == [f"{tmp_path / name}: encoded of text {name}." for name in "ac"]


def test_files_of_any_kind(tmp_path):
    for name in ("in/b.txt", "in/.c", "in/deep/a.png", "none/"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            (tmp_path / name).touch()
    (tmp_path / "none").mkdir(exist_ok=True)
    skipped, reported = [], []
    found = predict.expand([tmp_path / "in", "", tmp_path / "none"], None, skipped.append, reported.append)
    assert found == [tmp_path / "in" / name for name in (".c", "b.txt", "deep/a.png")]
    assert skipped == []
    assert reported == [
        "predict: `file` must be a file or a folder. Received: an empty name.",
        f"{tmp_path / 'none'}: `file` must be a file or a folder of files. Received: a folder without one.",
    ]


def test_a_file_as_large_as_can_be(tmp_path, monkeypatch):
    assert predict._LARGEST == 512 * 2**20
    monkeypatch.setattr(predict, "_LARGEST", 2**20)
    monkeypatch.setattr(preparations, "doubt", lambda *asked: None)
    monkeypatch.setattr(decoders, "decoder", lambda exported: lambda data, name: seen.append((len(data), name)) or data)
    seen, reported = [], []
    for size in (2**20, 2**20 + 1):
        (tmp_path / str(size)).write_bytes(bytes(size))
    predict.predict(Told(), [tmp_path / str(2**20), tmp_path / str(2**20 + 1)], report=reported.append)
    assert seen == [(2**20, str(tmp_path / str(2**20)))]
    assert reported == [f"{tmp_path / str(2**20 + 1)}: `file` must be of at most 1 MiB. Received: more."]


def test_what_an_export_takes():
    kinds = [decoders.kind(decode) for decode in (images.encode, texts.decode, images.files, None)]
    assert kinds == ["images", "texts", None, None]
    assert decoders.decoder(Told()) is texts.decode
