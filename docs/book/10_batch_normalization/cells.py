# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np

from tfnotes.activations import tanh
from tfnotes.initializers import GlorotNormal
from tfnotes.layers import BatchNormalization
from tfnotes.layers.batch_normalization import moments

# %% batch_normalization-worked
x = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]])
mean, variance = moments(x, axes=(0,))
norm = BatchNormalization(epsilon=1e-9, dtype="float64")
y = np.asarray(norm(x, training=True))
twin = keras.layers.BatchNormalization(epsilon=1e-9, dtype="float64")
print("mean", np.asarray(mean)[0], "variance", np.asarray(variance)[0].round(4))
print(y.round(4))
print(np.abs(y - np.asarray(twin(x, training=True))).max() < 1e-7)
assert np.allclose(mean, [[2, 20]])
assert np.allclose(variance, [[2 / 3, 200 / 3]])
assert y.round(4).tolist() == [[-1.2247, -1.2247], [0, 1.2247], [1.2247, 0]]
assert np.abs(y - np.asarray(twin(x, training=True))).max() < 1e-7

# %% batch_normalization-inference
norm = BatchNormalization(momentum=0.9, epsilon=1e-9, dtype="float64")
norm.build(x.shape)
print(np.asarray(norm(x)).tolist())
for step in range(3):
    norm(x, training=True)
    moving = np.asarray([norm.moving_mean, norm.moving_variance])
    print(step + 1, moving.round(3).tolist())
assert np.allclose(norm.moving_mean[0], 2 * (1 - 0.9**3))
assert round(2 * (1 - 0.9**3), 3) == 0.542
assert 0.99**300 < 0.05
alone = np.asarray(norm(x[:1], training=True))
print("alone", alone.tolist())
assert alone.tolist() == [[0, 0]]

# %% batch_normalization-picture
rng = np.random.default_rng(0)
norm = BatchNormalization(momentum=0.9)
norm.build((None, 1))
batches, moving = [], []
for _ in range(80):
    batch = rng.normal(3, 2, size=(16, 1)).astype("float32")
    norm(batch, training=True)
    batches.append(float(batch.mean()))
    moving.append(float(norm.moving_mean[0]))
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(batches, ".", label="mean(batch)")
axes.plot(moving, linewidth=2, label="moving_mean")
axes.axhline(3, color="C2", linestyle="--", label="3")
axes.set_xlabel("step")
axes.legend()
print(round(float(np.std(batches)), 2), 2 / 16**0.5, round(moving[-1], 2))
assert abs(moving[-1] - 3) < 0.3
assert abs(np.std(batches) - 0.5) < 0.1

# %% batch_normalization-steady
before = rng.normal(1, 2, size=(5000, 1))
after = 5 + 3 * rng.exponential(2, size=(5000, 1))
norm = BatchNormalization(dtype="float64")
figure, axes = plt.subplots(figsize=(6, 3))
skews = []
for name, values in (("before", before), ("after", after)):
    y = np.asarray(norm(values, training=True)).ravel()
    skews.append(float(np.mean(y**3)))
    axes.hist(y, bins=80, density=True, histtype="step", label=name)
    print(f"{name}: {values.mean():.1f} {values.std():.1f}, y: {abs(y.mean()):.3f} {y.std():.3f}")
axes.set_xlabel("y")
axes.legend()
print("skewness", np.round(skews, 1))
assert abs(skews[0]) < 0.2
assert skews[1] > 1.5

# %% batch_normalization-initialization
width = 128
signal = rng.normal(size=(200, width))
kernels = [np.asarray(GlorotNormal(seed=k)((width, width)), "float64") for k in range(10)]
norm = BatchNormalization(dtype="float64")


def last(factor, normalize):
    h = signal
    for kernel in kernels:
        z = h @ (factor * kernel)
        h = np.asarray(tanh(norm(z, training=True) if normalize else z))
    return float(np.sqrt(np.mean(h**2)))


for factor in (0.1, 1.0, 10.0, 1e-4):
    print(factor, float(f"{last(factor, False):.2g}"), float(f"{last(factor, True):.2g}"))
assert last(0.1, False) < 1e-9
assert last(10.0, False) > 0.9
assert abs(last(10.0, True) / last(1.0, True) - 1) < 0.01
assert abs(last(0.1, True) / last(1.0, True) - 1) < 0.1
assert last(1e-4, True) < 1e-20

# %% batch_normalization-answer
z = np.array([[-2.0], [0.0], [5.0], [7.0]])
norm = BatchNormalization(epsilon=1e-9, dtype="float64")
first, second = (np.asarray(norm(z + bias, training=True)) for bias in (0.0, 100.0))
print(np.abs(first - second).max() < 1e-9)
assert np.abs(first - second).max() < 1e-9
gamma, beta = z.std(), z.mean()
print(np.allclose(gamma * first + beta, z))
assert np.allclose(gamma * first + beta, z)
