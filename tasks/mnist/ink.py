"""From an image file of any kind to 28 x 28 pixels as MNIST has them.

Outside the exported model, `tfnotes.serving.images.encode` turns any common image file into PNG bytes. Inside it,
`digits` turns those into what MNIST's authors made of their scans, by `RULES`. It counts in double precision, so that
NumPy's `tfnotes.serving.preparations.digits` comes to the same pixels.
"""

import tensorflow as tf

from tfnotes.serving.resizing import resize, to_bytes

RULES = """\
1. Over white paper, at most 256 pixels on the longer side. gray = 0.299 R + 0.587 G + 0.114 B, or that one of
   R, G, B which spans the most, if it spans more than twice as much: red on equally bright green.
2. The paper is a quadratic surface fitted to a frame along the border, robustly, so that strokes which
   reach the border don't count. It follows a light that falls off smoothly. Where more than 5 % of the frame
   and of the image lie in a hard shadow, or out of one, the paper is what closing leaves: of each pixel's
   neighbours in a window of 33 pixels the lightest, and of these the darkest; in one of 65 if the image is
   longer than 160; in no image that isn't wider than that. There ink counts by its share of the paper's light.
3. Ink lies on the side of the paper that reaches further from it: dark on light, or light on dark.
   An image where nothing stands out by 16 of 255 levels is blank, all zeros; so is one that differs more from
   its mean over 3 x 3 pixels than strokes do, by three times the variance of that mean: noise.
4. An image of 28 x 28 pixels, light on dark, is taken for a digit of MNIST and left as it is.
5. Ink 0-255: zero up to 30 % of the typical depth of a stroke (the noise of a photo), 255 from there on.
6. What hangs together with the image's border doesn't count if the rest is 20 % as long; nor does what encloses
   other ink, as a box does, if that is 40 % as long.
7. Cropped to the ink, scaled to 20 pixels on the longer side with antialiasing, strokes thinner than a pixel
   widened to two, its centre of mass put on pixel (14, 14)."""

_SIDE, _FRAME, _CONTRAST, _NOISE, _COLOR, _SHADOW, _CELLS, _INNER, _PEN = 256, 0.1, 16.0, 0.3, 2.0, 0.05, 64, 0.4, 0.8
_WINDOWS, _LARGE, _LEFT, _ROUGH = (33, 65), 160, 0.2, 3.0
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
    ink = _ink(gray)
    # One noisy pixel must neither decide which side is ink nor count as ink.
    calm = _calm(ink)
    light = tf.reduce_max(calm) > -tf.reduce_min(calm)
    sign = tf.where(light, tf.constant(1.0, tf.float64), -1.0)
    ink, calm = sign * ink, sign * calm
    # Half a level: a blank image's ink isn't exactly zero.
    as_is = light & tf.reduce_all(tf.shape(gray) == 28) & (tf.reduce_max(ink) > 0.5)
    blank = (tf.reduce_max(calm) < _CONTRAST) | _rough(ink, calm)
    return tf.ensure_shape(
        tf.case(
            [(as_is, lambda: to_bytes(gray)), (blank, lambda: tf.zeros((28, 28), tf.uint8))],
            default=lambda: to_bytes(255.0 * _centred(_alone(_coverage(ink, calm)))),
        ),
        (28, 28),
    )


def _gray(contents):
    pixels = tf.cast(tf.io.decode_image(contents, expand_animations=False), tf.float64)
    channels = tf.shape(pixels)[-1]
    opaque = channels % 2 == 1
    colors = pixels[..., : tf.where(opaque, channels, channels - 1)]
    alpha = tf.cond(opaque, lambda: tf.ones_like(pixels[..., :1]), lambda: pixels[..., -1:] / 255.0)
    colors = alpha * colors + (1.0 - alpha) * 255.0
    size = tf.shape(colors)[:2]
    side = tf.reduce_max(size)
    colors = tf.cond(side > _SIDE, lambda: resize(colors, _whole(size * _SIDE / side)), lambda: colors)
    return tf.cond(tf.shape(colors)[-1] == 1, lambda: colors[..., 0], lambda: _contrasting(colors))


def _contrasting(colors):
    """Of gray, red, green and blue the one that shows the ink: gray, unless another one spans far more."""
    gray = tf.tensordot(colors, tf.constant(_LUMA, tf.float64), 1)
    seen = tf.stack([gray, colors[..., 0], colors[..., 1], colors[..., 2]])
    calm = tf.nn.avg_pool2d(seen[..., None], 3, 1, "SAME")
    spans = tf.reduce_max(calm, axis=(1, 2, 3)) - tf.reduce_min(calm, axis=(1, 2, 3))
    best = tf.argmax(spans)
    return seen[tf.where(spans[best] > _COLOR * spans[0], best, 0)]


def _whole(size):
    return tf.maximum(1, tf.cast(tf.round(size), tf.int32))


def _calm(image):
    return tf.nn.avg_pool2d(image[None, :, :, None], 3, 1, "SAME")[0, :, :, 0]


def _rough(ink, calm):
    """Whether it is noise: of single pixels about 8 to 1, of a pen that is one pixel wide 2 to 1, of others less."""
    return tf.reduce_mean(tf.square(ink - calm)) > _ROUGH * tf.math.reduce_variance(calm)


def _ink(gray):
    """How far each pixel is from the paper, on either side."""
    paper, frame = _paper(gray)
    ink = gray - paper
    off = tf.boolean_mask(tf.abs(ink), frame) > _CONTRAST
    large = tf.reduce_max(tf.shape(gray)) > _LARGE
    wider = tf.reduce_min(tf.shape(gray)) > tf.where(large, _WINDOWS[1], _WINDOWS[0])
    return tf.cond(wider & (_share(off) > _SHADOW), lambda: _in_shadow(gray, paper, large), lambda: ink)


