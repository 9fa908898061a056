"""Drawings of a model whose codes are independent normal numbers: a variational autoencoder's, a GAN's."""

import numpy as np


def answer(exported, endpoint, settings, count, seed):
    """See `tfnotes.serving.preparations`. The same seed draws the same codes, whatever runs the model."""
    size = exported.endpoint(endpoint)["inputs"]["codes"]["shape"][-1]
    codes = np.random.default_rng(int(seed)).standard_normal((int(count), size), "float32")
    return exported.ask(endpoint, codes)
