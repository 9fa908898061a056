# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np

from tfnotes import layers
from tfnotes.activations import elu, leaky_relu, relu, sigmoid, step, tanh
from tfnotes.initializers import GlorotNormal, HeNormal


def slope(f, x, h=1e-6):
    """The slope of f at x, from two points beside it."""
    x = np.asarray(x, "float64")
    return np.asarray(f(x + h) - f(x - h)) / (2 * h)


# %% sigmoid-worked
x = np.array([-np.log(3), 0.0, np.log(3)])
y = np.asarray(sigmoid(x))
print("y    ", y.round(4))
print("slope", slope(sigmoid, x).round(4), (y * (1 - y)).round(4))
print("keras", np.asarray(keras.activations.sigmoid(x)).round(4))
assert y.round(12).tolist() == [0.25, 0.5, 0.75]
assert slope(sigmoid, x).round(6).tolist() == [0.1875, 0.25, 0.1875]

# %% sigmoid-picture
x = np.linspace(-8, 8, 801)
figure, axes = plt.subplots(figsize=(6, 2.8))
axes.plot(x, sigmoid(x), label="sigmoid(x)")
axes.plot(x, slope(sigmoid, x), label="sigmoid'(x)")
axes.plot(x, step(x), "--", lw=1, label="step(x)")
axes.set_xlabel("x")
axes.legend()

# %% sigmoid-signs
x = np.array([[0.2, 0.9, 0.5], [0.7, 0.1, 0.4]])
dz = np.array([[0.1], [-0.1]])
print("dw each  =", (dz * x).round(2).tolist())
print("dw batch =", (dz * x).sum(0).round(2).tolist())
assert (dz * x).sum(0).round(2).tolist() == [-0.05, 0.08, 0.01]

# %% sigmoid-answer
y = 0.99
print("y (1 - y) =", round(y * (1 - y), 4))
print("0.25 ** 10 =", 0.25**10, "  (4 * 0.25) ** 10 =", (4 * 0.25) ** 10)
assert round(y * (1 - y), 4) == 0.0099
assert f"{0.25**10:.1e}" == "9.5e-07"

# %% tanh-worked
x = np.log(3) / 2
print("tanh(x) =", round(float(tanh(x)), 4))
print("2 sigmoid(2x) - 1 =", round(float(2 * sigmoid(2 * x) - 1), 4))
assert round(float(tanh(x)), 6) == 0.5

# %% tanh-picture
x = np.linspace(-5, 5, 501)
figure, axes = plt.subplots(figsize=(6, 2.8))
axes.plot(x, tanh(x), label="tanh(x)")
axes.plot(x, sigmoid(x) - 0.5, label="sigmoid(x) - 0.5")
axes.plot(x, sigmoid(x), "--", lw=1, label="sigmoid(x)")
axes.set_xlabel("x")
axes.legend()

# %% tanh-means
z = np.random.default_rng(0).normal(size=100_000)
for mean in (0, 1):
    means = [round(float(np.mean(f(z + mean))), 2) + 0.0 for f in (sigmoid, tanh)]
    print(f"E[z] = {mean}   E[sigmoid(z)], E[tanh(z)] = {means}")
assert round(float(np.mean(sigmoid(z))), 2) == 0.5
assert round(float(np.mean(tanh(z + 1))), 2) == 0.55

# %% tanh-answer
print("tanh'(0) =", slope(tanh, 0.0).round(6), "  2 * 2 * sigmoid'(0) =", 2 * 2 * 0.25)
print("tanh'(x) =", slope(tanh, np.log(3) / 2).round(6), "  1 - 0.5**2 =", 1 - 0.5**2)
assert slope(tanh, 0.0).round(6) == 1
assert slope(tanh, np.log(3) / 2).round(6) == 0.75

# %% relu-worked
x, h = np.array([-2.0, 0.0, 3.0]), 2.0**-20
print("relu :", np.asarray(relu(x)), "  keras:", np.asarray(keras.activations.relu(x)))
print("left :", np.asarray(relu(x) - relu(x - h)) / h)
print("right:", np.asarray(relu(x + h) - relu(x)) / h)
assert (np.asarray(relu(x) - relu(x - h)) / h).tolist() == [0, 0, 1]
assert (np.asarray(relu(x + h) - relu(x)) / h).tolist() == [0, 1, 1]

