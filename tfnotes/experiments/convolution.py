"""Convolution and pooling: what they compute, sizes, and counts of parameters."""

import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import size
from tfnotes.experiments._verdicts import above, decide, same
from tfnotes.layers import (
    AveragePooling2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ZeroPadding2D,
)


def count(layers, shape):
    """The parameters of layers in a row, on inputs of a shape without its batch."""
    x, total = tf.zeros((1, *shape)), 0
    for layer in layers:
        x = layer(x)
        total += layer.count_params()
    return total


def mlp_rule(s):
    return decide(
        {"28*28*15*10 + 15 + 10": same(s["counted"] - s["note"], 0)},
        instead=f"Weights between two layers add to those between the next two: 28*28*15 + 15 + 15*10 + 10 = "
        f"{s['counted'][0]:,.0f}, not the note's {s['note'][0]:,.0f}.",
        right=same(s["counted"] - s["formula"], 0),
    )


@experiment({"mlp-parameter-count": mlp_rule}, kind="exact")
def mlp_parameter_count(seed):
    """The parameters of dense layers of 15 and 10 units on 28 x 28 inputs, counted."""
    return {
        "counted": count([Flatten(), Dense(15), Dense(10)], (28, 28)),
        "note": 28 * 28 * 15 * 10 + 15 + 10,
        "formula": 28 * 28 * 15 + 15 + 15 * 10 + 10,
    }


def neuron_rule(s):
    return decide(
        {
            "one neuron without its bias": same(s["one_neuron_without_bias"] - 2352, 0),
            "one neuron": same(s["one_neuron"] - 2352, 0),
            "a layer of 15": same(s["layer_of_15"] - 2352, 0),
        },
        f"For one neuron without its bias. With it there are {s['one_neuron'][0]:,.0f}, and a layer of 15 neurons has "
        f"{s['layer_of_15'][0]:,.0f}.",
    )


@experiment({"neuron-2352": neuron_rule}, kind="exact")
def neuron_2352(seed):
    """The parameters of dense layers on 28 x 28 x 3 inputs, counted."""
    shape = (28, 28, 3)
    return {
        "one_neuron_without_bias": count([Flatten(), Dense(1, use_bias=False)], shape),
        "one_neuron": count([Flatten(), Dense(1)], shape),
        "layer_of_15": count([Flatten(), Dense(15)], shape),
    }


def inner_rule(s):
    return decide(
        {
            "what the layer computes": same(s["layer_difference"]),
            "convolution, a filter that half a turn leaves alone": same(s["symmetric_difference"]),
            "convolution, any filter": same(s["convolution_difference"]),
        },
        f"That is what the layer computes (difference {s['layer_difference'][0]:.0e}), and mathematics calls it "
        "cross-correlation. Convolution turns the filter by half a turn first: the two agree on filters which that "
        f"leaves alone, and differ by up to {s['convolution_difference'][0]:.1f} on a random one.",
    )


@experiment({"conv-inner-product": inner_rule}, kind="exact")
def conv_inner_product(seed, *, side=9, window=3):
    """`Conv2D` against sums of products window by window, and against convolution as mathematics defines it."""
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=(side, side)), rng.normal(size=(window, window))
    symmetric = kernel + kernel[::-1, ::-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (window, window))

    def products(k):
        return np.einsum("ijab,ab->ij", windows, k)

    def convolution(k):
        out = np.zeros((side + window - 1,) * 2)
        for a in range(window):
            for b in range(window):
                out[a : a + side, b : b + side] += k[a, b] * image
        return out[window - 1 : side, window - 1 : side]

    return {
        "layer_difference": np.max(np.abs(filtered(image, kernel) - products(kernel))),
        "symmetric_difference": np.max(np.abs(filtered(image, symmetric) - convolution(symmetric))),
        "convolution_difference": np.max(np.abs(filtered(image, kernel) - convolution(kernel))),
    }


