"""The numbers of the worked example, the right ones and those of the published error."""

import numpy as np
import pytest

from tfnotes.backprop import backward, error, example, forward


def after(steps, **options):
    layers = example.train(steps, **options)
    output = forward(layers, example.INPUTS)[-1]
    return example.weights(layers), error(output, example.TARGETS), output.ravel()


def test_forward_pass():
    _, hidden, output = forward(example.LAYERS, example.INPUTS)
    np.testing.assert_allclose(hidden.ravel(), [0.593269992, 0.596884378], atol=1e-9)
    np.testing.assert_allclose(output.ravel(), [0.751365070, 0.772928465], atol=1e-9)
    assert error(output, example.TARGETS) == pytest.approx(0.298371109, abs=1e-9)


def test_backward_pass():
    a = forward(example.LAYERS, example.INPUTS)
    first, last = backward(example.LAYERS, a, example.TARGETS)
    np.testing.assert_allclose(last.w[0], [0.082167041, 0.082667628], atol=1e-9)
    np.testing.assert_allclose(last.b.ravel(), [0.138498562, -0.038098236], atol=1e-9)
    np.testing.assert_allclose(first.w[0], [0.000438568, 0.000877135], atol=1e-9)
    np.testing.assert_allclose(first.b[0], 0.000438568 / 0.05, atol=2e-8)


def test_one_update():
    weights, total, _ = after(1)
    expected = [
        0.149780716,
        0.199561432,
        0.249751144,
        0.299502287,
        0.358916480,
        0.408666186,
        0.511301270,
        0.561370121,
    ]
    np.testing.assert_allclose(list(weights.values()), expected, atol=1e-9)
    assert list(weights) == [f"w{k}" for k in range(1, 9)]
    assert total == pytest.approx(0.291027774, abs=1e-9)


def test_the_published_totals_are_those_of_updating_too_early():
    right, early = after(1)[0], after(1, too_early=True)
    assert early[1] == pytest.approx(0.291027924, abs=1e-9)
    np.testing.assert_array_equal(
        [early[0][f"w{k}"] for k in range(5, 9)], [right[f"w{k}"] for k in range(5, 9)]
    )
    np.testing.assert_allclose(early[0]["w1"] - right["w1"], 3.69224e-5, rtol=1e-5)


def test_biases_are_updated_or_not():
    kept, moved = example.train(1), example.train(1, biases=True)
    np.testing.assert_array_equal(kept[0].b, [[0.35], [0.35]])
    np.testing.assert_array_equal(kept[1].b, [[0.60], [0.60]])
    np.testing.assert_allclose(
        moved[1].b.ravel(), [0.60 - 0.5 * 0.138498562, 0.60 + 0.5 * 0.038098236], atol=1e-9
    )
    assert after(1, biases=True)[1] == pytest.approx(0.280471447, abs=1e-9)


def test_after_ten_thousand_updates():
    _, total, output = after(10_000)
    assert total == pytest.approx(3.510188e-5, abs=1e-11)
    np.testing.assert_allclose(output, [0.015913620, 0.984064273], atol=1e-9)
    _, total, output = after(10_000, too_early=True)
    assert total == pytest.approx(3.508479e-5, abs=1e-11)
    np.testing.assert_allclose(output, [0.015912196, 0.984065734], atol=1e-9)
