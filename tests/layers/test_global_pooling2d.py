"""Global pooling by hand, on images of unknown size."""

import numpy as np
import pytest

from tfnotes import layers

X = np.arange(24, dtype="float32").reshape(1, 3, 4, 2)


@pytest.mark.parametrize(
    ("cls", "expected"), [(layers.GlobalAveragePooling2D, [11, 12]), (layers.GlobalMaxPooling2D, [22, 23])]
)
def test_by_hand(cls, expected):
    np.testing.assert_array_equal(cls()(X), [expected])
    np.testing.assert_array_equal(cls(keepdims=True)(X), np.reshape(expected, (1, 1, 1, 2)))
    first = np.moveaxis(X, -1, 1)
    np.testing.assert_array_equal(cls("channels_first")(first), [expected])
    np.testing.assert_array_equal(cls("channels_first", True)(first), np.reshape(expected, (1, 2, 1, 1)))


@pytest.mark.parametrize("cls", [layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D])
def test_sizes_may_be_unknown(cls):
    assert cls().compute_output_shape((None, None, None, 5)) == (None, 5)
    assert cls("channels_first", True).compute_output_shape((None, 5, None, None)) == (None, 5, 1, 1)
