# %% setup
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import backprop
from tfnotes.activations import relu, sigmoid, tanh
from tfnotes.backprop import backward, error, example, forward, shapes, update

np.set_printoptions(precision=6, suppress=True)

# %% chain-worked
x, w1, w2, t = 2.0, 1.5, -1.0, 1.0
h = max(0.0, w1 * x)
y = w2 * h
loss = (y - t) ** 2 / 2
dy = y - t
dw2, dh = dy * h, dy * w2
dw1 = dh * (1.0 if h > 0 else 0.0) * x
print("h =", h, "  y =", y, "  loss =", loss)
print("dy =", dy, "  dw2 =", dw2, "  dh =", dh, "  dw1 =", dw1)
assert (h, y, loss) == (3.0, -3.0, 8.0)
assert (dy, dw2, dh, dw1) == (-4.0, -12.0, 4.0, 8.0)

# %% chain-answer
rate = 0.1
new_w1, new_w2 = w1 - rate * dw1, w2 - rate * dw2
after = (new_w2 * max(0.0, new_w1 * x) - t) ** 2 / 2
print("w1 =", round(new_w1, 9), "  w2 =", round(new_w2, 9), "  loss =", round(after, 4))
print("dw1 with the new w2:", round(dy * new_w2 * x, 9))
assert (round(new_w1, 9), round(new_w2, 9), round(after, 4)) == (0.7, 0.2, 0.2592)
assert round(dy * new_w2 * x, 9) == -1.6

# %% shapes
found = shapes([2, 3, 1], examples=5)
for name in ("a[0]", "w[1]", "b[1]", "a[1]", "dz[1]", "dw[1]", "w[2]", "a[2]"):
    print(f"{name:5} {found[name][0]} x {found[name][1]}")
assert found["dw[1]"] == (3, 2)

# %% example-forward
layers = list(example.LAYERS)
a = forward(layers, example.INPUTS)
for k, matrix in enumerate(a):
    print(f"a[{k}] =", matrix.ravel())
print(f"error = {error(a[-1], example.TARGETS):.9f}")
assert a[2].ravel().round(4).tolist() == [0.7514, 0.7729]
assert round(error(a[-1], example.TARGETS), 6) == 0.298371

# %% example-backward
gradients = backward(layers, a, example.TARGETS)
for k, g in enumerate(gradients, 1):
    print(f"dw[{k}] =", g.w.ravel(), f"  db[{k}] =", g.b.ravel())
after = update(layers, gradients, example.RATE, biases=False)
print(f"error = {error(forward(after, example.INPUTS)[-1], example.TARGETS):.9f}")
assert round(gradients[1].w[0, 0], 6) == 0.082167
assert round(error(forward(after, example.INPUTS)[-1], example.TARGETS), 9) == 0.291027774

# %% example-automatic
w = [tf.Variable(layer.w) for layer in layers]
with tf.GradientTape() as tape:
    h = sigmoid(w[0] @ example.INPUTS + layers[0].b)
    o = sigmoid(w[1] @ h + layers[1].b)
    loss = tf.reduce_sum((example.TARGETS - o) ** 2) / 2
automatic = tape.gradient(loss, w)
difference = max(np.max(np.abs(g.w - b)) for g, b in zip(gradients, automatic, strict=True))
print("max |hand - automatic| < 1e-15:", bool(difference < 1e-15))
assert difference < 1e-15

# %% example-early
early = backprop.update_too_early(layers, a, example.TARGETS, example.RATE, biases=False)
print(f"error = {error(forward(early, example.INPUTS)[-1], example.TARGETS):.9f}")
print("w[1] - w[1] early =", (after[0].w - early[0].w).ravel())
assert round(error(forward(early, example.INPUTS)[-1], example.TARGETS), 9) == 0.291027924

# %% example-picture
figure, axes = plt.subplots(figsize=(6, 2.6))
for biases in (False, True):
    current, errors = list(example.LAYERS), []
    for _ in range(2000):
        outputs = forward(current, example.INPUTS)
        errors.append(error(outputs[-1], example.TARGETS))
        current = update(current, backward(current, outputs, example.TARGETS), example.RATE, biases)
    axes.loglog(range(1, 2001), errors, label=f"biases = {biases}")
axes.set(xlabel="updates", ylabel="error")
axes.legend()

