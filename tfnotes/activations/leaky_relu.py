"""Leaky ReLU (Maas et al. 2013): a ReLU that still lets a little through where x is negative.

    leaky_relu(x)  = x where x > 0, else negative_slope * x
    leaky_relu'(x) = 1 where x > 0, else negative_slope

Its gradient is nowhere 0, so a unit can't die.
"""

import keras
from keras import ops

from tfnotes.registry import Sample, concept


def leaky_relu_by_definition(x, negative_slope=0.2):
    """The function, and through `where` its derivative at 0, spelled out."""
    return ops.where(x > 0, x, negative_slope * x)


@concept(
    en="leaky rectified linear unit",
    zh="带泄露修正线性单元",
    twin="keras.activations.leaky_relu",
    notes=["001:14", "002:71-79", "004:135-140", "004:160"],
    samples=[
        Sample({"negative_slope": 0.25}, (4, 7)),
        Sample({"negative_slope": 0.0}, (2, 3, 4)),
        Sample({"negative_slope": 1.5}, (5,)),
    ],
    bench=Sample({}, (128, 24, 24, 32)),
    definition=leaky_relu_by_definition,
)
def leaky_relu(x, negative_slope=0.2):
    """Leaky rectified linear unit (带泄露修正线性单元): x, or a fraction of it where x is negative.

    The notes take the slope 0.01. Keras takes 0.2 for this function and 0.3 for the layer; the defaults
    here are Keras's.

    It runs the framework's kernel up to float32: spelled out with `where`, a forward and backward pass
    took 3 to 4 times as long.

    Args:
        x: tensor of any shape and float dtype.
        negative_slope: slope where x is negative. Default 0.2.

    Returns:
        Tensor of the shape and dtype of `x`.

    Differences from keras.activations.leaky_relu: in float64 TensorFlow rounds the slope to float32, so
    that 0.2 is off by 3e-9; here it keeps its digits.

    Notes: 002:71-79, 004:135-140 (中文名: 带泄露修正线性单元).

    Reference: Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic
    models", section 2, with slope 0.01.

    >>> [round(float(y), 2) for y in leaky_relu(ops.array([-2.0, 0.0, 3.0]), negative_slope=0.01)]
    [-0.02, 0.0, 3.0]
    """
    # A number or a list, which has no dtype yet, becomes a tensor of Keras's float type.
    if keras.backend.standardize_dtype(getattr(x, "dtype", "float32")) == "float64":
        return leaky_relu_by_definition(x, negative_slope)
    return ops.leaky_relu(x, negative_slope)
