"""Training ReLU networks until units die: what kills them, what keeps them alive, what takes ReLU's place."""

from functools import partial

import keras
import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._plan import Plan
from tfnotes.experiments._training import POINT, accuracy, digits, mlp, more_digits, train
from tfnotes.experiments._verdicts import below, decide, gains, matters
from tfnotes.experiments.figures import shares
from tfnotes.initializers import Constant, RandomNormal
from tfnotes.layers import Dense, LeakyReLU, Maxout, ReLU
from tfnotes.optimizers import SGD, Adagrad

HEALTHY, HIGH = 0.1, 1.0
# Ten times the deviation of He's weights for 784 inputs.
LARGE = 10 * (2 / 784) ** 0.5


def dead_share(model, x):
    """The share of hidden units that give 0 for every example."""
    h, dead = tf.constant(x), []
    for layer in model.layers[:-1]:
        h = layer(h)
        dead.append(np.max(h.numpy(), axis=0) <= 0)
    return np.mean(np.concatenate(dead))


def causes_rule(s):
    return decide(
        {
            "a high rate": gains(s["high_rate"] - s["healthy"], 0.05),
            "negative biases": gains(s["biases"] - s["healthy"], 0.05),
            "large weights": matters(s["weights"] - s["healthy"], 0.05),
        }
    )


def cures_rule(s):
    cures = {
        "Xavier, high rate": "high_rate_xavier",
        "a tenth of the rate, high rate": "healthy",
        "AdaGrad at the high rate": "high_rate_adagrad",
        "AdaGrad at 0.01, high rate": "high_rate_adagrad_low",
        "Xavier, negative biases": "biases_xavier",
        "a tenth of the rate, negative biases": "biases_low_rate",
        "AdaGrad at 0.01, negative biases": "biases_adagrad_low",
    }
    # Alive is a network of which at most one unit in twenty is dead.
    return decide({name: below(s[cure], 0.05) for name, cure in cures.items()}, right=True)


@experiment(
    {"relu-dead-causes": causes_rule, "relu-dead-cures": cures_rule},
    kind="training",
    seeds=6,
    draw=partial(shares, what="hidden units that are zero for every example"),
)
def dying_units(seed, *, steps=300, units=64):
    """The share of ReLU units that are dead after training, by initialization and learning rate, and with cures."""
    x, y, _, _ = digits()
    large = RandomNormal(stddev=LARGE)
    runs = {
        "healthy": ("he_normal", 0.0, SGD(HEALTHY)),
        "high_rate": ("he_normal", 0.0, SGD(HIGH)),
        "biases": ("he_normal", -1.0, SGD(HEALTHY)),
        "weights": (large, 0.0, SGD(HEALTHY)),
        "high_rate_xavier": ("glorot_normal", 0.0, SGD(HIGH)),
        "high_rate_adagrad": ("he_normal", 0.0, Adagrad(HIGH)),
        "high_rate_adagrad_low": ("he_normal", 0.0, Adagrad(0.01)),
        "biases_xavier": ("glorot_normal", -1.0, SGD(HEALTHY)),
        "biases_low_rate": ("he_normal", -1.0, SGD(HEALTHY / 10)),
        "biases_adagrad_low": ("he_normal", -1.0, Adagrad(0.01)),
    }
    found = {}
    for name, (start, bias, optimizer) in runs.items():
        # Each begins with the same draws.
        keras.utils.set_random_seed(seed)
        model = mlp([units, units], "relu", kernel_initializer=start, bias_initializer=Constant(bias))
        model.build((None, x.shape[1]))
        if name == "biases":
            found["biases_at_start"] = dead_share(model, x)
        found[name] = dead_share(train(model, x, y, steps=steps, seed=seed, optimizer=optimizer), x)
    return found


SITUATIONS = {
    "works": "where ReLU trains",
    "rate": "at a rate that kills units",
    "biases": "with biases of -1, which kill them at once",
    "faint": "in four layers of weights of deviation 0.01, where signals fade",
}


def instead_rule(s, plan):
    ahead = {(name, key): s[f"{name}_{key}"] - s[f"relu_{key}"] for key in SITUATIONS for name in ("leaky", "maxout")}
    cases = {f"{name} helps {SITUATIONS[key]}": plan.leads(d) for (name, key), d in ahead.items() if key != "works"}
    first = {f"ReLU not behind {name}": plan.leads(ahead[name, "works"], POINT).denied for name in ("leaky", "maxout")}
    return decide(first | cases)


@experiment(
    {"relu-then-leaky-or-maxout": instead_rule},
    kind="training",
    plan=Plan((8, 16, 32, 64), 5 * POINT, "of three digits in four that a network gets wrong, less is no help"),
    draw=shares,
)
def instead_of_relu(seed, *, steps=200, units=64, draws=6):
    """Test accuracy with ReLU, leaky ReLU and Maxout, where ReLU trains and where it fails in three ways.

    At a high rate it is chance which units die, so that a seed's figure there is the mean of several draws.
    """
    x, y, test_x, test_y = more_digits()

    def layers(name, depth, start, bias):
        for _ in range(depth):
            kernel = "he_normal" if start is None else RandomNormal(stddev=start)
            arguments = {"kernel_initializer": kernel, "bias_initializer": Constant(bias)}
            if name == "maxout":
                yield Maxout(units, **arguments)
            else:
                yield from (Dense(units, **arguments), ReLU() if name == "relu" else LeakyReLU(negative_slope=0.01))

    found = {}
    networks = {"works": (2, None, 0.0), "rate": (2, None, 0.0), "biases": (2, None, -1.0), "faint": (4, 0.01, 0.0)}
    for key, network in networks.items():
        for name in ("relu", "leaky", "maxout"):
            right = []
            for draw in range(draws if key == "rate" else 1):
                keras.utils.set_random_seed(1000 * draw + seed)
                model = keras.Sequential([*layers(name, *network), Dense(10)])
                train(model, x, y, steps=steps, seed=1000 * draw + seed, rate=HIGH if key == "rate" else HEALTHY)
                right.append(accuracy(model, test_x, test_y))
            found[f"{name}_{key}"] = np.mean(right)
    return found
