"""Gradients on their way through layers and time steps, and what depth can say in few units."""

import itertools

import numpy as np
import tensorflow as tf

from tfnotes.activations import relu, sigmoid, tanh
from tfnotes.backprop import network
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import deep, dense, derivatives, kernels, pieces, sizes
from tfnotes.experiments._verdicts import above, below, decide, near, same
from tfnotes.experiments.activations import tooth
from tfnotes.experiments.figures import curves, dots
from tfnotes.initializers import GlorotNormal, HeNormal


def backprop_rule(s):
    return decide(
        {
            "gradients down to the first layer": same(s["gradient_difference"]),
            "weights after a step": same(s["weight_difference"]),
            "the step lowers the error": below(s["error_change"], 0),
        }
    )


def backprop_figure(axes, samples, parameters):
    dots(axes, samples, names=["gradient_difference", "weight_difference"], log=False)
    axes.set_xlabel("largest difference between what is derived by hand and automatically")


@experiment({"backprop-update": backprop_rule}, kind="exact", draw=backprop_figure)
def backprop_update(seed, *, rate=0.01):
    """Gradients written out by hand, in NumPy, against automatic ones, for a network of three layers."""
    rng = np.random.default_rng(seed)
    shape = [4, 6, 5, 3]
    layers = [network.Layer(rng.normal(size=(b, a)), rng.normal(size=(b, 1))) for a, b in itertools.pairwise(shape)]
    x, target = rng.normal(size=(4, 20)), rng.uniform(size=(3, 20))
    a = network.forward(layers, x)
    by_hand = network.backward(layers, a, target)
    flat = [matrix for layer in layers for matrix in layer]

    def error(*weights):
        h = tf.constant(x)
        for w, b in zip(weights[::2], weights[1::2], strict=True):
            h = sigmoid(tf.matmul(w, h) + b)
        return 0.5 * tf.square(h - target) / x.shape[1]

    automatic = derivatives(error, *flat)
    hand = [matrix for layer in by_hand for matrix in layer]
    stepped = [w - rate * g for w, g in zip(flat, automatic, strict=True)]
    updated = network.update(layers, by_hand, rate)
    after = [matrix for layer in updated for matrix in layer]
    return {
        "gradient_difference": max(np.max(np.abs(g - h)) for g, h in zip(automatic, hand, strict=True)),
        "weight_difference": max(np.max(np.abs(g - h)) for g, h in zip(stepped, after, strict=True)),
        "error_change": network.error(network.forward(updated, x)[-1], target) - network.error(a[-1], target),
    }


NETWORKS = {
    "sigmoid_glorot": (sigmoid, GlorotNormal, 1.0),
    "tanh_glorot": (tanh, GlorotNormal, 1.0),
    "relu_glorot": (relu, GlorotNormal, 1.0),
    "relu_he": (relu, HeNormal, 1.0),
    "relu_large": (relu, HeNormal, 1.5),
}


def shrink_rule(s):
    return decide({name.replace("_", ", "): below(s[f"{name}_log10"], -1) for name in NETWORKS})


def cures_rule(s):
    return decide(
        {
            "deep network, He's weights": near(s["relu_he_log10"], 0, 1),
            "deep network, Glorot's weights": near(s["relu_glorot_log10"], 0, 1),
            "recurrent, radius 0.8": above(s["recurrent_log10"], -1),
        }
    )


def shrink_figure(axes, samples, parameters):
    names = {name: name.replace("_", ", ") for name in NETWORKS}
    curves(axes, samples, names, None, "layer", "size of its gradient")


