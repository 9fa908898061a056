"""L1 and L2: what they cost a training step, and how much their factor matters."""

import keras

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._timing import seconds
from tfnotes.experiments._training import accuracy, mlp, step_of, train
from tfnotes.experiments._verdicts import above, decide, matters
from tfnotes.experiments.generalization import some
from tfnotes.regularizers import L1, L2

# A usual factor; a search for the best one spans decades around it.
PENALTIES = {"l1": (L1, 1e-4), "l2": (L2, 1e-3)}
FACTORS = {"usual": 1, "tenfold": 10, "hundredfold": 100}


def rare_rule(s):
    # How often people use them isn't to be measured here; the two reasons are.
    def loss(name, factor):
        return s[f"{name}_usual"] - s[f"{name}_{factor}"]

    return decide(
        {f"{name} makes a step a tenth slower": above(s[f"{name}_time"], 1.1) for name in PENALTIES}
        | {f"the factor of {name} matters": matters(loss(name, "hundredfold"), 0.02) for name in PENALTIES}
    )


@experiment({"regularization-rare": rare_rule}, kind="training", seeds=5, alone=True)
def penalties(seed, *, examples=500, steps=300, units=256, rounds=60):
    """Time of a training step with L1 and with L2 over that without, in turn; test accuracy by the factor."""
    x, y, test_x, test_y = some(seed, examples)

    def network(penalty):
        keras.utils.set_random_seed(seed)
        return mlp([units, units], "relu", kernel_regularizer=penalty)

    penalised: dict = {"without": None}
    for name, (penalty, usual) in PENALTIES.items():
        penalised |= {f"{name}_{factor}": penalty(times * usual) for factor, times in FACTORS.items()}
    found = {
        name: accuracy(train(network(penalty), x, y, steps=steps, seed=seed), test_x, test_y)
        for name, penalty in penalised.items()
    }
    batch = x[:64], y[:64]
    names = ("without", "l1_usual", "l2_usual")
    plain, *rest = seconds([step_of(network(penalised[name]), *batch) for name in names], rounds)
    return found | {f"{name}_time": time / plain for name, time in zip(PENALTIES, rest, strict=True)}
