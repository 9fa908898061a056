"""Drawings of a model whose codes are independent normal numbers: a variational autoencoder's, a GAN's."""

from tfnotes.serving.preparations import generator, length_of_codes


def answer(exported, endpoint, settings, count, seed):
    """See `tfnotes.serving.preparations`. The same seed draws the same codes, whatever runs the model."""
    size = length_of_codes(exported, endpoint)
    codes = generator(seed).standard_normal((int(count), size), "float32")
    return exported.ask(endpoint, codes)
