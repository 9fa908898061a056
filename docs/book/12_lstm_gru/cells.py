# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes.layers import GRU, LSTM, Bidirectional, SimpleRNN, gates
from tfnotes.layers.gru_cell import update
from tfnotes.layers.lstm_cell import lstm_step


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% lstm-worked
i, f, g, o = 0.5, 0.75, 0.5, 0.5
c = 2.0
new_c = f * c + i * g
h = o * np.tanh(new_c)
print("c', h'   ", new_c, round(h, 4))
sums = np.array([[0.0, np.log(3), np.arctanh(0.5), 0.0]])
h_step, c_step, _ = lstm_step(tf.constant(sums), tf.constant([[c]], tf.float64))
print("lstm_step", np.round(float(c_step[0, 0]), 4), np.round(float(h_step[0, 0]), 4))
assert new_c == 1.75
assert round(h, 4) == 0.4707
assert np.isclose(c_step, 1.75)
assert np.isclose(h_step, h)

# %% lstm-keras
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
ours, theirs = LSTM(4), keras.layers.LSTM(4)
theirs(x)
ours.build(x.shape)
ours.set_weights(theirs.get_weights())
print([w.shape for w in ours.get_weights()])
assert np.allclose(ours(x), theirs(x), atol=1e-6)

# %% lstm-count
m, n = 3, 4
print(4 * (m * n + n * n + n), ours.count_params())
assert ours.count_params() == 4 * (m * n + n * n + n) == 128

# %% lstm-open-shut
wide = 40.0
for name, forget in (("f = 0", -wide), ("f = 1/2", 0.0), ("f = 1", wide)):
    sums = tf.constant([[-wide, forget, 0.0, 0.0]], tf.float64)
    print(f"{name:8}", float(lstm_step(sums, tf.constant([[2.0]], tf.float64))[1][0, 0]))

# %% lstm-who-moves-it
one = x[:1, :1]
zero, other = np.zeros((1, 4), "float32"), np.full((1, 4), 0.5, "float32")
base = gates(ours, one, initial_state=[zero, zero])
moved_h = gates(ours, one, initial_state=[other, zero])
moved_c = gates(ours, one, initial_state=[zero, other])
for gate in ("input", "forget", "output"):
    by_h = float(np.max(np.abs(moved_h[gate] - base[gate])))
    by_c = float(np.max(np.abs(moved_c[gate] - base[gate])))
    print(f"{gate:7} h: {by_h:.3f}   c: {by_c:.3f}")
    assert by_h > 0.01
    assert by_c == 0


# %% lstm-latch
def latch(resets=True):
    """One unit that reads (value, flag): it takes the value over where the flag is 1, and keeps it elsewhere."""
    layer = LSTM(1, return_sequences=True)
    layer.build((None, None, 2))
    of_value, of_flag = [0, 0, 1, 0], [20, -20 if resets else 0, 0, 0]
    bias = [-10, 10, 0, 10]
    layer.set_weights([np.array([of_value, of_flag], "float32"), np.zeros((1, 4)), np.array(bias, "float32")])
    return layer


values = np.array([0.9, -0.3, 0.5, 0.2, -0.7, 0.4, -0.2, 0.6, 0.1, -0.5])
flags = np.array([1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
sequence = np.stack([values, flags], -1)[None].astype("float32")
found = {name: a[0, :, 0] for name, a in gates(latch(), sequence).items()}
for name in ("input", "forget", "c"):
    print(f"{name:7}", np.round(found[name], 2))
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(values, "o", color="C7", label="x")
axes.step(range(10), found["c"], where="mid", color="C0", label="c")
axes.step(range(10), found["forget"], where="mid", color="C1", linestyle="--", label="f")
axes.step(range(10), found["input"], where="mid", color="C2", linestyle=":", label="i")
axes.set_xlabel("t")
axes.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1))
assert np.allclose(found["c"][:4], np.tanh(0.9), atol=1e-3)
assert np.allclose(found["c"][4:], np.tanh(-0.7), atol=1e-3)

# %% lstm-answer
summing = gates(latch(resets=False), sequence)["c"][0, :, 0]
print(np.round(summing, 2))
assert np.allclose(summing[-1], np.tanh(0.9) + np.tanh(-0.7), atol=2e-3)

# %% lstm-decay
for bias in (1, 5):
    f = sigmoid(bias)
    print(bias, round(f, 4), f"{f**40:.1e}")
assert round(sigmoid(1), 2) == 0.73
assert round(sigmoid(5), 4) == 0.9933
assert round(sigmoid(5) ** 40, 2) == 0.76
assert 3e-6 < sigmoid(1) ** 40 < 4e-6

