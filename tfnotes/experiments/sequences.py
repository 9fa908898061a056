"""Recurrent layers: what a step computes, and which steps the last output depends on."""

import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import derivatives, size
from tfnotes.experiments._verdicts import above, below, decide, same
from tfnotes.experiments.figures import curves
from tfnotes.initializers import Orthogonal
from tfnotes.layers import LSTM, SimpleRNN


def built(layer, features, rng, *, scale=0.5):
    """A layer or cell with random weights and biases."""
    layer.build((None, None, features) if hasattr(layer, "cell") else (None, features))
    layer.set_weights([rng.normal(0, scale, w.shape) for w in layer.weights])
    return layer


def numpy_rnn(x, kernel, recurrent, bias):
    """S_t = tanh(x_t U + S_{t-1} W + b), step by step."""
    state, states = np.zeros((len(x), len(recurrent))), []
    for step in range(x.shape[1]):
        state = np.tanh(x[:, step] @ kernel + state @ recurrent + bias)
        states.append(state)
    return np.stack(states, 1)


def recurrence_rule(s):
    return decide({"with tanh for f": same(s["difference"])})


def end_rule(s):
    return decide(
        {
            "return_sequences=False": bool(s["outputs_without_sequences"][0] == 1),
            "return_sequences=True": not same(s["prefix_difference"]),
        }
    )


def shared_rule(s):
    return decide({"U": same(s["u_difference"]), "W": same(s["w_difference"]), "V": same(s["v_difference"])})


@experiment(
    {"rnn-recurrence": recurrence_rule, "rnn-output-only-at-end": end_rule, "bptt-shared": shared_rule}, kind="exact"
)
def rnn_unrolled(seed, *, steps=7, units=5, features=3):
    """`SimpleRNN` against its steps written out, with weights that are shared and with a copy of them for each step."""
    rng = np.random.default_rng(seed)
    x, v = rng.normal(size=(4, steps, features)), rng.normal(size=(units, 2))
    layer = built(SimpleRNN(units, return_sequences=True, dtype="float64"), features, rng)
    kernel, recurrent, bias = (np.asarray(w) for w in layer.get_weights())
    sequences = layer(x).numpy()
    last = SimpleRNN(units, dtype="float64")
    last.build((None, None, features))
    last.set_weights(layer.get_weights())
    cut = [last(x[:, : step + 1]).numpy() for step in range(steps)]
    with tf.GradientTape() as tape:
        out = tf.constant(v)
        tape.watch(out)
        total = tf.reduce_sum(tf.sin(tf.matmul(layer(x, training=True), out)))
    u_shared, w_shared, _, v_shared = tape.gradient(total, [*layer.trainable_weights, out])

    def unrolled(us, ws, vs):
        state, total = tf.zeros((4, units), tf.float64), 0.0
        for t in range(steps):
            state = tf.tanh(tf.matmul(x[:, t], us[t]) + tf.matmul(state, ws[t]) + bias)
            total += tf.reduce_sum(tf.sin(tf.matmul(state, vs[t])))
        return total

    copies = derivatives(unrolled, *(np.stack([m] * steps) for m in (kernel, recurrent, v)))
    return {
        "steps": steps,
        "difference": np.max(np.abs(sequences - numpy_rnn(x, kernel, recurrent, bias))),
        "outputs_without_sequences": cut[-1].size / (4 * units),
        "prefix_difference": max(np.max(np.abs(sequences[:, t] - c)) for t, c in enumerate(cut)),
    } | {
        f"{name}_difference": np.max(np.abs(shared - each.sum(0))) / size(each)
        for name, shared, each in zip("uwv", (u_shared, w_shared, v_shared), copies, strict=True)
    }


def by_position(layer, x, cotangent):
    """The size of the last output's gradient at each step's input."""
    (gradient,) = derivatives(lambda v: layer(v) * cotangent, x)
    return [size(gradient[:, t]) for t in range(x.shape[1])]


def plain(units, features, rng, radius, activation):
    """A `SimpleRNN` whose recurrent weights are an orthogonal matrix times a number, its spectral radius."""
    layer = built(SimpleRNN(units, activation=activation, dtype="float64"), features, rng, scale=0.3)
    kernel, _, bias = layer.get_weights()
    matrix = radius * Orthogonal(seed=int(rng.integers(2**31)))((units, units), "float64").numpy()
    layer.set_weights([kernel, matrix, 0 * bias])
    return layer


def late_rule(s):
    return decide(
        {
            "radius 0.8": below(s["radius_0.8_log10"], -0.5),
            "radius 1": below(s["radius_1.0_log10"], -0.5),
            "radius 1.2": below(s["radius_1.2_log10"], -0.5),
        }
    )


def late_figure(axes, samples, parameters):
    names = {f"radius_{r}": f"spectral radius {r}" for r in ("0.8", "1.0", "1.2")}
    curves(axes, samples, names, None, "time step of the input", "gradient of the last output")


@experiment({"rnn-late-inputs-dominate": late_rule}, kind="dynamics", seeds=10, draw=late_figure)
def rnn_late_inputs(seed, *, steps=30, units=16, features=4):
    """How much the last output of a linear recurrence depends on each input, by spectral radius."""
    rng = np.random.default_rng(seed)
    found: dict = {}
    x, cotangent = rng.normal(size=(8, steps, features)), rng.normal(size=(8, units))
    for radius in ("0.8", "1.0", "1.2"):
        curve = by_position(plain(units, features, rng, float(radius), "linear"), x, cotangent)
        found |= {f"radius_{radius}": curve, f"radius_{radius}_log10": np.log10(curve[0] / curve[-1])}
    return found


def keeps_rule(s):
    return decide(
        {
            "forget bias 5": above(s["bias_5_log10"], -1.5),
            "forget bias 1, the default": above(s["bias_1_log10"], -1.5),
            "SimpleRNN vanishes": below(s["simple_log10"], -1.5),
        }
    )


def keeps_figure(axes, samples, parameters):
    names = {"simple": "SimpleRNN", "bias_1": "LSTM, forget bias 1", "bias_5": "LSTM, forget bias 5"}
    curves(axes, samples, names, None, "time step of the input", "gradient of the last output")


@experiment({"lstm-keeps": keeps_rule}, kind="dynamics", seeds=10, draw=keeps_figure)
def lstm_keeps(seed, *, steps=40, units=16, features=4):
    """How much the last output depends on each input: `SimpleRNN` and `LSTM` as initialized, and open forget gates."""
    rng = np.random.default_rng(seed)
    x, cotangent, found = rng.normal(size=(8, steps, features)), rng.normal(size=(8, units)), {"steps": steps}
    layers = {"simple": SimpleRNN(units, dtype="float64")}
    layers |= {f"bias_{bias}": LSTM(units, dtype="float64") for bias in (1, 5)}
    for name, layer in layers.items():
        layer.build((None, None, features))
        if name == "bias_5":
            kernel, recurrent, bias = layer.get_weights()
            bias[units : 2 * units] = 5
            layer.set_weights([kernel, recurrent, bias])
        curve = by_position(layer, x, cotangent)
        found |= {name: curve, f"{name}_log10": np.log10(curve[0] / curve[-1])}
    return found
