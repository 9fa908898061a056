"""The inputs that an export carries are arrays of examples, whoever wrote them; anything else is a damaged export."""

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import examples


def test_the_inputs_of_one_endpoint(tmp_path):
    assert examples.of(tmp_path, "pixels") == {}
    np.savez(tmp_path / examples.NAME, **{"pixels/a": np.arange(3), "pixels/seed": np.array(7), "pixels_2/b": [1]})
    found = examples.of(tmp_path, "pixels")
    assert {name: value.tolist() for name, value in found.items()} == {"a": [0, 1, 2], "seed": 7}


@pytest.mark.parametrize("value", [np.array([{"a": 1}], object), np.zeros((0, 28)), np.zeros(1000)])
def test_what_is_no_example(tmp_path, monkeypatch, value):
    monkeypatch.setattr(examples, "LIMIT", 4000)
    np.savez_compressed(tmp_path / examples.NAME, **{"pixels/x": value})
    with pytest.raises(InputError, match=r"is damaged \(.+\)\.$"):
        examples.of(tmp_path, "pixels")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", bytes(100)])
def test_what_is_no_archive(tmp_path, content):
    (tmp_path / examples.NAME).write_bytes(content)
    with pytest.raises(InputError, match=r"is damaged \(.+\)\.$"):
        examples.of(tmp_path, "pixels")


def test_all_arrays_together_must_fit(tmp_path, monkeypatch):
    monkeypatch.setattr(examples, "LIMIT", 3 * 2**20)
    half = np.zeros(2**18, "float64")
    np.savez_compressed(tmp_path / examples.NAME, **{"pixels/x": half})
    assert examples.of(tmp_path, "pixels")["x"].shape == (2**18,)
    np.savez_compressed(tmp_path / examples.NAME, **{"pixels/x": half, "layers/x": half})
    with pytest.raises(InputError, match=r"damaged \(examples.npz unpacks to more than 3 MiB\)"):
        examples.of(tmp_path, "pixels")


def test_none_of_an_input(tmp_path):
    np.savez(tmp_path / examples.NAME, **{"pixels/x": np.zeros((0, 2)), "layers/x": [1]})
    assert examples.of(tmp_path, "layers")["x"].tolist() == [1]
    with pytest.raises(InputError, match=r"damaged \(examples.npz has an input without examples\)"):
        examples.of(tmp_path, "pixels")
