"""Initial weights: symmetry, and how signals keep their size through the layers."""

from itertools import pairwise

import numpy as np
import tensorflow as tf

from tfnotes.activations import linear, relu, sigmoid, tanh
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import deep, dense, derivatives, kernels, size, sizes
from tfnotes.experiments._verdicts import above, below, decide, near, same
from tfnotes.experiments.figures import curves
from tfnotes.initializers import GlorotNormal, HeNormal, RandomNormal
from tfnotes.layers import BatchNormalization


def symmetry_rule(s):
    return decide(
        {
            f"{name} units stay alike": same(s[f"{name}_units_apart"], 0)
            and same(s[f"{name}_one_neuron_difference"])
            and above(s[f"{name}_random_units_apart"], 0.01)
            for name in ("sigmoid", "tanh", "relu")
        }
    )


@experiment({"zero-init-symmetry": symmetry_rule}, kind="exact")
def zero_init_symmetry(seed, *, units=8, steps=200, rate=0.5):
    """How far apart the units of a hidden layer move in training from zeros, and from random weights."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(50, 3))
    y = np.sin(2 * x[:, :1]) + x[:, 1:2] * x[:, 2:]
    found: dict = {}
    for name, activation in (("sigmoid", sigmoid), ("tanh", tanh), ("relu", relu)):
        shapes = ((3, units), (units,), (units, 1), (1,))

        def trained(weights, activation=activation):
            for _ in range(steps):
                gradients = derivatives(lambda *w: tf.square(net(x, w, activation) - y) / len(x), *weights)
                weights = [w - rate / units * g for w, g in zip(weights, gradients, strict=True)]
            return weights

        zero = trained([np.zeros(shape) for shape in shapes])
        random = trained([rng.normal(0, 0.5, shape) for shape in shapes])
        first, bias, second, last = zero
        # All units weigh the same, so one with their summed weight does their work.
        one = [first[:, :1], bias[:1], second.sum(0, keepdims=True), last]
        found |= {
            f"{name}_units_apart": np.max(np.ptp(first, axis=1)),
            f"{name}_one_neuron_difference": np.max(np.abs(net(x, one, activation) - net(x, zero, activation))),
            f"{name}_random_units_apart": np.max(np.ptp(random[0], axis=1)),
        }
    return found


def net(x, weights, activation):
    """A hidden layer and a linear one."""
    kernel, bias, out, out_bias = weights
    return dense(activation(dense(x, kernel, bias)), out, out_bias)


def scale_rule(s):
    return decide(
        {
            "too small: signal lost": below(s["small_signal_log10"], -3),
            "too small: gradient lost": below(s["small_gradient_log10"], -3),
            "too large: units saturated": above(s["large_saturated"], 0.5),
            "in between: signal and gradient kept": above(s["good_signal_log10"], -1)
            and near(s["good_gradient_log10"], 0, 1),
        }
    )


def scale_figure(axes, samples, parameters):
    names = {"small": "tenth of Glorot's", "good": "Glorot's", "large": "ten times Glorot's"}
    curves(axes, samples, names, None, "layer", "root mean square of its outputs")


@experiment({"init-scale": scale_rule}, kind="dynamics", seeds=20, draw=scale_figure)
def init_scale(seed, *, depth=10, width=128):
    """Signals and gradients of a deep tanh network, with weights of three sizes."""
    rng = np.random.default_rng(seed)
    x, cotangent = rng.normal(size=(100, width)), rng.normal(size=(100, width))
    matrices = kernels(GlorotNormal, [width] * (depth + 1), rng)
    found: dict = {}
    for name, factor in (("small", 0.1), ("good", 1.0), ("large", 10.0)):
        outputs, gradients = deep(x, [factor * k for k in matrices], tanh, None, cotangent)
        found |= {
            name: sizes(outputs),
            f"{name}_signal_log10": np.log10(size(outputs[-1]) / size(outputs[0])),
            f"{name}_gradient_log10": np.log10(size(gradients[0]) / size(gradients[-1])),
            f"{name}_saturated": np.mean(np.abs(outputs[-1]) > 0.95),
        }
    return found


def xavier_rule(s):
    return decide(
        {
            "linear units": near(s["linear_per_layer"], 1, 0.1),
            "small sums in tanh": near(s["tanh_small_per_layer"], 1, 0.1),
            "tanh": near(s["tanh_per_layer"], 1, 0.1),
            "ReLU": near(s["relu_per_layer"], 1, 0.1),
        }
    )


@experiment({"xavier-fan": xavier_rule}, kind="dynamics", seeds=30)
def xavier_fan(seed, *, depth=5, inputs=64, widest=512):
    """What a layer multiplies the variance of the sums with, weights of variance 1/n, widths from narrow to wide."""
    rng = np.random.default_rng(seed)
    widths = np.geomspace(inputs, widest, depth + 1).astype(int).tolist()
    x = rng.normal(size=(200, inputs))
    matrices = []
    for before, after in pairwise(widths):
        matrices += kernels(RandomNormal, [before, after], rng, stddev=before**-0.5)

    def per_layer(activation, scale):
        h, variances = scale * x, []
        for kernel in matrices:
            z = dense(h, kernel)
            variances.append(np.var(z))
            h = activation(z)
        return (variances[-1] / variances[0]) ** (1 / (depth - 1))

    return {
        "linear_per_layer": per_layer(linear, 1),
        "tanh_small_per_layer": per_layer(tanh, 0.1),
        "tanh_per_layer": per_layer(tanh, 1),
        "relu_per_layer": per_layer(relu, 1),
    }


def by_ten_rule(s):
    return decide({"ReLU": below(s["relu_left"], 0.01), "tanh": below(s["tanh_left"], 0.01)})


def by_ten_figure(axes, samples, parameters):
    names = {"relu": "ReLU, 1/n", "tanh": "tanh, 1/n", "he": "ReLU, 2/n"}
    curves(axes, samples, names, None, "layer", "variance of its outputs")


def he_rule(s):
    return decide(
        {
            "the activation halves": near(s["relu_keeps"], 0.5, 0.02),
            "variance kept": near(s["he_log10"], 0, 0.2),
            "not kept with 1/n": below(s["relu_log10"], -1),
        }
    )


@experiment({"xavier-dies-by-ten": by_ten_rule, "he-halves": he_rule}, kind="dynamics", seeds=20, draw=by_ten_figure)
def variance_by_depth(seed, *, depth=10, width=128):
    """The variance of each layer's outputs: ReLU and tanh with weights of variance 1/n, ReLU with 2/n."""
    rng = np.random.default_rng(seed)
    x, widths = rng.normal(size=(100, width)), [width] * (depth + 1)
    xavier = kernels(RandomNormal, widths, rng, stddev=width**-0.5)
    found = {
        "relu": variances(deep(x, xavier, relu)[0]),
        "tanh": variances(deep(x, xavier, tanh)[0]),
        "he": variances(deep(x, kernels(HeNormal, widths, rng), relu)[0]),
    }
    z = dense(x, xavier[0])
    return found | {
        "depth": depth,
        "relu_left": found["relu"][-1] / found["relu"][0],
        "tanh_left": found["tanh"][-1] / found["tanh"][0],
        "relu_log10": np.log10(found["relu"][-1] / found["relu"][0]),
        "he_log10": np.log10(found["he"][-1] / found["he"][0]),
        "relu_keeps": np.mean(np.square(relu(z))) / np.mean(np.square(z)),
    }


