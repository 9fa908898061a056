"""Gates of LSTM and GRU: what they read, what they let through, how many there are."""

import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import derivatives, size
from tfnotes.experiments._verdicts import above, decide, same
from tfnotes.experiments.sequences import built
from tfnotes.layers import GRU, LSTM, GRUCell, LSTMCell
from tfnotes.layers.gru_cell import update
from tfnotes.layers.lstm_cell import lstm_step

# A sigmoid of this sum is 1, and of its negative 0, to seventeen digits.
OPEN = 40.0


def gate_input_rule(s):
    return decide(
        {"nothing but what comes from below moves it": same(s["slope_to_own_past"], 0.01)},
        right=same(s["formula_difference"]) and above(s["slope_to_own_past"], 0.01),
    )


def gate_range_rule(s):
    return decide({"1 keeps all": same(s["open_difference"]), "0 drops all": same(s["closed_left"])})


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


@experiment({"forget-gate-input": gate_input_rule, "forget-gate-range": gate_range_rule}, kind="exact")
def forget_gate(seed, *, units=5, features=4):
    """The second step of an LSTM cell: whether its own past moves the forget gate; the gate wide open and shut."""
    rng = np.random.default_rng(seed)
    cell = built(LSTMCell(units, dtype="float64"), features, rng)
    first, second = rng.normal(size=(2, 3, features))
    kernel, recurrent, bias = cell.get_weights()
    h, c = (state.numpy() for state in cell(first, [np.zeros((3, units))] * 2)[1])
    i, f, g, _ = np.split(second @ kernel + h @ recurrent + bias, 4, axis=1)
    expected = sigmoid(f) * c + sigmoid(i) * np.tanh(g)

    # What the state takes over of c is the gate.
    def gate(past):
        return cell(second, [past, c + 1.0])[1][1] - cell(second, [past, c])[1][1]

    (own,) = derivatives(gate, h)
    shut_input = np.concatenate([np.full(units, -OPEN), np.zeros(3 * units)])

    def left(forget):
        sums = shut_input.copy()
        sums[units : 2 * units] = forget
        return lstm_step(tf.constant(np.tile(sums, (3, 1))), tf.constant(c))[1].numpy()

    return {
        "slope_to_own_past": size(own),
        "formula_difference": np.max(np.abs(cell(second, [h, c])[1][1].numpy() - expected)),
        "open_difference": np.max(np.abs(left(OPEN) - c)),
        "closed_left": np.max(np.abs(left(-OPEN))),
        "half_left": size(left(0.0)) / size(c),
    }


def two_parts_rule(s):
    return decide({"what is added is their product": same(s["added_difference"])})


def output_rule(s):
    return decide(
        {"it moves with the two other gates": bool(s["moved_by_others"][0] > 0.01)},
        right=same(s["moved_by_others"]) and same(s["state_difference"]) and same(s["output_difference"]),
    )


@experiment({"input-gate-two-parts": two_parts_rule, "output-gate-combines": output_rule}, kind="exact")
def input_and_output_gate(seed, *, units=5):
    """An LSTM step: what it adds to the state, and whether pushing the two other gates moves the output gate."""
    rng = np.random.default_rng(seed)
    sums, c = rng.normal(size=(3, 4 * units)), rng.normal(size=(3, units))
    i, f, g, o = np.split(sums, 4, axis=1)
    pushed = np.concatenate([i + 1, f - 1, g, o], axis=1)

    def gate(sums):
        h, state = (part.numpy() for part in lstm_step(tf.constant(sums), tf.constant(c))[:2])
        return h / np.tanh(state), h, state

    before, h, state = gate(sums)
    return {
        "added_difference": np.max(np.abs(state - sigmoid(f) * c - sigmoid(i) * np.tanh(g))),
        "moved_by_others": np.max(np.abs(gate(pushed)[0] - before)),
        "state_difference": np.max(np.abs(state - (sigmoid(f) * c + sigmoid(i) * np.tanh(g)))),
        "output_difference": np.max(np.abs(h - sigmoid(o) * np.tanh(state))),
    }


