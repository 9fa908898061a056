# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

from tfnotes.activations import linear, relu, sigmoid, tanh
from tfnotes.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    Zeros,
)
from tfnotes.layers import Dense


def rms(values):
    return float(np.sqrt(np.mean(np.square(values))))


def through(kernels, activation, x):
    sizes = []
    for kernel in kernels:
        x = np.asarray(activation(x @ np.asarray(kernel)))
        sizes.append(rms(x))
    return sizes


# %% zeros-worked
x, target = np.array([1.0, 2.0]), 1.0
w = np.asarray(Constant(0.5)((2, 2)))
v = np.asarray(Constant(0.5)((2,)))
h = x @ w
y = h @ v
error = y - target
print("h", h, "y", y, "error", error)
print("dv", error * h)
print("dw", error * np.outer(x, v), sep="\n")
assert h.tolist() == [1.5, 1.5]
assert error == 0.5
assert (error * h).tolist() == [0.75, 0.75]
assert (error * np.outer(x, v)).tolist() == [[0.25, 0.25], [0.5, 0.5]]

# %% zeros-trained
rng = np.random.default_rng(0)
examples = rng.normal(size=(64, 3)).astype("float32")
labels = examples[:, :1] * examples[:, 1:2]


def trained(initializer):
    keras.utils.set_random_seed(0)
    hidden = Dense(4, "tanh", kernel_initializer=initializer)
    model = keras.Sequential([hidden, Dense(1, kernel_initializer=initializer)])
    model.compile("sgd", "mse")
    model.fit(examples, labels, epochs=30, batch_size=64, verbose=0)
    return hidden.get_weights()[0]


same, random = trained(Constant(0.5)), trained(RandomNormal(stddev=0.5, seed=1))
print("Constant", same.round(3), sep="\n")
print("RandomNormal", random.round(3), sep="\n")
assert np.ptp(same, axis=1).max() < 1e-6
assert not np.allclose(same, 0.5, atol=1e-3)
assert np.ptp(random, axis=1).max() > 0.1

# %% zeros-answer
w, v = np.asarray(Zeros()((2, 2))), np.asarray(Zeros()((2,)))
for name, activation in (("sigmoid", sigmoid), ("relu", relu)):
    h = np.asarray(activation(x @ w))
    error = h @ v - target
    dv, dw = error * h, error * np.outer(x, v).ravel()
    print(name, "h", h, "dv", dv + 0, "dw", dw + 0)
    assert np.allclose(dv, -0.5 if name == "sigmoid" else 0)
    assert not np.any(dw)
assert float(ops.sum(Ones()((2, 3)))) == 6

# %% random_normal-worked
deviation = {}
for initializer in (
    RandomNormal(stddev=0.05, seed=1),
    RandomUniform(-0.05, 0.05, seed=1),
    TruncatedNormal(stddev=0.05, seed=1),
):
    name = type(initializer).__name__
    w = np.asarray(initializer((100, 10_000)))
    sums = np.ones(100) @ w
    deviation[name] = w.std()
    print(f"{name:16} {w.std():.4f} {abs(w).max():.3f} {sums.std():.3f}")
    assert abs(sums.std() - 10 * w.std()) < 0.01
assert abs(deviation["RandomNormal"] - 0.05) < 2e-4
assert abs(deviation["RandomUniform"] - 0.05 / 3**0.5) < 2e-4
assert round(0.05 / 3**0.5, 4) == 0.0289
assert abs(deviation["TruncatedNormal"] - 0.8796 * 0.05) < 2e-4

# %% random_normal-picture
width = 100
signal = np.random.default_rng(2).normal(size=(200, width))
figure, axes = plt.subplots(figsize=(6, 3))
ends = {}
for stddev in (0.01, 0.1, 1.0):
    kernels = [RandomNormal(stddev=stddev, seed=k)((width, width)) for k in range(10)]
    sizes = through(kernels, tanh, signal)
    ends[stddev] = sizes[-1]
    axes.semilogy(range(1, 11), sizes, "o-", label=f"stddev={stddev}")
axes.set_xlabel("layer")
axes.set_ylabel("rms(h)")
axes.legend()
assert ends[0.01] < 1e-9
assert 0.2 < ends[0.1] < 0.5
assert ends[1.0] > 0.9

# %% random_normal-answer
limit = 0.05 * 3**0.5
w = np.asarray(RandomUniform(-limit, limit, seed=1)((1000, 1000)))
print(round(limit, 4), round(w.std(), 4))
assert round(limit, 4) == 0.0866
assert abs(w.std() - 0.05) < 1e-4

# %% glorot_uniform-worked
shape = (300, 100)
fan_in, fan_out = GlorotUniform().fans(shape)
variance = 2 / (fan_in + fan_out)
limit = (3 * variance) ** 0.5
w = np.asarray(GlorotUniform(seed=1)(shape))
print("fans", fan_in, fan_out, "variance", variance, "limit", round(limit, 4))
print(f"drawn: variance {w.var():.5f} limit {abs(w).max():.4f}")
print(GlorotUniform().fans((3, 3, 16, 32)))
assert variance == 0.005
assert round(limit, 4) == 0.1225
assert abs(w.var() - 0.005) < 1e-4
assert GlorotUniform().fans((3, 3, 16, 32)) == (144, 288)
assert np.array_equal(w, np.asarray(keras.initializers.GlorotUniform(seed=1)(shape)))

