"""Autoencoders: when the output can be the input, and what a linear one learns."""

import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import dense, derivatives
from tfnotes.experiments._verdicts import decide, same
from tfnotes.preprocessing import PCA


def identity_rule(s):
    return decide(
        {
            "a code as wide as the input": same(s["wide_error"], 1e-9),
            "a narrow code, data of that many dimensions": same(s["flat_error"], 1e-9),
            "a narrow code, other data": same(s["narrow_error"], 1e-9),
        }
    )


@experiment({"ae-identity": identity_rule}, kind="exact")
def ae_identity(seed, *, examples=500, features=8, code=3, neighbours=200):
    """What linear autoencoders leave of the variance: with wide and narrow codes, at PCA's weights and around them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(examples, features)) * np.linspace(2, 0.5, features)
    x -= x.mean(0)
    flat = x[:, :code] @ rng.normal(size=(code, features))

    def components(data, n):
        layer = PCA(n_components=n, dtype="float64")
        layer.adapt(data)
        return np.asarray(layer.components)

    def left(data, encoder, decoder):
        return tf.reduce_sum(tf.square(data - dense(dense(data, encoder), decoder))) / np.sum(data**2)

    def at_pca(data, n):
        found = components(data, n)
        return float(left(data, found.T, found))

    found = components(x, code)
    best = at_pca(x, code)
    gradients = derivatives(lambda e, d: left(x, e, d), found.T, found)
    around = [
        float(left(x, found.T + rng.normal(0, 0.05, found.T.shape), found + rng.normal(0, 0.05, found.shape)))
        for _ in range(neighbours)
    ]
    # PCA's own account: the variance beyond the components that it kept.
    eigenvalues = np.linalg.eigvalsh(np.cov(x.T))
    return {
        "wide_error": at_pca(x, features),
        "flat_error": at_pca(flat, code),
        "narrow_error": best,
        "pca_error": eigenvalues[:-code].sum() / eigenvalues.sum(),
        "gradient_at_pca": max(np.max(np.abs(g)) for g in gradients),
        "nearby_worse": min(around) - best,
    }
