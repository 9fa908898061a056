"""Drawings of a restricted Boltzmann machine: pixels by codes and codes by pixels in turns, by Gibbs sampling."""

import numpy as np

from tfnotes.serving.preparations import generator, length_of_codes


def answer(exported, endpoint, settings, count, seed):
    """See `tfnotes.serving.preparations`; `settings` are `turns`, and `encode`, the endpoint that gives codes."""
    random = generator(seed)
    size = length_of_codes(exported, endpoint)
    codes = _drawn(random, np.full((int(count), size), 0.5, "float32"))
    images = exported.ask(endpoint, codes)["images"]
    for _ in range(settings["turns"] - 1):
        pixels = (255 * _drawn(random, images)).astype("uint8")
        codes = _drawn(random, exported.ask(settings["encode"], pixels)["codes"])
        images = exported.ask(endpoint, codes)["images"]
    return {"images": images}


def _drawn(random, chances):
    return (random.random(chances.shape, "float32") < chances).astype("float32")