def filtered(image, kernel, **arguments):
    """An image through a `Conv2D` with this one filter, in float64."""
    layer = Conv2D(1, len(kernel), use_bias=False, dtype="float64", **arguments)
    layer.build((None, *image.shape, 1))
    layer.set_weights([kernel[..., None, None]])
    return layer(image[None, ..., None]).numpy()[0, ..., 0]


@experiment({"conv-429": lambda s: decide({"with any other pixels": same(s["sum"] - 429, 0)})}, kind="exact")
def conv_429(seed):
    """The filter of note 003:146 on a window with the note's five numbers on its diagonals, the rest random."""
    window = np.random.default_rng(seed).integers(0, 256, (3, 3)).astype(float)
    cross = np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])
    window[cross == 1] = [18, 51, 121, 35, 204]
    return {"sum": filtered(window, cross).item(), "sum_of_window": window.sum()}


def padding_rule(s):
    return decide(
        {
            f"{k}x{k} with {p}, stride {stride}": same(s[f"kernel_{k}_stride_{stride}"] - s["side"], 0)
            for k, p in ((3, 1), (5, 2))
            for stride in (1, 2)
        },
        f"With stride 1: {s['side'][0]:.0f} pixels stay {s['kernel_3_stride_1'][0]:.0f}. With stride 2 they become "
        f"{s['kernel_3_stride_2'][0]:.0f}.",
    )


@experiment({"padding-keeps-size": padding_rule}, kind="exact")
def padding_keeps_size(seed, *, side=28):
    """The side of an image behind zero padding and a convolution, by stride."""
    found: dict = {"side": side}
    for k, p in ((3, 1), (5, 2)):
        for stride in (1, 2):
            padded = ZeroPadding2D(p)(tf.zeros((1, side, side, 1)))
            found[f"kernel_{k}_stride_{stride}"] = Conv2D(1, k, strides=stride)(padded).shape[1]
    return found


def pooled_rule(s):
    return decide(
        {name: same(s[f"same_{name}"] - s["side"], 0) for name in ("stride_1", "stride_2")},
        f"Only with stride 1, where {s['side'][0]:.0f} pixels stay {s['same_stride_1'][0]:.0f}. Pooling's default "
        "stride "
        f"is its size, and padding leaves {s['same_stride_2'][0]:.0f} then, as without padding "
        f"({s['valid_stride_2'][0]:.0f}).",
    )


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


# Note 003:168-173 without its border of zeros.
TABLE = np.array([[35.0, 19, 25, 6], [13, 22, 16, 53], [4, 3, 7, 10], [9, 8, 1, 3]])


def same_valid_rule(s):
    return decide(
        {
            "same keeps 4": same(s["same"] - 4, 0) and same(s["same_difference"]),
            "valid shrinks": bool(s["valid"][0] < 4),
            "same keeps 4 at stride 2": same(s["same_stride_2"] - 4, 0),
            "valid shrinks with a 1x1 filter": bool(s["valid_1x1"][0] < 4),
        },
        "For filters larger than 1x1 with stride 1: the note's 4x4 table stays 4x4 with same and becomes "
        f"{s['valid'][0]:.0f}x{s['valid'][0]:.0f} with valid padding. At stride 2, same padding gives "
        f"{s['same_stride_2'][0]:.0f}x{s['same_stride_2'][0]:.0f}; a 1x1 filter keeps {s['valid_1x1'][0]:.0f} with "
        "valid.",
    )


@experiment({"same-valid": same_valid_rule}, kind="exact")
def same_valid(seed):
    """The note's 4x4 table through convolutions with both paddings."""
    kernel = np.random.default_rng(seed).normal(size=(3, 3))
    by_same = filtered(TABLE, kernel, padding="same")
    return {
        "same": len(by_same),
        "valid": len(filtered(TABLE, kernel)),
        # The border of zeros that the note draws, then valid.
        "same_difference": np.max(np.abs(by_same - filtered(np.pad(TABLE, 1), kernel))),
        "same_stride_2": len(filtered(TABLE, kernel, padding="same", strides=2)),
        "valid_1x1": len(filtered(TABLE, kernel[:1, :1])),
    }


