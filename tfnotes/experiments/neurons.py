"""Single neurons and layers: what one neuron can't do, what a bias does, centres of outputs, formulas."""

import numpy as np
import tensorflow as tf

from tfnotes.activations import elu, relu, step
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import dense
from tfnotes.experiments._verdicts import above, below, decide, same
from tfnotes.layers import BatchNormalization

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def single_rule(s):
    return decide(
        {
            "no neuron gets the exclusive or": bool(s["best_of_one"][0] <= 0.75 and same(s["opposite_corners_differ"])),
            "two layers do": bool(s["two_layers"][0] == 1),
        }
    )


@experiment({"single-neuron-limited": single_rule}, kind="exact")
def single_neuron_limited(seed, *, neurons=20_000):
    """The exclusive or of two inputs: the best of many neurons, and two layers of three neurons with known weights.

    One neuron's sums at opposite corners of the square add up alike, so it can't tell the two pairs apart.
    """
    rng, target = np.random.default_rng(seed), np.array([0.0, 1, 1, 0])
    sums = dense(CORNERS, rng.normal(size=(2, neurons)), rng.normal(size=neurons)).numpy()
    right = np.mean((sums > 0) == target[:, None], axis=0)
    hidden = step(dense(CORNERS, np.ones((2, 2)), np.array([-0.5, -1.5])))
    both = step(dense(hidden, np.array([[1.0], [-1.0]]), np.array([-0.5])))
    return {
        "best_of_one": right.max(),
        "opposite_corners_differ": np.max(np.abs(sums[0] + sums[3] - sums[1] - sums[2])),
        "two_layers": np.mean(both.numpy()[:, 0] == target),
    }


def bias_rule(s):
    return decide({"where it lies": above(s["moved"], 0.5), "how wide it is": above(s["widened"], 0.5)})


@experiment({"bias-changes-range": bias_rule}, kind="exact")
def bias_changes_range(seed, *, bias=3.0, examples=1000):
    """The range of a neuron's sums without a bias and with one: where it begins, and how wide it is."""
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(examples, 5)), rng.normal(size=(5, 1))
    without, with_bias = dense(x, w).numpy(), dense(x, w, np.array([bias])).numpy()
    return {
        "bias": bias,
        "moved": with_bias.min() - without.min(),
        "widened": abs(np.ptp(with_bias) - np.ptp(without)),
    }


def centred_rule(s):
    return decide({f"sums about {mean}": above(s[f"about_{mean}"], 0) for mean in (-2, 0, 2)})


@experiment({"relu-not-centred": centred_rule}, kind="dynamics", seeds=20)
def relu_not_centred(seed, *, sums=100_000):
    """ReLU's mean output for sums of deviation 1 about -2, 0 and 2."""
    z = np.random.default_rng(seed).normal(size=sums)
    return {f"about_{mean}": np.mean(relu(tf.constant(z + mean))) for mean in (-2, 0, 2)}


def formula_rule(s):
    return decide(
        {"in training": same(s["training_difference"], 1e-9), "afterwards": same(s["inference_difference"], 1e-9)}
    )


@experiment({"bn-formula": formula_rule}, kind="exact")
def bn_formula(seed, *, batch=16, features=5):
    """`BatchNormalization` and ReLU behind it against the notes' formula, in training and afterwards."""
    rng = np.random.default_rng(seed)
    z = rng.normal(2, 3, (batch, features))
    layer = BatchNormalization(dtype="float64")
    layer.build(z.shape)
    gamma, beta = rng.normal(size=(2, features))
    layer.set_weights([gamma, beta, *layer.get_weights()[2:]])
    centred = z - z.sum(0) / batch
    normal = centred / np.sqrt(layer.epsilon + (centred**2).sum(0) / batch)
    expected = np.maximum(0, gamma * normal + beta)

    def difference(training):
        return np.max(np.abs(relu(layer(tf.constant(z), training=training)).numpy() - expected))

    return {"training_difference": difference(True), "inference_difference": difference(False)}


def elu_rule(s):
    return decide(
        {
            "as ReLU where x > 0": same(s["right_difference"], 0),
            "below the axis where x < 0": below(s["largest_left"], 0),
            "an exponential there": same(s["left_difference"]),
        }
    )


@experiment({"elu-left": elu_rule}, kind="exact")
def elu_left(seed, *, points=10_001):
    """ELU against ReLU where x is positive, and against exp(x) - 1 where it is negative."""
    x = np.linspace(1e-3, 20, points)
    left = elu(tf.constant(-x)).numpy()
    return {
        "right_difference": np.max(np.abs(elu(tf.constant(x)) - relu(tf.constant(x)))),
        "largest_left": left.max(),
        "left_difference": np.max(np.abs(left - np.expm1(-x))),
    }
