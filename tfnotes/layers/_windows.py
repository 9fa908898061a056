"""Sliding windows: what convolution and pooling share.

    output size, "valid":  floor((n - reach) / stride) + 1        reach = (size - 1) * dilation + 1
    output size, "same":   ceil(n / stride)
    padding for "same":    (output - 1) * stride + reach - n in all, the smaller half in front
"""

from keras import ops


def output_size(n, size, stride, padding, dilation=1):
    """Positions of a window along one axis of `n` (None if unknown)."""
    if n is None:
        return None
    if padding == "same":
        return -(-n // stride)
    return (n - (size - 1) * dilation - 1) // stride + 1


def same_padding(n, size, stride, dilation=1):
    """How much "same" adds in front of and behind an axis of `n`."""
    total = max((-(-n // stride) - 1) * stride + (size - 1) * dilation + 1 - n, 0)
    return total // 2, total - total // 2


def windows(x, size, strides, padding, dilation=(1, 1), fill=0.0):
    """Every window of a batch of images, as one more axis.

    Args:
        x: shape `(batch, height, width, channels)`, height and width known.
        size, strides, dilation: pairs.
        padding: "valid" or "same".
        fill: what "same" puts around the image.

    Returns:
        Shape `(batch, out_height, out_width, size[0] * size[1], channels)`.
    """
    if padding == "same":
        around = [same_padding(x.shape[a + 1], size[a], strides[a], dilation[a]) for a in (0, 1)]
        x = ops.pad(x, ((0, 0), *around, (0, 0)), constant_values=fill)
    height, width = (output_size(x.shape[a + 1], size[a], strides[a], "valid", dilation[a]) for a in (0, 1))
    steps = []
    for i in range(size[0]):
        for j in range(size[1]):
            top, left = i * dilation[0], j * dilation[1]
            bottom, right = top + (height - 1) * strides[0] + 1, left + (width - 1) * strides[1] + 1
            steps.append(x[:, top : bottom : strides[0], left : right : strides[1]])
    return ops.stack(steps, axis=-2)