# %% relu-picture
x = np.linspace(-4, 4, 801)
figure, axes = plt.subplots(figsize=(6, 2.8))
axes.plot(x, relu(x), label="relu(x)")
axes.plot(x, x > 0, "--", label="relu'(x)")
axes.set_xlabel("x")
axes.legend()

# %% relu-sparse
z = np.random.default_rng(0).normal(size=100_000)
for b in (0, 2):
    y = np.asarray(relu(z + b))
    print(f"b = {b}   y == 0: {np.mean(y == 0):.3f}   E[y] = {y.mean():.3f}")
assert round(np.mean(z <= 0), 2) == 0.5
assert round(np.mean(z + 2 <= 0), 2) == 0.02

# %% relu-answer
y = np.asarray(relu(z))
print(f"E[y] = {y.mean():.3f}   E[y**2] = {np.mean(y**2):.3f}")
print(f"1 / sqrt(2 pi) = {1 / np.sqrt(2 * np.pi):.3f}")
assert round(1 / np.sqrt(2 * np.pi), 3) == 0.399
assert round(np.mean(y**2), 2) == 0.5

# %% dying-worked
w, rate, target = np.array([-0.3, 1.0]), 0.1, 5.0
for x in (np.array([1.0, 0.0]), np.array([1.0, 2.0])):
    u = w @ x
    gradient = 2 * (relu(u) - target) * (u > 0) * x
    w = w - rate * np.asarray(gradient)
    print("x =", x, "  u =", u.round(2), "  w after =", w.round(2))
print("u =", (w @ np.array([1.0, 0.0])).round(2))
assert w.round(9).tolist() == [0.36, 2.32]

# %% growing
width, depth = 128, 20
starts = {
    "GlorotNormal": (GlorotNormal, 1),
    "HeNormal": (HeNormal, 1),
    "2 * HeNormal": (HeNormal, 2),
}
size = {}
for name, (initializer, factor) in starts.items():
    h, size[name] = np.random.default_rng(0).normal(size=(100, width)), []
    for k in range(depth):
        kernel = factor * np.asarray(initializer(seed=k)((width, width), "float64"))
        h = np.asarray(relu(h @ kernel))
        size[name].append(np.sqrt(np.mean(h**2)))
    print(f"{name:13} {size[name][0]:8.3f} -> {size[name][-1]:.2g}")

# %% growing-picture
figure, axes = plt.subplots(figsize=(6, 2.8))
for name, sizes in size.items():
    axes.semilogy(range(1, depth + 1), sizes, label=name)
axes.set(xlabel="layer", ylabel="sqrt(E[y**2])", xticks=range(2, depth + 1, 2))
axes.legend()

# %% dying-answer
w, x = 2.0, 1.0
gradient = 2 * (w * x - 0.0) * x
for rate in (0.1, 0.45, 0.6):
    print(f"rate = {rate}   w after = {w - rate * gradient:.2f}")
assert w - 0.5 * gradient == 0
assert round(w - 0.6 * gradient, 9) == -0.4

# %% leaky-worked
x = np.array([-2.0, 3.0])
print("y    ", np.asarray(leaky_relu(x, 0.01)))
print("slope", slope(lambda x: leaky_relu(x, 0.01), x).round(6))
defaults = float(leaky_relu(x)[0]), float(layers.LeakyReLU()(x)[0])
print("leaky_relu(-2), LeakyReLU()(-2) =", [round(y, 6) for y in defaults])
assert np.asarray(leaky_relu(x, 0.01)).tolist() == [-0.02, 3.0]
assert [round(y, 6) for y in defaults] == [-0.4, -0.6]


# %% prelu-worked
x = np.array([[-2.0, 3.0, -4.0]])
layer = layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25), shared_axes=[1])
print(np.asarray(layer(x)))
print("d sum(y) / d alpha =", x[x < 0].sum())
assert np.asarray(layer(x)).tolist() == [[-0.5, 3.0, -1.0]]
assert x[x < 0].sum() == -6