def variances(outputs):
    return [float(np.var(o)) for o in outputs]


def bn_rule(s):
    return decide(
        {
            "weights a third of Glorot's": near(s["third_log10"], 0, 0.05),
            "ten times Glorot's": near(s["tenfold_log10"], 0, 0.05),
            "a ten-thousandth": near(s["tiny_log10"], 0, 0.05),
            "without it they differ": above(s["without_log10"], 3),
        }
    )


@experiment({"bn-repairs-init": bn_rule}, kind="dynamics", seeds=12)
def bn_repairs_init(seed, *, depth=10, width=128):
    """The size of the last layer's outputs, by the size of the weights, with and without batch normalization."""
    rng = np.random.default_rng(seed)
    x, matrices = rng.normal(size=(200, width)), kernels(GlorotNormal, [width] * (depth + 1), rng)
    norm = BatchNormalization(dtype="float64")

    def last(factor):
        h = tf.constant(x)
        for kernel in matrices:
            h = tanh(norm(dense(h, factor * kernel), training=True))
        return size(h)

    plain = [size(deep(x, [factor * k for k in matrices], tanh)[0][-1]) for factor in (0.1, 1.0)]
    usual = last(1.0)
    return {
        "tenfold_log10": np.log10(last(10.0) / usual),
        "third_log10": np.log10(last(0.3) / usual),
        "tiny_log10": np.log10(last(1e-4) / usual),
        "without_log10": np.log10(plain[1] / plain[0]),
    }
