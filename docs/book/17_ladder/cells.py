# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import models
from tfnotes.losses import SparseCategoricalCrossentropy
from tfnotes.models.ladder import combinator, denoising_cost
from tfnotes.optimizers import Adam
from tfnotes_tasks.mnist import data

# %% ladder-clusters
rng = np.random.default_rng(0)
crowd = np.concatenate([rng.normal(-2, 0.4, 200), rng.normal(1, 0.4, 200)])
truth = np.repeat([0, 1], 200)
low, high = -0.9, 1.9
by_labels = (low + high) / 2
middles = np.array([low, high])
for _ in range(5):
    nearest = np.argmin(np.abs(crowd[:, None] - middles), axis=1)
    middles = np.array([crowd[nearest == k].mean() for k in (0, 1)])
by_crowd = middles.mean()
for name, border in (("labels", by_labels), ("crowd", by_crowd)):
    print(f"{name:7} {border:5.2f}   {np.mean((crowd > border) == truth):.2f}")
figure, axes = plt.subplots(figsize=(6, 2))
axes.hist(crowd, 40, color="C7", alpha=0.6)
axes.axvline(by_labels, color="C1", linestyle="--", label="labels")
axes.axvline(by_crowd, color="C0", label="crowd")
axes.plot([low, high], [0, 0], "o", color="C3", clip_on=False)
axes.legend()
assert round(by_labels, 2) == 0.5
assert abs(by_crowd + 0.5) < 0.1
assert round(float(np.mean((crowd > by_labels) == truth)), 2) < 0.97
assert round(float(np.mean((crowd > by_crowd) == truth)), 2) > 0.98

# %% clusters-answer
print(round(100 / 3600, 3))
assert round(100 / 3600, 3) == 0.028

# %% ladder-shapes
model = models.ladder((784,), 10, units="200-100", costs="1000-10-0.1-0.1")
print(model.widths)
print([tuple(layer.kernel.shape) for layer in model.up])
print([tuple(layer.kernel.shape) for layer in model.down])
assert model.widths == [784, 200, 100, 10]

# %% ladder-answer
keras.utils.set_random_seed(0)
x = tf.constant(rng.random((50, 784)).astype("float32"))
z, _, _ = model.encode(x)
print([round(float(tf.math.reduce_std(part)), 2) for part in z[1:]])
assert all(abs(float(tf.math.reduce_std(part)) - 1) < 0.01 for part in z[1:])

# %% combinator-worked
variance, noise = 1.0, 0.25
share = variance / (variance + noise)
m, seen = 1.0, 2.0
print(share, m + share * (seen - m))
assert (share, m + share * (seen - m)) == (0.8, 1.8)
clean = rng.normal(1, 1, 100_000)
noisy = clean + rng.normal(0, 0.5, 100_000)
slope = np.cov(clean, noisy)[0, 1] / np.var(noisy)
print(round(float(slope), 2))
assert round(float(slope), 2) == 0.8

# %% combinator-code
a = np.zeros((10, 1), "float32")
a[4], a[9] = 1.0, 0.8
estimate = combinator(tf.constant([[2.0]]), tf.constant([[0.0]]), tf.constant(a))
print(float(estimate[0, 0]))
assert np.isclose(estimate, 1.8)

# %% combinator-answer
guesses = []
for noise in (0.0, 1.0, 100.0):
    share = 1 / (1 + noise)
    guesses.append(1.0 + share * (2.0 - 1.0))
    print(noise, round(share, 2), round(guesses[-1], 2))
assert np.round(guesses, 1).tolist() == [2.0, 1.5, 1.0]

# %% cost-worked
z, estimate = tf.constant([[1.0], [-1.0]]), tf.constant([[3.0], [1.0]])
for tried in (estimate, tf.zeros((2, 1))):
    print(round(float(denoising_cost(z, tried, 2.0, 1.0)), 3))
assert np.isclose(denoising_cost(z, estimate, 2.0, 1.0), 0, atol=1e-6)


# %% ladder-train
def learn(costs, steps=150):
    """A ladder with 100 labelled digits and all the others without labels; accuracy on unseen digits."""
    keras.utils.set_random_seed(1)
    model = models.ladder((784,), 10, units="100-50", costs=costs)
    model.compile(Adam(0.004), SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    crowd = tf.data.Dataset.from_tensor_slices(train_x).shuffle(4000, seed=0).repeat().batch(100)
    few, answers = (tf.data.Dataset.from_tensors(part).repeat() for part in (labelled, labels))
    batches = tf.data.Dataset.zip(((few, crowd), answers))
    model.fit(batches, steps_per_epoch=steps, epochs=1, verbose=0)
    return float(np.mean(np.argmax(model(test_x), -1) == digits.test.y))


digits = data.sample()
train_x, test_x = (part.x.reshape(-1, 784).astype("float32") / 255 for part in (digits.train, digits.test))
rows = np.concatenate([np.flatnonzero(digits.train.y == k)[:10] for k in range(10)])
labelled, labels = tf.constant(train_x[rows]), tf.constant(digits.train.y[rows])
found = {}
for costs in ("0-0-0-0", "1000-10-0.1-0.1"):
    found[costs] = learn(costs)
    print(f"{costs:16} {found[costs]:.2f}")
assert found["1000-10-0.1-0.1"] > found["0-0-0-0"] + 0.01

# %% few-labels-answer
model = models.ladder((784,), 10, units="100-50", costs="1000-10-0.1-0.1")
to_classify = [*(layer.kernel for layer in model.up), *model.beta, model.gamma]
for_training = [*(layer.kernel for layer in model.down), *model.combining]
counts = [sum(int(np.prod(weight.shape)) for weight in part) for part in (to_classify, for_training)]
print(counts)
assert counts == [84_070, 93_340]
