"""ReLU as a layer.

    y = x where x > threshold, else negative_slope * (x - threshold); at most max_value

The function, with its derivative, is activations/relu.py.
"""

from tfnotes import _checks, activations
from tfnotes.layers._base import Elementwise
from tfnotes.registry import Sample, concept


@concept(
    en="rectified linear unit, as a layer",
    zh="修正线性单元",
    twin="keras.layers.ReLU",
    notes=["001:25-28", "002:63-69", "003:44-53", "004:129-130"],
    samples=[
        Sample({}, (4, 7)),
        Sample({"max_value": 0.75, "negative_slope": 0.125, "threshold": 0.25}, (2, 3, 4)),
    ],
    bench=Sample({}, (128, 24, 24, 32)),
)
class ReLU(Elementwise):
    """Rectified linear unit (修正线性单元) as a layer: x where x is positive, else 0.

    Args:
        max_value: largest value given, at least 0, or None. Default None.
        negative_slope: slope below the threshold, at least 0. Default 0.
        threshold: values up to it are damped, at least 0. Default 0.

    Call arguments:
        inputs: any shape, any float dtype.

    Returns:
        Tensor of the shape of the inputs, in the compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: an argument is negative or no number.

    Differences from keras.layers.ReLU: with a `threshold` NaN stays NaN, where Keras gives 0.

    Notes: 001:25-28, 002:63-69, 003:44-53, 004:129-130 (中文名: 修正线性单元).

    >>> from keras import ops
    >>> [float(y) for y in ReLU(max_value=2)(ops.array([-1.0, 1.0, 3.0]))]
    [0.0, 1.0, 2.0]
    """

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        super().__init__(**kwargs)
        self.max_value = None if max_value is None else _checks.number(self, "max_value", max_value, 0)
        self.negative_slope = _checks.number(self, "negative_slope", negative_slope, 0)
        self.threshold = _checks.number(self, "threshold", threshold, 0)

    def call(self, inputs):
        return activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)
