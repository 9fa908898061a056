"""How signals go through deep networks and gradients come back: for each activation, initializer and depth of the page.

    h[0] = x ~ normal(0, 1),   h[l] = activation(h[l-1] @ W[l])        W[l] as the initializer draws it, biases 0
    g[L] ~ normal(0, 1),       g[l] = the derivative of sum(g[L] * h[L]) with respect to h[l]
"""

import numpy as np
import tensorflow as tf

from tfnotes import initializers, layers
from tfnotes.play.packed import packed

EXAMPLES, WIDTH = 200, 100
DEPTHS = (2, 5, 10, 20)
ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu")
INITIALIZERS = {
    "zeros": lambda seed: initializers.Zeros(),
    "random_normal(0.01)": lambda seed: initializers.RandomNormal(stddev=0.01, seed=seed),
    "random_normal(1)": lambda seed: initializers.RandomNormal(stddev=1.0, seed=seed),
    "glorot_uniform": lambda seed: initializers.GlorotUniform(seed=seed),
    "glorot_normal": lambda seed: initializers.GlorotNormal(seed=seed),
    "he_uniform": lambda seed: initializers.HeUniform(seed=seed),
    "he_normal": lambda seed: initializers.HeNormal(seed=seed),
    "orthogonal": lambda seed: initializers.Orthogonal(seed=seed),
}
_BARS = 31


def data():
    """What the page's widget `depth` shows, as JSON values."""
    networks = {
        activation: {name: _network(activation, make) for name, make in INITIALIZERS.items()}
        for activation in ACTIVATIONS
    }
    return {"examples": EXAMPLES, "width": WIDTH, "depths": list(DEPTHS), "bars": _BARS, "networks": networks}


def _network(activation, make):
    outputs, gradients = passes(activation, make)
    return {
        "activations": [histogram(o) for o in outputs],
        "gradients": [[histogram(g) for g in of_depth] for of_depth in gradients],
    }


def passes(activation, make, depths=DEPTHS):
    """The way forth through the deepest network, and the way back from each depth.

    Args:
        activation: the name of every layer's.
        make: gives the initializer of a layer, by the layer's number.
        depths: of the networks, the deepest last; a shallower one is the beginning of a deeper one.

    Returns:
        `(outputs, gradients)`: an array `(EXAMPLES, WIDTH)` a layer; and the same for each depth, the last layer's
        being the random numbers that the way back begins with.
    """
    rng = np.random.default_rng(0)
    h = tf.constant(rng.normal(size=(EXAMPLES, WIDTH)), tf.float32)
    last = tf.constant(rng.normal(size=(EXAMPLES, WIDTH)), tf.float32)
    outputs = []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(h)
        for number in range(depths[-1]):
            h = layers.Dense(WIDTH, activation=activation, kernel_initializer=make(number))(h)
            outputs.append(h)
    gradients = [[*tape.gradient(outputs[depth - 1], outputs[: depth - 1], last), last] for depth in depths]
    return [o.numpy() for o in outputs], [[g.numpy() for g in of_depth] for of_depth in gradients]


def histogram(values):
    """How values are distributed.

    Returns:
        A dict: `std` and `mean`, the share of exact zeros, and `reach`, the largest absolute value; `counts` are
        bytes in base64, the tallest bar 255, of even bars from -reach to reach.
    """
    reach = float(np.abs(values).max())
    counts, _ = np.histogram(values, _BARS, (-reach, reach) if reach else (-1, 1))
    bars = np.ceil(255 * counts / counts.max())
    return {
        "mean": _rounded(values.mean(dtype="float64")),
        "std": _rounded(values.std(dtype="float64")),
        "zeros": _rounded(np.mean(values == 0)),
        "reach": _rounded(reach),
        "counts": packed(bars),
    }


def _rounded(value):
    return float(f"{value:.4g}")