def _in_shadow(gray, paper, large):
    """The same where a shadow's edge may lie across the paper, which no smooth surface follows."""
    closed, opened = tf.cond(
        large,
        lambda: (_closed(gray, _WINDOWS[1]), -_closed(-gray, _WINDOWS[1])),
        lambda: (_closed(gray, _WINDOWS[0]), -_closed(-gray, _WINDOWS[0])),
    )
    wide = (paper - closed > _CONTRAST) | (opened - paper > _CONTRAST)
    relative = 255.0 * (gray / tf.maximum(closed, tf.constant(1.0, tf.float64)) - 1.0)
    return tf.where(_share(wide) > _SHADOW, relative, gray - paper)


def _closed(gray, window):
    """Without what is dark and narrower than a window."""
    return -_largest(-_largest(gray, window, window), window, window)


def _largest(image, rows, columns):
    """The largest value in a window around each pixel."""
    image = tf.nn.max_pool2d(image[None, :, :, None], (rows, 1), 1, "SAME")
    return tf.nn.max_pool2d(image, (1, columns), 1, "SAME")[0, :, :, 0]


def _share(mask):
    return tf.reduce_mean(tf.cast(mask, tf.float64))


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
    return tf.tensordot(terms, coefficients, 1)[:, :, 0], frame


def _from_minus_one_to_one(n):
    return tf.range(tf.cast(n, tf.float64)) * (2.0 / tf.cast(tf.maximum(n - 1, 1), tf.float64)) - 1.0


def _median(values):
    return tf.sort(values)[tf.size(values) // 2]


def _coverage(ink, calm):
    """How much of each pixel is ink, 0-1."""
    stroke = _strength(calm)
    low = _NOISE * stroke
    return tf.where(calm > low, tf.clip_by_value((ink - low) / (stroke - low), 0.0, 1.0), tf.zeros_like(ink))


def _strength(values):
    return tf.reduce_mean(tf.boolean_mask(values, values >= tf.reduce_max(values) / 2.0))


def _alone(coverage):
    """Without what reaches the border, and without what encloses the rest, unless that is only a little."""
    height, width = tf.unstack(tf.shape(coverage))
    size = -(-tf.maximum(height, width) // _CELLS)
    padded = tf.pad(coverage > 0.0, [[0, -height % size], [0, -width % size]])
    cells = tf.reshape(padded, (tf.shape(padded)[0] // size, size, -1, size))
    cells = tf.pad(tf.reduce_any(cells, axis=(1, 3)), [[1, 1], [1, 1]])
    edge = tf.pad(tf.zeros(tf.shape(cells) - 2, tf.bool), [[1, 1], [1, 1]], constant_values=True)
    reaching = _grown(cells & _around(edge, corners=False), cells, corners=True)
    cells = _rest(cells, reaching, _LEFT)
    outside = _grown(edge, ~cells, corners=False)
    # What the outside touches, and all that hangs together with it.
    outer = _grown(_around(outside, corners=False) & cells, cells, corners=True)
    cells = _rest(cells, outer, _INNER)[1:-1, 1:-1]
    kept = tf.repeat(tf.repeat(cells, size, axis=0), size, axis=1)[:height, :width]
    return tf.where(kept, coverage, tf.zeros_like(coverage))


def _rest(cells, taken, least):
    """A mask without another one, if the rest is long enough; else as it was."""
    rest = cells & ~taken
    return tf.where(_longest(rest) >= least * _longest(cells), rest, cells)


def _grown(seeds, where, corners):
    """The parts of a mask that hang together with seeds in it, over corners too or over edges alone."""

    def grow(_, mask):
        grown = where & _around(mask, corners)
        return tf.reduce_any(grown != mask), grown

    return tf.while_loop(lambda more, mask: more, grow, (True, seeds))[1]


def _around(mask, corners):
    """A mask with the neighbours of its cells."""
    level = tf.cast(mask, tf.float32)
    if corners:
        return _largest(level, 3, 3) > 0.0
    return (_largest(level, 3, 1) > 0.0) | (_largest(level, 1, 3) > 0.0)


def _longest(mask):
    """The longer side of the box around a mask, 0 for none."""

    def length(axis):
        found = tf.where(tf.reduce_any(mask, axis=axis))[:, 0]
        return tf.cond(tf.size(found) > 0, lambda: found[-1] - found[0] + 1, lambda: tf.constant(0, tf.int64))

    return tf.cast(tf.maximum(length(0), length(1)), tf.float64)


def _widened(digit):
    """Strokes thinner than a pixel, as wide as those of other pens."""
    padded = tf.pad(digit, [[1, 1], [1, 1]])
    across = padded[:-2] + 2.0 * padded[1:-1] + padded[2:]
    both = across[:, :-2] + 2.0 * across[:, 1:-1] + across[:, 2:]
    wider = tf.clip_by_value(both / _strength(both), 0.0, 1.0)
    return tf.where(_strength(digit) < _PEN, wider, digit)


def _centred(coverage):
    rows = tf.where(tf.reduce_any(coverage > 0.0, axis=1))[:, 0]
    columns = tf.where(tf.reduce_any(coverage > 0.0, axis=0))[:, 0]
    digit = coverage[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = tf.shape(digit)
    digit = _widened(resize(digit[:, :, None], _whole(20 * size / tf.reduce_max(size)))[:, :, 0])
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
