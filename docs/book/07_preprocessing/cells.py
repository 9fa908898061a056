# %% setup
import matplotlib.pyplot as plt
import numpy as np

from tfnotes import augmentation, task
from tfnotes.preprocessing import (
    PCA,
    MeanCentering,
    MinMaxScaling,
    PCAWhitening,
    Standardization,
    ZCAWhitening,
)

# %% mean_centering-worked
x = np.array([[1.0, 10.0], [3.0, 20.0]])
center = MeanCentering(dtype="float64")
center.adapt(x)
print("mean", np.asarray(center.mean))
print(np.asarray(center(x)))
print("other", np.asarray(center(np.array([[4.0, 10.0]]))))
assert np.asarray(center(x)).tolist() == [[-1, -5], [1, 5]]
assert np.asarray(center(np.array([[4.0, 10.0]]))).tolist() == [[2, -5]]
assert np.asarray(center.inverse(center(x))).tolist() == x.tolist()

# %% mean_centering-answer
new = np.array([[1.0, 10.0], [3.0, 20.0], [5.0, 60.0]])
moved = np.asarray(center(new))
print("mean of new", moved.mean(axis=0))
assert moved.mean(axis=0).tolist() == [1, 15]

# %% standardization-worked
x = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]])
scale, standardize = MinMaxScaling(dtype="float64"), Standardization(dtype="float64")
scale.adapt(x)
standardize.adapt(x)
scaled, standard = np.asarray(scale(x)), np.asarray(standardize(x))
print("MinMaxScaling", scaled, "Standardization", standard.round(4), sep="\n")
assert scaled.tolist() == [[0, 0], [0.5, 1], [1, 0.5]]
assert round(float(standard[2, 0]), 4) == 1.2247
assert round(1.5**0.5, 4) == 1.2247

# %% standardization-picture
rng = np.random.default_rng(0)
x = rng.normal(size=(200, 2)) * [1.0, 10.0]
x = x - x.mean(axis=0)
target = x @ [1.0, 0.1]


def descend(x, rate, steps=60):
    w, path = np.zeros(2), [np.zeros(2)]
    for _ in range(steps):
        w = w - rate * 2 * x.T @ (x @ w - target) / len(x)
        path.append(w)
    return np.array(path)


figure, axes = plt.subplots(figsize=(6, 3))
standardize = Standardization(dtype="float64")
standardize.adapt(x)
standard = np.asarray(standardize(x))
losses = {}
for name, data, rate in (("x", x, 0.009), ("Standardization(x)", standard, 0.4)):
    path = descend(data, rate)
    losses[name] = [np.mean((data @ w - target) ** 2) for w in path]
    curvature = np.linalg.eigvalsh(2 * data.T @ data / len(data))
    print(name, "curvature", curvature.round(2), "ratio", round(curvature[1] / curvature[0], 1))
    print("rate <", round(2 / curvature[1], 4))
    axes.semilogy(np.maximum(losses[name], 1e-16), label=name)
axes.set_xlabel("step")
axes.set_ylabel("loss")
axes.legend()
raw = np.linalg.eigvalsh(x.T @ x)
assert 80 < raw[1] / raw[0] < 130
assert losses["x"][-1] > 0.01
assert losses["Standardization(x)"][-1] < 1e-12

# %% standardization-answer
pixel = np.array([0.0, 51.0, 102.0, 255.0])
wide, narrow = np.mean(pixel**2), np.mean((pixel / 255) ** 2)
print(wide, narrow, round(wide / narrow), 255**2)
assert round(wide / narrow) == 65025

# %% pca-worked
x = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
pca = PCA(dtype="float64")
pca.adapt(x)
print("components", np.asarray(pca.components).round(4), sep="\n")
print("variance", np.asarray(pca.variance).round(4))
print("y", np.asarray(pca(x)).round(4), sep="\n")
assert np.allclose(pca.variance, [4 / 3, 0])
assert round(float(pca(x)[2, 0]), 4) == 1.4142

