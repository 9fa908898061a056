"""The digits that NumPy makes of a picture are TensorFlow's, pixel by pixel; inside, ink and paper agree to 1e-9."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageFilter

from tfnotes.serving.preparations import digits
from tfnotes_tasks.mnist import ink

rng = np.random.default_rng(0)


def picture(drawn_task, number):
    """A digit in ink or chalk, in sizes and light of all kinds."""
    share = drawn_task.ink(number % 10, int(rng.integers(20, 220)), rng.uniform(-0.2, 0.3), rng.uniform(0.05, 0.2))
    size = tuple(n + int(rng.integers(1, 150)) for n in share.shape)
    at = tuple(int(rng.integers(0, n - inner)) for n, inner in zip(size, share.shape, strict=True))
    levels = rng.permutation([rng.uniform(150, 255), rng.uniform(0, 100)])
    pixels = drawn_task.on_paper(share, *levels, size=size, at=at)
    pixels = pixels + rng.normal(0, rng.uniform(0, 6), size) + np.linspace(-20, 20, size[1])
    return np.clip(pixels, 0, 255).astype("uint8")[:, :, None]


ODD = [
    *(rng.integers(0, 256, (*size, 1), "uint8") for size in ((1, 1), (1, 7), (9, 1), (2, 2), (300, 3), (500, 400))),
    *(np.full((*size, 1), 200, "uint8") for size in ((1, 1), (28, 28), (300, 3))),
    np.zeros((28, 28, 1), "uint8"),
    *(rng.integers(0, 256, (40, 50, channels), "uint8") for channels in (2, 3, 4)),
]


@pytest.fixture(scope="module")
def theirs():
    """TensorFlow's, of any PNG: what it takes for gray, for ink, and the digit."""

    @tf.function(input_signature=[tf.TensorSpec((), tf.string)])
    def steps(content):
        gray = ink._gray(content)
        return gray, ink._ink(gray), ink.digits(content[None])[0]

    return lambda pixels: [value.numpy() for value in steps(tf.io.encode_png(pixels))]


def check(pixels, theirs):
    gray, marks, expected = theirs(pixels)
    found = digits._gray(pixels.astype("float64"))
    np.testing.assert_allclose(found, gray, atol=255e-9)
    np.testing.assert_allclose(digits._ink(found), marks, atol=255e-9)
    np.testing.assert_array_equal(digits.digit(pixels), expected)


def test_digits_on_paper(drawn, theirs):
    import drawn_task

    for number in range(60):
        check(picture(drawn_task, number), theirs)


@pytest.mark.parametrize("pixels", ODD, ids=lambda pixels: str(pixels.shape))
def test_odd_pictures(pixels, theirs):
    check(pixels, theirs)


def test_a_digit_of_mnist_stays_as_it_is(drawn, theirs):
    import drawn_task

    x = drawn_task.like_mnist(drawn_task.ink(7, 60))
    np.testing.assert_array_equal(digits.digit(x[:, :, None]), x)
    # Dark on light it isn't one, and comes out light on dark.
    check(255 - x[:, :, None], theirs)
    assert digits.digit(255 - x[:, :, None]).max() == 255


