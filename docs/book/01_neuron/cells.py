# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np

from tfnotes import layers
from tfnotes.activations import relu, step
from tfnotes.layers.dense import dense

# %% weights-worked
x = np.array([[2.0, 3.0]])
w = np.array([[0.5], [-1.0]])
b = np.array([4.0])
u = float(dense(x, w, b)[0, 0])
print("u =", u)
assert u == 2.0

# %% bias-range
rng = np.random.default_rng(0)
inputs, kernel = rng.normal(size=(1000, 5)), rng.normal(size=(5, 1))
sums = {b: np.ravel(dense(inputs, kernel, np.array([b]))) for b in (0.0, 3.0)}
for b, u in sums.items():
    print(f"b = {b:.0f}   min {u.min():6.2f}   max {u.max():5.2f}   width {np.ptp(u):.2f}")
assert np.allclose(sums[3.0], sums[0.0] + 3)

# %% bias-picture
figure, axes = plt.subplots(figsize=(6, 2.5))
for b, u in sums.items():
    axes.hist(u, bins=40, alpha=0.6, label=f"b = {b:.0f}")
axes.set_xlabel("u = w·x + b")
axes.legend()

# %% weights-and-bias-answer
corners = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
labels = corners[:, 0] * corners[:, 1]
best = np.linalg.lstsq(np.c_[corners, np.ones(4)], labels, rcond=None)[0]
print("w1, w2, b =", best.round(12) + 0.0)
print("labels    =", labels)
assert np.allclose(best, 0)

# %% dense-worked
x = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
kernel = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])
bias = np.array([0.0, 10.0])
y = np.asarray(dense(x, kernel, bias))
print(x.shape, "->", y.shape)
print(y)
assert y.tolist() == [[4.0, 9.0], [0.0, 11.0]]

# %% dense-keras
ours, theirs = layers.Dense(2), keras.layers.Dense(2)
for layer in (ours, theirs):
    layer.build(x.shape)
    layer.set_weights([kernel, bias])
print("max |ours - keras| =", np.max(np.abs(ours(x) - theirs(x))))
assert np.array_equal(ours(x), y)

# %% dense-count
model = keras.Sequential([keras.Input((28 * 28,)), layers.Dense(15), layers.Dense(10)])
print([layer.count_params() for layer in model.layers], model.count_params())
assert model.count_params() == 784 * 15 + 15 + 15 * 10 + 10 == 11935
note = 28 * 28 * 15 * 10 + 15 + 10
print("28*28*15*10 + 15 + 10 =", note)
assert round(note / model.count_params(), 1) == 9.9

# %% dense-answer
model = keras.Sequential([keras.Input((28 * 28,)), layers.Dense(128), layers.Dense(10)])
print([layer.count_params() for layer in model.layers], model.count_params())
assert model.count_params() == (784 + 1) * 128 + (128 + 1) * 10 == 101770

# %% step-worked
print(np.asarray(step(np.array([-2.0, 0.0, 3.0]))))

# %% perceptron-rule
corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def learn(targets, passes):
    """The perceptron rule at rate 1; the mistakes of each pass through the four corners."""
    w, b, mistakes = np.zeros(2), 0.0, []
    for _ in range(passes):
        wrong = 0
        for x, t in zip(corners, targets, strict=True):
            y = float(w @ x + b > 0)
            w, b = w + (t - y) * x, b + (t - y)
            wrong += y != t
        mistakes.append(int(wrong))
    return w, b, mistakes


w, b, mistakes = learn([0, 0, 0, 1], passes=8)
print("w =", w, " b =", b, " mistakes:", mistakes)
assert (*w, b) == (2.0, 1.0, -2.0)
assert sum(mistakes) == 10

# %% perceptron-layer
layer = layers.Perceptron()
layer.build((None, 2))
layer.set_weights([w[:, None], np.array([b])])
print(np.ravel(layer(corners)))
assert np.ravel(layer(corners)).tolist() == [0, 0, 0, 1]

# %% perceptron-picture
figure, axes = plt.subplots(figsize=(5, 3))
line = np.array([-0.3, 1.3])
axes.plot(line, -(w[0] * line + b) / w[1], "C2", label="w·x + b = 0")
axes.plot(*corners[:3].T, "C0o", ms=9, label="t = 0")
axes.plot(*corners[3:].T, "C1s", ms=9, label="t = 1")
axes.set(xlabel="x1", ylabel="x2", xlim=(-0.3, 1.3), ylim=(-0.3, 1.5))
axes.legend(bbox_to_anchor=(1.02, 1), loc="upper left")

# %% perceptron-answer
xor = np.array([0, 1, 1, 0])
w, b, mistakes = learn(xor, passes=1000)
print("min(mistakes) =", min(mistakes))
hidden = step(dense(corners, np.ones((2, 2)), np.array([-0.5, -1.5])))
y = np.ravel(step(dense(hidden, np.array([[1.0], [-1.0]]), np.array([-0.5]))))
print("hidden =", np.asarray(hidden).tolist(), " y =", y)
assert min(mistakes) > 0
assert y.tolist() == xor.tolist()

# %% linear-worked
x = np.array([[-1.0], [0.0], [1.0]])
first = np.array([[2.0]]), np.array([1.0])
second = np.array([[-3.0]]), np.array([4.0])
y = np.ravel(dense(dense(x, *first), *second))
print(y, np.ravel(-6 * x + 1))
assert y.tolist() == [7.0, 1.0, -5.0] == np.ravel(-6 * x + 1).tolist()

# %% linear-deep
rng = np.random.default_rng(0)
kernels, biases = rng.normal(0, 0.25, (10, 16, 16)), rng.normal(size=(10, 16))
deep = x16 = rng.normal(size=(200, 16))
whole, offset = np.eye(16), np.zeros(16)
for k, b in zip(kernels, biases, strict=True):
    deep = dense(deep, k, b)
    whole, offset = whole @ k, offset @ k + b
print("max |deep - dense| =", np.max(np.abs(deep - dense(x16, whole, offset))))
assert np.allclose(deep, dense(x16, whole, offset), atol=1e-12)

# %% linear-answer
y = np.ravel(dense(relu(dense(x, *first)), *second))
print(y)
assert y.tolist() == [4.0, 1.0, -5.0]


# %% depth-worked
def tooth(x):
    """Up to 1 at x = 1/2 and down again: two ReLU units and their weighted sum."""
    return relu(2 * x) - 2 * relu(2 * x - 1)


x = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
print(np.asarray(tooth(x)), np.asarray(tooth(tooth(x))))
assert np.asarray(tooth(x)).tolist() == [0, 0.5, 1, 0.5, 0]
assert np.asarray(tooth(tooth(x))).tolist() == [0, 1, 0, 1, 0]

# %% depth-picture
figure, all_axes = plt.subplots(1, 3, figsize=(8, 2.3), sharey=True)
y = x = np.linspace(0, 1, 1025)
for depth in range(1, 6):
    y = tooth(y)
    if depth in (1, 3, 5):
        axes = all_axes[depth // 2]
        axes.plot(x, y)
        axes.set_title(f"depth = {depth}")
        axes.set_xlabel("x")

# %% depth-answer
y = x
for _ in range(4):
    y = np.asarray(tooth(y))
pieces = 1 + int(np.sum(np.abs(np.diff(y, 2)) > 1e-9))
print("pieces =", pieces)
assert pieces == 16
