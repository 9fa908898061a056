"""Training on digits: activations, scaling, biases, dropout, transfer. Least effects are in the rules."""

import numpy as np

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._training import accuracy, digits, mlp, train
from tfnotes.experiments._verdicts import below, decide, gains, matters, near
from tfnotes.experiments.figures import shares
from tfnotes.layers import BatchNormalization, Dense, Dropout


def hidden_rule(s):
    return decide({f"{n} hidden layers": matters(s[f"tanh_{n}"] - s[f"sigmoid_{n}"], 0.01) for n in ("1", "5")})


def avoid_rule(s):
    return decide(
        {
            f"{n} hidden layers": matters(np.maximum(s[f"tanh_{n}"], s[f"relu_{n}"]) - s[f"sigmoid_{n}"], 0.02)
            for n in ("1", "5")
        }
    )


@experiment({"tanh-beats-sigmoid": hidden_rule, "avoid-sigmoid": avoid_rule}, kind="training", seeds=6, draw=shares)
def hidden_activations(seed, *, steps=500, units=64):
    """Test accuracy by hidden activation, with one hidden layer and with five, each at the better of two rates.

    Which rate is better is asked of the test split too, so that every accuracy is the best that the two can reach.
    """
    x, y, test_x, test_y = digits()
    found: dict = {}
    for depth in (1, 5):
        for name in ("sigmoid", "tanh", "relu"):
            models = (mlp([units] * depth, name) for _ in range(2))
            rates = zip(models, (0.1, 0.5), strict=True)
            found[f"{name}_{depth}"] = max(
                accuracy(train(m, x, y, steps=steps, seed=seed, rate=r), test_x, test_y) for m, r in rates
            )
    return found


def scaling_rule(s):
    return decide(
        {
            "plain descent": near(s["scaled"] - s["raw"], 0, 0.01),
            "batch normalization in front": near(s["scaled"] - s["raw_normalized"], 0, 0.02),
        },
        right=gains(s["scaled"] - s["raw"], 0.01),
    )


@experiment(
    {"no-preprocessing-needed": scaling_rule, "images-need-no-scaling": scaling_rule},
    kind="training",
    seeds=8,
    draw=shares,
)
def raw_pixels(seed, *, steps=300, units=64):
    """Test accuracy with pixels from 0 to 1 and from 0 to 255, the latter at its best rate, and normalized."""
    x, y, test_x, test_y = digits()

    def run(factor, rate, *first):
        model = mlp([units], "relu")
        for layer in first:
            model = type(model)([layer, *model.layers])
        return accuracy(train(model, factor * x, y, steps=steps, seed=seed, rate=rate), factor * test_x, test_y)

    return {
        "scaled": run(1, 0.1),
        # The best on the test split, so the comparison favours raw pixels.
        "raw": max(run(255, rate) for rate in (0.1, 1e-3, 1e-4, 1e-5)),
        "raw_normalized": run(255, 0.1, BatchNormalization(momentum=0.9)),
    }


@experiment(
    {"zero-bias-fine": lambda s: decide({"no loss of a point": near(s["zero"] - s["random"], 0, 0.01)})},
    kind="training",
    seeds=10,
    draw=shares,
)
def zero_biases(seed, *, steps=300, units=64):
    """Test accuracy with biases that start at 0, and with random ones."""
    x, y, test_x, test_y = digits()
    found: dict = {}
    for name, start in (("zero", "zeros"), ("random", "random_normal")):
        model = mlp([units, units], "relu", bias_initializer=start)
        found[name] = accuracy(train(model, x, y, steps=steps, seed=seed), test_x, test_y)
    return found


def dropout_rule(s):
    return decide(
        {
            "a wide network, 300 digits": gains(s["wide_dropout"] - s["wide"], 0.005),
            "a narrow network, 3,600 digits": gains(s["narrow_dropout"] - s["narrow"], 0.005),
        }
    )


@experiment({"dropout-regularizes": dropout_rule}, kind="training", seeds=8, draw=shares)
def dropout(seed, *, steps=600, rate=0.5):
    """Test accuracy with and without dropout: a wide network on few digits, a narrow one on many."""
    x, y, test_x, test_y = digits()
    found: dict = {}
    for name, units, examples in (("wide", 256, 300), ("narrow", 16, len(x))):
        for suffix, share in (("", 0.0), ("_dropout", rate)):
            model = mlp([units], "relu")
            model = type(model)([model.layers[0], Dropout(share), *model.layers[1:]])
            rows = np.random.default_rng(seed).permutation(len(x))[:examples]
            train(model, x[rows], y[rows], steps=steps, seed=seed, rate=0.2)
            found[name + suffix] = accuracy(model, test_x, test_y)
    return found


def six_rule(s):
    ratio = s["tanh_steps"] / s["relu_steps"]
    return decide({"about six times": near(ratio, 6, 2)}, right=below(ratio, 4))


def constant_rule(s):
    return decide(
        {name: gains(np.log(s[f"{name}_steps"] / s["relu_steps"]), np.log(1.1)) for name in ("sigmoid", "tanh")}
    )


@experiment({"relu-six-times": six_rule, "relu-constant-gradient": constant_rule}, kind="training", seeds=8)
def steps_to_target(seed, *, target=0.3, limit=1500, units=64):
    """Steps until the training loss (a running mean) is at its target, each activation at its best of four rates."""
    x, y, _, _ = digits()
    found: dict = {}
    for name in ("relu", "tanh", "sigmoid"):
        taken: list[int] = []
        for rate in (0.1, 0.3, 1.0, 3.0):
            mean = [2.3]
            state = {"steps": limit}

            def arrived(number, loss, mean=mean, state=state, taken=taken):
                mean[0] += 0.1 * (loss - mean[0])
                if mean[0] <= target:
                    state["steps"] = number + 1
                # A rate that diverges, or lags behind one that has arrived, is given up.
                return mean[0] <= target or not np.isfinite(loss) or number >= min([limit, *taken])

            train(mlp([units, units], name), x, y, steps=limit, seed=seed, rate=rate, each=arrived)
            taken.append(state["steps"])
        found[f"{name}_steps"] = min(taken)
    return found


def transfer_rule(s):
    few, many = (s[f"kept_{n}"] - s[f"scratch_{n}"] for n in ("few", "many"))
    return decide({"10 labels": gains(few, 0.02), "200 labels": gains(many, 0.02)}, right=gains(-many, 0.02))


@experiment({"transfer": transfer_rule}, kind="training", seeds=10, draw=shares)
def transfer(seed, *, units=128, steps=300):
    """Accuracy on digits 5 to 9 with few labels: a new last layer on features of 0 to 4, and a network from scratch."""
    x, y, test_x, test_y = digits()
    old, new, test = y < 5, np.flatnonzero(y >= 5), test_y >= 5
    order = np.random.default_rng(seed).permutation(new)
    before = train(mlp([units], "relu", 5), x[old], y[old], steps=steps, seed=seed)
    found: dict = {}
    for suffix, labels in (("few", 10), ("many", 200)):
        rows = order[:labels]
        for name, hidden in (("kept", before.layers[0]), ("scratch", Dense(units, activation="relu"))):
            model = type(before)([hidden, Dense(5)])
            model.build((None, x.shape[1]))
            trainable = model.layers[1].trainable_weights if name == "kept" else None
            train(model, x[rows], y[rows] - 5, steps=steps, seed=seed, trainable=trainable)
            found[f"{name}_{suffix}"] = accuracy(model, test_x[test], test_y[test] - 5)
    return found
