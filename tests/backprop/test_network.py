"""The passes written out equal automatic differentiation and central differences; shapes have names."""

import itertools

import keras
import numpy as np
import pytest

from tests.helpers import central_differences
from tfnotes._gradients import vjp
from tfnotes.backprop import Layer, backward, error, forward, shapes, update, update_too_early
from tfnotes.errors import InputError

SIZES = [(2, 2, 2), (4, 3), (3, 5, 4, 2), (1, 1, 1, 1)]


def network(sizes, examples, seed=0):
    rng = np.random.default_rng(seed)
    layers = [Layer(rng.normal(size=(n, p)), rng.normal(size=(n, 1))) for p, n in itertools.pairwise(sizes)]
    return layers, rng.normal(size=(sizes[0], examples)), rng.uniform(size=(sizes[-1], examples))


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("examples", [1, 7])
def test_equals_automatic_differentiation(sizes, examples):
    layers, x, target = network(sizes, examples)

    def total(*flat):
        a = x
        for w, b in zip(flat[::2], flat[1::2], strict=True):
            a = 1 / (1 + keras.ops.exp(-(keras.ops.matmul(w, a) + b)))
        return keras.ops.sum((target - a) ** 2) / 2 / examples, ()

    flat = [matrix for layer in layers for matrix in layer]
    value, _, expected = vjp(total, flat, np.ones)
    a = forward(layers, x)
    np.testing.assert_allclose(error(a[-1], target), value, rtol=1e-12)
    found = [matrix for layer in backward(layers, a, target) for matrix in layer]
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15)


def test_equals_central_differences():
    layers, x, target = network((3, 4, 2), 5, seed=1)
    gradients = backward(layers, forward(layers, x), target)
    for k, name in ((0, "w"), (0, "b"), (1, "w"), (1, "b")):

        def total(value, k=k, name=name):
            changed = [layer._replace(**{name: value}) if i == k else layer for i, layer in enumerate(layers)]
            return error(forward(changed, x)[-1], target)

        slope = central_differences(total, getattr(layers[k], name))
        np.testing.assert_allclose(getattr(gradients[k], name), slope, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("sizes", SIZES)
def test_every_matrix_has_the_shape_that_the_note_names(sizes):
    layers, x, target = network(sizes, 6)
    named = shapes(sizes, 6)
    a = forward(layers, x)
    assert [m.shape for m in a] == [named[f"a[{k}]"] for k in range(len(sizes))]
    for k, (layer, gradient) in enumerate(zip(layers, backward(layers, a, target), strict=True), 1):
        assert (
            layer.w.shape
            == gradient.w.shape
            == named[f"w[{k}]"]
            == named[f"dw[{k}]"]
            == (sizes[k], sizes[k - 1])
        )
        assert layer.b.shape == gradient.b.shape == named[f"b[{k}]"] == named[f"db[{k}]"] == (sizes[k], 1)
        assert named[f"z[{k}]"] == named[f"dz[{k}]"] == named[f"da[{k}]"] == (sizes[k], 6)


def test_an_error_of_the_mean_of_its_examples():
    layers, x, target = network((3, 4, 2), 5)
    alone = [error(forward(layers, x[:, [m]])[-1], target[:, [m]]) for m in range(5)]
    np.testing.assert_allclose(error(forward(layers, x)[-1], target), np.mean(alone), rtol=1e-12)


def test_matrices_that_dont_fit_are_refused_by_name():
    layers, x, target = network((3, 4, 2), 5)
    (w, b), last = layers
    for changed, name, expected in (
        ([Layer(w.T, b), last], "w[1]", "(4, 3)"),
        ([Layer(w, b[:, 0]), last], "b[1]", "(4, 1)"),
        ([Layer(w, b[0, 0]), last], "b[1]", "(4, 1)"),
        ([Layer(w, b), Layer(last.w[:, :3], last.b)], "w[2]", "(2, 4)"),
    ):
        with pytest.raises(InputError) as caught:
            forward(changed, x)
        assert str(caught.value).startswith(f"backprop: `{name}` must have the shape {expected}. Received: ")
    with pytest.raises(InputError, match=r"`a\[0\]` must have the shape"):
        forward(layers, x[:, 0])
    with pytest.raises(InputError, match="`target` must have the shape"):
        backward(layers, forward(layers, x), target[:, :1])


def test_saturated_units_neither_overflow_nor_warn():
    layers = [Layer(np.array([[1e4], [-1e4]]), np.zeros((2, 1)))]
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(forward(layers, np.ones((1, 1)))[-1], [[1], [0]])


def test_updating_too_early_is_wrong_below_the_output_layer_only():
    layers, x, target = network((3, 4, 4, 2), 5)
    a = forward(layers, x)
    right, early = update(layers, backward(layers, a, target), 0.5), update_too_early(layers, a, target, 0.5)
    np.testing.assert_array_equal(right[2].w, early[2].w)
    assert all(np.abs(right[k].w - early[k].w).max() > 1e-5 for k in (0, 1))
    # The wrong step is off by what the update itself changed, so its share shrinks with the rate.
    right = update(layers, backward(layers, a, target), 1e-6)
    early = update_too_early(layers, a, target, 1e-6)
    assert np.abs(right[0].w - early[0].w).max() < 1e-4 * np.abs(right[0].w - layers[0].w).max()


def test_an_update_by_hand_with_biases_and_without():
    layers = [Layer(np.array([[1.0]]), np.array([[2.0]]))]
    gradients = [Layer(np.array([[3.0]]), np.array([[4.0]]))]
    for biases, b in ((True, 0.0), (False, 2.0)):
        (new,) = update(layers, gradients, 0.5, biases)
        assert (new.w.item(), new.b.item()) == (-0.5, b)
    assert (layers[0].w.item(), layers[0].b.item()) == (1.0, 2.0)