# %% backpropagation-answer
h, o, t = a[1][0, 0], a[2][0, 0], example.TARGETS[0, 0]
dw5 = (o - t) * o * (1 - o) * h
print(f"{o - t:.4f} * {o * (1 - o):.4f} * {h:.4f} = {dw5:.4f}")
print(f"w5 = {0.4 - 0.5 * dw5:.4f}")
assert round(dw5, 4) == 0.0822
assert round(0.4 - 0.5 * dw5, 4) == 0.3589


# %% check-worked
def error_at(w5):
    """The error of the example with another w5."""
    moved = [layers[0], backprop.Layer(layers[1].w.copy(), layers[1].b)]
    moved[1].w[0, 0] = w5
    return error(forward(moved, example.INPUTS)[-1], example.TARGETS)


steps = 10.0 ** -np.arange(1, 13)
exact = gradients[1].w[0, 0]
one = np.array([abs((error_at(0.4 + h) - error_at(0.4)) / h - exact) for h in steps])
two = np.array([abs((error_at(0.4 + h) - error_at(0.4 - h)) / (2 * h) - exact) for h in steps])
for k in (1, 4, 9):
    print(f"h = {steps[k]:.0e}   one side: {one[k]:.0e}   both sides: {two[k]:.0e}")
assert two[4] < 1e-10 < one[4]

# %% check-picture
figure, axes = plt.subplots(figsize=(6, 2.6))
axes.loglog(steps, one, "o-", label="(f(w + h) - f(w)) / h")
axes.loglog(steps, two, "s-", label="(f(w + h) - f(w - h)) / 2h")
axes.set_xlabel("h")
axes.legend()

# %% gradient-check-answer
f, h = (lambda w: w**3), 0.1
one_side, both = (f(1 + h) - f(1)) / h, (f(1 + h) - f(1 - h)) / (2 * h)
print("one side:", round(one_side, 9), "  both sides:", round(both, 9))
assert (round(one_side, 9), round(both, 9)) == (3.31, 3.01)


# %% vanishing
def gradient_sizes(activation, slope, variance, depth=20, width=64):
    """The size of the gradient at each layer's output, for weights of a variance."""
    rng = np.random.default_rng(0)
    kernels = rng.normal(0, np.sqrt(variance), (depth, width, width))
    h, outputs = rng.normal(size=(100, width)), []
    for kernel in kernels:
        h = np.asarray(activation(h @ kernel))
        outputs.append(h)
    dh, sizes = rng.normal(size=h.shape), []
    for kernel, h in zip(kernels[::-1], outputs[::-1], strict=True):
        sizes.insert(0, np.sqrt(np.mean(dh**2)))
        dh = (dh * slope(h)) @ kernel.T
    return np.array(sizes)


width = 64
networks = {
    "sigmoid, 1/n": (sigmoid, lambda y: y * (1 - y), 1 / width),
    "tanh, 1/n": (tanh, lambda y: 1 - y**2, 1 / width),
    "relu, 1/n": (relu, lambda y: y > 0, 1 / width),
    "relu, 2/n": (relu, lambda y: y > 0, 2 / width),
    "relu, 4/n": (relu, lambda y: y > 0, 4 / width),
}
found = {name: gradient_sizes(*arguments) for name, arguments in networks.items()}
for name, sizes in found.items():
    print(f"{name:13} log10(first / last) = {np.log10(sizes[0] / sizes[-1]):6.2f}")
assert np.log10(found["sigmoid, 1/n"][0] / found["sigmoid, 1/n"][-1]) < -10
assert abs(np.log10(found["relu, 2/n"][0] / found["relu, 2/n"][-1])) < 1

# %% vanishing-picture
figure, axes = plt.subplots(figsize=(6, 3))
for name, sizes in found.items():
    axes.semilogy(range(1, len(sizes) + 1), sizes, label=name)
axes.set(xlabel="layer", ylabel="sqrt(E[dy**2])", xticks=range(2, 21, 2))
axes.legend(fontsize=8)

# %% vanishing-answer
for c in (1, 2, 4):
    factor = np.sqrt(c / 2)
    print(f"{c}/n   factor {factor:.4f}   log10(factor ** 19) = {19 * np.log10(factor):.2f}")
assert round(19 * np.log10(np.sqrt(1 / 2)), 2) == -2.86
