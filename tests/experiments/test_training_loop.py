"""The loop that trains in experiments, and what it starts from: rates, batches, weights, digits."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.activations import relu
from tfnotes.experiments import _networks, _training
from tfnotes.initializers import Constant, GlorotUniform, Orthogonal
from tfnotes.layers import Dense
from tfnotes.optimizers import SGD

X = np.random.default_rng(0).normal(size=(20, 3)).astype("float32")
Y = np.arange(20) % 4


def network():
    return keras.Sequential([Dense(4, kernel_initializer="zeros")])


def trained(**options):
    """The kernel after training, its start 0 and biases 0."""
    model = network()
    options = {"steps": 1, "seed": 1} | options
    assert _training.train(model, X, Y, **options) is model
    return np.asarray(model.layers[0].kernel)


def step(rows, rate):
    """The same after one step of descent on these rows: at zero all classes are alike."""
    return -rate * X[rows].T @ (0.25 - np.eye(4)[Y[rows]]) / len(rows)


def test_one_step_of_plain_descent():
    np.testing.assert_allclose(trained(batch=None), step(np.arange(20), 0.1), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(trained(batch=None, rate=0.5), step(np.arange(20), 0.5), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(trained(batch=None, optimizer=SGD(0.3)), step(np.arange(20), 0.3), rtol=1e-5, atol=1e-7)
    # Batches are drawn by the seed alone.
    rows = np.random.default_rng(7).choice(20, 6, replace=False)
    np.testing.assert_allclose(trained(batch=6, seed=7), step(rows, 0.1), rtol=1e-5, atol=1e-7)
    parameters = inspect.signature(_training.train).parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    assert defaults == {"rate": 0.1, "batch": 64, "optimizer": None, "each": None, "trainable": None}


def test_training_counts_its_steps_and_ends_when_it_is_told_to():
    seen = []
    trained(steps=5, batch=None, each=lambda number, loss: seen.append((number, loss)) or number == 2)
    assert [number for number, _ in seen] == [0, 1, 2]
    # The loss is the one before the step.
    assert seen[0][1] == pytest.approx(np.log(4), rel=1e-6)
    assert all(isinstance(loss, float) for _, loss in seen)
    assert seen[0][1] > seen[1][1] > seen[2][1]
    assert not trained(steps=0).any()


def test_only_what_shall_learn_is_moved():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([Dense(5), Dense(4)])
    model.build((None, 3))
    before = [np.asarray(w) for w in model.weights]
    _training.train(model, X, Y, steps=1, seed=0, trainable=model.layers[1].trainable_weights)
    moved = [not np.array_equal(a, b) for a, b in zip(before, model.weights, strict=True)]
    assert moved == [False, False, True, True]


def test_a_step_on_the_same_batch_again_and_again():
    model = network()
    again = _training.step_of(model, X, Y)
    losses = [float(again()) for _ in range(2)]
    assert losses[0] == pytest.approx(np.log(4), rel=1e-6)
    assert losses[1] < losses[0]
    np.testing.assert_allclose(model.layers[0].kernel, 2 * step(np.arange(20), 0.001), rtol=1e-2, atol=1e-8)


def test_networks_of_dense_layers():
    model = _training.mlp([7, 5], "tanh", bias_initializer=Constant(2.0))
    model.build((None, 3))
    assert [layer.units for layer in model.layers] == [7, 5, 10]
    assert [layer.activation.__name__ for layer in model.layers] == ["tanh", "tanh", "linear"]
    assert [float(np.mean(layer.bias)) for layer in model.layers] == [2.0, 2.0, 0.0]
    assert _training.mlp([], "tanh", 3).layers[0].units == 3
    first, second, other = (_training.seeded(seed, _training.mlp, [2], "tanh", 4) for seed in (1, 1, 2))
    kernels = []
    for seed, made in ((1, first), (1, second), (2, other)):
        keras.utils.set_random_seed(seed)
        made.build((None, 3))
        kernels.append(np.asarray(made.layers[0].kernel))
    assert first.layers[1].units == 4
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert (kernels[0] != kernels[2]).any()


def test_weights_follow_the_seed_that_they_are_made_with():
    def made(seed):
        keras.utils.set_random_seed(99)
        return _training.seeded(seed, lambda scale, *, shift: scale * keras.random.normal((3,)) + shift, 2.0, shift=1.0)

    np.testing.assert_array_equal(made(1), made(1))
    assert (np.asarray(made(1)) != np.asarray(made(2))).any()
    keras.utils.set_random_seed(1)
    np.testing.assert_allclose(made(1), 2 * np.asarray(_training.seeded(1, keras.random.normal, (3,))) + 1, rtol=1e-6)


def test_the_share_of_right_answers():
    model = keras.Sequential([keras.layers.Identity()])
    scores = np.array([[0.0, 1.0], [2.0, 1.0], [0.0, 3.0], [1.0, 0.0]], "float32")
    assert _training.accuracy(model, scores, np.array([1, 0, 0, 0])) == 0.75


def test_digits_are_intensities_and_none_is_in_two_parts():
    x, y, test_x, test_y = _training.digits()
    held_x, held_y = _training.validation_digits()
    more = _training.more_digits()
    for pixels, labels, count in ((x, y, 3600), (test_x, test_y, 1000), (held_x, held_y, 400), (*more[2:], 1400)):
        assert (pixels.shape, pixels.dtype, labels.shape) == ((count, 784), "float32", (count,))
        assert (pixels.min(), pixels.max()) == (0.0, 1.0)
        assert set(np.unique(labels)) == set(range(10))
    assert more[0] is x
    assert more[1] is y
    np.testing.assert_array_equal(more[2], np.concatenate([held_x, test_x]))
    np.testing.assert_array_equal(more[3], np.concatenate([held_y, test_y]))
    assert (_training.POINT, _training.OF_A_POINT.split(": ")[0]) == (
        *(0.01, "the standard error of an accuracy of 85 % on 1,400 test digits"),
    )


def test_derivatives_of_a_sum():
    a, b = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    by_a, by_b, by_none = _networks.derivatives(lambda a, b, c: a * b**2, a, b, np.ones(3))
    assert (by_a.dtype, by_a.tolist(), by_b.tolist(), by_none.tolist()) == ("float64", [9, 25], [6, 20], [0, 0, 0])
    assert _networks.slope(tf.square, np.array([1.0, -2.0])).tolist() == [2, -4]


def test_a_deep_network_by_hand():
    x, first, second = np.array([[1.0, -1.0]]), np.array([[1.0, -2.0], [0.5, 1.0]]), np.array([[3.0], [4.0]])
    biases = [np.array([0.25, 4.0]), np.array([-1.0])]
    outputs, gradients = _networks.deep(x, [first, second], relu, biases)
    # (0.5 + 0.25, -3 + 4), then 2.25 + 4 - 1.
    assert [o.tolist() for o in outputs] == [[[0.75, 1.0]], [[5.25]]]
    assert [g.tolist() for g in gradients] == [[[3.0, 4.0]], [[1.0]]]
    outputs, gradients = _networks.deep(x, [first, second], relu, None, np.array([[2.0]]))
    assert [o.tolist() for o in outputs] == [[[0.5, 0.0]], [[1.5]]]
    assert [g.tolist() for g in gradients] == [[[6.0, 8.0]], [[2.0]]]
    assert _networks.dense(x, first, biases[0]).numpy().tolist() == [[0.75, 1.0]]


def test_kernels_of_neighbouring_sizes():
    found = _networks.kernels(Orthogonal, [4, 4, 2], np.random.default_rng(3), gain=2.0)
    assert [(k.shape, k.dtype.name) for k in found] == [((4, 4), "float64"), ((4, 2), "float64")]
    np.testing.assert_allclose(found[0].numpy() @ found[0].numpy().T, 4 * np.eye(4), atol=1e-9)
    seeds = np.random.default_rng(3).integers(2**31, size=2)
    wanted = GlorotUniform(seed=int(seeds[1]))((4, 2), "float64")
    np.testing.assert_array_equal(_networks.kernels(GlorotUniform, [9, 4, 2], np.random.default_rng(3))[1], wanted)


def test_pieces_and_sizes():
    assert [_networks.pieces(np.array(y)) for y in ([0.0, 1, 2], [0.0, 1, 0], [0.0, 1, 1, 2], [0, 1, 2 + 1e-10])] == [
        *(1, 2, 3, 1),
    ]
    assert _networks.size(np.array([[3.0, 4.0], [0.0, 5.0]])) == 12.5**0.5
    assert _networks.sizes([np.array([3.0]), np.array([-4.0, 0.0])]) == [3.0, 8**0.5]
