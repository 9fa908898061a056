"""JSON that anyone may have written: what is too large, too deep, or otherwise than the schema says."""

import json

import pytest

from tfnotes import documents


def test_size(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"x" * 2**20)
    assert documents.content(path, 2**20) == b"x" * 2**20
    path.write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(ValueError, match=r"^a\.json has more than 1 MiB$"):
        documents.content(path, 2**20)


@pytest.mark.parametrize("pair", ["[]", '{"a":}'])
def test_depth(pair):
    def nested(depth):
        return pair[:-1] * depth + ("1" if pair != "[]" else "") + pair[-1] * depth

    assert documents.parsed(nested(documents.DEPTH), "a.json") == json.loads(nested(documents.DEPTH))
    # The innermost list holds nothing, and is as deep as a number in an object.
    for depth in (documents.DEPTH + (2 if pair == "[]" else 1), 100_000):
        with pytest.raises(ValueError, match=r"^a\.json is nested too deeply$"):
            documents.parsed(nested(depth), "a.json")


def test_schemas(tmp_path):
    path = tmp_path / "all.json"
    path.write_text(json.dumps({"a": {"type": "integer"}, "b": {"type": "string"}}))
    checks = documents.schemas(path)
    checks["a"](1, "a.json")
    with pytest.raises(ValueError, match=r"^b\.json must be string$"):
        checks["b"](1, "b.json")
    path.write_text(json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", "type": "integer"}))
    assert list(documents.schemas(path)) == [""]
