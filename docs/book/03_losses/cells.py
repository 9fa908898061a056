# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np

from tfnotes import layers, losses, metrics
from tfnotes.activations import sigmoid, softmax

keras.config.set_floatx("float64")

# %% mse-worked
y = np.array([[0.0, 1.0], [2.0, 2.0]])
a = np.array([[1.0, 3.0], [2.0, 0.0]])
each = np.asarray(losses.mean_squared_error(y, a))
print("each =", each, "  loss =", float(losses.MeanSquaredError()(y, a)))
print("keras =", float(keras.losses.MeanSquaredError()(y, a)))
print("sum / m =", np.sum((y - a) ** 2) / len(y))
assert each.tolist() == [2.5, 2.0]
assert float(losses.MeanSquaredError()(y, a)) == 2.25
assert np.sum((y - a) ** 2) / len(y) == 4.5

# %% mse-picture
targets, c = np.array([1.0, 2.0, 6.0]), np.linspace(0, 7, 701)
figure, axes = plt.subplots(figsize=(6, 2.6))
axes.plot(c, np.mean((targets[:, None] - c) ** 2, axis=0), label="mean((y - c)**2)")
axes.plot(c, np.mean(np.abs(targets[:, None] - c), axis=0), label="mean(|y - c|)")
axes.plot(targets, np.zeros(3), "C2o", label="y")
axes.set_xlabel("c")
axes.legend()

# %% mse-answer
error = [float(losses.MeanSquaredError()(targets, np.full(3, x))) for x in c]
best = c[np.argmin(error)]
print("c =", best.round(2), "  mean =", targets.mean(), "  loss =", round(min(error), 3))
assert best.round(2) == 3.0
assert np.isclose(min(error), 14 / 3)

# %% softmax-worked
z = np.log([1.0, 2.0, 5.0])
p = np.asarray(softmax(z))
print("z =", z.round(3), "  p =", p)
print("keras =", np.asarray(keras.activations.softmax(z[None])[0]))
print("z + 1000 ->", np.asarray(softmax(z + 1000)))
assert p.round(12).tolist() == [0.125, 0.25, 0.625]
assert np.allclose(softmax(z + 1000), p)

# %% softmax-two
two, one = float(softmax(np.array([2.0, 0.5]))[0]), float(sigmoid(np.array(1.5)))
print("softmax([2, 0.5])[0] =", round(two, 6), "  sigmoid(1.5) =", round(one, 6))
each = np.asarray(sigmoid(z))
print("sigmoid(z) / sum =", (each / each.sum()).round(3), "  softmax(z) =", p.round(3))
assert np.isclose(two, one, rtol=1e-12)
assert (each / each.sum()).round(3).tolist() == [0.25, 0.333, 0.417]

# %% softmax-mask
mask = np.array([True, True, False])
print(np.asarray(layers.Softmax()(z, mask=mask)))
assert np.allclose(layers.Softmax()(z, mask=mask), [1 / 3, 2 / 3, 0])

# %% softmax-picture
scale = np.linspace(0, 4, 201)
figure, axes = plt.subplots(figsize=(6, 2.6))
for k, row in enumerate(np.asarray(softmax(scale[:, None] * z)).T):
    axes.plot(scale, row, label=f"p[{k}]")
axes.set(xlabel="c", ylabel="softmax(c * z)")
axes.legend()

# %% softmax-answer
print("softmax(2 z) =", np.asarray(softmax(2 * z)).round(4))
print("p**2 / sum   =", (p**2 / np.sum(p**2)).round(4))
print("softmax(0 z) =", np.asarray(softmax(0 * z)).round(4))
assert np.allclose(softmax(2 * z), np.array([1, 4, 25]) / 30)

# %% bce-worked
z = np.log(3.0)
p = float(sigmoid(z))
loss = losses.BinaryCrossentropy(from_logits=True)
keras_loss = keras.losses.BinaryCrossentropy(from_logits=True)
for y in (1.0, 0.0):
    pair = [float(f([[y]], [[z]])) for f in (loss, keras_loss)]
    print(f"y = {y:.0f}   loss, keras = {np.round(pair, 4)}   p - y = {p - y:.2f}")
assert round(float(loss([[1.0]], [[z]])), 4) == 0.2877
assert round(float(loss([[0.0]], [[z]])), 4) == 1.3863

# %% bce-slopes
p = float(sigmoid(np.array(-5.0)))
squared = 2 * (p - 1) * p * (1 - p)
print(f"z = -5, y = 1, p = {p:.4f}")
print(f"d bce / dz = {p - 1:.4f}   d mse / dz = {squared:.4f}")
assert round(p - 1, 2) == -0.99
assert round(squared, 3) == -0.013