def merges_rule(s):
    return decide(
        {"an LSTM step with i = 1 - f": same(s["coupled_difference"]), "a GRU step": same(s["gru_difference"])}
    )


@experiment({"gru-merges": merges_rule}, kind="exact")
def gru_merges(seed, *, units=6, features=4):
    """A GRU's new state as shares z and 1 - z of old state and candidate; an LSTM's with its input gate tied to f."""
    rng = np.random.default_rng(seed)
    cell = built(GRUCell(units, dtype="float64"), features, rng)
    x, h = rng.normal(size=(3, features)), rng.normal(size=(3, units))
    kernel, recurrent, (bias, inner_bias) = cell.get_weights()
    x_z, x_r, x_g = np.split(x @ kernel + bias, 3, axis=1)
    h_z, h_r, h_g = np.split(h @ recurrent + inner_bias, 3, axis=1)
    z, g = sigmoid(x_z + h_z), np.tanh(x_g + sigmoid(x_r + h_r) * h_g)
    f, candidate, o = rng.normal(size=(3, 3, units))
    tied = lstm_step(tf.constant(np.concatenate([-f, f, candidate, o], axis=1)), tf.constant(h))[1].numpy()
    return {
        "gru_difference": np.max(np.abs(cell(x, h)[0].numpy() - (z * h + (1 - z) * g))),
        "coupled_difference": np.max(np.abs(tied - update(sigmoid(f), h, np.tanh(candidate)))),
    }


def direction_rule(s):
    return decide({"keeps": same(s["keeps_moved"]), "replaces": same(s["replaces_moved"])})


def reset_rule(s):
    return decide(
        {
            "in the candidate": same(s["candidate_slope_shut"]) and above(s["candidate_slope_open"], 0.01),
            "in the new state, update gate open": same(s["state_slope_shut"]),
        }
    )


@experiment({"gru-update-direction": direction_rule, "gru-reset-direction": reset_rule}, kind="exact")
def gru_gates(seed, *, units=6, features=4):
    """A GRU step with its gates wide open and shut, in both published forms."""
    rng = np.random.default_rng(seed)
    x, h = rng.normal(size=(3, features)), rng.normal(size=(3, units))
    found: dict = {}

    def cell(z, r, form="keeps"):
        made = built(GRUCell(units, update_gate=form, dtype="float64"), features, np.random.default_rng(seed))
        kernel, recurrent, bias = made.get_weights()
        bias[0, :units], bias[0, units : 2 * units] = z, r
        # Of kernels this small, the gates stay where the biases put them.
        kernel[:, : 2 * units], recurrent[:, : 2 * units] = 0, 0
        made.set_weights([kernel, recurrent, bias])
        return made

    for form in ("keeps", "replaces"):
        found[f"{form}_moved"] = np.max(np.abs(cell(OPEN, 0.0, form)(x, h)[0].numpy() - h))
    for name, z, r in (
        ("candidate_slope_shut", -OPEN, -OPEN),
        ("candidate_slope_open", -OPEN, OPEN),
        ("state_slope_shut", OPEN, -OPEN),
    ):
        made = cell(z, r)
        found[name] = size(derivatives(lambda past, made=made: made(x, past)[0], h)[0])
    return found


def counts_rule(s):
    return decide(
        {
            "gates": bool(s["gru_gates"][0] == 2 and s["lstm_gates"][0] == 3),
            "parameters": bool((s["largest_share"] < 1).all()),
        }
    )


@experiment({"gru-fewer-parameters": counts_rule}, kind="exact")
def gru_fewer_parameters(seed):
    """Gates and parameters of `GRU` and `LSTM` layers, counted over several sizes."""
    shares, gates = [], {}
    for units, features in ((2, 1), (8, 4), (32, 64), (128, 16)):
        counts = {}
        for layer in (GRU(units), LSTM(units)):
            layer.build((None, None, features))
            name = type(layer).__name__.lower()
            counts[name] = layer.count_params()
            # One block of columns for each gate, and one for the candidate.
            gates[f"{name}_gates"] = layer.weights[0].shape[1] // units - 1
        shares.append(counts["gru"] / counts["lstm"])
    return gates | {"least_share": min(shares), "largest_share": max(shares)}
