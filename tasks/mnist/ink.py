"""From an image file of any kind to 28 x 28 pixels as MNIST has them.

Outside the exported model, `tfnotes.serving.images.encode` turns any common image file into PNG bytes. Inside it,
`digits` turns those into what MNIST's authors made of their scans, by `RULES`. It counts in double precision, so that
NumPy's `tfnotes.serving.preparations.digits` comes to the same pixels.
"""

import tensorflow as tf

from tfnotes.serving.resizing import resize, to_bytes

RULES = """\
1. gray = 0.299 R + 0.587 G + 0.114 B over white paper; at most 256 pixels on the longer side.
2. The paper is a quadratic surface fitted to a frame along the border, robustly, so that strokes which
   reach the border don't count. It follows a light that falls off smoothly; it doesn't follow the edge
   of a hard shadow.
3. Ink lies on the side of the paper that reaches further from it: dark on light, or light on dark.
   An image where nothing stands out by 16 of 255 levels is blank, all zeros.
4. An image of 28 x 28 pixels, light on dark, is taken for a digit of MNIST and left as it is.
5. Ink 0-255: zero up to 30 % of the typical depth of a stroke (the noise of a photo), 255 from there on.
6. Cropped to the ink, scaled to 20 pixels on the longer side with antialiasing, its centre of mass
   put on pixel (14, 14)."""

_SIDE, _FRAME, _CONTRAST, _NOISE = 256, 0.1, 16.0, 0.3
_LUMA = (0.299, 0.587, 0.114)


def digits(images):
    """Encoded images as pixels of handwritten digits like MNIST's; runs inside the exported model.

    Args:
        images: string tensor of shape (N,), each a PNG, JPEG, GIF or BMP file of any size.

    Returns:
        uint8 tensor of shape (N, 28, 28), ink light on dark, as `RULES` describe.
    """
    return tf.map_fn(_digit, images, fn_output_signature=tf.TensorSpec((28, 28), tf.uint8))


# One graph for the process: an export asks for it several times, and op by op in Python it takes seconds.
@tf.function(input_signature=[tf.TensorSpec((), tf.string)])
def _digit(contents):
    gray = _gray(contents)
    ink = gray - _paper(gray)
    # One noisy pixel must neither decide which side is ink nor count as ink.
    calm = tf.nn.avg_pool2d(ink[None, :, :, None], 3, 1, "SAME")[0, :, :, 0]
    light = tf.reduce_max(calm) > -tf.reduce_min(calm)
    sign = tf.where(light, tf.constant(1.0, tf.float64), -1.0)
    ink, calm = sign * ink, sign * calm
    # Half a level: a blank image's ink isn't exactly zero.
    as_is = light & tf.reduce_all(tf.shape(gray) == 28) & (tf.reduce_max(ink) > 0.5)
    blank = tf.reduce_max(calm) < _CONTRAST
    return tf.ensure_shape(
        tf.case(
            [(as_is, lambda: to_bytes(gray)), (blank, lambda: tf.zeros((28, 28), tf.uint8))],
            default=lambda: to_bytes(255.0 * _centred(_coverage(ink, calm))),
        ),
        (28, 28),
    )


def _gray(contents):
    pixels = tf.cast(tf.io.decode_image(contents, expand_animations=False), tf.float64)
    channels = tf.shape(pixels)[-1]
    opaque = channels % 2 == 1
    colors = tf.where(opaque, channels, channels - 1)
    luma = tf.cond(
        colors == 1, lambda: tf.ones(1, tf.float64), lambda: tf.constant(_LUMA, tf.float64)
    )
    gray = tf.tensordot(pixels[..., :colors], luma, 1)
    alpha = tf.cond(opaque, lambda: tf.ones_like(gray), lambda: pixels[..., -1] / 255.0)
    gray = alpha * gray + (1.0 - alpha) * 255.0
    size = tf.shape(gray)
    side = tf.reduce_max(size)
    return tf.cond(side > _SIDE, lambda: _resize(gray, size * _SIDE / side), lambda: gray)


def _resize(image, size):
    return resize(image[:, :, None], tf.maximum(1, tf.cast(tf.round(size), tf.int32)))[:, :, 0]


def _paper(gray):
    """The quadratic surface through the frame along the border: least squares, reweighted by residuals."""
    height, width = tf.unstack(tf.shape(gray))
    y, x = tf.meshgrid(_from_minus_one_to_one(height), _from_minus_one_to_one(width), indexing="ij")
    terms = tf.stack([tf.ones_like(x), x, y, x * x, x * y, y * y], -1)
    # A pixel just on the edge isn't in the frame, whatever noise is in the last digit.
    frame = tf.maximum(tf.abs(x), tf.abs(y)) > 1.0 - _FRAME + 1e-9
    a, b = tf.boolean_mask(terms, frame), tf.boolean_mask(gray, frame)
    residual = b - _median(b)
    for _ in range(8):
        spread = 3.0 * _median(tf.abs(residual)) + 2.0
        weighted = a / tf.square(1.0 + tf.square(residual / spread))[:, None]
        # The ridge keeps an image of one row or one pixel solvable.
        normal = tf.matmul(weighted, a, transpose_a=True) + 1e-3 * tf.eye(6, dtype=tf.float64)
        coefficients = tf.linalg.solve(normal, tf.matmul(weighted, b[:, None], transpose_a=True))
        residual = b - tf.matmul(a, coefficients)[:, 0]
    return tf.tensordot(terms, coefficients, 1)[:, :, 0]


def _from_minus_one_to_one(n):
    return tf.range(tf.cast(n, tf.float64)) * (2.0 / tf.cast(tf.maximum(n - 1, 1), tf.float64)) - 1.0


def _median(values):
    return tf.sort(values)[tf.size(values) // 2]


def _coverage(ink, calm):
    """How much of each pixel is ink, 0-1."""
    stroke = tf.reduce_mean(tf.boolean_mask(calm, calm >= tf.reduce_max(calm) / 2.0))
    low = _NOISE * stroke
    return tf.where(calm > low, tf.clip_by_value((ink - low) / (stroke - low), 0.0, 1.0), tf.zeros_like(ink))


def _centred(coverage):
    rows = tf.where(tf.reduce_any(coverage > 0.0, axis=1))[:, 0]
    columns = tf.where(tf.reduce_any(coverage > 0.0, axis=0))[:, 0]
    digit = coverage[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = tf.shape(digit)
    digit = _resize(digit, 20 * size / tf.reduce_max(size))
    top, left = _offset(tf.reduce_sum(digit, axis=1)), _offset(tf.reduce_sum(digit, axis=0))
    height, width = tf.unstack(tf.shape(digit))
    return tf.pad(digit, [[top, 28 - height - top], [left, 28 - width - left]])


def _offset(profile):
    """Where a digit with this much ink in each row begins, for its centre of mass to lie on row 14."""
    length = tf.size(profile)
    centre = tf.reduce_sum(profile * tf.range(tf.cast(length, tf.float64))) / tf.reduce_sum(profile)
    # What is symmetric lies halfway between two pixels: noise in the last digit mustn't choose.
    offset = tf.round((14.0 - centre) * 1024.0) / 1024.0
    return tf.clip_by_value(tf.cast(tf.round(offset), tf.int32), 0, 28 - length)