# %% bce-picture
z = np.linspace(-8, 8, 401)
figure, axes = plt.subplots(figsize=(6, 2.6))
axes.plot(z, -np.log(sigmoid(z)), label="-log(p)")
axes.plot(z, (1 - sigmoid(z)) ** 2, label="(1 - p)**2")
axes.set_xlabel("z")
axes.legend()

# %% bce-logits
logit, target = [[100.0]], [[0.0]]
from_logit = float(losses.BinaryCrossentropy(from_logits=True)(target, logit))
from_p = float(losses.BinaryCrossentropy()(target, np.array([[1.0]])))
print("from_logits:", from_logit, "  p = 1:", round(from_p, 2))
assert from_logit == 100
assert round(from_p, 1) == 16.1

# %% bce-answer
targets, c = np.array([[0.2, 0.4, 0.9]]), np.linspace(0.01, 0.99, 99)
error = [float(losses.BinaryCrossentropy()(targets, np.full((1, 3), x))) for x in c]
best = c[np.argmin(error)]
print("p =", best.round(2), "  mean =", targets.mean())
amounts, loss = 10 * targets, losses.BinaryCrossentropy(from_logits=True)
last = [float(loss(amounts, np.full((1, 3), x))) for x in (1.0, 10.0, 100.0)]
print("y = 2, 4, 9   z = 1, 10, 100   loss =", np.round(last, 1).tolist())
assert best.round(2) == 0.5
assert np.round(last, 1).tolist() == [-3.7, -40.0, -400.0]

# %% crossentropy-worked
z, index = np.log([[1.0, 2.0, 5.0]]), np.array([2])
one_hot = np.eye(3)[index]
dense_loss = float(losses.CategoricalCrossentropy(from_logits=True)(one_hot, z))
sparse_loss = float(losses.SparseCategoricalCrossentropy(from_logits=True)(index, z))
keras_loss = float(keras.losses.SparseCategoricalCrossentropy(from_logits=True)(index, z))
print(f"loss = {dense_loss:.4f}, {sparse_loss:.4f}   keras = {keras_loss:.4f}")
print(f"-log(5/8) = {-np.log(5 / 8):.4f}")
print("p - y =", (np.asarray(softmax(z)) - one_hot)[0])
assert round(dense_loss, 4) == round(sparse_loss, 4) == 0.47
assert np.allclose(softmax(z) - one_hot, [0.125, 0.25, -0.375])

# %% crossentropy-smoothing
hard = losses.CategoricalCrossentropy(from_logits=True)
smooth = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
for scale in (1, 5, 20):
    values = [float(loss(one_hot, scale * z)) for loss in (hard, smooth)]
    print(f"{scale:2} * z   label_smoothing 0: {values[0]:.4f}   0.1: {values[1]:.4f}")
assert values[0] < 1e-7
assert round(values[1], 2) == 1.68

# %% crossentropy-answer
print("log(10) =", round(np.log(10), 4))
loss = losses.SparseCategoricalCrossentropy(from_logits=True)
nothing, sure = np.zeros((1, 10)), np.array([[20.0] + [0.0] * 9])
for name, logits in (("nothing", nothing), ("sure", sure)):
    for k in (0, 1):
        print(name, "y =", k, round(float(loss([k], logits)), 4))
assert round(np.log(10), 3) == 2.303
assert float(loss([0], sure)) < 1e-7
assert round(float(loss([1], sure)), 6) == 20

# %% confusion-worked
true, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 1, 0])
m = np.asarray(metrics.ConfusionMatrix(3)(true, np.eye(3)[predicted]))
print(m.astype(int))
print("accuracy =", round(np.trace(m) / m.sum(), 3))
print("recall    =", (np.diag(m) / m.sum(1)).round(3))
print("precision =", (np.diag(m) / np.maximum(m.sum(0), 1)).round(3))
assert m.tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]
assert round(np.trace(m) / m.sum(), 3) == 0.667

# %% confusion-answer
true, predicted = np.repeat([0, 1], [95, 5]), np.zeros(100, int)
m = np.asarray(metrics.ConfusionMatrix(2)(true, np.eye(2)[predicted]))
print(m.astype(int))
print("accuracy =", np.trace(m) / m.sum(), "  recall =", np.diag(m) / m.sum(1))
assert np.trace(m) / m.sum() == 0.95
assert (np.diag(m) / m.sum(1)).tolist() == [1, 0]