@pytest.mark.parametrize("level", [20, 77, 130])
def test_what_is_symmetric_lies_between_the_same_pixels(theirs, level):
    for width in (3, 6, 10, 14):
        pixels = np.full((160, 120, 1), 235, "uint8")
        pixels[20:140, 60 - width // 2 : 60 + width // 2] = level
        # Near the stroke as if a JPEG had been there.
        pixels[20:140, [59 - width // 2, 60 + width // 2]] -= 20
        for turned in (pixels, np.rot90(pixels)):
            check(np.ascontiguousarray(turned), theirs)


def kinds(drawn_task):
    """A colour as bright as its paper, a thin pen, a box, a shadow's edge, a spot at the border; each with a digit."""
    mask = np.zeros((200, 180))
    share = drawn_task.ink(5, 100)
    mask[50 : 50 + share.shape[0], 60 : 60 + share.shape[1]] = share
    red, green = np.array([220, 40, 40]), np.array([0, 152, 30])
    colours = red * mask[..., None] + green * (1 - mask[..., None])
    thin = np.full((200, 180), 235.0)
    thin[40:160, 90] = thin[100, 60:120] = 40
    dark = 235 - 195 * mask
    box = dark.copy()
    box[30:34, 40:140] = box[170:174, 40:140] = box[30:174, 40:44] = box[30:174, 136:140] = 40
    spot = dark.copy()
    spot[:20, :30] = 40
    shadow = dark * np.where(np.add.outer(np.arange(200), 2 * np.arange(180)) > 300, 0.5, 1)
    return [np.atleast_3d(found).astype("uint8") for found in (colours, thin, box, spot, shadow)]


def test_kinds_of_pictures(drawn, theirs):
    import drawn_task

    colours, thin, box, spot, shadow = pictures = kinds(drawn_task)
    for pixels in pictures:
        check(pixels, theirs)
    digit = digits.digit((235 - 195 * (colours[..., :1] > 128)).astype("uint8"))
    for pixels in (colours, box, spot, shadow):
        assert np.corrcoef(digits.digit(pixels).ravel(), digit.ravel())[0, 1] > 0.95
    assert digits.digit(thin).max() > 250


@pytest.mark.parametrize("reaching", [True, False], ids=["reaches the border", "encloses the rest"])
@pytest.mark.parametrize("long", [7, 8, 12, 15, 16])
def test_what_is_only_a_little_is_not_the_digit(reaching, long):
    """Of 40 pixels, the rest must be 8 long beside what reaches the border, and 16 within what encloses it."""
    coverage, rest = np.zeros((60, 50)), np.zeros((60, 50))
    rest[20 : 20 + long, 22:26] = 0.5
    if reaching:
        coverage[:40, 10:13] = 1.0
    else:
        coverage[5:45, 8:44] = 1.0
        coverage[7:43, 10:42] = 0.0
    coverage += rest
    expected = rest if long >= (8 if reaching else 16) else coverage
    np.testing.assert_array_equal(digits._alone(coverage), expected)
    np.testing.assert_array_equal(ink._alone(tf.constant(coverage)), expected)


def file_of(pixels, radius=0):
    """A picture's file, blurred or not."""
    written, picture = io.BytesIO(), Image.fromarray(pixels.squeeze(-1) if pixels.shape[-1] == 1 else pixels)
    picture.filter(ImageFilter.GaussianBlur(radius)).save(written, "PNG")
    return written.getvalue()


def test_a_blurred_picture_is_doubted(drawn):
    import drawn_task

    for digit in range(10):
        pixels = drawn_task.on_paper(drawn_task.ink(digit, 130)).astype("uint8")[..., None]
        for picture in (pixels, 255 - pixels):
            assert digits.doubt(file_of(picture)) is None
            assert digits.doubt(file_of(picture, 7)) == digits.BLURRED
        # However large the file is.
        large = np.kron(pixels[..., 0], np.ones((4, 4), "uint8"))[..., None]
        assert digits.doubt(file_of(large, 2)) is None
        assert digits.doubt(file_of(large, 28)) == digits.BLURRED


def test_sharp_pictures_of_any_kind_are_not_doubted(drawn):
    import drawn_task

    x = drawn_task.like_mnist(drawn_task.ink(7, 60))[:, :, None]
    for pixels in (x, 255 - x, *kinds(drawn_task), *(p for p in ODD if p.shape[-1] != 2)):
        assert digits.doubt(file_of(pixels)) is None


def test_files_are_asked_as_digits():
    class Export:
        def ask(self, name, pixels):
            return name, pixels

    pixels = np.zeros((28, 28, 1), "uint8")
    pixels[4:24, 14] = 200
    name, found = digits.answer(Export(), "pixels", {}, [file_of(pixels), file_of(255 - pixels)])
    assert (name, found.dtype, found.shape) == ("pixels", np.uint8, (2, 28, 28))
    np.testing.assert_array_equal(found[0], pixels[..., 0])
    assert digits.answer(Export(), "pixels", {}, [])[1].shape == (0, 28, 28)


WIDTHS = [(80, 5, False), (80, 8, True), (200, 11, False), (200, 17, True)]


@pytest.mark.parametrize(("side", "edge", "blurred"), WIDTHS)
def test_how_wide_an_edge_is_blurred(side, edge, blurred):
    """Six pixels, or of a large digit its fifteenth part."""
    y, x = np.mgrid[:250, :250] - 125.0
    outside = np.hypot(np.maximum(np.abs(y) - (side - edge) / 2, 0), np.maximum(np.abs(x) - 20, 0))
    pixels = 235 - 195 * np.clip(1 - outside / edge, 0, 1)
    found = digits.doubt(file_of(np.round(pixels).astype("uint8")[..., None]))
    assert found == (digits.BLURRED if blurred else None)
