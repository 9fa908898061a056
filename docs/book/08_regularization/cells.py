# %% setup
import itertools

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

from tfnotes.activations import relu
from tfnotes.constraints import MaxNorm, NonNeg, UnitNorm
from tfnotes.layers import Dense, Dropout
from tfnotes.regularizers import L1, L1L2, L2, KLSparsity

# %% overfitting-picture
rng = np.random.default_rng(4)
x, fine = np.linspace(0, 1, 10), np.linspace(0, 1, 200)
y = np.sin(2 * np.pi * x) + rng.normal(0, 0.2, 10)
test_x = rng.uniform(0, 1, 1000)
test_y = np.sin(2 * np.pi * test_x) + rng.normal(0, 0.2, 1000)
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(x, y, "o", color="C3")


def rms(values):
    return float(np.sqrt(np.mean(values**2)))


found = {}
for degree in (1, 3, 9):
    polynomial = np.polynomial.Polynomial.fit(x, y, degree)
    found[degree] = rms(polynomial(x) - y), rms(polynomial(test_x) - test_y)
    axes.plot(fine, polynomial(fine), label=f"degree={degree}")
axes.set_ylim(-2.5, 2.5)
axes.set_xlabel("x")
axes.set_ylabel("y")
axes.legend()
for degree, (training, test) in found.items():
    print(degree, round(training, 3), round(test, 3))
assert found[9][0] < 1e-6
assert found[9][1] > 2 * found[3][1]
assert found[1][1] > 2 * found[3][1]

# %% l1-worked
w = ops.array([1.0, -2.0])
print(float(L1(0.5)(w)), float(L2(0.5)(w)), float(L1L2(0.5, 0.5)(w)))
assert float(L1(0.5)(w)) == 1.5
assert float(L2(0.5)(w)) == 2.5
assert float(L1L2(0.5, 0.5)(w)) == 4.0

# %% l1-picture
grid = np.linspace(-1, 1, 4001)
penalties = {"none": 0 * grid, "L1(0.4)": 0.4 * np.abs(grid), "L2(0.4)": 0.4 * grid**2}
figure, axes = plt.subplots(figsize=(6, 3))
for name, penalty in penalties.items():
    best = [grid[np.argmin((grid - a) ** 2 + penalty)] for a in grid[::40]]
    axes.plot(grid[::40], best, label=name)
axes.set_xlabel("a")
axes.set_ylabel("w")
axes.legend()
for a in (0.5, 0.1):
    for name, penalty in penalties.items():
        print(a, name, round(float(grid[np.argmin((grid - a) ** 2 + penalty)]), 3))
assert round(float(grid[np.argmin((grid - 0.5) ** 2 + penalties["L1(0.4)"])]), 3) == 0.3
assert round(float(grid[np.argmin((grid - 0.1) ** 2 + penalties["L1(0.4)"])]), 3) == 0
assert abs(float(grid[np.argmin((grid - 0.5) ** 2 + penalties["L2(0.4)"])]) - 0.5 / 1.4) < 5e-4
assert round(0.5 / 1.4, 3) == 0.357

# %% l1-answer
w, rate = 1.0, 0.1
for _ in range(10):
    w = w - rate * 2 * 0.5 * w
print(round(w, 4), round(0.9**10, 4))
assert round(w, 4) == round(0.9**10, 4) == 0.3487
v, steps = 1.0, 0
while v > 1e-9:
    v, steps = v - rate * 0.5 * np.sign(v), steps + 1
print(steps)
assert steps == 20

# %% kl_sparsity-worked
activations = ops.array([[0.25], [0.75], [0.0], [0.0]])
rho_hat = float(ops.mean(activations))
divergence = 0.5 * np.log(0.5 / rho_hat) + 0.5 * np.log(0.5 / (1 - rho_hat))
penalty = float(KLSparsity(rho=0.5, beta=1.0)(activations)) / 4
print(rho_hat, round(divergence, 4), round(penalty, 4))
assert rho_hat == 0.25
assert 0.95**8 > 0.5
assert round(divergence, 4) == round(penalty, 4) == 0.1438

# %% kl_sparsity-picture
means = np.linspace(0.005, 0.6, 200)
figure, axes = plt.subplots(figsize=(6, 3))
for rho in (0.05, 0.2):
    values = [float(KLSparsity(rho, beta=1.0)(ops.full((1, 1), m))) for m in means]
    axes.plot(means, values, label=f"rho={rho}")
    assert abs(means[int(np.argmin(values))] - rho) < 0.005
