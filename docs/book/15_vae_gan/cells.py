# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import models
from tfnotes.losses import GaussianKLDivergence, gaussian_kl_divergence
from tfnotes.models.gan import discriminator_loss, generator_loss
from tfnotes.optimizers import Adam
from tfnotes_tasks.mnist import data


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% vae-worked
mean, s, e = 1.0, np.log(4), -0.5
z = mean + np.exp(s / 2) * e
print(np.exp(s / 2), z)
assert z == 0.0

# %% vae-gradient
m, t = tf.Variable(1.0), tf.Variable(float(np.log(4)))
with tf.GradientTape() as tape:
    z = m + tf.exp(t / 2) * e
slopes = [float(g) for g in tape.gradient(z, [m, t])]
print(slopes)
assert np.allclose(slopes, [1.0, -0.5])

# %% vae-answer
draws = 3.0 + np.exp(0.0 / 2) * np.random.default_rng(0).normal(size=100_000)
print(round(float(draws.mean()), 1), round(float(draws.std()), 1))
assert (round(float(draws.mean()), 1), round(float(draws.std()), 1)) == (3.0, 1.0)

# %% kl-worked
for mean, variance in ((0.0, 1.0), (2.0, 1.0), (0.0, 4.0)):
    by_hand = 0.5 * (variance + mean**2 - 1 - np.log(variance))
    ours = float(gaussian_kl_divergence(np.array([mean]), np.array([np.log(variance)])))
    print(mean, variance, round(by_hand, 4), round(ours, 4))
    assert np.isclose(by_hand, ours)
assert float(GaussianKLDivergence()([[0.0, 0.0]], [[2.0, 0.0]])) == 2.0
assert round(0.5 * (4 - 1 - np.log(4)), 4) == 0.8069

# %% kl-picture
spread = np.linspace(-4, 3, 141)
figure, axes = plt.subplots(figsize=(6, 3))
for mean in (0.0, 1.0, 2.0):
    price = gaussian_kl_divergence(np.full((141, 1), mean), spread[:, None])
    axes.plot(spread, price, label=f"m = {mean:.0f}")
axes.set_xlabel("s")
axes.set_ylabel("KL")
axes.legend()

# %% gaussian_kl_divergence-answer
print([float(gaussian_kl_divergence(np.full(n, 2.0), np.zeros(n))) for n in (1, 2, 16)])
assert [float(gaussian_kl_divergence(np.full(n, 2.0), np.zeros(n))) for n in (1, 2, 16)] == [2.0, 4.0, 32.0]

# %% vae-train
keras.utils.set_random_seed(0)
digits = data.sample()
train_x, test_x = (part.x.reshape(-1, 784).astype("float32") / 255 for part in (digits.train, digits.test))
model = models.vae((784,), latent=2, units="128")
model.compile(Adam(0.003), jit_compile=False)
history = model.fit(train_x, epochs=10, batch_size=100, verbose=0).history
for epoch in (0, 4, 9):
    print(epoch + 1, {name: round(history[name][epoch]) for name in ("loss", "reconstruction", "divergence")})
assert 160 < history["loss"][-1] < 185
assert history["divergence"][-1] > 3

# %% vae-plane
steps = np.linspace(-2, 2, 8)
codes = np.array([[a, b] for b in steps[::-1] for a in steps], "float32")
drawn = tf.sigmoid(model.decoder(codes)).numpy().reshape(8, 8, 28, 28)
figure, axes = plt.subplots(figsize=(4, 4))
axes.imshow(drawn.transpose(0, 2, 1, 3).reshape(224, 224), cmap="gray", extent=(-2.3, 2.3, -2.3, 2.3))
axes.set_xlabel("z[0]")
axes.set_ylabel("z[1]")

# %% bound-worked
log_w = np.log([0.2, 0.8])
print(round(log_w.mean(), 3), round(float(np.log(np.exp(log_w).mean())), 3))
assert round(log_w.mean(), 3) == -0.916
assert round(float(np.log(np.exp(log_w).mean())), 3) == -0.693

# %% bound-measured
binary = tf.constant((np.random.default_rng(0).random((200, 784)) < test_x[:200]).astype("float32"))
bounds = {}
for k in (1, 10, 100):
    bounds[k] = float(np.mean(model.log_likelihood(binary, k, keras.random.SeedGenerator(0))))
    print(f"{k:4} {bounds[k]:.1f}")
assert bounds[1] < bounds[10] < bounds[100]

# %% bound-answer
pixels = train_x.mean(0).clip(1e-3, 1 - 1e-3)
independent = binary.numpy() @ np.log(pixels) + (1 - binary.numpy()) @ np.log(1 - pixels)
print(f"{independent.mean():.1f} {bounds[100]:.1f}")
assert 30 < bounds[100] - independent.mean() < 50

# %% gan-worked
undecided = tf.zeros((4, 1))
print(round(float(discriminator_loss(undecided, undecided)), 4), round(float(generator_loss(undecided)), 4))
assert round(float(discriminator_loss(undecided, undecided)), 4) == round(2 * np.log(2), 4) == 1.3863
assert round(float(generator_loss(undecided)), 4) == 0.6931

# %% gan-saturates
logit = tf.Variable([[-5.0]])
with tf.GradientTape(persistent=True) as tape:
    ours, of_the_game = generator_loss(logit), tf.reduce_mean(-tf.nn.softplus(logit))
slopes = [float(tape.gradient(loss, logit)[0, 0]) for loss in (ours, of_the_game)]
print(np.round(slopes, 4))
assert np.round(slopes, 4).tolist() == [-0.9933, -0.0067]

# %% gan-answer
p, q = 0.3, 0.1
d = np.linspace(0.01, 0.99, 99)
losses = -p * np.log(d) - q * np.log(1 - d)
print(round(float(d[losses.argmin()]), 2), p / (p + q))
assert round(float(d[losses.argmin()]), 2) == 0.75


# %% game-picture
def play(rate, steps, turns=False):
    """Gradient steps on x * y: x goes down, y goes up; at once, or in turns."""
    x, y, path = 1.0, 0.0, []
    for _ in range(steps):
        path.append((x, y))
        new_x = x - rate * y
        y = y + rate * (new_x if turns else x)
        x = new_x
    return np.array(path)


figure, axes = plt.subplots(figsize=(4, 4))
for turns, color in ((False, "C0"), (True, "C1")):
    path = play(0.2, 60, turns)
    axes.plot(*path.T, color=color, marker=".", label=f"turns={turns}")
    print(turns, np.round(np.hypot(*path[[0, 20, 40, 59]].T), 2))
axes.plot(0, 0, "C7+")
axes.set_xlabel("x")
axes.set_ylabel("y")
axes.legend()
away = np.hypot(*play(0.2, 60).T)
assert np.allclose(away[1:] / away[:-1], np.sqrt(1.04))
assert np.hypot(*play(0.2, 60, True).T).max() < 1.2

# %% game-answer
print([round((1 + rate**2) ** 0.5, 5) for rate in (0.2, 0.02)])
print([round((1 + rate**2) ** (n / 2), 2) for rate, n in ((0.2, 60), (0.02, 600))])
assert [round((1 + rate**2) ** (n / 2), 2) for rate, n in ((0.2, 60), (0.02, 600))] == [3.24, 1.13]
