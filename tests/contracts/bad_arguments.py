"""Values that each constructor argument must refuse, by its name; every concept is tried with them."""

import math

import numpy as np

SIZE = (0, -1, 2.5, "3", None, True)
PAIR = (0, -1, 2.5, "3", None, (1, 2, 3), (1,), (0, 1), (1, 2.5), True)
IDENTIFIER = ("no_such_thing", 3.5)
BOOLEAN = ("yes", None, 2, np.ones(2))
FACTOR = (1.1, -1.1, "0.1", None, math.nan, (0.1,), (0, 0.1, 0.2), (0, 1.5), ("0", 1), True)
NUMBER = (None, "0.1", math.nan, math.inf, True)
NOT_NEGATIVE = (-0.1, None, "0.1", math.nan, math.inf, True)

BAD = {
    "units": SIZE,
    "num_classes": (*SIZE, 10_001),
    "input_dim": SIZE,
    "output_dim": SIZE,
    "mask_zero": BOOLEAN,
    "weights": ("glove", 3.5, [1.0, 2.0], [[1.0, 2.0]]),
    "pieces": SIZE,
    "filters": SIZE,
    "groups": SIZE,
    "kernel_size": PAIR,
    "pool_size": PAIR,
    "strides": tuple(v for v in PAIR if v is not None),
    "dilation_rate": PAIR,
    # Numbers are zeros to add for some, refused by the rest.
    "padding": ("full", "", None, -1, 2.5, True, (1,), (1, 2, 3), (1, -1), (1, 2.5), ((1, 2, 3), 1), ((0, -1), 1)),
    "data_format": ("NHWC", 1, ""),
    "activation": IDENTIFIER,
    "use_bias": BOOLEAN,
    "center": BOOLEAN,
    "scale": BOOLEAN,
    "rate": (-0.1, 1.1, "0.5", None, math.nan, True),
    "noise_shape": (3, "ab", (0,), (2.5, 1), (-1, 2)),
    "seed": (-1, 1.5, "seed", True, 10**20),
    "input_axes": ([0], "0", 1),
    "output_axes": ([1], "1", 0),
    "axis": (1.5, "last", None),
    "momentum": (-0.1, 1.1, "0.9", None, math.nan),
    "epsilon": (0, -1e-3, "small", None, math.inf),
    "renorm": BOOLEAN,
    "renorm_clipping": (3, {"max": 1}, {"rmax": "3"}, {"rmin": 2, "rmax": 1}, {"dmax": -1}),
    "renorm_momentum": (-0.1, 1.1, None, "0.5", math.nan, True),
    "synchronized": BOOLEAN,
    "from_logits": BOOLEAN,
    "label_smoothing": (-0.1, 1.1, "0.1", None),
    "ignore_class": (0.5, "1", True),
    "nesterov": BOOLEAN,
    "keepdims": BOOLEAN,
    "negative_slope": NOT_NEGATIVE,
    "threshold": NOT_NEGATIVE,
    "max_value": tuple(v for v in NOT_NEGATIVE if v is not None),
    "alpha": (None, "1", math.nan, True),
    "lower": NOT_NEGATIVE,
    "upper": NOT_NEGATIVE,
    "shared_axes": (0, -1, [0], [1, -1], 1.5, "12", True),
    "value": (None, "1", math.nan, [1.0, math.nan], [[1.0], [2.0, 3.0]], True),
    "mean": NUMBER,
    "stddev": NOT_NEGATIVE,
    "minval": NUMBER,
    "maxval": NUMBER,
    "gain": NUMBER,
    "amsgrad": BOOLEAN,
    "centered": BOOLEAN,
    "rho": (-0.1, 1.1, "0.9", None, math.nan, True),
    "beta_1": (-0.1, 1, 1.5, "0.9", None, math.nan, True),
    "beta_2": (-0.1, 1, 1.5, "0.9", None, math.nan, True),
    "initial_accumulator_value": NOT_NEGATIVE,
    "initial_learning_rate": NOT_NEGATIVE,
    "decay_rate": NOT_NEGATIVE,
    "decay_steps": (0, -1, "3", None, math.nan, True),
    "staircase": BOOLEAN,
    "l1": tuple(v for v in NOT_NEGATIVE if v is not None),
    "l2": tuple(v for v in NOT_NEGATIVE if v is not None),
    "beta": NOT_NEGATIVE,
    "recurrent_activation": IDENTIFIER,
    "unit_forget_bias": BOOLEAN,
    "dropout": (-0.1, 1.1, "0.5", None, math.nan, True),
    "recurrent_dropout": (-0.1, 1.1, "0.5", None, math.nan, True),
    "reset_after": BOOLEAN,
    "use_cudnn": ("yes", None, 1),
    "layer": (None, "lstm", 3),
    "backward_layer": ("lstm", 3),
    "merge_mode": ("add", "", 1),
    "update_gate": ("forgets", None, True),
}
BAD |= dict.fromkeys(("return_sequences", "return_state", "go_backwards", "stateful", "unroll"), BOOLEAN)
BAD |= {
    f"{weight}_{kind}": IDENTIFIER
    for weight in ("kernel", "bias", "embeddings", "alpha", "beta", "gamma", "moving_mean", "moving_variance")
    for kind in ("initializer", "regularizer", "constraint")
}
BAD |= {f"recurrent_{kind}": IDENTIFIER for kind in ("initializer", "regularizer", "constraint")}
BAD["activity_regularizer"] = IDENTIFIER
# Names that mean another thing, or allow more, in one kind.
BAD |= {
    "preprocessing.axis": (1.5, "last", [0.5], True),
    "preprocessing.mean": ("3", math.nan, [[1.0], [2.0, 3.0]], [math.inf]),
    "preprocessing.variance": ("3", math.nan, [[1.0], [2.0, 3.0]], -1.0, [1.0, -0.5], 1.0),
    "preprocessing.epsilon": NOT_NEGATIVE,
    "invert": BOOLEAN,
    "feature_range": (None, 1, (1, 0), (0, 0), (0, 1, 2), ("0", "1"), (0, math.inf), (math.nan, 1)),
    "factor": FACTOR,
    "height_factor": FACTOR,
    "width_factor": tuple(v for v in FACTOR if v is not None),
    "x_factor": (*FACTOR, -0.1),
    "y_factor": (*FACTOR, -0.1),
    "fill_mode": ("mirror", "", None, 1),
    "interpolation": ("cubic", "", None, 1),
    "fill_value": NUMBER,
    "value_range": (None, 255, (0,), (0, 1, 2), ("0", "1"), (0, math.inf), (math.nan, 1)),
    "n_components": tuple(v for v in SIZE if v is not None),
}

# Keras's base classes take these and check them themselves.
BY_KERAS = {
    "name",
    "dtype",
    "reduction",
    "learning_rate",
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
}
