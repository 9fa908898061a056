"""Mean centering: the data's cloud moves to the origin (note 004:68-70).

    mean = 1/n * sum_i x[i]
    y    = x - mean                     inverse: x = y + mean

The mean is of the data that the layer was adapted to, not of the batch.
"""

from tfnotes.preprocessing._moments import mean_of
from tfnotes.preprocessing._scaling import Scaling
from tfnotes.registry import Sample, concept


@concept(
    en="mean centering",
    zh="去均值",
    notes=["004:68-70"],
    samples=[
        Sample({}, (5, 3)),
        Sample({"axis": [1, 2]}, (4, 3, 2, 2)),
        Sample({"axis": None, "invert": True}, (4, 3)),
    ],
)
class MeanCentering(Scaling):
    """Mean centering (去均值): subtracts the mean of the data that it was adapted to.

    Args:
        axis: the axis or axes that have a mean for each index; all others are averaged over. None: one
            mean for everything. Default -1: a mean for each feature, for images for each channel;
            `(1, 2, 3)` gives images a mean for each pixel.
        invert: whether the layer does the inverse. Default False.

    Call arguments:
        inputs: any shape that has the sizes of the data on `axis`, any real dtype.

    Returns:
        Shape of the inputs, in the layer's compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `axis` isn't as above, the layer is called before `adapt`, or on another shape.

    Notes: 004:68-70 (中文名: 去均值).

    >>> import numpy as np
    >>> layer = MeanCentering()
    >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 20.0]]))
    >>> print(layer(np.array([[2.0, 10.0]])).numpy())
    [[ 0. -5.]]
    """

    least = 1

    def add_statistics(self, shape):
        self.mean = self.add_fitted("mean", shape)
        self.count = self.add_count()

    def fit(self, stream):
        count, mean = mean_of(stream.blocks(self.matrix, single=True))
        return count, mean.reshape(self.sizes)

    def transform(self, x):
        return x - self.shaped(self.mean)

    def undo(self, y):
        return y + self.shaped(self.mean)