# %% lstm-reach
keras.utils.set_random_seed(3)
steps, units = 40, 16
long = tf.constant(np.random.default_rng(3).normal(size=(8, steps, 4)).astype("float32"))


def reach(layer, forget_bias=None):
    """The size of the gradient of the last output at each step's input."""
    layer.build((None, None, 4))
    if forget_bias is not None:
        kernel, recurrent, bias = layer.get_weights()
        bias[units : 2 * units] = forget_bias
        layer.set_weights([kernel, recurrent, bias])
    with tf.GradientTape() as tape:
        tape.watch(long)
        out = tf.reduce_sum(layer(long, training=True))
    return np.linalg.norm(tape.gradient(out, long), axis=(0, 2))


curves = {"SimpleRNN": reach(SimpleRNN(units)), "b_f = 1": reach(LSTM(units)), "b_f = 5": reach(LSTM(units), 5)}
figure, axes = plt.subplots(figsize=(6, 3))
for name, curve in curves.items():
    axes.semilogy(curve, label=name)
    print(f"{name:9} {curve[0] / curve[-1]:.0e}")
axes.set_xlabel("t")
axes.set_ylabel("|d h_T / d x_t|")
axes.legend()
assert curves["b_f = 5"][0] > 0.1 * curves["b_f = 5"][-1]
assert curves["b_f = 1"][0] < 0.01 * curves["b_f = 1"][-1]

# %% lstm-reach-answer
f = 0.5 ** (1 / 100)
print(round(f, 4), round(float(np.log(f / (1 - f))), 2))
assert (round(f, 3), round(float(np.log(f / (1 - f))), 1)) == (0.993, 5.0)

# %% gru-worked
h, g, z = 2.0, 0.5, 0.75
print("keeps   ", z * h + (1 - z) * g, update(z, h, g, keeps=True))
print("replaces", (1 - z) * h + z * g, update(z, h, g, keeps=False))
assert update(z, h, g, keeps=True) == 1.625
assert update(z, h, g, keeps=False) == 0.875

# %% gru-keras
ours, theirs = GRU(4), keras.layers.GRU(4)
theirs(x)
ours.build(x.shape)
ours.set_weights(theirs.get_weights())
print([w.shape for w in ours.get_weights()])
assert np.allclose(ours(x), theirs(x), atol=1e-6)

# %% gru-merges
rng = np.random.default_rng(1)
f, candidate, o, state = rng.normal(size=(4, 1, 5))
tied = lstm_step(tf.constant(np.concatenate([-f, f, candidate, o], axis=1)), tf.constant(state))[1]
gru = update(sigmoid(f), state, np.tanh(candidate))
print(np.round(np.ravel(tied), 4))
print(np.round(np.ravel(gru), 4))
assert np.allclose(tied, gru)

# %% gru-reset
from_x, from_h, h = 0.3, 1.2, 2.0
for r in (0.0, 1.0):
    g = np.tanh(from_x + r * from_h)
    print(f"r = {r:.0f}   g = {g:.2f}   z = 0: h' = {update(0.0, h, g):.2f}   z = 1: h' = {update(1.0, h, g):.2f}")
assert round(np.tanh(0.3), 2) == 0.29
assert round(np.tanh(1.5), 2) == 0.91

# %% gru-count
for features, units in ((4, 8), (64, 64), (16, 128)):
    counts = []
    for layer in (GRU(units), LSTM(units)):
        layer.build((None, None, features))
        counts.append(layer.count_params())
    print(features, units, counts, round(counts[0] / counts[1], 3))
    assert counts[0] == 3 * (features * units + units**2 + 2 * units)
    assert counts[1] == 4 * (features * units + units**2 + units)

# %% gru-answer
layer = GRU(8, reset_after=False)
layer.build((None, None, 4))
print(layer.count_params(), layer.count_params() / 416)
assert layer.count_params() == 3 * (4 * 8 + 8 * 8 + 8) == 312
assert layer.count_params() / 416 == 0.75

# %% bidirectional-worked
adds_up = {"activation": "linear", "use_bias": False, "kernel_initializer": "ones", "recurrent_initializer": "ones"}
both = Bidirectional(SimpleRNN(1, return_sequences=True, **adds_up))
y = np.array(both(np.array([[[1.0], [2.0], [3.0]]])))[0]
print("ahead", y[:, 0])
print("back ", y[:, 1])
assert y.tolist() == [[1, 6], [3, 5], [6, 3]]

# %% bidirectional-answer
last = Bidirectional(SimpleRNN(1, **adds_up))
print(np.array(last(np.array([[[1.0], [2.0], [3.0]]])))[0])
print(y[-1])
assert np.array(last(np.array([[[1.0], [2.0], [3.0]]])))[0].tolist() == [6, 6]
