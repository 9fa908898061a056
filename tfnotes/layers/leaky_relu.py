"""Leaky ReLU as a layer.

    y = x where x > 0, else negative_slope * x

The function, with its derivative, is activations/leaky_relu.py.
"""

from tfnotes import _checks, activations
from tfnotes.layers._base import Elementwise
from tfnotes.registry import Sample, concept


@concept(
    en="leaky rectified linear unit, as a layer",
    zh="带泄露修正线性单元",
    twin="keras.layers.LeakyReLU",
    notes=["001:14", "002:71-79", "004:135-140"],
    samples=[Sample({"negative_slope": 0.25}, (4, 7)), Sample({"negative_slope": 1}, (2, 3, 4))],
    bench=Sample({}, (128, 24, 24, 32)),
)
class LeakyReLU(Elementwise):
    """Leaky rectified linear unit (带泄露修正线性单元) as a layer.

    The notes take the slope 0.01. Keras takes 0.3 for this layer and 0.2 for the function; the defaults
    here are Keras's.

    Args:
        negative_slope: slope where x is negative, at least 0. Default 0.3.

    Call arguments:
        inputs: any shape, any float dtype.

    Returns:
        Tensor of the shape of the inputs, in the compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `negative_slope` is negative or no number.

    Differences from keras.layers.LeakyReLU: the old name `alpha` of the slope isn't taken. In float64
    TensorFlow rounds the slope to float32; here it keeps its digits.

    Notes: 002:71-79, 004:135-140 (中文名: 带泄露修正线性单元).

    Reference: Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic
    models", section 2, with slope 0.01.

    >>> from keras import ops
    >>> [round(float(y), 2) for y in LeakyReLU(0.01)(ops.array([-1.0, 2.0]))]
    [-0.01, 2.0]
    """

    def __init__(self, negative_slope=0.3, **kwargs):
        super().__init__(**kwargs)
        self.negative_slope = _checks.number(self, "negative_slope", negative_slope, 0)

    def call(self, inputs):
        return activations.leaky_relu(inputs, self.negative_slope)
