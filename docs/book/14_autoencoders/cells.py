# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import models
from tfnotes.models.autoencoder import corrupt, dense_networks
from tfnotes.optimizers import Adam
from tfnotes.preprocessing import PCA
from tfnotes.regularizers import KLSparsity
from tfnotes_tasks.mnist import data


def crossentropy(x, z):
    return np.log1p(np.exp(z)) - x * z


# %% autoencoder-worked
z = np.log(3)
y = 1 / (1 + np.exp(-z))
for x in (1.0, 0.0):
    print(x, round(y, 2), round(crossentropy(x, z), 4))
assert round(y, 2) == 0.75
assert round(crossentropy(1.0, z), 4) == round(np.log(4 / 3), 4) == 0.2877
assert round(crossentropy(0.0, z), 4) == round(np.log(4), 4) == 1.3863

# %% autoencoder-shapes
model = models.autoencoder((28, 28, 1), units="128-32")
for layer in [*model.encoder.layers, *model.decoder.layers]:
    print(f"{layer.name:8} {layer.output.shape}")
print(model.encoder.count_params(), model.decoder.count_params())
assert model.encoder.count_params() == 784 * 128 + 128 + 128 * 32 + 32 == 104_608

# %% autoencoder-answer
grey = np.linspace(-4, 4, 801)
losses = crossentropy(0.5, grey)
print(round(losses.min(), 4), round(float(grey[losses.argmin()]), 2))
assert round(losses.min(), 4) == 0.6931
assert abs(grey[losses.argmin()]) < 1e-6

# %% pca-worked
points = np.array([[1.0, 2.0], [2.0, 4.0], [-3.0, -6.0]])
direction = np.array([1.0, 2.0]) / np.sqrt(5)
codes = points @ direction
print(np.round(codes, 3))
print(np.round(np.outer(codes, direction), 3))
assert np.allclose(np.outer(codes, direction), points)

# %% pca-learned
rng = np.random.default_rng(0)
x = (rng.normal(size=(500, 4)) * [2.0, 1.5, 1.0, 0.5]).astype("float32")
x -= x.mean(0)
pca = PCA(n_components=2, dtype="float64")
pca.adapt(x)
found = np.asarray(pca.components)
left = np.sum((x - x @ found.T @ found) ** 2) / np.sum(x**2)

keras.utils.set_random_seed(0)
down, up = (keras.layers.Dense(n, use_bias=False) for n in (2, 4))
linear = keras.Sequential([keras.Input((4,)), down, up])
linear.compile(Adam(0.01), "mse", jit_compile=False)
linear.fit(x, x, epochs=30, batch_size=100, verbose=0)
learned = np.sum((x - linear(x)) ** 2) / np.sum(x**2)
print(f"PCA {left:.3f}   learned {learned:.3f}")
assert 0 <= learned - left < 0.01

# %% pca-answer
share = (1.0**2 + 0.5**2) / (2.0**2 + 1.5**2 + 1.0**2 + 0.5**2)
print(round(share, 3))
assert round(share, 3) == 0.167
assert abs(share - left) < 0.02

# %% denoising-worked
random = keras.random.SeedGenerator(0)
ones = tf.ones((1, 10_000))
for noise in (0.1, 0.25, 0.5):
    print(noise, float(tf.reduce_mean(corrupt(ones, noise, "masking", random))))
    assert abs(float(tf.reduce_mean(corrupt(ones, noise, "masking", random))) - (1 - noise)) < 0.025

# %% denoising-train
keras.utils.set_random_seed(0)
digits = data.sample()
train_x, test_x = (part.x.reshape(-1, 784).astype("float32") / 255 for part in (digits.train, digits.test))
denoiser = models.denoising_autoencoder((784,), units="128", activation="relu", noise=0.5)
denoiser.compile(Adam(0.003), jit_compile=False)
history = denoiser.fit(train_x, epochs=8, batch_size=100, verbose=0)
noisy = np.array(corrupt(tf.constant(test_x), 0.5, "masking", keras.random.SeedGenerator(1)))
cleaned = np.array(denoiser(noisy))
for name, drawn in (("noisy", noisy), ("cleaned", cleaned)):
    print(f"{name:8} {np.mean(np.sum((drawn - test_x) ** 2, axis=1)):.1f}")
assert np.sum((cleaned - test_x) ** 2) < 0.5 * np.sum((noisy - test_x) ** 2)

# %% denoising-picture
figure, axes = plt.subplots(3, 8, figsize=(6, 2.4))
for row, images in zip(axes, (test_x, noisy, cleaned), strict=True):
    for place, image in zip(row, images, strict=False):
        place.imshow(image.reshape(28, 28), cmap="gray")
        place.set_axis_off()

# %% denoising-answer
off = [float(np.mean(np.sum((np.array(denoiser(seen)) - test_x) ** 2, axis=1))) for seen in (test_x, noisy)]
print([round(each, 1) for each in off])
assert 0.8 * off[1] < off[0] < off[1]

# %% sparse-worked
rho, beta = 0.05, 3.0
for rho_hat in (0.05, 0.2, 0.5):
    kl = rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
    print(rho_hat, round(kl, 4), round(beta * kl, 3))
activations = np.full((10, 1), 0.2)
kl = rho * np.log(rho / 0.2) + (1 - rho) * np.log((1 - rho) / 0.8)
assert round(kl, 4) == 0.0939
assert np.isclose(KLSparsity(rho, beta)(tf.constant(activations)) / 10, beta * kl)

# %% sparse-answer
one_half = np.array([[1.0], [0.0]])
always = np.array([[0.5], [0.5]])
print([round(float(KLSparsity()(tf.constant(a))) / 2, 3) for a in (one_half, always)])
assert np.isclose(KLSparsity()(tf.constant(one_half)), KLSparsity()(tf.constant(always)))

# %% deep-answer
encoder, decoder = dense_networks((784,), [1000, 500, 250, 30], "elu", keras.layers)
print([layer.units for layer in [*encoder.layers, *decoder.layers] if hasattr(layer, "units")])
print(encoder.count_params() + decoder.count_params())
assert encoder.count_params() + decoder.count_params() == 2_837_314
assert round(2 * (784 * 1000 + 1000 * 500) / 2_837_314, 1) == 0.9


# %% codes-distances
def nearest_mean(x, y, test_x):
    """The class whose mean is nearest."""
    means = np.stack([x[y == k].mean(0) for k in range(10)])
    return np.argmin(((test_x[:, None] - means) ** 2).sum(-1), axis=1)


train_y, test_y = digits.train.y, digits.test.y
codes, test_codes = (np.array(denoiser.encoder(part)) for part in (train_x, test_x))
right = {}
for name, a, b in (("pixels", train_x, test_x), ("code", codes, test_codes)):
    right[name] = float(np.mean(nearest_mean(a, train_y, b) == test_y))
    print(f"{name:7} {a.shape[1]:4} {right[name]:.2f}")
assert abs(right["code"] - right["pixels"]) < 0.06

# %% codes-answer
pca = PCA(n_components=128)
pca.adapt(train_x)
a, b = np.array(pca(train_x)), np.array(pca(test_x))
right["pca"] = float(np.mean(nearest_mean(a, train_y, b) == test_y))
print(f"{right['pca']:.2f}")
assert right["pca"] > right["code"] - 0.03
