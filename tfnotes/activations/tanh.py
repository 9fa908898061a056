"""Hyperbolic tangent, a sigmoid scaled and moved to mean output 0.

    tanh(x)  = (exp(x) - exp(-x)) / (exp(x) + exp(-x)) = 2 * sigmoid(2 * x) - 1
    tanh'(x) = 1 - tanh(x)**2
"""

import keras
from keras import ops

from tfnotes.registry import Sample, concept


def tanh_by_definition(x):
    """The function with z = exp(-2|x|) - 1 in [-1, 0], which neither overflows nor cancels near 0.

        tanh(x) = sign(x) * -z / (z + 2)
    """
    positive = x >= 0
    z = ops.expm1(2 * ops.where(positive, -x, x))
    return ops.where(positive, -z, z) / (z + 2)


@concept(
    en="hyperbolic tangent",
    zh="双曲正切",
    twin="keras.activations.tanh",
    notes=["001:21-24", "002:53-61", "002:87", "004:123-124", "004:161"],
    samples=[Sample({}, (4, 7)), Sample({}, (3,))],
    bench=Sample({}, (128, 24, 24, 32)),
    definition=tanh_by_definition,
    exempt={"float64 on other backends": "Keras rounds tanh to float32 on JAX"},
)
def tanh(x):
    """Hyperbolic tangent (双曲正切): squeezes any number into (-1, 1), odd around 0.

    It runs the framework's kernel: spelled out with exponentials, a forward and backward pass took 2.4
    times as long.

    Args:
        x: tensor of any shape and float dtype.

    Returns:
        Tensor of the shape and dtype of `x`, in [-1, 1].

    Differences from keras.activations.tanh: float64 stays float64 on JAX, where Keras gives float32.

    Notes: 001:21-24, 002:53-61, 004:123-124 (中文名: 双曲正切).

    >>> float(tanh(ops.array(0.0)))
    0.0
    """
    # Keras gives float32 for float64 on JAX.
    if keras.backend.backend() == "jax" and getattr(x, "dtype", None) == "float64":
        return tanh_by_definition(x)
    return ops.tanh(x)
