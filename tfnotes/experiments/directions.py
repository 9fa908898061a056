"""Training LSTM networks that read in one direction and in both: what the second one brings."""

import keras
import numpy as np

from tfnotes import task as tasks
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._training import accuracy, train
from tfnotes.experiments._verdicts import decide, gains, matters
from tfnotes.experiments.figures import shares
from tfnotes.layers import LSTM, Bidirectional, Dense
from tfnotes.models import recurrent_classifier
from tfnotes.optimizers import Adam


def both_rule(s):
    ahead = {task: s[f"{task}_both"] - s[f"{task}_one"] for task in ("next", "previous", "reviews")}
    return decide(
        {
            "the label needs the next step": gains(ahead["next"], 0.02),
            "the label needs the previous step": matters(ahead["previous"], 0.02),
            "reviews": matters(ahead["reviews"], 0.02),
        }
    )


@experiment({"bilstm-better": both_rule}, kind="training", seeds=6, draw=shares)
def both_directions(seed, *, units=8, steps=120, examples=1000, length=8, texts=2500, words=20):
    """Test accuracy of LSTMs in one direction and in both: labels that need the step after or before; reviews."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2 * examples, length, 1)).astype("float32")
    found = {}
    # The label says whether a step and its neighbour have the same sign; the edge has no neighbour and counts as +.
    after = np.concatenate([x[:, 1:], np.ones_like(x[:, :1])], axis=1)
    before = np.concatenate([np.ones_like(x[:, :1]), x[:, :-1]], axis=1)
    for task, neighbour in (("next", after), ("previous", before)):
        y = (x * neighbour > 0)[..., 0].astype("int64")
        for name in ("one", "both"):
            keras.utils.set_random_seed(seed)
            layer = LSTM(units, return_sequences=True)
            model = keras.Sequential([Bidirectional(layer) if name == "both" else layer, Dense(2)])
            train(model, x[:examples], y[:examples], steps=steps, seed=seed, optimizer=Adam(0.02))
            found[f"{task}_{name}"] = accuracy(model, x[examples:], y[examples:])
    x, y, test_x, test_y = reviews(texts, words)
    for name, directions in (("one", 1), ("both", 2)):
        keras.utils.set_random_seed(seed)
        model = recurrent_classifier("lstm", 2, vocabulary=5000, width=16, units=16, directions=directions)
        train(model, x, y, steps=steps, seed=seed, optimizer=Adam(0.005))
        found[f"reviews_{name}"] = accuracy(model, test_x, test_y)
    return found


def reviews(texts, words, vocabulary=5000):
    """`(x, y, test_x, test_y)`: ids of the words of snippets, 0 behind a snippet's end, and labels."""
    splits = tasks.load("imdb").source("sample")(None)
    to_ids = keras.layers.TextVectorization(vocabulary, output_sequence_length=words)
    kept = splits.train.x[:texts]
    to_ids.adapt(kept)
    return to_ids(kept).numpy(), splits.train.y[:texts], to_ids(splits.test.x).numpy(), splits.test.y