def pool_rule(s):
    return decide(
        {"maxima of 4x4 blocks": bool(s["outputs"][0] == s["blocks_of_4x4"][0])},
        instead="A (2,2) pool takes the maximum of every 2x2 block, of 4 pixels: the 8x8 image gives "
        f"{s['outputs'][0]:.0f} maxima, where 4x4 blocks would give {s['blocks_of_4x4'][0]:.0f}.",
        right=same(s["off_by_2x2_maxima"], 0),
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
        instead="Pooling loses what differs inside its windows: a drawn stroke brought back to its size is off by "
        f"{s['max_error'][0]:.0%} of its own size behind a max pool, {s['average_error'][0]:.0%} behind an average "
        "pool, "
        "and images that differ can come to the same pooled one. Only images that are constant in each window come "
        "through whole.",
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
        },
        f"Where a dense layer follows: {s['flat'][0]:,.0f} parameters become {s['flat_pooled'][0]:,.0f}. Pooling has "
        "none "
        "itself, and a convolution has as many whatever the size of its input: with global average pooling before the "
        f"dense layer there are {s['global'][0]:,.0f} with and without.",
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


def sharing_rule(s):
    return decide(
        {
            "shared below local": bool(s["shared"][0] < s["local"][0]),
            "local below dense": bool(s["local"][0] < s["dense"][0]),
        }
    )


@experiment({"weight-sharing-saves": sharing_rule}, kind="exact")
def weight_sharing_saves(seed, *, side=28, window=3, filters=8):
    """Parameters for as many outputs: fully connected, one window each with its own weights, and with shared ones."""
    positions = (side - window + 1) ** 2
    one = Dense(filters)
    one.build((None, window * window))
    return {
        "dense": count([Flatten(), Dense(positions * filters)], (side, side, 1)),
        "local": positions * one.count_params(),
        "shared": count([Conv2D(filters, window)], (side, side, 1)),
    }


def restores_rule(s):
    return decide(
        {"what pooling dropped comes back": above(s["outputs_apart"], 1e-9)},
        instead="A dense layer computes from what is left: two images that differ by "
        f"{s['images_apart'][0]:.0%} and pool to the same features get the same outputs from every dense layer (apart "
        "by "
        f"{s['outputs_apart'][0]:.0e}). Many parameters are right: {s['dense_share'][0]:.0%} of this network's.",
        right=above(s["images_apart"], 0.05) and above(s["dense_share"], 0.5),
    )


@experiment({"fc-restores": restores_rule}, kind="exact")
def fc_restores(seed, *, layers=20):
    """Outputs of random dense layers for two images with one pooled image; the dense layers' share of parameters."""
    rng, side = np.random.default_rng(seed), 28
    image = rng.uniform(size=(1, side, side, 1))
    turned = image.reshape(14, 2, 14, 2)[:, ::-1, :, ::-1].reshape(image.shape)
    pool, apart = MaxPooling2D(2, dtype="float64"), []
    for number in range(layers):
        layer = Dense(64, kernel_initializer="he_normal", dtype="float64", name=f"random_{number}")
        a, b = (layer(Flatten()(pool(x))).numpy() for x in (image, turned))
        apart.append(np.max(np.abs(a - b)))
    convolutions = count([Conv2D(8, 3), MaxPooling2D(), Conv2D(16, 3), MaxPooling2D()], (side, side, 1))
    whole = [Conv2D(8, 3), MaxPooling2D(), Conv2D(16, 3), MaxPooling2D(), Flatten(), Dense(64), Dense(10)]
    return {
        "images_apart": size(turned - image) / size(image),
        "outputs_apart": max(apart),
        "dense_share": 1 - convolutions / count(whole, (side, side, 1)),
    }
