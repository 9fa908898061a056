"""Training on digits: activations, scaling, biases, dropout, transfer. Least effects are in the rules."""

import numpy as np

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._plan import Plan
from tfnotes.experiments._training import (
    OF_A_POINT,
    POINT,
    accuracy,
    digits,
    mlp,
    more_digits,
    seeded,
    train,
    validation_digits,
)
from tfnotes.experiments._verdicts import decide, gains, near
from tfnotes.experiments.figures import shares
from tfnotes.layers import BatchNormalization, Dropout

DEPTHS = {"1": "1 hidden layer", "5": "5 hidden layers"}


def hidden_rule(s, plan):
    return decide({words: plan.leads(s[f"tanh_{n}"] - s[f"sigmoid_{n}"]) for n, words in DEPTHS.items()})


def avoid_rule(s, plan):
    return decide({words: plan.leads(s[f"relu_{n}"] - s[f"sigmoid_{n}"]) for n, words in DEPTHS.items()})


@experiment(
    {"tanh-beats-sigmoid": hidden_rule, "avoid-sigmoid": avoid_rule},
    kind="training",
    # The digits that choose a rate are left out of the test.
    plan=Plan((8, 16, 32), POINT, OF_A_POINT.replace("85 % on 1,400", "90 % on 1,000")),
    draw=shares,
)
def hidden_activations(seed, *, steps=500, units=64):
    """Test accuracy by hidden activation, with one hidden layer and with five.

    Each is trained at two rates, of which the validation split chooses one.
    """
    x, y, test_x, test_y = digits()
    found: dict = {}
    for depth in (1, 5):
        for name in ("sigmoid", "tanh", "relu"):
            models = ((rate, seeded(seed, mlp, [units] * depth, name)) for rate in (0.1, 0.5))
            trained = [train(m, x, y, steps=steps, seed=seed, rate=rate) for rate, m in models]
            better = max(trained, key=lambda model: accuracy(model, *validation_digits()))
            found[f"{name}_{depth}"] = accuracy(better, test_x, test_y)
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


def dropout_rule(s, plan):
    narrow = s["narrow_dropout"] - s["narrow"]
    cases = {
        "a wide network, 300 digits": plan.leads(s["wide_dropout"] - s["wide"]),
        "a narrow network, 3,600 digits": plan.leads(narrow),
    }
    return decide(cases, right=plan.leads(-narrow))


@experiment(
    {"dropout-regularizes": dropout_rule}, kind="training", plan=Plan((8, 16, 32, 64), POINT, OF_A_POINT), draw=shares
)
def dropout(seed, *, steps=600, rate=0.5):
    """Test accuracy with and without dropout: a wide network on few digits, a narrow one on many."""
    x, y, test_x, test_y = more_digits()
    found: dict = {}
    for name, units, examples in (("wide", 256, 300), ("narrow", 16, len(x))):
        for suffix, share in (("", 0.0), ("_dropout", rate)):
            model = seeded(seed, mlp, [units], "relu")
            model = type(model)([model.layers[0], Dropout(share), *model.layers[1:]])
            rows = np.random.default_rng(seed).permutation(len(x))[:examples]
            train(model, x[rows], y[rows], steps=steps, seed=seed, rate=0.2)
            found[name + suffix] = accuracy(model, test_x, test_y)
    return found


def six_rule(s, plan):
    ratio = s["tanh_steps"] / s["relu_steps"]
    return decide({"about six times": plan.first_of(near, ratio, 6, 2)}, right=plan.below(ratio, 4))


def constant_rule(s, plan):
    return decide({name: plan.leads(np.log(s[f"{name}_steps"] / s["relu_steps"])) for name in ("sigmoid", "tanh")})


@experiment(
    {"relu-six-times": six_rule, "relu-constant-gradient": constant_rule},
    kind="training",
    plan=Plan((8, 16, 32, 64), float(np.log(1.1)), "a tenth more steps; the rates that are tried lie wider apart"),
)
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

            model = seeded(seed, mlp, [units, units], name)
            train(model, x, y, steps=limit, seed=seed, rate=rate, each=arrived)
            taken.append(state["steps"])
        found[f"{name}_steps"] = min(taken)
    return found


def transfer_rule(s, plan):
    few, many = (s[f"kept_{n}"] - s[f"scratch_{n}"] for n in ("few", "many"))
    return decide({"10 labels": plan.leads(few), "200 labels": plan.leads(many)}, right=plan.leads(-many))


@experiment(
    {"transfer": transfer_rule},
    kind="training",
    plan=Plan((8, 16, 32, 64), 2 * POINT, "with 10 labels networks from scratch lie 20 points apart"),
    draw=shares,
)
def transfer(seed, *, units=128, steps=300, draws=6):
    """Accuracy on digits 5 to 9 with few labels: a new last layer on features of 0 to 4, and a network from scratch.

    Which 10 digits have labels matters more than what is compared, so a seed's figure is the mean of several draws.
    """
    x, y, test_x, test_y = more_digits()
    old, new, test = y < 5, np.flatnonzero(y >= 5), test_y >= 5
    rng = np.random.default_rng(seed)
    start = seeded(seed, mlp, [units], "relu", 5)
    start.build((None, x.shape[1]))
    weights = start.get_weights()
    learned = train(start, x[old], y[old], steps=steps, seed=seed).layers[0].get_weights()
    found: dict = {}
    for suffix, labels, times in (("few", 10, draws), ("many", 200, 1)):
        chosen = [rng.permutation(new)[:labels] for _ in range(times)]
        for name in ("kept", "scratch"):
            model = mlp([units], "relu", 5)
            model.build((None, x.shape[1]))
            trainable = model.layers[1].trainable_weights if name == "kept" else None
            right = []
            for rows in chosen:
                model.set_weights([*(learned if name == "kept" else weights[:2]), *weights[2:]])
                train(model, x[rows], y[rows] - 5, steps=steps, seed=seed, trainable=trainable)
                right.append(accuracy(model, test_x[test], test_y[test] - 5))
            found[f"{name}_{suffix}"] = np.mean(right)
    return found
