"""`tfnotes sample`: a picture of drawings, the same for the same seed, and clear answers to bad wishes."""

import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner
from PIL import Image

from tfnotes.cli import main
from tfnotes.serving.metadata import write

COUNT = tf.TensorSpec((), tf.int32, name="count")
SEED = tf.TensorSpec((), tf.int32, name="seed")


@pytest.fixture
def exports(tmp_path):
    """Two exports by hand: one draws images whose first pixel is their number and second the seed, one can't draw."""

    def draw(count, seed):
        first = tf.cast(tf.range(count), tf.float32)[:, None, None] / 255
        second = tf.fill((count, 1, 1), tf.cast(seed, tf.float32) / 255)
        return {"images": tf.concat([first, second], 2)}

    module = tf.Module()
    module.draw = tf.function(draw, input_signature=[COUNT, SEED])
    for name, endpoints in (
        ("drawing", {"sample": {"count": {}, "seed": {}}}),
        ("coding", {"encode": {"pixels": {}}, "score": {"pixels": {}}}),
    ):
        signatures = dict.fromkeys(endpoints, module.draw)
        tf.saved_model.save(module, str(tmp_path / name), signatures=signatures)
        ways = {
            key: {"inputs": {k: {"shape": [], "dtype": "int32"} for k in inputs}, "outputs": {}}
            for key, inputs in endpoints.items()
        }
        metadata = {"task": "t", "model": "m", "data": "d", "labels": [], "decode": None, "endpoints": ways}
        write(tmp_path / name, {**metadata, "formats": {"saved_model": {key: {} for key in ways}}})
    return tmp_path


def sample(*arguments):
    return CliRunner().invoke(main, ["sample", *map(str, arguments)])


def test_a_picture_of_all_images(exports):
    out = exports / "grid.png"
    result = sample(exports / "drawing", "--n", 5, "--seed", 9, "--out", out)
    assert (result.exit_code, result.output) == (0, f"{out} holds 5 images.\n")
    pixels = np.asarray(Image.open(out))
    # Three columns of images of 1 x 2 pixels, a grey line between them.
    assert pixels.shape == (3, 8)
    assert [int(pixels[0, k]) for k in (0, 3, 6)] == [0, 1, 2]
    assert [int(pixels[2, k]) for k in (0, 3, 6)] == [3, 4, 0]
    assert {int(pixels[0, k]) for k in (1, 4, 7)} == {9}
    assert sorted(p.name for p in exports.iterdir()) == ["coding", "drawing", "grid.png"]


def test_another_format_by_the_name(exports):
    assert sample(exports / "drawing", "--out", exports / "grid.bmp").exit_code == 0
    assert Image.open(exports / "grid.bmp").format == "BMP"


@pytest.mark.parametrize(
    ("export", "options", "sentence"),
    [
        ("drawing", ["--n", 1_000_000], "sample: `n` must be at most 10,000. Received: n=1000000."),
        ("drawing", ["--n", 0], "sample: `n` must be a positive integer. Received: n=0."),
        ("drawing", ["--seed", -1], "sample: `seed` must be an integer of at least 0. Received: seed=-1."),
        ("drawing", ["--seed", 2**31], "sample: `seed` must be below 2 ** 31"),
        ("drawing", ["--out", "grid.txt"], "sample: `out` must be the name of an image file, such as grid.png"),
        ("drawing", ["--out", "coding/metadata.json/grid.png"], "metadata.json"),
        ("coding", [], "Exported: `export` must have the endpoint 'sample'. Received: "),
        ("coding", [], "which has encode, score for tensorflow."),
        ("nothing", [], "Exported: `export` must be the folder of an export"),
    ],
)
def test_bad_wishes(exports, export, options, sentence, monkeypatch):
    monkeypatch.chdir(exports)
    result = sample(export, *options)
    assert result.exit_code == 1
    assert sentence in result.output
    assert result.output.count("\n") == 1
    assert not list(exports.glob("*.png"))
