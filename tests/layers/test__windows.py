"""Where windows stand, on paper: the sizes and paddings that convolution and pooling share."""

import numpy as np
import pytest

from tfnotes.layers._windows import output_size, same_padding, windows


@pytest.mark.parametrize(
    ("n", "size", "stride", "dilation", "valid", "same", "padding"),
    [
        (28, 5, 1, 1, 24, 28, (2, 2)),
        (28, 2, 2, 1, 14, 14, (0, 0)),
        (7, 2, 2, 1, 3, 4, (0, 1)),
        (7, 3, 2, 1, 3, 4, (1, 1)),
        (4, 3, 2, 1, 1, 2, (0, 1)),
        (9, 3, 1, 3, 3, 9, (3, 3)),
        (5, 2, 1, 3, 2, 5, (1, 2)),
        (10, 2, 5, 1, 2, 2, (0, 0)),
        (3, 3, 1, 1, 1, 3, (1, 1)),
    ],
)
def test_sizes_and_paddings_by_hand(n, size, stride, dilation, valid, same, padding):
    assert output_size(n, size, stride, "valid", dilation) == valid
    assert output_size(n, size, stride, "same", dilation) == same
    assert same_padding(n, size, stride, dilation) == padding


def test_of_an_unknown_size_is_unknown():
    assert output_size(None, 3, 2, "same") is None


def test_each_window_holds_what_it_covers():
    x = np.arange(12.0).reshape(1, 3, 4, 1)
    found = np.asarray(windows(x, (2, 2), (1, 2), "valid"))[0, ..., 0]
    np.testing.assert_array_equal(found, [[[0, 1, 4, 5], [2, 3, 6, 7]], [[4, 5, 8, 9], [6, 7, 10, 11]]])
    dilated = np.asarray(windows(x, (2, 2), (1, 1), "valid", dilation=(2, 3)))[0, ..., 0]
    np.testing.assert_array_equal(dilated, [[[0, 3, 8, 11]]])
    padded = np.asarray(windows(x, (2, 2), (3, 4), "same", fill=-1.0))[0, ..., 0]
    np.testing.assert_array_equal(padded, [[[0, 1, 4, 5]]])
    padded = np.asarray(windows(x, (2, 2), (2, 3), "same", fill=-1.0))[0, ..., 0]
    np.testing.assert_array_equal(
        padded, [[[0, 1, 4, 5], [3, -1, 7, -1]], [[8, 9, -1, -1], [11, -1, -1, -1]]]
    )
