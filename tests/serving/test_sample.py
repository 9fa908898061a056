"""Drawings begin with the same codes whatever runs the model, where `metadata.json` says what codes lead to one."""

import numpy as np
import pytest
from PIL import Image

from tfnotes.errors import InputError
from tfnotes.serving import preparations
from tfnotes.serving.sample import sample


class Export:
    """Three codes to an image of 1 x 3 pixels; `encode` gives the pixels' codes back."""

    def __init__(self, known):
        codes = {"inputs": {"codes": {"shape": ["batch", 3], "dtype": "float32"}}, "outputs": {"images": {}}}
        inputs = {"count": {"shape": []}, "seed": {"shape": []}}
        way = {"inputs": inputs, "via": {"endpoint": "decode", "preparation": "", "known": known}}
        self.metadata = {"endpoints": {"sample": way, "decode": codes, "encode": {}}}
        self.endpoints, self.asked = self.metadata["endpoints"], []

    def endpoint(self, name):
        return self.endpoints[name]

    def ask(self, name, value):
        self.asked.append((name, value))
        if name == "encode":
            return {"codes": value[:, 0].astype("float32") / 255}
        return {"images": 1 / (1 + np.exp(-value[:, None] if self.normal else 20 - 40 * value[:, None]))}

    @property
    def normal(self):
        return self.metadata["endpoints"]["sample"]["via"]["known"]["name"] == "normal"


def test_normal_codes(tmp_path):
    first, second = Export({"name": "normal"}), Export({"name": "normal"})
    images = sample(first, 5, 7, tmp_path / "a.png")
    np.testing.assert_array_equal(sample(second, 5, 7, tmp_path / "b.png"), images)
    ((name, codes),) = first.asked
    assert (name, codes.dtype) == ("decode", np.float32)
    np.testing.assert_array_equal(codes, np.random.default_rng(7).standard_normal((5, 3), "float32"))
    assert images.shape == (5, 1, 3)
    assert Image.open(tmp_path / "a.png").size == (11, 3)
    assert not np.array_equal(sample(second, 5, 8, tmp_path / "b.png"), images)


@pytest.mark.parametrize("known", [{"name": "normal"}, {"name": "gibbs", "turns": 2, "encode": "encode"}])
def test_a_server_is_asked_for_any_int32(known):
    drawn = [preparations.answer(Export(known), "sample", {"count": 9, "seed": seed})["images"] for seed in (-5, 5)]
    assert not np.array_equal(*drawn)


def test_turns_of_gibbs_sampling(tmp_path):
    export = Export({"name": "gibbs", "turns": 4, "encode": "encode"})
    images = sample(export, 6, 0, tmp_path / "a.png")
    assert [name for name, _ in export.asked] == ["decode", *["encode", "decode"] * 3]
    codes = export.asked[0][1]
    assert set(np.unique(codes)) == {0.0, 1.0}
    pixels = export.asked[1][1]
    assert (pixels.dtype, set(np.unique(pixels))) == (np.uint8, {0, 255})
    # Chances of almost 0 and 1 lead back to where it began.
    np.testing.assert_array_equal(np.round(images[:, 0]), codes)


@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_an_export_that_says_nothing_of_codes_draws_itself(tmp_path, seed):
    export = Export({})
    export.ask = lambda name, count, seed: {"images": np.full((count, 1, 3), seed / 2**31)}
    assert (sample(export, 2, seed, tmp_path / "a.png") == seed / 2**31).all()


def drawing(image):
    """An export that draws such images itself."""
    export = Export({})
    export.path, export.ask = "there", lambda *asked: export.asked.append(asked) or {"images": image}
    return export


def test_as_many_as_can_be_and_no_more(tmp_path):
    assert sample(Export({"name": "normal"}), 10_000, 0, tmp_path / "a.png").shape == (10_000, 1, 3)
    for count, seed, received in ((10_001, 0, "`n` must be at most 10,000"), (1, 2**31, "`seed` must be below 2")):
        export = drawing(np.zeros((1, 1, 3)))
        with pytest.raises(InputError, match=f"^sample: {received}"):
            sample(export, count, seed, tmp_path / "b.png")
        assert export.asked == []
    assert not (tmp_path / "b.png").exists()


@pytest.mark.parametrize("name", ["a.psd", "png", "a.png.gz"])
def test_names_of_pictures_that_cant_be_written(tmp_path, name):
    export = drawing(np.zeros((1, 1, 3)))
    with pytest.raises(InputError) as caught:
        sample(export, 1, 0, tmp_path / name)
    must = "sample: `out` must be the name of an image file, such as grid.png. Received: out="
    assert str(caught.value) == f"{must}{str(tmp_path / name)!r}."
    assert export.asked == []


def test_intensities_are_rounded_to_levels(tmp_path):
    shades = np.array([[[0.0, 0.499 / 255, 0.501 / 255, 254.6 / 255]]])
    export = drawing(shades)
    np.testing.assert_array_equal(sample(export, 1, 3, tmp_path / "a.PNG"), shades)
    assert export.asked == [("sample", 1, 3)]
    assert np.asarray(Image.open(tmp_path / "a.PNG")).tolist() == [[0, 0, 1, 255]]


@pytest.mark.parametrize(("answer", "received"), [({"images": np.zeros((2, 9))}, r"[2, 9]"), ({"codes": 3}, "none")])
def test_what_draws_no_images(tmp_path, answer, received):
    export = drawing(None)
    export.ask = lambda *asked: answer
    with pytest.raises(InputError) as caught:
        sample(export, 2, 0, tmp_path / "a.png")
    assert str(caught.value) == (
        "sample: `export` must draw `images` of shape (count, height, width). "
        f"Received: there, which gives {received}."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"inputs": {"codes": {"shape": ["batch"]}}},
        {"inputs": {"codes": {"shape": ["batch", "time"]}}},
        {"inputs": {"others": {"shape": ["batch", 3]}}},
        {"outputs": {"probabilities": {}}},
    ],
)
def test_an_endpoint_that_makes_no_images_of_codes(tmp_path, changed):
    export = Export({"name": "normal"})
    export.path = "there"
    export.endpoints["decode"] |= changed
    reason = r"there is damaged \(the endpoint decode makes no images of codes in metadata.json\)"
    with pytest.raises(InputError, match=reason):
        sample(export, 2, 0, tmp_path / "a.png")
