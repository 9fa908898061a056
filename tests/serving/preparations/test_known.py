"""Which preparation stands before which endpoint: by its inputs, by its settings, and by what is there."""

import pytest

from tfnotes.serving import preparations

FILES = {"images": {"shape": ["batch"], "dtype": "string"}}
DRAWN = {"count": {"shape": [], "dtype": "int32"}, "seed": {"shape": [], "dtype": "int32"}}
TEXTS = {"texts": {"shape": ["batch"], "dtype": "string"}}
WAYS = {
    "digits": (FILES, {}),
    "resized": (FILES, {}),
    "normal": (DRAWN, {}),
    "gibbs": (DRAWN, {"turns": 3, "encode": "encode"}),
    "words": (TEXTS, {"length": 9, "vocabulary": "v.json", "rules": "r.json"}),
}


def way(inputs, known):
    return {"inputs": inputs, "via": {"endpoint": "there", "preparation": "", "known": known}}


@pytest.mark.parametrize("name", WAYS)
def test_what_a_preparation_is_known_by(name):
    inputs, settings = WAYS[name]
    assert set(WAYS) == set(preparations.KNOWN)
    whole = {"name": name, **settings}
    assert preparations.known(way(inputs, whole), ["there"])
    assert preparations.known(way(inputs, {**whole, "more": 1}), ["there", "others"])
    assert not preparations.known(way(inputs, whole), ["others"])
    for lacking in whole:
        assert not preparations.known(way(inputs, {k: v for k, v in whole.items() if k != lacking}), ["there"])
    for others in (FILES, DRAWN, TEXTS):
        assert preparations.known(way(others, whole), ["there"]) == (others is inputs)
    for changed in inputs:
        more = {**inputs, changed: {**inputs[changed], "shape": [*inputs[changed]["shape"], 2]}}
        assert not preparations.known(way(more, whole), ["there"])
        assert not preparations.known(way({k: v for k, v in inputs.items() if k != changed}, whole), ["there"])
    assert not preparations.known({"inputs": inputs}, ["there"])
    assert not preparations.known({"inputs": inputs, "via": {"endpoint": "there", "preparation": ""}}, ["there"])


def test_an_answer_has_the_settings_but_for_the_name(monkeypatch):
    from tfnotes.serving.preparations import words

    asked = []
    monkeypatch.setattr(words, "answer", lambda *given, **inputs: asked.append((given, inputs)) or "the answer")
    inputs, settings = WAYS["words"]
    known = {"name": "words", **settings}
    export = type("Export", (), {"metadata": {"endpoints": {"texts": way(inputs, known)}}})
    assert preparations.answer(export, "texts", {"texts": [b"a"]}) == "the answer"
    assert asked == [((export, "there", settings), {"texts": [b"a"]})]
    assert known["name"] == "words", "what metadata say stays as it is"