axes.set_xlabel("rho_hat")
axes.set_ylabel("KL")
axes.legend()

# %% kl_sparsity-answer
always_a_little = ops.full((4, 1), 0.25)
once_in_full = ops.array([[1.0], [0.0], [0.0], [0.0]])
a, b = (float(KLSparsity(rho=0.25)(batch)) for batch in (always_a_little, once_in_full))
print(round(abs(a), 6), round(abs(b), 6))
assert abs(a) < 1e-5
assert abs(b) < 1e-5

# %% max_norm-worked
w = ops.array([[3.0, 0.3, -1.0], [4.0, 0.4, 0.5]])
for constraint in (MaxNorm(2.0), UnitNorm(), NonNeg()):
    print(type(constraint).__name__, np.asarray(constraint(w)).round(3), sep="\n")
assert np.asarray(MaxNorm(2.0)(w)).round(3)[:, 0].tolist() == np.float32([1.2, 1.6]).tolist()
assert np.asarray(MaxNorm(2.0)(w)).round(3)[:, 1].tolist() == np.float32([0.3, 0.4]).tolist()
assert np.asarray(UnitNorm()(w)).round(3)[:, 1].tolist() == np.float32([0.6, 0.8]).tolist()
assert np.asarray(NonNeg()(w))[:, 2].tolist() == [0, 0.5]

# %% max_norm-answer
kernel = np.random.default_rng(0).normal(size=(3, 3, 2, 4)).astype("float32")
bounded = np.asarray(MaxNorm(2.0, axis=[0, 1, 2])(ops.array(kernel)))
before, after = (np.sqrt(np.sum(k**2, axis=(0, 1, 2))) for k in (kernel, bounded))
print(before.round(2), after.round(2))
assert before.min() > 2
assert np.allclose(after, 2, atol=1e-4)

# %% dropout-worked
x, v = np.array([1.0, 2.0, 3.0]), np.ones(3)
outputs = [float(2 * (x * mask) @ v) for mask in itertools.product([0, 1], repeat=3)]
print(outputs, np.mean(outputs), x @ v)
assert np.mean(outputs) == x @ v == 6
bent = [float(relu(2.0 * a - 2.0 * b)) for a, b in itertools.product([0, 1], repeat=2)]
print(bent, np.mean(bent), float(relu(1.0 - 1.0)))
assert bent == [0, 0, 2, 0]
assert np.mean(bent) == 0.5

# %% dropout-picture
layer, images = Dropout(0.5, seed=1), ops.ones((5000, 100))
sums = np.asarray(ops.mean(layer(images, training=True), axis=1))
figure, axes = plt.subplots(figsize=(6, 3))
axes.hist(sums, bins=np.arange(0.61, 1.4, 0.02))
axes.axvline(float(ops.mean(layer(images)[0])), color="C1", linewidth=3)
axes.set_xlabel("mean(Dropout(0.5)(x))")
print(round(float(sums.mean()), 3), round(float(sums.std()), 3))
assert abs(sums.mean() - 1) < 0.01
assert abs(sums.std() - 0.1) < 0.01

# %% dropout-answer
y = np.asarray(Dropout(0.2, seed=1)(ops.ones((200_000,)), training=True))
print(np.unique(y), round(float(y.mean()), 2), round(float(y.var()), 2))
assert np.unique(y).tolist() == [0, 1.25]
assert abs(y.mean() - 1) < 0.005
assert abs(y.var() - 0.25) < 0.005

# %% transfer-worked
features = Dense(64, activation="relu", name="features")
old = keras.Sequential([keras.Input((784,)), features, Dense(10, name="old")])
features.trainable = False
new = keras.Sequential([keras.Input((784,)), features, Dense(5, name="new")])
everything = sum(int(np.prod(w.shape)) for w in new.weights)
trained = sum(int(np.prod(w.shape)) for w in new.trainable_weights)
print(everything, trained, everything - trained)
assert trained == 64 * 5 + 5 == 325
assert everything - trained == 784 * 64 + 64 == 50240

# %% transfer-answer
features.trainable = True
trained = sum(int(np.prod(w.shape)) for w in new.trainable_weights)
print(trained)
assert trained == 50565
