"""Convolution: what it computes, sizes, and counts of parameters."""

import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import size
from tfnotes.experiments._verdicts import above, decide, same
from tfnotes.layers import (
    Conv2D,
    Dense,
    Flatten,
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
        {"28*28*15*10 + 15 + 10": same(s["counted"] - s["note"], 0)}, right=same(s["counted"] - s["formula"], 0)
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
        }
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
        }
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


def window_figure(axes, samples, parameters):
    """The window's pixels, and in the filter's colour those that it adds."""
    window = samples["window"][0]
    axes.imshow(CROSS, cmap="Blues", vmax=2, alpha=0.8)
    for (row, column), pixel in np.ndenumerate(window):
        kept = CROSS[row, column] == 1
        weight = "bold" if kept else "normal"
        axes.text(column, row, f"{pixel:.0f}", ha="center", va="center", weight=weight, size=16, color="black")
    axes.set_xticks([])
    axes.set_yticks([])
    terms = " + ".join(f"{pixel:.0f}" for pixel in window[CROSS == 1])
    axes.set_xlabel(f"a window of 3 x 3 pixels; where the filter is 1, blue: {terms} = {samples['sum'][0]:.0f}")


CROSS = np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])


@experiment(
    {"conv-429": lambda s: decide({"with any other pixels": same(s["sum"] - 429, 0)})}, kind="exact", draw=window_figure
)
def conv_429(seed):
    """The filter of note 003:146 on a window with the note's five numbers on its diagonals, the rest random."""
    window = np.random.default_rng(seed).integers(0, 256, (3, 3)).astype(float)
    window[CROSS == 1] = [18, 51, 121, 35, 204]
    return {"sum": filtered(window, CROSS).item(), "sum_of_window": window.sum(), "window": window}


def padding_rule(s):
    return decide(
        {
            f"{k}x{k} with {p}, stride {stride}": same(s[f"kernel_{k}_stride_{stride}"] - s["side"], 0)
            for k, p in ((3, 1), (5, 2))
            for stride in (1, 2)
        }
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


# Note 003:168-173 without its border of zeros.
TABLE = np.array([[35.0, 19, 25, 6], [13, 22, 16, 53], [4, 3, 7, 10], [9, 8, 1, 3]])


def same_valid_rule(s):
    return decide(
        {
            "same keeps 4": same(s["same"] - 4, 0) and same(s["same_difference"]),
            "valid shrinks": bool(s["valid"][0] < 4),
            "same keeps 4 at stride 2": same(s["same_stride_2"] - 4, 0),
            "valid shrinks with a 1x1 filter": bool(s["valid_1x1"][0] < 4),
        }
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
