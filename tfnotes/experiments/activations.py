"""Activations: identities, slopes, and what smoothness and saturation do."""

import numpy as np
import tensorflow as tf

from tfnotes.activations import linear, relu, sigmoid, step, tanh
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import deep, dense, derivatives, kernels, pieces, size, sizes, slope
from tfnotes.experiments._verdicts import above, below, decide, same
from tfnotes.experiments.figures import curves
from tfnotes.initializers import GlorotUniform, Orthogonal


def collapse_rule(s):
    return decide({"linear layers": same(s["linear_difference"]), "not so ReLU's": above(s["relu_rest"], 0.01)})


@experiment({"linear-collapse": collapse_rule}, kind="exact")
def linear_collapse(seed, *, depth=10, width=16):
    """A deep network without activations against the one layer that it multiplies out to; then with ReLU."""
    rng = np.random.default_rng(seed)
    matrices = kernels(GlorotUniform, [width] * (depth + 1), rng)
    biases = rng.normal(size=(depth, width))
    x = rng.normal(size=(2000, width))
    whole, offset = np.eye(width), np.zeros(width)
    for matrix, bias in zip(matrices, biases, strict=True):
        whole, offset = whole @ matrix.numpy(), offset @ matrix.numpy() + bias
    stacked = deep(x, matrices, linear, biases)[0][-1]
    bent = deep(x, matrices, relu, biases)[0][-1]
    # With ReLU, the best affine map leaves a rest.
    affine = np.c_[x, np.ones(len(x))]
    rest = bent - affine @ np.linalg.lstsq(affine, bent, rcond=None)[0]
    return {
        "linear_difference": np.max(np.abs(stacked - dense(x, whole, offset).numpy())) / size(stacked),
        "relu_rest": size(rest) / max(bent.std(), 1e-300),
    }


def universal_rule(s):
    return decide(
        {
            "depth adds pieces at width 2": above(s["width_2_pieces_deep"] / s["width_2_pieces_shallow"], 1),
            "width 1 turns somewhere at some depth": above(s["width_1_turns"], 0.5),
        }
    )


def universal_figure(axes, samples, parameters):
    x = np.linspace(0, 1, samples["teeth"].shape[1])
    axes.plot(x, samples["teeth"][0], label=f"width 2, depth {parameters['depth']}")
    axes.plot(x, samples["narrow"][0], label=f"width 1, depth {parameters['depth']}")
    axes.set_xlabel("input")
    axes.set_ylabel("output")


@experiment({"depth-universal": universal_rule}, kind="exact", draw=universal_figure)
def depth_universal(seed, *, depth=5, draws=300):
    """ReLU networks of one input: pieces that depth adds at width 2, turning points at width 1."""
    x = np.linspace(0, 1, 2**depth * 64 + 1)[:, None]
    teeth = [tooth(x)]
    for _ in range(depth - 1):
        teeth.append(tooth(teeth[-1]))
    rng, turns = np.random.default_rng(seed), 0
    for _ in range(draws):
        narrow = deep(x, rng.normal(size=(depth, 1, 1)), relu, rng.normal(size=(depth, 1)))[0][-1]
        steps = np.diff(narrow[:, 0])
        turns += bool((steps > 1e-15).any() and (steps < -1e-15).any())
    centred = 2 * x - 1
    two = relu(dense(centred, np.array([[1.0, -1.0]]))).numpy().sum(-1, keepdims=True)
    return {
        "depth": depth,
        "width_2_pieces_shallow": pieces(teeth[0][:, 0]),
        "width_2_pieces_deep": pieces(teeth[-1][:, 0]),
        "width_1_turns": turns / draws,
        # A monotone function meets |x| at -1, 0 and 1 no better than half its fall there.
        "monotone_error_on_abs": (np.abs(centred).max() - np.abs(centred).min()) / 2,
        "width_2_error_on_abs": np.max(np.abs(two - np.abs(centred))),
        "teeth": teeth[-1][:, 0],
        "narrow": narrow[:, 0],
    }


def tooth(x):
    """Up to 1 at 1/2 and down again: a layer of two ReLU units, and their sum."""
    hidden = relu(dense(x, np.array([[2.0, 2.0]]), np.array([0.0, -1.0])))
    return dense(hidden, np.array([[1.0], [-2.0]])).numpy()


@experiment({"sigmoid-half": lambda s: decide({"agree": same(s["disagreements"], 0)})}, kind="exact")
def sigmoid_half(seed, *, points=100_001):
    """Where sigmoid is below, at and above one half, on both sides of 0 down to the sums float64 can tell."""
    z = np.r_[np.linspace(-700, 700, points), -np.logspace(-15, 2, points), np.logspace(-15, 2, points), 0.0]
    g = sigmoid(tf.constant(z)).numpy()
    return {"disagreements": np.sum(np.sign(z) != np.sign(g - 0.5)), "at_0": g[-1], "points": len(z)}


def smooth_rule(s):
    return decide(
        {
            "sigmoid shows the change near 0": above(s["sigmoid_shows_near_0"], 0.999),
            "step hides it": below(s["step_shows"], 0.01),
            "step has no slope to learn by": same(s["step_slope"], 0),
            "sigmoid shows it where saturated": above(s["sigmoid_shows_beyond_40"], 0.5),
        }
    )


