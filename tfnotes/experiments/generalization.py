"""Training on digits: what helps on images that weren't seen. Least effects are in the rules."""

from functools import partial

import keras
import numpy as np

from tfnotes.augmentation import RandomBrightness, RandomRotation
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._plan import Plan
from tfnotes.experiments._training import OF_A_POINT, POINT, accuracy, digits, mlp, more_digits, seeded, train
from tfnotes.experiments._verdicts import decide, gains, matters
from tfnotes.experiments.figures import shares
from tfnotes.losses import SparseCategoricalCrossentropy


def some(seed, examples, of=digits):
    """So many digits, drawn by the seed, and the test split."""
    x, y, test_x, test_y = of()
    rows = np.random.default_rng(seed).permutation(len(x))[:examples]
    return x[rows], y[rows], test_x, test_y


def batch_rule(s):
    return decide(
        {
            "as many epochs": gains(s["mini"] - s["full_as_many_epochs"], 0.01),
            "as many steps": matters(s["mini"] - s["full_as_many_steps"], 0.01),
        }
    )


@experiment({"minibatch-generalizes": batch_rule}, kind="training", seeds=8, draw=shares)
def batches(seed, *, examples=1000, epochs=30, units=64):
    """Test accuracy with mini-batches of 32, and with the full batch for as many epochs and for as many steps."""
    x, y, test_x, test_y = some(seed, examples)
    steps = epochs * examples // 32

    def run(batch, n):
        model = train(mlp([units], "relu"), x, y, steps=n, seed=seed, batch=batch)
        return accuracy(model, test_x, test_y)

    return {
        "mini": run(32, steps),
        "full_as_many_epochs": run(None, epochs),
        "full_as_many_steps": run(None, steps),
    }


def epochs_rule(s):
    return decide(
        {
            "more accuracy at first": gains(s["accuracy_200"] - s["accuracy_20"], 0.02),
            "less with too many": matters(s["accuracy_200"] - s["accuracy_2000"], 0.005),
        }
    )


@experiment({"more-epochs": epochs_rule}, kind="training", seeds=8)
def longer(seed, *, examples=300, units=256, rate=0.2):
    """Test accuracy and loss of a wide network on few digits, after 20, 200 and 2,000 steps."""
    x, y, test_x, test_y = some(seed, examples)
    model, found = mlp([units], "relu"), {}
    loss = SparseCategoricalCrossentropy(from_logits=True)

    def look(number, _):
        if number + 1 in (20, 200, 2000):
            found[f"accuracy_{number + 1}"] = accuracy(model, test_x, test_y)
            found[f"loss_{number + 1}"] = float(loss(test_y, model(test_x)))

    train(model, x, y, steps=2000, seed=seed, rate=rate, each=look)
    return found


def deeper_rule(s, plan):
    cases = {
        "as wide": plan.leads(s["gap_deep"] - s["gap_shallow"]),
        "as many parameters": plan.leads(s["gap_deep_narrow"] - s["gap_shallow"]),
    }
    return decide(cases, right=all(case.holds is False for case in cases.values()))


@experiment(
    {"deeper-overfits": deeper_rule},
    kind="training",
    plan=Plan((8, 16, 32, 64), POINT, OF_A_POINT),
    draw=partial(shares, what="accuracy on the training data less that on others"),
)
def deeper(seed, *, examples=500, steps=800):
    """The gap between training and test accuracy: one hidden layer, six as wide, six narrower ones."""
    x, y, test_x, test_y = some(seed, examples, more_digits)
    found = {}
    for name, hidden in (("shallow", [64]), ("deep", [64] * 6), ("deep_narrow", [48] * 6)):
        model = seeded(seed, mlp, hidden, "relu", kernel_initializer="he_normal")
        train(model, x, y, steps=steps, seed=seed)
        found[f"gap_{name}"] = accuracy(model, x, y) - accuracy(model, test_x, test_y)
        found[f"parameters_{name}"] = model.count_params()
    return found


def augmented_rule(s, plan):
    return decide({name: plan.leads(s[name] - s["plain"]) for name in ("rotated", "brightened", "flipped")})


@experiment(
    {"augmentation-helps": augmented_rule}, kind="training", plan=Plan((8, 16, 32, 64), POINT, OF_A_POINT), draw=shares
)
def augmented(seed, *, examples=300, copies=8, steps=800, units=128):
    """Test accuracy on few digits, and with copies of them rotated up to 18 degrees, brightened, or mirrored."""
    x, y, test_x, test_y = some(seed, examples, more_digits)
    images = np.tile(x.reshape(-1, 28, 28, 1), (copies, 1, 1, 1))
    rng = np.random.default_rng(seed)
    mirrored = np.where(rng.random((len(images), 1, 1, 1)) < 0.5, images[:, :, ::-1], images)
    rotate = RandomRotation(0.05, fill_mode="constant", seed=seed)
    brighten = RandomBrightness(0.3, value_range=(0, 1), seed=seed)
    changed = {
        "plain": images,
        "rotated": keras.ops.convert_to_numpy(rotate(images, training=True)),
        "brightened": keras.ops.convert_to_numpy(brighten(images, training=True)),
        "flipped": mirrored,
    }
    found = {}
    for name, data in changed.items():
        # The digits as they are stay among the copies.
        rows = np.concatenate([x, data.reshape(len(data), -1)]).astype("float32")
        model = seeded(seed, mlp, [units], "relu")
        train(model, rows, np.tile(y, copies + 1), steps=steps, seed=seed)
        found[name] = accuracy(model, test_x, test_y)
    return found


def data_rule(s, plan):
    more = {name: s[f"{name}_3600"] - s[f"{name}_900"] for name in ("means", "neighbour", "network")}
    return decide(
        {
            "nearest mean stops": plan.alike(more["means"]),
            "nearest neighbour stops": plan.alike(more["neighbour"]),
            "network goes on": plan.leads(more["network"]),
        }
    )


@experiment({"more-data": data_rule}, kind="training", plan=Plan((8, 16, 32, 64), POINT, OF_A_POINT), draw=shares)
def more_data(seed, *, steps=800, units=128):
    """Test accuracy on 900 and on 3,600 digits: nearest mean, nearest neighbour, and a network."""
    found = {}
    for examples in (900, 3600):
        x, y, test_x, test_y = some(seed, examples, more_digits)
        means = np.stack([x[y == digit].mean(0) for digit in range(10)])
        for name, rows, labels in (("means", means, np.arange(10)), ("neighbour", x, y)):
            distances = np.sum(rows**2, 1) - 2 * test_x @ rows.T
            found[f"{name}_{examples}"] = np.mean(labels[np.argmin(distances, 1)] == test_y)
        model = train(seeded(seed, mlp, [units], "relu"), x, y, steps=steps, seed=seed)
        found[f"network_{examples}"] = accuracy(model, test_x, test_y)
    return found
