"""Min-max scaling: each feature's range becomes one and the same (note 004:75-77).

    scale = (high - low) / (maximum - minimum)
    y     = (x - minimum) * scale + low                 inverse: x = (y - low) / scale + minimum

In place of a range of zero, that of a constant feature, stands 1; as in scikit-learn also in place of one below
2.2e-15, ten times the rounding error of 1 in float64.
"""

import numpy as np
from keras import ops

from tfnotes import _checks
from tfnotes.preprocessing._scaling import Scaling
from tfnotes.registry import Sample, concept

NEARLY_0 = 10 * np.finfo("float64").eps


def scale_to(minimum, maximum, low, high):
    """The factor that takes the range from `minimum` to `maximum` to that from `low` to `high`.

    A constant feature has no range: its factor is `high - low`, so that it becomes `low`, and can be undone.
    """
    spread = maximum - minimum
    return (high - low) / ops.where(spread < NEARLY_0, ops.ones_like(spread), spread)


@concept(
    en="min-max scaling",
    zh="最小最大值归一化",
    notes=["004:75-77"],
    aliases=["normalization to a range"],
    samples=[
        Sample({}, (5, 3)),
        Sample({"axis": [1, 2], "feature_range": [-1, 1]}, (4, 3, 2, 2)),
        Sample({"axis": None, "invert": True}, (4, 3)),
    ],
)
class MinMaxScaling(Scaling):
    """Min-max scaling (最小最大值归一化): smallest and largest become `feature_range`.

    Args:
        axis: the axis or axes whose indices each have a range of their own; None: one for everything.
            Default -1.
        feature_range: what the smallest and the largest number become. Default `(0, 1)`.
        invert: whether the layer does the inverse. Default False.

    Call arguments:
        inputs: any shape that has the sizes of the data on `axis`, any real dtype. Numbers outside of
            the data's range come out outside of `feature_range`.

    Returns:
        Shape of the inputs, in the layer's compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `axis` or `feature_range` isn't as above, the layer is called before `adapt`, or on
            another shape.

    Notes: 004:75-77 (中文名: 归一化).

    >>> layer = MinMaxScaling()
    >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 20.0]]))
    >>> print(layer(np.array([[2.0, 10.0]])).numpy())
    [[0.5 0. ]]
    """

    def __init__(self, axis=-1, feature_range=(0, 1), invert=False, **kwargs):
        super().__init__(axis, invert, **kwargs)
        pair = feature_range if isinstance(feature_range, (tuple, list)) else ()
        numbers = [v for v in pair if isinstance(v, (int, float)) and not isinstance(v, bool)]
        if len(pair) != 2 or len(numbers) != 2 or not numbers[0] < numbers[1] < float("inf"):
            _checks.refuse(self, "feature_range", "two finite numbers, the smaller first", feature_range)
        self.feature_range = tuple(_checks.number(self, "feature_range", v) for v in pair)

    def add_statistics(self, shape):
        self.minimum = self.add_fitted("minimum", shape)
        self.maximum = self.add_fitted("maximum", shape)
        self.count = self.add_count()

    def fit(self, stream):
        count, minimum, maximum = 0, np.array(np.inf), np.array(-np.inf)
        for batch in stream:
            rows = self.matrix(batch)
            count += len(rows)
            minimum, maximum = np.minimum(minimum, rows.min(axis=0)), np.maximum(maximum, rows.max(axis=0))
        minimum, maximum = np.asarray(minimum, "float64"), np.asarray(maximum, "float64")
        spread = np.asarray(maximum - minimum, self.variable_dtype)
        if not np.all(np.isfinite(spread)):
            expected = f"finite numbers throughout, whose range {self.variable_dtype} can hold"
            _checks.refuse(self, "data", expected, "NaN, infinity or an overflow")
        return count, minimum.reshape(self.sizes), maximum.reshape(self.sizes)

    def transform(self, x):
        return (x - self.shaped(self.minimum)) * self.scale() + self.feature_range[0]

    def undo(self, y):
        return (y - self.feature_range[0]) / self.scale() + self.shaped(self.minimum)

    def scale(self):
        return scale_to(self.shaped(self.minimum), self.shaped(self.maximum), *self.feature_range)
