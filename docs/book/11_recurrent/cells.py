# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import clipping
from tfnotes.initializers import Orthogonal
from tfnotes.layers import SimpleRNN


def rnn(u, w, activation="tanh", **options):
    """A SimpleRNN of one unit that reads one number a step."""
    layer = SimpleRNN(1, activation=activation, use_bias=False, **options)
    layer.build((None, None, 1))
    layer.set_weights([np.array([[u]]), np.array([[w]])])
    return layer


# %% simple_rnn-worked
x = np.array([1.0, 0.0, 0.0])
h, states = 0.0, []
for x_t in x:
    h = np.tanh(1.0 * x_t + 0.5 * h)
    states.append(h)
print("tanh     ", np.round(states, 4))
ours = rnn(u=1.0, w=0.5, return_sequences=True)(x[None, :, None])
print("SimpleRNN", np.round(np.ravel(ours), 4))
assert np.allclose(np.ravel(ours), states, atol=1e-6)
assert np.round(states, 4).tolist() == [0.7616, 0.3634, 0.1797]

# %% simple_rnn-keras
keras.utils.set_random_seed(0)
batch = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
ours, theirs = SimpleRNN(4, return_sequences=True), keras.layers.SimpleRNN(4, return_sequences=True)
theirs(batch)
ours.build(batch.shape)
ours.set_weights(theirs.get_weights())
print("weights   ", [w.shape for w in ours.get_weights()])
print("max|d|    ", float(np.max(np.abs(ours(batch) - theirs(batch)))) < 1e-6)
assert np.allclose(ours(batch), theirs(batch), atol=1e-6)

# %% simple_rnn-every-step
last = SimpleRNN(4)
last.build(batch.shape)
last.set_weights(ours.get_weights())
every = np.array(ours(batch))
print("return_sequences=False", last(batch).shape)
print("return_sequences=True ", every.shape)
for t in (0, 2, 4):
    cut = np.array(last(batch[:, : t + 1]))
    print("step", t, np.allclose(every[:, t], cut, atol=1e-6))
    assert np.allclose(every[:, t], cut, atol=1e-6)

# %% simple_rnn-answer
layer = rnn(u=1.0, w=1.0, activation="linear", return_sequences=True)
print(np.ravel(layer(np.array([[[1.0], [0.0], [2.0], [0.0]]]))))
assert np.allclose(np.ravel(layer(np.array([[[1.0], [0.0], [2.0], [0.0]]]))), [1, 1, 3, 3])

# %% bptt-worked
w = 0.5
h = [1.0, w, w**2]
by_step = [h[1], w * h[0]]
print("h           ", h)
print("dw by step  ", by_step)
print("dw          ", sum(by_step))
layer = rnn(u=1.0, w=w, activation="linear")
with tf.GradientTape() as tape:
    out = tf.reduce_sum(layer(np.array([[[1.0], [0.0], [0.0]]], "float32"), training=True))
_, dw = tape.gradient(out, layer.trainable_weights)
print("SimpleRNN   ", float(dw[0, 0]))
assert h == [1.0, 0.5, 0.25]
assert by_step == [0.5, 0.5]
assert float(dw[0, 0]) == sum(by_step) == 1.0


# %% bptt-answer
def loss(w):
    h1 = 1.0
    h2 = w * h1
    return h1 + h2 + w * h2


epsilon = 1e-6
print(round((loss(0.5 + epsilon) - loss(0.5 - epsilon)) / (2 * epsilon), 4))
assert round((loss(0.5 + epsilon) - loss(0.5 - epsilon)) / (2 * epsilon), 4) == 2.0

# %% memory-worked
for radius in (0.9, 1.0, 1.1):
    print(radius, radius**10, radius**50)
assert round(0.9**10, 2) == 0.35
assert round(0.9**50, 4) == 0.0052
assert round(1.1**50) == 117

# %% memory-picture
rng = np.random.default_rng(1)
steps, units = 30, 4
inputs = tf.constant(rng.normal(size=(8, steps, 4)).astype("float32"))


def reach(radius):
    """The size of the gradient of the last output at each step's input."""
    matrix = Orthogonal(gain=radius, seed=1)
    layer = SimpleRNN(units, activation="linear", recurrent_initializer=matrix, kernel_initializer=Orthogonal(seed=2))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        out = tf.reduce_sum(layer(inputs, training=True))
    return np.linalg.norm(tape.gradient(out, inputs), axis=(0, 2))


figure, axes = plt.subplots(figsize=(6, 3))
for radius in (0.8, 1.0, 1.2):
    curve = reach(radius)
    axes.semilogy(curve, label=f"r = {radius}")
    print(radius, f"{curve[0] / curve[-1]:.1e}")
axes.set_xlabel("t")
axes.set_ylabel("|d h_T / d x_t|")
axes.legend()
assert all(np.isclose(reach(r)[0] / reach(r)[-1], r**29, rtol=1e-3) for r in (0.8, 1.0, 1.2))
assert (round(0.8**29, 4), round(1.2**29)) == (0.0015, 198)

# %% memory-answer
for radius in (0.5, 0.9, 0.99):
    print(radius, int(np.ceil(np.log(0.01) / np.log(radius))))
assert [int(np.ceil(np.log(0.01) / np.log(radius))) for radius in (0.5, 0.9, 0.99)] == [7, 44, 459]

# %% cliff-worked
gradient = np.array([30.0, 40.0])
print(np.linalg.norm(gradient))
print(np.round(np.array(clipping.clip_by_norm(tf.constant(gradient), 5.0)), 6))
assert np.allclose(clipping.clip_by_norm(tf.constant(gradient), 5.0), [3.0, 4.0])


# %% cliff-descent
def descend(slope, x, rate, clip=None, steps=100):
    """Gradient descent on a function of one number, by its slope."""
    for _ in range(steps):
        g = slope(x)
        g = np.clip(g, -clip, clip) if clip else g
        x = x - rate * g
        if abs(x) > 1e6:
            break
    return x


quartic, parabola = (lambda x: 4 * x**3), (lambda x: 2 * x)
print("x**4  plain  ", f"{descend(quartic, 10.0, 0.02):.0e}")
print("x**4  clipped", f"{descend(quartic, 10.0, 0.02, clip=10):.2f}")
print("x**2  plain  ", f"{descend(parabola, 1.0, 1.1):.0e}")
print("x**2  clipped", [round(float(descend(parabola, 1.0, 1.1, clip=1, steps=n)), 2) for n in (97, 98, 99, 100)])
assert abs(descend(quartic, 10.0, 0.02)) > 1e6
assert abs(descend(quartic, 10.0, 0.02, clip=10)) < 0.5
assert all(abs(descend(parabola, 1.0, 1.1, clip=1, steps=n)) > 0.3 for n in (97, 98, 99, 100))

# %% cliff-answer
both = [tf.constant([30.0]), tf.constant([40.0])]
clipped, norm = clipping.clip_by_global_norm(both, 5.0)
print(float(norm), [float(g[0]) for g in clipped])
print([float(clipping.clip_by_value(g, -5.0, 5.0)[0]) for g in both])
assert [float(g[0]) for g in clipped] == [3.0, 4.0]
assert [float(clipping.clip_by_value(g, -5.0, 5.0)[0]) for g in both] == [5.0, 5.0]
