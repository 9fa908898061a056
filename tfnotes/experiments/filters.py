"""Training convolutional networks: which pooling, and on which layers to spend the filters."""

import keras
import numpy as np

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._plan import Plan
from tfnotes.experiments._training import OF_A_POINT, POINT, accuracy, more_digits, train
from tfnotes.experiments._verdicts import decide
from tfnotes.experiments.figures import shares
from tfnotes.layers import AveragePooling2D, Conv2D, Dense, Flatten, GlobalAveragePooling2D, MaxPooling2D
from tfnotes.optimizers import Adam

PLAN = Plan((8, 16, 32), POINT, OF_A_POINT)


def pooling_rule(s, plan):
    ahead = {task: s[f"{task}_max"] - s[f"{task}_average"] for task in ("digits", "spot", "brightness")}
    return decide(
        {
            "max is better on digits": plan.leads(ahead["digits"]),
            "max is better on spots": plan.leads(ahead["spot"]),
            "average is better on brightness": plan.leads(-ahead["brightness"]),
        }
    )


@experiment({"max-beats-average": pooling_rule}, kind="training", plan=PLAN, draw=shares)
def max_or_average(seed, *, steps=300, filters=8, examples=2000):
    """Test accuracy with max and with average pooling: on digits, spots in noise, brightness behind specks."""
    x, y, test_x, test_y = more_digits()
    tasks = {"digits": (x, y, test_x, test_y)}
    rng = np.random.default_rng(seed)
    for name in ("spot", "brightness"):
        made, labels = drawn(name, rng, 2 * examples)
        tasks[name] = (made[:examples], labels[:examples], made[examples:], labels[examples:])
    found = {}
    for name, (a, b, test_a, test_b) in tasks.items():
        for kind, pooling in (("max", MaxPooling2D), ("average", AveragePooling2D)):
            keras.utils.set_random_seed(seed)
            classes = int(b.max()) + 1
            convolutions = [Conv2D(filters, 3, activation="relu") for _ in range(2)]
            layers = [convolutions[0], pooling(2), convolutions[1], pooling(5), Flatten(), Dense(classes)]
            model = keras.Sequential([keras.layers.Reshape((28, 28, 1)), *layers])
            train(model, a, b, steps=steps, seed=seed, optimizer=Adam(0.002))
            found[f"{name}_{kind}"] = accuracy(model, test_a, test_b)
    return found


def drawn(task, rng, n, size=28):
    """Noisy images of two classes: with a bright spot of 2 x 2 somewhere or without, or strewn with bright
    specks and a little brighter or not."""
    y = rng.integers(0, 2, n)
    x = rng.normal(0, 0.5, (n, size, size))
    if task == "brightness":
        x += 0.1 * y[:, None, None] + 3.0 * (rng.random(x.shape) < 0.1)
    else:
        for k, (row, column) in enumerate(rng.integers(0, size - 1, (n, 2))):
            x[k, row : row + 2, column : column + 2] += 1.5 * y[k]
    return x.reshape(n, -1).astype("float32"), y


# Filters of three convolutions, each of 3 x 3; the first two are followed by pooling.
ORDERS = {
    "more_later": (8, 16, 32),
    "as_many_parameters_even": (18, 18, 18),
    "as_many_parameters_fewer_later": (32, 16, 8),
    "as_many_operations_even": (13, 13, 13),
    "as_many_operations_fewer_later": (20, 10, 5),
}


def order_rule(s, plan):
    ahead = {name: s["more_later"] - s[name] for name in ORDERS if name != "more_later"}
    cases = {f"against {name.replace('_', ' ')}": plan.leads(difference) for name, difference in ahead.items()}
    return decide(cases, right=all(case.holds is False for case in cases.values()))


@experiment({"fewer-filters-first": order_rule}, kind="training", plan=PLAN, draw=shares)
def order_of_filters(seed, *, steps=400):
    """Test accuracy of three convolutions with more filters later, as many, or fewer, at equal parameters or cost.

    At this rate it swings from step to step, so that it is the mean of the last fifth of them, looked at five times.
    """
    x, y, test_x, test_y = more_digits()
    found: dict = {}
    for name, order in ORDERS.items():
        keras.utils.set_random_seed(seed)
        layers = [keras.layers.Reshape((28, 28, 1))]
        for k, n in enumerate(order):
            layers += [Conv2D(n, 3, padding="same", activation="relu", kernel_initializer="he_normal")]
            layers += [MaxPooling2D(2)] if k < 2 else [GlobalAveragePooling2D()]
        model = keras.Sequential([*layers, Dense(10)])
        seen: list[float] = []

        def look(number, _, model=model, seen=seen):
            if number + 1 in {steps - k * steps // 20 for k in range(5)}:
                seen.append(accuracy(model, test_x, test_y))

        train(model, x, y, steps=steps, seed=seed, optimizer=Adam(0.005), each=look)
        channels = [1, *order]
        found[name] = np.mean(seen)
        found[f"{name}_parameters"] = model.count_params()
        found[f"{name}_operations"] = (
            sum(9 * a * b * side**2 for a, b, side in zip(channels, order, (28, 14, 7), strict=False)) + 10 * order[-1]
        )
    return found
