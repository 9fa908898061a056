"""A classifier that judges what a generative model draws: trained on the spot, on images that are not drawn.

    share_k = how many drawings the judge takes for class k / all drawings
"""

import keras

from tfnotes import losses, optimizers
from tfnotes.models.mlp import mlp


def judge(x, y, classes, seed=0):
    """A multilayer perceptron, trained for ten epochs.

    Args:
        x: images of shape `(n, ...)`, as the generative model gives them.
        y: their classes, whole numbers.
        classes: how many there are.
        seed: of weights, dropout and order. Sets Keras's seed, as `keras.utils.set_random_seed` does.

    Returns:
        A model from images to logits of shape `(n, classes)`.
    """
    keras.utils.set_random_seed(seed)
    model = mlp(x.shape[1:], classes)
    model.compile(optimizers.Adam(1e-3), losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    model.fit(x, y, epochs=10, batch_size=64, verbose=0)
    return model
