"""A small `.keras` file that unpacks to a large one is refused before it is unpacked."""

import io
import zipfile

import h5py
import keras
import numpy as np
import pytest

from tfnotes.training import unpacked


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.keras"
    keras.Sequential([keras.Input((20,)), keras.layers.Dense(30)]).save(path)
    return path


def packed(path, weights=None, padding=b""):
    """The archive anew, packed, with other weights or with something more."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= {"more": padding} | ({"model.weights.h5": weights} if weights else {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_what_keras_writes(model):
    unpacked.check(model)
    packed(model)
    unpacked.check(model)


def test_an_archive_that_unpacks_to_much_more(model):
    packed(model, padding=bytes(10**7))
    with pytest.raises(ValueError, match=r"^it unpacks to more than 20 times its size"):
        unpacked.check(model)


def test_weights_that_unpack_to_much_more(model):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.create_dataset("layers/dense/vars/0", data=np.zeros(10**6), compression="gzip")
    packed(model, weights=content.getvalue())
    with pytest.raises(ValueError, match=r"^model.weights.h5 in it unpacks to more than 20 times its size"):
        unpacked.check(model)


@pytest.mark.parametrize(
    ("numbers", "dtype", "parts", "fits"),
    [
        # Two million bytes or so may be in it: they count, not the numbers, and those of all parts together.
        (500_000, "float64", 1, False),
        (400_000, "float32", 1, True),
        (400_000, "float32", 2, False),
        (1_800_000, "uint8", 1, True),
    ],
)
def test_bytes_of_all_weights_are_counted(model, numbers, dtype, parts, fits):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for k in range(parts):
            file.create_dataset(f"layers/{k}/vars/0", data=np.zeros(numbers, dtype), compression="gzip")
    packed(model, weights=content.getvalue(), padding=np.random.default_rng(0).bytes(95_000))
    assert 95_000 < model.stat().st_size < 110_000
    if fits:
        unpacked.check(model)
        return
    with pytest.raises(ValueError, match=r"^model.weights.h5 in it unpacks to more than 20 times its size"):
        unpacked.check(model)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\3\4 and no more"])
def test_no_archive(tmp_path, content):
    (tmp_path / "model.keras").write_bytes(content)
    with pytest.raises(ValueError, match="zip"):
        unpacked.check(tmp_path / "model.keras")
