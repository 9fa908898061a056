"""Images of another size inside an exported model, as `tfnotes.serving.preparations.resized` makes them in NumPy.

The same as `tf.image.resize(image, size, antialias=True)`, whose single precision would leave every hundredth picture
with a pixel that another runtime rounds to the level beside.
"""

import tensorflow as tf


def resize(image, size):
    """An image of another size.

    Args:
        image: tensor of shape (height, width, channels).
        size: (height, width) of what is wanted, two integers or a tensor of them.

    Returns:
        float64 tensor of shape (*size, channels).
    """
    rows, columns = _weights(tf.shape(image)[0], size[0]), _weights(tf.shape(image)[1], size[1])
    return tf.einsum("ih,hwc,jw->ijc", rows, tf.cast(image, tf.float64), columns)


def to_bytes(pixels):
    """Pixels from 0 to 255 as uint8."""
    # A half between two levels is one whatever noise is in its last digit.
    return tf.saturate_cast(tf.round(tf.round(pixels * 1024.0) / 1024.0), tf.uint8)


def _weights(old, new):
    scale = tf.cast(old, tf.float64) / tf.cast(new, tf.float64)
    centres = (_numbers(new) + 0.5) * scale
    distance = _numbers(old)[None] + 0.5 - centres[:, None]
    weights = tf.maximum(tf.constant(0.0, tf.float64), 1.0 - tf.abs(distance / tf.maximum(scale, 1.0)))
    return weights / tf.reduce_sum(weights, axis=1, keepdims=True)


def _numbers(count):
    return tf.cast(tf.range(count), tf.float64)