# %% glorot_uniform-picture
glorot = [GlorotNormal(seed=k)((width, width)) for k in range(10)]
figure, axes = plt.subplots(figsize=(6, 3))
kept = {}
for name, activation in (("linear", linear), ("tanh", tanh), ("relu", relu)):
    squares = np.square(through(glorot, activation, signal))
    kept[name] = squares[-1] / squares[0]
    axes.semilogy(range(1, 11), squares, "o-", label=name)
axes.set_xlabel("layer")
axes.set_ylabel("mean(h**2)")
axes.legend()
print({name: round(float(share), 4) for name, share in kept.items()})
assert 0.5 < kept["linear"] < 2
assert 0.115 < kept["tanh"] < 0.135
assert kept["relu"] < 0.01

# %% glorot_uniform-answer
narrow, wide = (np.asarray(GlorotNormal(seed=1)((n, n))).std() for n in (100, 400))
print(round(float(narrow), 3), round(float(wide), 3), round(float(narrow / wide), 2))
assert abs(narrow / wide - 2) < 0.02
assert round((2 / 200) ** 0.5, 3) == 0.1
assert round((2 / 800) ** 0.5, 3) == 0.05

# %% he_normal-worked
z = np.array([-2.0, -1.0, 1.0, 2.0])
h = np.asarray(relu(z))
print("z", z, np.mean(z**2))
print("relu(z)", h, np.mean(h**2), np.var(h))
print("stddev", (2 / 128) ** 0.5)
assert np.mean(z**2) == 2.5
assert np.mean(h**2) == 1.25
assert np.var(h) == 0.6875
assert (2 / 128) ** 0.5 == 0.125

# %% he_normal-picture
figure, axes = plt.subplots(figsize=(6, 3))
ends = {}
for initializer in (GlorotNormal, HeNormal, HeUniform):
    name = initializer.__name__
    kernels = [initializer(seed=k)((width, width)) for k in range(30)]
    squares = np.square(through(kernels, relu, signal))
    ends[name] = squares[-1]
    axes.semilogy(range(1, 31), squares, label=name)
axes.set_xlabel("layer")
axes.set_ylabel("mean(h**2)")
axes.legend()
print({name: float(f"{end:.2g}") for name, end in ends.items()})
assert ends["GlorotNormal"] < 1e-7
assert 0.05 < ends["HeNormal"] < 10
assert 0.05 < ends["HeUniform"] < 10

# %% he_normal-answer
slope = 0.2
z = np.random.default_rng(0).normal(size=1_000_000)
h = np.where(z > 0, z, slope * z)
keeps = (1 + slope**2) / 2
print(round(float(np.mean(h**2)), 3), keeps, "variance =", round(1 / keeps, 3), "/ n")
assert abs(np.mean(h**2) - keeps) < 0.005
assert keeps == 0.52
assert round(1 / keeps, 3) == 1.923

# %% orthogonal-worked
x = np.array([3.0, 4.0])
w = np.asarray(Orthogonal(seed=1)((2, 2)))
print(w.round(3), (x @ w).round(3), round(float(np.linalg.norm(x @ w)), 4))
assert abs(np.linalg.norm(x @ w) - 5) < 1e-5
wide, tall = np.asarray(Orthogonal(seed=1)((2, 6))), np.asarray(Orthogonal(seed=1)((6, 2)))
print(round(float(np.linalg.norm(x @ wide)), 4), np.round(tall.T @ tall, 4).tolist())
assert abs(np.linalg.norm(x @ wide) - 5) < 1e-5
assert np.allclose(tall.T @ tall, np.eye(2), atol=1e-5)

# %% orthogonal-picture
start = np.random.default_rng(3).normal(size=64)
turn = np.asarray(Orthogonal(seed=1)((64, 64)))
draw = np.asarray(RandomNormal(stddev=64**-0.5, seed=1)((64, 64)))
figure, axes = plt.subplots(figsize=(6, 3))
ends = {}
for name, w in (("Orthogonal", turn), ("RandomNormal", draw), ("0.9 * Orthogonal", 0.9 * turn)):
    h, lengths = start, []
    for _ in range(50):
        h = h @ w
        lengths.append(np.linalg.norm(h) / np.linalg.norm(start))
    ends[name] = lengths[-1]
    axes.semilogy(range(1, 51), lengths, label=name)
axes.set_xlabel("t")
axes.set_ylabel("|h[t]| / |h[0]|")
axes.legend()
print({name: float(f"{end:.3g}") for name, end in ends.items()})
assert abs(ends["Orthogonal"] - 1) < 1e-4
assert not 0.5 < ends["RandomNormal"] < 2

# %% orthogonal-answer
w = np.asarray(Orthogonal(gain=0.9, seed=1)((64, 64)))
h = start
for _ in range(50):
    h = h @ w
left = np.linalg.norm(h) / np.linalg.norm(start)
print(round(float(left), 5), round(0.9**50, 5))
assert round(0.9**50, 5) == 0.00515
assert round(1.1**50) == 117
assert abs(left - 0.9**50) < 1e-6
