"""More than rounding, another shape and NaN are told from rounding."""

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import compared

A = np.array([1.0, 200.0], "float32")


def test_a_difference_is_of_shape_or_of_numbers():
    assert compared.difference(A, A + 0.25) == 0.25
    assert compared.difference(A[:1], A) is None
    assert compared.difference(np.array([np.nan, 2.0]), A) is None
    assert compared.difference(A[:0], A[:0]) == 0.0
    assert compared.difference(np.array([b"a"]), np.array([b"b"])) == 0.0


def largest(got, wanted, allowed=compared.of_same_kernels):
    return compared.largest("pixels", "onnx", {"y": got, "more": 0}, {"y": wanted}, allowed)


def test_rounding_is_of_each_number_or_of_the_largest():
    off = np.array([0.001, 0.0], "float32")
    assert largest(A + off, A, compared.of_other_kernels) == pytest.approx(0.001, rel=1e-3)
    with pytest.raises(InputError, match=r"onnx must give .* own .*`y` of the endpoint pixels off by up to 0.001"):
        largest(A + off, A)
    assert largest(A + off[::-1], A) == pytest.approx(0.001, rel=1e-2)
    with pytest.raises(InputError, match=r"off by up to 0\.03"):
        largest(A + 30 * off, A, compared.of_other_kernels)
    assert largest(A + 30 * off, A, None) == pytest.approx(0.03, rel=1e-3)


def test_the_largest_of_all_outputs():
    got, wanted = {"a": A + 2, "b": A + 1}, {"a": A, "b": A}
    assert compared.largest("pixels", "onnx", got, wanted, None) == 2
    assert compared.largest("pixels", "onnx", dict(reversed(got.items())), wanted, None) == 2


@pytest.mark.parametrize(
    ("got", "wanted", "words"),
    [
        (A[:1], A, "of another shape"),
        (A * np.nan, A, "of another shape, or NaN"),
        (np.array([5]), np.array([6]), "off by up to 1"),
        (np.array([b"a"]), np.array([b"b"]), "pixels off,"),
    ],
)
def test_what_is_refused_whatever_is_allowed(got, wanted, words):
    with pytest.raises(InputError, match=words):
        largest(got, wanted, lambda wanted: np.inf)


@pytest.mark.parametrize(
    ("allowed", "wanted", "expected"),
    [
        (compared.of_same_kernels, [0.0, -2.0, 1000.0], [1e-6, 2.1e-5, 1.0001e-2]),
        (compared.of_other_kernels, [0.001, -0.5], 1e-4),
        (compared.of_other_kernels, [0.5, -30.0], 3e-3),
        (compared.of_other_kernels, [], 1e-4),
    ],
)
def test_how_far_a_number_may_be_off(allowed, wanted, expected):
    np.testing.assert_allclose(allowed(np.array(wanted)), expected, rtol=1e-12)


def test_what_counts_is_said_by_kind():
    assert compared.difference(np.array([True]), np.array([False])) == 1.0
    assert compared.difference(np.array([3], "uint8"), np.array([5], "uint8")) == 2.0
    assert largest(np.array([], "float32"), np.array([], "float32")) == 0.0
    with pytest.raises(InputError) as caught:
        largest(np.array([5, 5]), np.array([5, 7]))
    assert str(caught.value) == (
        "export: onnx must give the model's own answers. Received: `y` of the endpoint pixels off by up to 2, "
        "so nothing was exported."
    )
