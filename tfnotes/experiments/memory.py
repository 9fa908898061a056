"""Training recurrent networks to remember: how many steps back they learn to look."""

import keras
import numpy as np

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._training import accuracy, train
from tfnotes.experiments._verdicts import below, decide
from tfnotes.experiments.figures import shares
from tfnotes.initializers import Orthogonal
from tfnotes.layers import Dense, SimpleRNN
from tfnotes.optimizers import Adam


def ten_rule(s):
    return decide({f"60 steps, radius {r}": below(s[f"radius_{r}_lag_60"], 0.6) for r in ("0.5", "1.0")})


@experiment({"rnn-ten-steps": ten_rule}, kind="training", seeds=6, draw=shares)
def remember_first(seed, *, units=8, steps=200, examples=2000):
    """Accuracy of a `SimpleRNN` that shall tell the sign of its first input after noise, by lag and weights."""
    rng = np.random.default_rng(seed)
    found: dict = {}
    for radius, lag in (("0.5", 20), ("0.5", 60), ("1.0", 60)):
        x = rng.normal(0, 0.3, (examples, lag + 1, 1)).astype("float32")
        y = rng.integers(0, 2, examples)
        x[:, 0, 0] = 2.0 * y - 1
        start = Orthogonal(gain=float(radius), seed=seed)
        model = keras.Sequential([SimpleRNN(units, recurrent_initializer=start), Dense(2)])
        half = examples // 2
        train(model, x[:half], y[:half], steps=steps, seed=seed, optimizer=Adam(0.003))
        found[f"radius_{radius}_lag_{lag}"] = accuracy(model, x[half:], y[half:])
    return found