# %% pca-picture
rng = np.random.default_rng(1)
x = rng.normal(size=(300, 2)) * [3.0, 1.0] @ [[0.8, 0.6], [-0.6, 0.8]] + [2.0, 1.0]
pca = PCA(dtype="float64")
pca.adapt(x)
y = np.asarray(pca(x))
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2), sharex=True, sharey=True)
left.plot(*x.T, ".", alpha=0.5)
for k in range(2):
    end = np.asarray(pca.mean) + 2 * np.sqrt(pca.variance[k]) * pca.components[k]
    left.plot(*np.stack([pca.mean, end]).T, color=f"C{k + 1}", linewidth=3)
right.plot(*y.T, ".", alpha=0.5)
left.set_xlabel("x[0]")
left.set_ylabel("x[1]")
right.set_xlabel("y[0]")
right.set_ylabel("y[1]")
left.set_aspect("equal")
right.set_aspect("equal")
before, after = np.corrcoef(x.T)[0, 1], np.corrcoef(y.T)[0, 1]
print(round(before, 2), round(abs(after), 10))
assert before > 0.6
assert abs(after) < 1e-9

# %% pca-answer
rng = np.random.default_rng(2)
sources = rng.normal(size=(500, 2))
x = sources @ [[1.0, 2.0, -1.0], [1.0, 0.0, 1.0]]
pca = PCA(dtype="float64")
pca.adapt(x)
two = PCA(n_components=2, dtype="float64")
two.adapt(x)
error = np.max(np.abs(np.asarray(two.inverse(two(x))) - x))
print(np.asarray(pca.variance).round(3), error < 1e-12)
assert pca.variance[2] < 1e-12
assert error < 1e-12

# %% zca_whitening-worked
x = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
zca = ZCAWhitening(epsilon=0.0, dtype="float64")
zca.adapt(x)
y = np.asarray(zca(x))
print(np.asarray(zca.whitening).round(4), y.round(4), np.cov(y.T, bias=True).round(4), sep="\n")
assert np.asarray(zca.whitening).round(4).tolist() == [[0.7071, 0], [0, 1.4142]]
assert np.allclose(np.cov(y.T, bias=True), np.eye(2))

# %% zca_whitening-picture
rng = np.random.default_rng(3)
x = rng.uniform(-1, 1, size=(1500, 2)) * [3.0, 1.0] @ [[0.8, 0.6], [-0.6, 0.8]]
figure, axes = plt.subplots(1, 3, figsize=(8, 2.8))
axes[0].plot(*x.T, ".", markersize=2)
axes[0].set_title("x")
for panel, layer in zip(axes[1:], (PCAWhitening(), ZCAWhitening()), strict=True):
    layer.adapt(x)
    panel.plot(*np.asarray(layer(x)).T, ".", markersize=2)
    panel.set_title(type(layer).__name__)
    assert np.allclose(np.cov(np.asarray(layer(x)).T), np.eye(2), atol=0.01)
for panel in axes:
    panel.set_aspect("equal")

# %% zca_whitening-answer
rng = np.random.default_rng(4)
humps = rng.choice([-1.0, 1.0], 5000) + rng.normal(0, 0.2, 5000)
x = np.stack([humps, rng.normal(0, 0.3, 5000)], axis=1)
white = PCAWhitening(dtype="float64")
white.adapt(x)
y = np.asarray(white(x))
fourth = np.mean(y**4, axis=0)
print("variance", y.var(axis=0).round(3), "fourth", np.sort(fourth).round(2))
assert np.allclose(y.var(axis=0), 1, atol=1e-3)
assert np.sort(fourth)[0] < 1.3
assert abs(np.sort(fourth)[1] - 3) < 0.3

# %% random_rotation-worked
corner = np.array([[1.0, 2.0], [3.0, 4.0]])[..., None]
turned = augmentation.RandomRotation((0.25, 0.25))(corner)
shifted = augmentation.RandomTranslation(0, (0.5, 0.5), fill_mode="constant")(corner)
print(np.abs(np.asarray(turned)[..., 0].round(4)), np.asarray(shifted)[..., 0], sep="\n")
assert np.asarray(turned)[..., 0].round(4).tolist() == [[2, 4], [1, 3]]
assert np.asarray(shifted)[..., 0].tolist() == [[0, 1], [0, 3]]

