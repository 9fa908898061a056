"""ELU as a layer.

    y = x where x > 0, else alpha * (exp(x) - 1)

The function, with its derivative, is activations/elu.py.
"""

from tfnotes import _checks, activations
from tfnotes.layers._base import Elementwise
from tfnotes.registry import Sample, concept


@concept(
    en="exponential linear unit, as a layer",
    zh="指数线性单元",
    twin="keras.layers.ELU",
    notes=["004:142-148"],
    samples=[Sample({}, (4, 7)), Sample({"alpha": 0.5}, (2, 3, 4))],
    bench=Sample({}, (128, 24, 24, 32)),
)
class ELU(Elementwise):
    """Exponential linear unit (指数线性单元) as a layer.

    Args:
        alpha: how far below 0 it goes. Default 1.

    Call arguments:
        inputs: any shape, any float dtype.

    Returns:
        Tensor of the shape of the inputs, in the compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `alpha` is no finite number.

    Differences from keras.layers.ELU: `alpha` is in the config, which Keras's leaves out.

    Notes: 004:142-148 (中文名: 指数线性单元).

    Reference: Clevert, Unterthiner and Hochreiter 2016, "Fast and accurate deep network learning by
    exponential linear units", equation (15); arXiv:1511.07289.

    >>> from keras import ops
    >>> [round(float(y), 3) for y in ELU()(ops.array([-1.0, 2.0]))]
    [-0.632, 2.0]
    """

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self.alpha = _checks.number(self, "alpha", alpha)

    def call(self, inputs):
        return activations.elu(inputs, self.alpha)
