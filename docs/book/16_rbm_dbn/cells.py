# %% setup
import itertools

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import models
from tfnotes.models.annealing import data_bias, exact_log_partition, log_partition
from tfnotes.models.rbm import statistics
from tfnotes.optimizers import SGD
from tfnotes_tasks.mnist import data


def machine(kernel, hidden_bias, visible_bias):
    """An RBM with these weights."""
    made = models.rbm((len(visible_bias),), units=len(hidden_bias), binarize=False)
    for weight, value in zip(made.weights_learned, (kernel, hidden_bias, visible_bias), strict=True):
        weight.assign(np.array(value, "float32"))
    return made


# %% rbm-worked
w, b, c = np.array([[1.0], [-1.0]]), np.zeros(2), np.zeros(1)
weights = {}
for v in itertools.product((0, 1), repeat=2):
    for h in (0, 1):
        energy = -np.dot(v, b) - h * c[0] - np.dot(v, w[:, 0]) * h
        weights[v, h] = np.exp(-energy)
z = sum(weights.values())
print("Z", round(z, 4))
for v in itertools.product((0, 1), repeat=2):
    print(v, round((weights[v, 0] + weights[v, 1]) / z, 4))
assert round(z, 4) == round(6 + np.e + 1 / np.e, 4) == 9.0862
assert round((1 + np.e) / z, 4) == 0.4092

# %% rbm-free-energy
small = machine(w, c, b)
states = tf.constant(list(itertools.product((0.0, 1.0), repeat=2)))
log_z = float(exact_log_partition(small))
print("log Z", round(log_z, 4), round(float(np.log(z)), 4))
print(np.round(np.exp(-small.free_energy(states) - log_z), 4))
assert np.isclose(log_z, np.log(z), atol=1e-5)
assert np.allclose(np.sum(np.exp(-small.free_energy(states) - log_z)), 1, atol=1e-5)

# %% rbm-conditional
print(np.round(np.ravel(small.hidden(states)), 4))
assert np.allclose(np.ravel(small.hidden(states))[2], 1 / (1 + np.exp(-1)))

# %% rbm-answer
one_sided = machine([[0.0], [0.0]], [0.0], [np.log(3), 0.0])
p = np.exp(-one_sided.free_energy(states) - exact_log_partition(one_sided))
print(np.round(p, 4), round(float(p[2] + p[3]), 4))
assert round(float(p[2] + p[3]), 4) == 0.75

# %% gibbs-worked
chains = 20_000
start = tf.zeros((chains, 1))
for turns in (1, 2, 10):
    v, _, _ = small.gibbs(start, turns, keras.random.SeedGenerator(1))
    share = float(np.mean((np.array(v) == [1, 0]).all(axis=1)))
    print(f"{turns:3} {share:.3f}")
assert abs(share - 0.4092) < 0.02

# %% gibbs-answer
stiff = machine(10 * np.ones((2, 1)), [-10.0], [-5.0, -5.0])
p = np.exp(-stiff.free_energy(states) - exact_log_partition(stiff))
print("p      ", np.round(p, 3))
v, _, _ = stiff.gibbs(start, 5, keras.random.SeedGenerator(2))
print("5 turns", [round(float(np.mean((np.array(v) == s).all(axis=1))), 3) for s in states.numpy()])
assert abs(p[0] - p[3]) < 1e-3
assert np.mean((np.array(v) == [1, 1]).all(axis=1)) < 0.2

# %% cd-worked
v = tf.constant([[1.0, 0.0], [1.0, 1.0]])
h = small.hidden(v)
print(np.round(np.ravel(h), 4))
print([np.round(np.array(part), 4).tolist() for part in statistics(v, h)])
assert np.allclose(statistics(v, h)[0][0, 0], (0.7311 + 0.5) / 2, atol=1e-4)