# %% random_rotation-picture
digits = task.load("mnist").source("sample")(None)
digit = digits.train.x[0].reshape(28, 28, 1).astype("float32")
figure, axes = plt.subplots(1, 5, figsize=(8, 2))
constant = {"fill_mode": "constant", "seed": 1}
shown = {
    "x": digit,
    "rotation": augmentation.RandomRotation((0.08, 0.08), **constant)(digit),
    "translation": augmentation.RandomTranslation((0.1, 0.1), (0.2, 0.2), **constant)(digit),
    "zoom": augmentation.RandomZoom((0.4, 0.4), **constant)(digit),
    "shear": augmentation.RandomShear((0.3, 0.3), **constant)(digit),
}
for panel, (name, image) in zip(axes, shown.items(), strict=True):
    panel.imshow(np.asarray(image)[..., 0], cmap="gray")
    panel.set_title(name)
    panel.axis("off")

# %% random_rotation-answer
layer = augmentation.RandomRotation(0.05, fill_mode="constant", seed=1)
changed = [not np.array_equal(layer(digit, training=t), digit) for t in (True, False)]
print(0.05 * 360, changed)
half = np.asarray(augmentation.RandomRotation((0.5, 0.5), fill_mode="constant")(digit))
print(np.allclose(half, digit[::-1, ::-1], atol=0.1))
assert 0.05 * 360 == 18
assert changed == [True, False]
assert np.allclose(half, digit[::-1, ::-1], atol=0.1)

# %% random_brightness-worked
pixels = np.array([[0.0, 100.0], [200.0, 250.0]])[..., None]
brighter = augmentation.RandomBrightness((0.1, 0.1))(pixels)
sharper = augmentation.RandomContrast((0.0, 0.5), seed=4)(pixels)
print(np.asarray(brighter)[..., 0])
print(np.asarray(sharper)[..., 0].round(1), pixels.mean())
assert np.asarray(brighter)[..., 0].tolist() == [[25.5, 125.5], [225.5, 255]]
assert pixels.mean() == 137.5
factor = (float(sharper[0, 1, 0]) - 137.5) / (100 - 137.5)
print("c", round(factor, 3))
assert 1 <= factor <= 1.5

# %% random_brightness-answer
layer = augmentation.RandomBrightness((0.2, 0.2), value_range=(0, 1))
mistaken = augmentation.RandomBrightness((0.2, 0.2))
image = np.full((1, 2, 2, 1), 0.5, "float32")
right, wrong = (round(float(made(image)[0, 0, 0, 0]), 2) for made in (layer, mistaken))
print(right, wrong)
assert right == 0.7
assert wrong == 51.5

# %% more-data-picture
rng = np.random.default_rng(5)


def blobs(n):
    x = rng.uniform(-1, 1, size=(n, 2))
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


test_x, test_y = blobs(1000)
sizes, mean_right, neighbour_right = (10, 30, 100, 300, 1000), [], []
for n in sizes:
    x, y = blobs(n)
    for rows, labels, right in (
        (np.stack([x[y == k].mean(axis=0) for k in (0, 1)]), np.array([0, 1]), mean_right),
        (x, y, neighbour_right),
    ):
        nearest = np.argmin(np.linalg.norm(test_x[:, None] - rows, axis=2), axis=1)
        right.append(float(np.mean(labels[nearest] == test_y)))
figure, axes = plt.subplots(figsize=(6, 3))
axes.semilogx(sizes, mean_right, "o-", label="mean")
axes.semilogx(sizes, neighbour_right, "o-", label="neighbour")
axes.set_xlabel("n")
axes.set_ylabel("accuracy")
axes.legend()
print(np.round(mean_right, 2), np.round(neighbour_right, 2))
assert max(mean_right[-3:]) < 0.7
assert neighbour_right[-1] > 0.95