# %% rrelu-worked
layer = layers.RReLU(seed=0)
x = np.full(5, -48.0)
print("training :", np.asarray(layer(x, training=True)).round(1))
print("inference:", np.asarray(layer(x)).round(6))
assert np.asarray(layer(x)).round(4).tolist() == [-11.0] * 5

# %% leaky-answer
for a in (0.01, 0.2, 0.3):
    print(f"{a} ** 10 = {a**10:.1e}")
assert f"{0.01**10:.0e}" == "1e-20"
assert f"{0.2**10:.1e}" == "1.0e-07"
assert f"{0.3**10:.0e}" == "6e-06"

# %% elu-worked
x = np.array([-np.log(2), 3.0])
print("y    ", np.asarray(elu(x)).round(6))
print("keras", np.asarray(keras.activations.elu(x)).round(6))
print("slope", slope(elu, x).round(6), "  elu(-20) =", round(float(elu(-20.0)), 6))
assert np.asarray(elu(x)).round(9).tolist() == [-0.5, 3.0]
assert slope(elu, x).round(6).tolist() == [0.5, 1.0]

# %% elu-picture
x = np.linspace(-4, 2, 601)
figure, axes = plt.subplots(figsize=(6, 2.8))
axes.plot(x, relu(x), label="relu(x)")
axes.plot(x, leaky_relu(x, 0.1), label="leaky_relu(x, 0.1)")
axes.plot(x, elu(x), label="elu(x)")
axes.set_xlabel("x")
axes.legend()

# %% elu-answer
z = np.random.default_rng(0).normal(size=1_000_000)
print(f"E[relu(z)] = {np.mean(relu(z)):.2f}   E[elu(z)] = {np.mean(elu(z)):.2f}")
x = np.linspace(-5, -0.1, 50)
difference = np.max(np.abs(slope(elu, x) - (elu(x) + 1)))
print("max |slope - (y + 1)| < 1e-8:", bool(difference < 1e-8))
assert round(float(np.mean(relu(z))), 2) == 0.4
assert round(float(np.mean(elu(z))), 2) == 0.16
assert difference < 1e-8

# %% maxout-worked
x = np.array([[-2.0], [1.0]])
unit = layers.Maxout(1, pieces=2)
unit.build((None, 1))
for kernel in ([1.0, 0.0], [1.0, -1.0]):
    unit.set_weights([np.array([kernel]), np.zeros(2)])
    print(kernel, np.ravel(unit(x)))
assert np.ravel(unit(x)).tolist() == [2.0, 1.0]

# %% maxout-picture
x, figure, axes = np.linspace(-3, 3, 601)[:, None], *plt.subplots(figsize=(6, 2.8))
for pieces in (2, 5):
    at = np.linspace(-2, 2, pieces)
    unit = layers.Maxout(1, pieces=pieces)
    unit.build((None, 1))
    unit.set_weights([at[None], -(at**2) / 2])
    axes.plot(x, unit(x), label=f"pieces = {pieces}")
axes.plot(x, x**2 / 2, "k:", lw=1, label="x**2 / 2")
axes.set_xlabel("x")
axes.legend()

# %% maxout-parameters
images = np.ones((1, 8, 8, 3))
for layer in (layers.Conv2D(4, 3), layers.MaxoutConv2D(4, 3, pieces=2)):
    print(type(layer).__name__, layer(images).shape, layer.count_params())
assert layer.count_params() == 2 * (3 * 3 * 3 + 1) * 4 == 224

# %% maxout-answer
x = np.linspace(-3, 3, 601)[:, None]
unit = layers.Maxout(1, pieces=2)
unit.build((None, 1))
unit.set_weights([np.array([[1.0, 0.01]]), np.zeros(2)])
print("max |maxout - leaky_relu| < 1e-6:", np.allclose(unit(x), leaky_relu(x, 0.01), atol=1e-6))
print("tanh(1) =", round(float(tanh(1.0)), 3))
print("(tanh(0) + tanh(2)) / 2 =", round(float(tanh(2.0)) / 2, 3))
assert np.allclose(unit(x), leaky_relu(x, 0.01), atol=1e-6)
assert float(tanh(1.0)) > float(tanh(2.0)) / 2
