"""Mutants of the recurrent layers: tfnotes/layers, tfnotes/convert/recurrent.py."""

from functools import partial

from tests.mutants import Mutant

LAYERS = ("tests/layers/test_recurrent.py",)
CELL, SLOPES = "tfnotes/layers/_cell.py", "tfnotes/layers/_slopes.py"
LSTM, GRU = "tfnotes/layers/lstm_cell.py", "tfnotes/layers/gru_cell.py"
SIMPLE, BPTT, RNN = "tfnotes/layers/simple_rnn_cell.py", "tfnotes/layers/_bptt.py", "tfnotes/layers/_rnn.py"
AGAIN, GRAPHS = "tfnotes/layers/_differentiable.py", ("tests/layers/test_recurrent_graphs.py",)
BOTH, CONVERT = "tfnotes/layers/bidirectional.py", "tfnotes/convert/recurrent.py"
CUDNN = "tfnotes/layers/_cudnn.py"
STACK, STACKED = "tfnotes/layers/stacked_rnn_cells.py", ("tests/layers/test_stacked_rnn_cells.py",)

layers = partial(Mutant, tests=LAYERS)

MUTANTS = [
    # The LSTM's step: each gate swapped, forward and backward.
    layers(LSTM, "i, f, g, o = ops.split(z", "f, i, g, o = ops.split(z"),
    layers(LSTM, "i, f, g, o = ops.split(z", "i, f, o, g = ops.split(z"),
    layers(LSTM, "i, f, g, o = ops.split(z", "o, f, g, i = ops.split(z"),
    layers(LSTM, "new_c = f * c + i * g", "new_c = f * c + (1 - f) * g"),
    layers(LSTM, "return o * t, new_c", "return o * new_c, new_c"),
    layers(LSTM, "dc = dc + slope(t, dh * o)", "dc = slope(t, dh * o)"),
    layers(LSTM, "dc = dc + slope(t, dh * o)", "dc = dc + dh * o"),
    layers(LSTM, "= dc * g, dc * c, dc * i", "= dc * c, dc * g, dc * i"),
    layers(LSTM, "axis=-1), dc * f", "axis=-1), dc * i"),
    layers(LSTM, "(before[1], *saved)", "(c, *saved)"),
    layers(LSTM, "ops.ones((self.units,), dtype)", "ops.zeros((self.units,), dtype)"),
    # The GRU's: its gates, its two biases, the reset before and after.
    layers(GRU, "g + z * (h - g) if keeps", "h + z * (g - h) if keeps"),
    layers(GRU, "if keeps else (dh * (g - h), rest, share)", "if keeps else (dh * (g - h), share, rest)"),
    layers(GRU, "x_z, x_r, x_g = ops", "x_r, x_z, x_g = ops"),
    layers(GRU, "self.activation(x_g + r * h_g)", "self.activation(r * (x_g + h_g))"),
    layers(GRU, "+ weights[-1] if self.use_bias", "if self.use_bias"),
    layers(GRU, "product(r * h, weights[2])", "r * product(h, weights[2])"),
    layers(GRU, "recurrent_slope(r, dg * h_g[0])", "recurrent_slope(r, dg)"),
    layers(GRU, "[dz, dr, dg * r]", "[dz, dr, dg]"),
    layers(GRU, "transposed[1]) + d_reset * r", "transposed[1])"),
    layers(GRU, "ops.sum(d_inner, axis=0)]", "ops.sum(d_sums, axis=0)]"),
    layers(GRU, "ops.matmul(r * h, dz[1])", "ops.matmul(h, dz[1])"),
    layers(GRU, "others.pop(1 if", "others.pop(2 if"),
    # What goes to cuDNN.
    Mutant(CUDNN, "if training and self.dropout", "if False", ("tests/layers/test__cudnn.py",)),
    Mutant(CUDNN, "cell.slopes == slopes and", "", ("tests/layers/test__cudnn.py",)),
    # What the cells share.
    layers(SIMPLE, "self.slopes[0](*saved, *after)", "after[0]"),
    layers(CELL, "product(before[0], weights", "ops.matmul(before[0], weights"),
    layers(CELL, "return z + bias[0] if bias else z", "return z"),
    layers(CELL, "*(b[None] for b in bias)", "*(0 * b[None] for b in bias)"),
    layers(CELL, "(ops.matmul(ops.transpose(saved[0])", "(0 * ops.matmul(ops.transpose(saved[0])"),
    layers(CELL, "return ops.matmul(dz[0], transposed[0])", "return 2 * ops.matmul(dz[0], transposed[0])"),
    layers(CELL, "(ops.matmul(dz, transposed[1]), *rest)", "(2 * ops.matmul(dz, transposed[1]), *rest)"),
    layers(CELL, "ops.matmul(x * next(left), gate)", "ops.matmul(x, gate)"),
    layers(CELL, "(x * mask, kernel)", "(x, kernel)"),
    Mutant(CELL, "return not changed and", "return", ("tests/layers/test_recurrent_subclasses.py",)),
    layers(SLOPES, "tf.raw_ops.SigmoidGrad", "tf.raw_ops.TanhGrad"),
    layers(SLOPES, "ops.where(y > 0, dy,", "ops.where(y > -1, dy,"),
    # The order of steps, forward and backward, through masks, and once more.
    layers(BPTT, "states = self._where(t, now, states)", "states = now"),
    layers(BPTT, "d_weights, self._where(t, through, d)", "d_weights, tuple(through)"),
    layers(BPTT, "self._where(t, dz), transposed", "dz, transposed"),
    layers(BPTT, "tf.gather(d_all, t), *d[1:]", "tf.gather(d_all, 0), *d[1:]"),
    layers(BPTT, "tuple(w + g for w, g in zip(d_weights", "tuple(g for w, g in zip(d_weights"),
    layers(BPTT, "lambda t, *_: t >= 0", "lambda t, *_: t > 0"),
    layers(BPTT, "tf.ones_like(self.x", "tf.zeros_like(self.x"),
    layers(
        AGAIN,
        "(*d, *tensors)\n\n        return outputs",
        "(*map(tf.stop_gradient, d), *tensors)\n\n        return outputs",
    ),
    layers(AGAIN, "outputs, tensors, d, unconnected", "outputs, tensors, unconnected"),
    Mutant(AGAIN, "results[:] = [None] * len(results)", "pass", tests=GRAPHS),
    Mutant(AGAIN, "found: Any = weakref.ref(kept)", "found: Any = lambda: kept", tests=GRAPHS),
    layers(RNN, "None if mask is None else ops.flip(mask, axis=0)", "mask"),
    layers(RNN, "last = ops.where(seen[-1], last, 0)", "pass"),
    layers(RNN, "mask if self.zero_output_for_mask else", "mask if not self.zero_output_for_mask else"),
    layers(RNN, "x = x * cell.get_dropout_mask(x[0]) if training and cell.dropout else x", "pass"),
    # The first loop over both looks at how many there are, this one runs.
    Mutant(RNN, "zip(cells, before, strict=True):\n            x", "zip(cells[::-1], before):\n            x", STACKED),
    Mutant(STACK, "inputs, state = cell(", "_, state = cell(", tests=STACKED),
    # Both directions.
    Mutant(BOTH, "ops.flip(back, axis=1) if self.return_sequences else back", "back"),
    Mutant(BOTH, "(initial_state[:half], initial_state[half:])", "(initial_state[half:], initial_state[:half])"),
    Mutant(BOTH, "(y,)), *states, *more)", "(y,)), *more, *states)"),
    Mutant(BOTH, "(a + b) / 2", "(a + b)"),
    Mutant(BOTH, "made.zero_output_for_mask = layer.return_sequences", "pass"),
    Mutant(BOTH, "self.backward_layer.set_weights(self._start[half:])", "pass"),
    # Conventions.
    Mutant(CONVERT, "[r, z, g], axis", "[z, r, g], axis"),
    Mutant(CONVERT, "[biases[0] + biases[1]]", "[biases[0]]"),
    Mutant(CONVERT, "np.repeat([-1, 1, 1]", "np.repeat([1, -1, 1]"),
    Mutant(CONVERT, "np.zeros_like(bias[0])", "bias[0]"),
    Mutant(CONVERT, "kernel.T.copy(), recurrent.T.copy()", "kernel.T.copy(), recurrent.copy()"),
]