# %% cd-direction
rng = np.random.default_rng(0)
target = rng.random((4000, 6)) < np.array([0.9, 0.9, 0.9, 0.1, 0.1, 0.1])
flip = rng.random((4000, 1)) < 0.5
seen = tf.constant((target ^ flip).astype("float32"))
all_v = tf.constant(np.array(list(itertools.product((0.0, 1.0), repeat=6)), "float32"))
learner = machine(rng.normal(0, 0.3, (6, 3)), np.zeros(3), np.zeros(6))
learner.random = keras.random.SeedGenerator(0)
p = tf.nn.softmax(-learner.free_energy(all_v))
model_part = tf.matmul(all_v * p[:, None], learner.hidden(all_v), transpose_a=True)
exact = np.array(model_part - statistics(seen, learner.hidden(seen))[0])
for k in (1, 10):
    learner.k = k
    estimate = np.array(learner.gradients(seen)[0][0])
    cosine = np.sum(exact * estimate) / np.linalg.norm(exact) / np.linalg.norm(estimate)
    print(f"CD-{k:<2} cosine {cosine:.3f}   length {np.linalg.norm(estimate) / np.linalg.norm(exact):.3f}")
    assert cosine > 0.9

# %% cd-train
keras.utils.set_random_seed(0)
for k in (1, 5):
    learner = machine(rng.normal(0, 0.1, (6, 3)), np.zeros(3), np.zeros(6))
    learner.k = k
    learner.compile(SGD(0.2), jit_compile=False)
    before = -float(np.mean(learner.free_energy(seen))) - float(exact_log_partition(learner))
    learner.fit(seen, epochs=10, batch_size=50, verbose=0)
    after = -float(np.mean(learner.free_energy(seen))) - float(exact_log_partition(learner))
    print(f"CD-{k}  {before:.2f} {after:.2f}")
    assert after > before + 0.5

# %% contrastive-divergence-answer
noise = 6 * (0.9 * np.log(0.9) + 0.1 * np.log(0.1))
print(round(noise, 3), round(noise + np.log(0.5), 3))
assert (round(noise, 2), round(noise + np.log(0.5), 2)) == (-1.95, -2.64)

# %% partition-worked
keras.utils.set_random_seed(0)
digits = data.sample()
x = digits.train.x.reshape(-1, 784).astype("float32") / 255
digit_machine = models.rbm((784,), units=12)
digit_machine.compile(SGD(0.05), jit_compile=False)
digit_machine.fit(x, epochs=3, batch_size=100, verbose=0)
exact = float(exact_log_partition(digit_machine))
estimate, error = log_partition(digit_machine, data_bias(x, 784), keras.random.SeedGenerator(0), chains=50, steps=200)
print(f"exact {exact:.2f}   annealed {float(estimate):.2f} +- {float(error):.2f}")
assert abs(float(estimate) - exact) < 1.5

# %% partition-filters
figure, axes = plt.subplots(2, 6, figsize=(6, 2.2))
for unit, place in enumerate(axes.flat):
    place.imshow(digit_machine.layer.kernel.numpy()[:, unit].reshape(28, 28), cmap="gray")
    place.set_axis_off()

# %% partition-answer
print(2**12, len(str(2**500)), len(str(2**784)))
assert (2**12, len(str(2**500)), len(str(2**784))) == (4096, 151, 237)

# %% dbn-stages
keras.utils.set_random_seed(0)
deep = models.dbn((784,), 10, units="64-32", pretrain=1, dropout=0.0)
deep.compile(SGD(0.1), jit_compile=False)
history = deep.fit(x[:1000], digits.train.y[:1000], epochs=3, batch_size=50, verbose=0).history
for stage, loss in zip(history["stage"], history["loss"], strict=True):
    print(int(stage), round(float(loss), 1))
assert [int(stage) for stage in history["stage"]] == [0, 1, 2]

# %% dbn-answer
print([tuple(rbm.layer.kernel.shape) for rbm in deep.rbms], tuple(deep.head.kernel.shape))
assert [tuple(rbm.layer.kernel.shape) for rbm in deep.rbms] == [(784, 64), (64, 32)]
assert tuple(deep.head.kernel.shape) == (32, 10)
