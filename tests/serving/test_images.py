"""Image files of every kind become PNG files that TensorFlow decodes."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tfnotes.errors import InputError
from tfnotes.serving import images

RNG = np.random.default_rng(3)
SMOOTH = np.linspace(0, 255, 40 * 30).reshape(40, 30)
COLOURS = np.stack([SMOOTH, SMOOTH[::-1], 255 - SMOOTH[:, ::-1]], -1).astype("uint8")


def written(image, kind="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def encoded(image, kind="PNG", **options):
    """What a file becomes, as an array."""
    png = Image.open(io.BytesIO(images.encode(written(image, kind, **options), "file")))
    assert png.format == "PNG"
    return np.asarray(png)


def png(pixels):
    return written(Image.fromarray(np.clip(np.round(pixels), 0, 255).astype("uint8")))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "TGA", "ICO"])
def test_lossless_files_keep_every_pixel(kind):
    options = {"sizes": [(30, 40)]} if kind == "ICO" else {}
    np.testing.assert_array_equal(encoded(Image.fromarray(COLOURS), kind, **options), COLOURS)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF"])
def test_lossy_files_keep_what_they_show(kind):
    difference = encoded(Image.fromarray(COLOURS), kind).astype(float) - COLOURS
    assert np.abs(difference).mean() < 6


def test_gray_stays_gray():
    gray = SMOOTH.astype("uint8")
    np.testing.assert_array_equal(encoded(Image.fromarray(gray)), gray)
    bits = gray > 100
    np.testing.assert_array_equal(encoded(Image.fromarray(bits)), 255 * bits)


def test_the_first_frame_of_an_animation():
    frames = [Image.new("L", (9, 9), level) for level in (200, 90, 10)]
    first = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert np.all(first == 200)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(COLOURS)
    stored = written(image, "PNG", exif=exif)
    upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(stored))))
    np.testing.assert_array_equal(encoded(image, exif=exif), upright)
    assert (orientation == 1) == np.array_equal(encoded(image, exif=exif), COLOURS)


def test_what_is_transparent_becomes_white():
    alpha = np.array([[0, 255, 51]], "uint8")
    black = np.zeros((1, 3), "uint8")
    expected = [[255, 0, 204]]
    rgba = encoded(Image.fromarray(np.stack([black, black, black, alpha], -1)))
    assert rgba.tolist() == [[[v] * 3 for v in expected[0]]]
    la = encoded(Image.fromarray(np.stack([black, alpha], -1), "LA"))
    assert la[..., 0].tolist() == expected


def test_light_ink_on_nothing_lies_on_black():
    alpha = np.array([[0, 255, 51]], "uint8")
    white, paper = np.full((1, 3), 255, "uint8"), np.array([[255, 255, 20]], "uint8")
    assert encoded(Image.fromarray(np.stack([white, alpha], -1), "LA"))[..., 0].tolist() == [[0, 255, 51]]
    assert encoded(Image.fromarray(np.stack([white, white, white, alpha], -1)))[..., 1].tolist() == [[0, 255, 51]]
    # Dark ink on white paper whose corners are cut out.
    cut = encoded(Image.fromarray(np.stack([paper, np.array([[0, 255, 255]], "uint8")], -1), "LA"))
    assert cut[..., 0].tolist() == [[255, 255, 20]]
    assert (encoded(Image.new("LA", (2, 1), (0, 0))) == 255).all()


@pytest.mark.parametrize("bits", [8, 10, 12, 14])
def test_one_level_more_takes_the_next_bits(bits):
    assert encoded(Image.fromarray(np.array([[0, 2**bits]], "uint16"))).tolist() == [[0, 64]]


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_of_16_bits_those_that_are_used(bits):
    levels = np.array([[0, 2 ** (bits - 1), 2**bits - 1]], "uint16")
    assert encoded(Image.fromarray(levels)).tolist() == [[0, 128, 255]]


def test_palettes_and_transparent_colours():
    palette = Image.new("P", (2, 1))
    palette.putpalette([10, 20, 30, 40, 50, 60])
    palette.putdata([0, 1])
    assert encoded(palette).tolist() == [[[10, 20, 30], [40, 50, 60]]]
    assert encoded(palette, transparency=1).tolist() == [[[10, 20, 30], [255, 255, 255]]]
    assert encoded(palette, "GIF", transparency=0).tolist()[0] == [[255, 255, 255], [40, 50, 60]]
    gray = Image.fromarray(np.array([[7, 8]], "uint8"))
    assert encoded(gray, transparency=7)[..., 0].tolist() == [[255, 8]]


def test_sixteen_bits():
    gray = RNG.integers(0, 256, (5, 6), dtype=np.uint16)
    for kind in ("PNG", "TIFF"):
        np.testing.assert_array_equal(encoded(Image.fromarray(gray * 257), kind), gray)


def test_floats_are_stretched():
    values = np.array([[-1.0, 0.0, 1.0]], "float32")
    assert encoded(Image.fromarray(values), "TIFF").tolist() == [[0, 127, 255]]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk(kind):
    colours = np.full((16, 16, 3), (200, 100, 50), "uint8")
    result = encoded(Image.fromarray(colours).convert("CMYK"), kind)
    assert np.abs(result.astype(int) - colours).max() < 6


def test_a_photo_becomes_small():
    result = encoded(Image.effect_noise((3000, 1500), 30).convert("RGB"), "JPEG")
    assert result.shape == (512, 1024, 3)


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bare_png(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("data", "received"),
    [
        (b"", "an empty file"),
        (b"Dear reader,\n", "a file in no known image format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a file in no known image format"),
        (b"\x89PNG\r\n\x1a\n", "a file in no known image format"),
        (bare_png(0, 5), "a file in no known image format"),
        (bare_png(5, 0), "a file in no known image format"),
        (bare_png(5, 5), "a damaged or truncated PNG"),
        (bare_png(8001, 8000), "8001 x 8000 pixels"),
        (bare_png(9500, 9500), "9500 x 9500 pixels"),
        (bare_png(40_000, 40_000), "more pixels than that"),
        (written(Image.new("1", (8001, 8000))), "8001 x 8000 pixels"),
    ],
)
def test_bad_files_are_refused_in_a_sentence(data, received):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError) as refusal:
            images.encode(data, "some file")
    sentence = str(refusal.value)
    assert sentence.startswith(
        "some file: `file` must be an image, such as PNG or JPEG, of at most 64 million"
    )
    assert f"Received: {received}" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "TGA", "JPEG2000", "AVIF"]
)
def test_truncated_files_are_refused(kind):
    whole = written(Image.fromarray(RNG.integers(0, 256, (40, 50, 3), dtype=np.uint8)), kind)
    for share in (0.02, 0.3, 0.6, 0.9, 0.99):
        with pytest.raises(InputError):
            images.encode(whole[: int(share * len(whole))], "cut")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_answered_by_a_sentence_or_not_noticed(data):
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "ICO", "TGA"]))
    content = bytearray(written(Image.fromarray(COLOURS), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = images.encode(bytes(content), "damaged")
    except InputError:
        return
    assert Image.open(io.BytesIO(made)).format == "PNG"


def test_suffixes():
    assert {".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".bmp"} <= images.suffixes()
    assert not {".eps", ".pdf", ".txt", ".h5"} & images.suffixes()


def test_a_limit_of_ones_own():
    content = png(np.zeros((3, 4)))
    assert Image.open(io.BytesIO(images.encode(content, "f", limit=12))).size == (4, 3)
    with pytest.raises(InputError) as caught:
        images.encode(content, "f", limit=11)
    assert str(caught.value) == (
        "f: `file` must be an image, such as PNG or JPEG, of at most 1.1e-05 million pixels. Received: 4 x 3 pixels."
    )


def test_a_large_picture_is_the_means_of_its_pixels():
    pixels = RNG.integers(0, 256, (6, 2048), dtype=np.uint8)
    means = pixels.reshape(3, 2, 1024, 2).mean((1, 3))
    # Rounded once along each axis.
    assert np.abs(encoded(Image.fromarray(pixels)) - means).max() <= 1
    exact = RNG.integers(0, 256, (2, 1024), dtype=np.uint8)
    np.testing.assert_array_equal(encoded(Image.fromarray(exact)), exact)


def test_numbers_of_any_range_are_stretched_over_the_levels():
    assert encoded(Image.fromarray(np.array([[-100, 0, 100]], "int32")), "TIFF").tolist() == [[0, 127, 255]]
    assert encoded(Image.fromarray(np.full((2, 2), 7.5, "float32")), "TIFF").tolist() == [[0, 0], [0, 0]]
    nan = np.array([[np.nan, 1.0, 2.0]], "float32")
    assert encoded(Image.fromarray(nan), "TIFF").tolist() == [[0, 127, 255]]


@pytest.mark.parametrize(("ink", "behind"), [(192, 255), (193, 0)])
def test_what_is_light_enough_for_black(ink, behind):
    level, alpha = np.full((1, 4), ink, "uint8"), np.array([[0, 255, 255, 255]], "uint8")
    assert encoded(Image.fromarray(np.stack([level, alpha], -1), "LA"))[0, 0, 0] == behind
    # Of what is faint, and of a hundredth of the ink, it is told nothing.
    many = np.full((1, 300), ink, "uint8")
    many[0, :2], alpha = 0, np.full((1, 300), 255, "uint8")
    alpha[0, 2:20] = 0
    alpha[0, 20:40] = 100
    many[0, 20:40] = 10
    assert encoded(Image.fromarray(np.stack([many, alpha], -1), "LA"))[0, 2, 0] == behind


def test_files_of_pixels():
    for shape in ((2, 3, 4), (2, 3, 4, 1), (2, 3, 4, 3)):
        pixels = RNG.integers(0, 256, shape, dtype=np.uint8)
        (found,) = images.files(pixels)
        shown = [np.asarray(Image.open(io.BytesIO(file))) for file in found]
        np.testing.assert_array_equal(shown, pixels[..., 0] if shape[3:] == (1,) else pixels)
