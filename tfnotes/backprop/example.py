"""The example that note 000:14 links to: two inputs, two hidden units, two outputs, one training step.

inputs .05 .10   targets .01 .99   rate .5
h1 = sigmoid(w1 i1 + w2 i2 + .35)        o1 = sigmoid(w5 h1 + w6 h2 + .60)
h2 = sigmoid(w3 i1 + w4 i2 + .35)        o2 = sigmoid(w7 h1 + w8 h2 + .60)
w1 ... w8 = .15 .20 .25 .30 .40 .45 .50 .55
"""

import numpy as np

from tfnotes.backprop.network import Layer, backward, forward, update, update_too_early

INPUTS = np.array([[0.05], [0.10]])
TARGETS = np.array([[0.01], [0.99]])
RATE = 0.5
LAYERS = (
    Layer(np.array([[0.15, 0.20], [0.25, 0.30]]), np.full((2, 1), 0.35)),
    Layer(np.array([[0.40, 0.45], [0.50, 0.55]]), np.full((2, 1), 0.60)),
)


def weights(layers):
    """The weights as w1 to w8."""
    return dict(
        zip((f"w{k}" for k in range(1, 9)), np.concatenate([w.ravel() for w, _ in layers]), strict=True)
    )


def train(steps, biases=False, too_early=False):
    """The layers after some updates.

    Args:
        steps: number of updates.
        biases: whether the biases are updated too; the published example leaves them as they are.
        too_early: the error of many published copies, see `update_too_early`.
    """
    layers = list(LAYERS)
    for _ in range(steps):
        a = forward(layers, INPUTS)
        if too_early:
            layers = update_too_early(layers, a, TARGETS, RATE, biases)
        else:
            layers = update(layers, backward(layers, a, TARGETS), RATE, biases)
    return layers
