"""Pooling: sizes, what it loses, what it saves."""

import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import size
from tfnotes.experiments._verdicts import above, decide, same
from tfnotes.experiments.convolution import count
from tfnotes.layers import (
    AveragePooling2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
)


def pooled_rule(s):
    return decide({name: same(s[f"same_{name}"] - s["side"], 0) for name in ("stride_1", "stride_2")})


@experiment({"padding-after-pooling": pooled_rule}, kind="exact")
def padding_after_pooling(seed, *, side=28):
    """The side of an image behind a (2,2) max pool with same padding, by stride."""
    x = tf.zeros((1, side, side, 1))
    return {
        "side": side,
        "same_stride_1": MaxPooling2D(2, strides=1, padding="same")(x).shape[1],
        "same_stride_2": MaxPooling2D(2, padding="same")(x).shape[1],
        "valid_stride_2": MaxPooling2D(2)(x).shape[1],
    }


def pool_rule(s):
    return decide(
        {"maxima of 4x4 blocks": bool(s["outputs"][0] == s["blocks_of_4x4"][0])}, right=same(s["off_by_2x2_maxima"], 0)
    )


@experiment({"pool-of-4x4": pool_rule}, kind="exact")
def pool_of_4x4(seed, *, side=8):
    """A (2,2) max pool against the maxima of 2x2 and of 4x4 blocks."""
    image = np.random.default_rng(seed).normal(size=(side, side))
    pooled = MaxPooling2D(2, dtype="float64")(image[None, ..., None]).numpy()[0, ..., 0]
    twos = image.reshape(side // 2, 2, side // 2, 2).max((1, 3))
    fours = image.reshape(side // 4, 4, side // 4, 4).max((1, 3))
    return {"outputs": pooled.size, "blocks_of_4x4": fours.size, "off_by_2x2_maxima": np.max(np.abs(pooled - twos))}


def lossless_rule(s):
    return decide(
        {"max pool": same(s["max_error"], 1e-6), "average pool": same(s["average_error"], 1e-6)},
        right=above(s["max_error"], 0.05) and same(s["collision"], 0) and same(s["constant_error"], 1e-12),
    )


@experiment({"pooling-lossless": lossless_rule}, kind="exact")
def pooling_lossless(seed):
    """Drawn strokes pooled and brought back to their size; two images with one pooled image."""
    rng, side = np.random.default_rng(seed), 28
    at = np.arange(side)
    # Strokes with soft edges, as a pen draws: arcs about random centres.
    centres, radii = rng.uniform(8, 20, (50, 2, 1, 1)), rng.uniform(4, 9, (50, 1, 1))
    distance = np.hypot(at[:, None] - centres[:, 0], at - centres[:, 1])
    images = np.clip(2 - np.abs(distance - radii), 0, 1)
    blocks = np.repeat(np.repeat(rng.uniform(size=(5, 14, 14)), 2, 1), 2, 2)
    # Each window turned round holds the same numbers elsewhere.
    turned = images.reshape(-1, 14, 2, 14, 2)[:, :, ::-1, :, ::-1].reshape(images.shape)
    pools = {"max": MaxPooling2D(2, dtype="float64"), "average": AveragePooling2D(2, dtype="float64")}

    def back(pool, x):
        return np.repeat(np.repeat(pool(x[..., None]).numpy()[..., 0], 2, 1), 2, 2)

    errors = {f"{name}_error": size(back(pool, images) - images) / size(images) for name, pool in pools.items()}
    return errors | {
        "collision": max(np.max(np.abs(back(pool, images) - back(pool, turned))) for pool in pools.values()),
        "turned_differs": size(turned - images) / size(images),
        "constant_error": np.max(np.abs(back(pools["max"], blocks) - blocks)),
    }


def cuts_rule(s):
    return decide(
        {
            "a dense layer behind it": bool(s["flat_pooled"][0] < s["flat"][0]),
            "convolutions behind it": bool(s["global_pooled"][0] < s["global"][0]),
        }
    )


@experiment({"pooling-cuts-parameters": cuts_rule}, kind="exact")
def pooling_cuts_parameters(seed):
    """Parameters of two convolutions and a dense layer, with and without pooling between, flat or averaged."""

    def network(pool, head):
        return count([Conv2D(8, 3), *pool, Conv2D(16, 3), head, Dense(10)], (28, 28, 1))

    return {
        "flat": network([], Flatten()),
        "flat_pooled": network([MaxPooling2D()], Flatten()),
        "global": network([], GlobalAveragePooling2D()),
        "global_pooled": network([MaxPooling2D()], GlobalAveragePooling2D()),
    }