@experiment({"sigmoid-vs-step": smooth_rule}, kind="exact")
def sigmoid_vs_step(seed, *, change=0.001, points=20_001):
    """At how many inputs a small change of the input changes the output, in float64."""
    near, far = np.linspace(-10, 10, points), np.linspace(40, 60, points)

    def shows(function, x):
        return np.mean(function(tf.constant(x + change)).numpy() != function(tf.constant(x)).numpy())

    return {
        "sigmoid_shows_near_0": shows(sigmoid, near),
        "step_shows": shows(step, near),
        "sigmoid_shows_beyond_40": shows(sigmoid, far),
        "step_slope": np.max(np.abs(slope(step, near))),
        "sigmoid_slope_at_0": slope(sigmoid, np.zeros(1))[0],
    }


def saturates_rule(s):
    return decide(
        {
            "slope almost 0 where the output is 0.01 or 0.99": below(s["slope_at_1_percent"], 0.01),
            "gradients vanish with usual weights": below(s["glorot_log10"], -3),
            "gradients vanish with scaled weights": below(s["scaled_log10"], -3),
        }
    )


def saturates_figure(axes, samples, parameters):
    curves(axes, samples, {"glorot": "Glorot", "scaled": "orthogonal, gain 4"}, None, "layer", "size of its gradient")


@experiment({"sigmoid-saturates": saturates_rule}, kind="dynamics", seeds=20, draw=saturates_figure)
def sigmoid_saturates(seed, *, depth=10, width=64):
    """Sigmoid's slope where it saturates, and gradients through a deep sigmoid network with two kinds of weights."""
    rng = np.random.default_rng(seed)
    x = 0.01 * rng.normal(size=(100, width))
    cotangent = rng.normal(size=(100, width))
    usual = kernels(GlorotUniform, [width] * (depth + 1), rng)
    scaled = kernels(Orthogonal, [width] * (depth + 1), rng, gain=4.0)
    # Sigmoid's outputs are about one half, which the biases take away again.
    biases = [np.zeros(width)] + [-0.5 * k.numpy().sum(0) for k in scaled[1:]]
    glorot = sizes(deep(x, usual, sigmoid, None, cotangent)[1])
    kept = sizes(deep(x, scaled, sigmoid, biases, cotangent)[1])
    at = np.log(0.01 / 0.99)
    return {
        "slope_at_1_percent": slope(sigmoid, np.array([at]))[0],
        "largest_slope": slope(sigmoid, np.zeros(1))[0],
        "glorot_log10": np.log10(glorot[0] / glorot[-1]),
        "scaled_log10": np.log10(kept[0] / kept[-1]),
        "glorot": glorot,
        "scaled": kept,
    }


def zigzag_rule(s):
    return decide({"one example": above(s["one_example"], 0.999), "a batch": above(s["batch"], 0.95)})


@experiment({"sigmoid-zigzag": zigzag_rule}, kind="dynamics", seeds=100)
def sigmoid_zigzag(seed, *, inputs=10, batch=32):
    """Signs of the gradients of one sigmoid neuron's weights, all inputs positive, for one example and a batch."""
    rng = np.random.default_rng(seed)
    x, w, y = rng.uniform(size=(batch, inputs)), rng.normal(size=(inputs, 1)), rng.integers(0, 2, (batch, 1))

    def one_sign(n):
        (g,) = derivatives(lambda k: (sigmoid(dense(x[:n], k)) - y[:n]) ** 2, w)
        return float((g > 0).all() or (g < 0).all())

    return {"one_example": one_sign(1), "batch": one_sign(batch)}


@experiment({"tanh-identity": lambda s: decide({"equal": same(s["largest_difference"])})}, kind="exact")
def tanh_identity(seed, *, points=200_001):
    """The two sides of the identity over the range where they aren't rounded to 1."""
    x = tf.constant(np.linspace(-20, 20, points))
    return {"largest_difference": np.max(np.abs(tanh(x) - (2 * sigmoid(2 * x) - 1)))}


def shifted_rule(s):
    return decide(
        {
            "moved down only": same(s["after_best_shift"]),
            "mean 0 for symmetric inputs": same(s["tanh_mean_symmetric"], 1e-3),
            "mean 0 for inputs about 1": same(s["tanh_mean_about_1"], 1e-3),
        }
    )


def shifted_figure(axes, samples, parameters):
    x = np.linspace(-6, 6, samples["tanh"].shape[1])
    axes.plot(x, samples["tanh"][0], label="tanh(x)")
    axes.plot(x, samples["moved"][0], label="sigmoid(x) - 0.5")
    axes.set_xlabel("x")


@experiment({"tanh-is-shifted-sigmoid": shifted_rule}, kind="exact", draw=shifted_figure)
def tanh_is_shifted_sigmoid(seed, *, points=10_001):
    """The least distance of tanh from sigmoid moved down, and mean outputs for inputs about 0 and about 1."""
    x = np.linspace(-6, 6, points)
    difference = (tanh(tf.constant(x)) - sigmoid(tf.constant(x))).numpy()
    return {
        # The best shift is midway between the extremes of the difference.
        "after_best_shift": (difference.max() - difference.min()) / 2,
        "after_stretch": np.max(np.abs(tanh(tf.constant(x)) - (2 * sigmoid(tf.constant(2 * x)) - 1))),
        "tanh_mean_symmetric": np.mean(tanh(tf.constant(x))),
        "sigmoid_mean_symmetric": np.mean(sigmoid(tf.constant(x))),
        "tanh_mean_about_1": np.mean(tanh(tf.constant(x + 1))),
        "tanh": tanh(tf.constant(x)).numpy(),
        "moved": sigmoid(tf.constant(x)).numpy() - 0.5,
    }