@experiment(
    {"gradients-shrink": shrink_rule, "relu-cures-vanishing": cures_rule}, kind="dynamics", seeds=12, draw=shrink_figure
)
def gradients_by_depth(seed, *, depth=20, width=64):
    """The gradient at each layer of a deep network, by activation and initializer, and through a ReLU recurrence."""
    rng = np.random.default_rng(seed)
    x, cotangent = rng.normal(size=(100, width)), rng.normal(size=(100, width))
    found: dict = {}
    for name, (activation, initializer, factor) in NETWORKS.items():
        matrices = [factor * k for k in kernels(initializer, [width] * (depth + 1), rng)]
        curve = sizes(deep(x, matrices, activation, None, cotangent)[1])
        found |= {name: curve, f"{name}_log10": np.log10(curve[0] / curve[-1])}
    matrix = np.abs(rng.normal(size=(width, width)))
    # All weights positive, so every unit stays on: the recurrence alone decides.
    matrix *= 0.8 / np.max(np.abs(np.linalg.eigvals(matrix)))
    curve = sizes(deep(np.abs(x), [matrix] * depth, relu, None, np.abs(cotangent))[1])
    return found | {"recurrent_log10": np.log10(curve[0] / curve[-1])}


def exploding_rule(s):
    return decide(
        {
            "slopes of at most 1 don't explode": below(s["slope_1_radius_large_log10"], 1),
            "slopes of 3 explode": above(s["slope_3_radius_small_log10"], 1),
        },
        right=near(s["slope_1_radius_large_log10"] / s["predicted_log10"], 1, 0.2),
    )


def exploding_figure(axes, samples, parameters):
    names = {"large": "slope at most 1, radius 1.3", "small": "slope 3, radius 0.25"}
    curves(axes, samples, names, None, "time step", "size of its gradient")


@experiment({"exploding-from-activation": exploding_rule}, kind="dynamics", seeds=20, draw=exploding_figure)
def exploding_from_activation(seed, *, steps=40, units=32):
    """The gradient back through a recurrence: tanh with large recurrent weights, an activation of slope 3 with
    small."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(units, units))
    matrix /= np.max(np.abs(np.linalg.eigvals(matrix)))
    # Of a state this small, tanh's slope stays 1 and no saturation hides the weights.
    state, cotangent = 1e-9 * rng.normal(size=(20, units)), rng.normal(size=(20, units))
    large = sizes(deep(state, [1.3 * matrix] * steps, tanh, None, cotangent)[1])
    small = sizes(deep(state, [0.25 * matrix] * steps, lambda z: 3 * z, None, cotangent)[1])
    return {
        "steps": steps,
        "slope_1_radius_large_log10": np.log10(large[0] / large[-1]),
        "slope_3_radius_small_log10": np.log10(small[0] / small[-1]),
        "predicted_log10": (steps - 1) * np.log10(1.3),
        "large": large,
        "small": small,
    }


def fewer_rule(s):
    return decide(
        {
            "sawtooth": below(s["sawtooth_deep_units"] / s["sawtooth_shallow_units"], 1),
            "|x|": below(s["abs_deep_units"] / s["abs_shallow_units"], 1),
        }
    )


@experiment({"deep-needs-fewer": fewer_rule}, kind="exact")
def deep_needs_fewer(seed, *, depth=6):
    """Hidden ReLU units for a sawtooth and for |x|, in many layers and in one."""
    x = np.linspace(0, 1, 2**depth * 16 + 1)[:, None]
    y = x
    for _ in range(depth):
        y = tooth(y)
    # A layer has a corner at most per unit, and the line of the first piece needs a unit as well.
    found = pieces(y[:, 0])
    grid = np.linspace(-1, 1, 201)[:, None]
    both = np.array([[1.0, -1.0]])
    one = relu(dense(grid, both)).numpy().sum(-1)
    # A second layer has to pass both halves on, or their sum: a unit more at least.
    two = relu(dense(relu(dense(grid, both)), np.ones((2, 1)))).numpy()[:, 0]
    return {
        "depth": depth,
        "sawtooth_pieces": found,
        "sawtooth_deep_units": 2 * depth,
        "sawtooth_shallow_units": found - 1,
        "abs_shallow_units": both.size,
        "abs_deep_units": both.size + 1,
        "abs_off_by": max(np.max(np.abs(one - np.abs(grid[:, 0]))), np.max(np.abs(two - np.abs(grid[:, 0])))),
    }
