"""Images of every kind become what MNIST's digits are."""

import io

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tfnotes.serving import images
from tfnotes_tasks.mnist import ink

SMOOTH = np.linspace(0, 255, 40 * 30).reshape(40, 30)
COLOURS = np.stack([SMOOTH, SMOOTH[::-1], 255 - SMOOTH[:, ::-1]], -1).astype("uint8")


@pytest.fixture
def draw(drawn):
    import drawn_task

    return drawn_task


def written(image, kind="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


# A graph, as in the exported model; it also takes a tenth of the time.
graph = tf.function(ink.digits, input_signature=[tf.TensorSpec((None,), tf.string)])


def digits(*contents):
    return graph(tf.constant(contents, tf.string)).numpy()


def alike(left, right):
    """The highest correlation with one pixel's freedom: centres of mass are rounded to whole pixels."""
    shifts = [np.roll(right, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return max(np.corrcoef(left.ravel(), shifted.ravel())[0, 1] for shifted in shifts)


def png(pixels):
    return written(Image.fromarray(np.clip(np.round(pixels), 0, 255).astype("uint8")))


def test_images_like_mnist_pass_unchanged(draw):
    examples = draw.digits(None).train.x[:100].copy()
    # Ink that reaches the border, as some of MNIST's does.
    examples[0, 4:24, 0] = 255
    examples[1, 27, 10:] = 128
    np.testing.assert_array_equal(digits(*map(png, examples)), examples)
    rgb = np.repeat(examples[:5, ..., None], 3, -1)
    np.testing.assert_array_equal(digits(*map(png, rgb)), examples[:5])
    rgba = np.concatenate([rgb, np.full_like(rgb[..., :1], 255)], -1)
    np.testing.assert_array_equal(digits(*map(png, rgba)), examples[:5])


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 5), (28, 28), (200, 90), (400, 500)])
def test_blank_paper_is_all_zeros(size):
    faint = np.random.default_rng(3).normal(200, 5, size)
    blanks = [np.full(size, level) for level in (0, 127, 255)]
    assert not digits(*map(png, [*blanks, *([faint] if min(size) > 28 else [])])).any()


@pytest.mark.parametrize("kind", ["levels", "pixels", "rare pixels", "color"])
def test_noise_is_blank_and_a_pen_one_pixel_wide_is_not(kind):
    rng = np.random.default_rng(3)
    noise = {
        "levels": rng.normal(128, 30, (90, 60)).clip(0, 255),
        "pixels": 255 * (rng.random((40, 130)) < 0.4),
        "rare pixels": 255 * (rng.random((200, 180)) > 0.01),
        "color": rng.integers(0, 256, (70, 70, 3)),
    }[kind]
    sheet = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(sheet).line([(20, 20), (70, 20), (30, 75)], 0, 1)
    found = digits(png(noise.astype("uint8")), png(np.asarray(sheet)))
    assert not found[0].any()
    assert found[1].any()


def test_no_images():
    assert digits().shape == (0, 28, 28)


def test_dark_on_light_is_light_on_dark(draw):
    for digit in range(10):
        picture = draw.on_paper(draw.ink(digit, 120))
        dark, light = digits(png(picture), png(255 - picture)).astype(int)
        assert np.abs(dark - light).max() <= 2
        assert dark.max() > 250


def test_a_drawn_digit_becomes_what_mnist_makes_of_it(draw):
    for digit in range(10):
        share = draw.ink(digit, 120, slant=0.2)
        (found,) = digits(png(draw.on_paper(share, paper=255.0, pen=0.0)))
        assert alike(found, draw.like_mnist(share)) > 0.97


@settings(max_examples=60, deadline=None)
@given(
    centre=st.tuples(st.integers(60, 140), st.integers(60, 190)),
    radii=st.tuples(st.integers(6, 50), st.integers(6, 50)),
    levels=st.tuples(st.integers(0, 255), st.integers(0, 255)).filter(lambda v: abs(v[0] - v[1]) > 40),
)
def test_position_size_and_contrast_do_not_matter(centre, radii, levels):
    y, x = np.mgrid[:200, :250]
    inside = ((y - centre[0]) / radii[0]) ** 2 + ((x - centre[1]) / radii[1]) ** 2 <= 1
    (found,) = digits(png(np.where(inside, levels[0], levels[1])))
    rows, columns = np.flatnonzero(found.any(1)), np.flatnonzero(found.any(0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert max(height, width) == 20
    assert abs(min(height, width) - 20 * min(radii) / max(radii)) < 2
    assert found.max() > 250
    for axis in (0, 1):
        assert abs(found.sum(axis) @ np.arange(28) / found.sum() - 14) <= 0.51


def test_the_paper_follows_the_light_and_not_the_ink_at_the_border():
    y, x = np.meshgrid(np.linspace(-1, 1, 90), np.linspace(-1, 1, 120), indexing="ij")
    paper = 190 + 20 * x - 10 * y - 30 * x**2 + 15 * x * y - 25 * y**2
    picture = paper.copy()
    picture[:, 50:75] = 20
    picture[30:45, :40] = 40
    found = ink._paper(tf.constant(picture, tf.float64))[0].numpy()
    assert np.abs(found - paper).max() < 2


def test_photos(draw):
    """A slanting light, a vignette, noise, JPEG; off-centre; a pen on paper and chalk on a board."""
    rng, expected, contents = np.random.default_rng(3), [], []
    for k in range(40):
        share = draw.ink(k % 10, int(rng.integers(90, 200)), rng.uniform(-0.1, 0.3), rng.uniform(0.08, 0.18))
        size = (share.shape[0] + 250, share.shape[1] + 300)
        y, x = (np.linspace(-1, 1, n) for n in size)
        light = 1 + 0.2 * rng.uniform(-1, 1) * x + 0.2 * rng.uniform(-1, 1) * y[:, None]
        light -= 0.1 * (x**2 + y[:, None] ** 2)
        paper, pen = ((190, 60), (50, 180))[k % 2]
        at = rng.integers(30, 200, 2)
        picture = light * draw.on_paper(share, paper, pen, size, at) + rng.normal(0, 8, size)
        photo = Image.fromarray(np.clip(picture, 0, 255).astype("uint8"))
        contents.append(written(photo, "JPEG", quality=75))
        expected.append(draw.like_mnist(share))
    found = digits(*contents)
    for digit, wanted in zip(found, expected, strict=True):
        # What the noise leaves outside of the strokes would drag box and centre away.
        assert alike(digit, wanted) > 0.9


def test_a_batch_of_several_sizes_is_its_images_one_by_one(draw):
    contents = [png(draw.on_paper(draw.ink(k, 40 + 10 * k))) for k in range(4)]
    contents.append(images.encode(written(Image.fromarray(COLOURS), "JPEG"), "colours"))
    together = digits(*contents)
    for k, content in enumerate(contents):
        np.testing.assert_array_equal(together[k], digits(content)[0])


def test_transparency_in_the_graph(draw):
    share = draw.ink(5, 100)
    pad = np.pad(share, 40)
    transparent = np.stack([np.zeros_like(pad)] * 3 + [255 * pad], -1)
    np.testing.assert_array_equal(digits(png(transparent)), digits(png(255 - 255 * pad)))
