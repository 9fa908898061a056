"""What the layers share that shift and scale each feature by itself."""

import math

import numpy as np
from keras import ops

from tfnotes import _checks
from tfnotes.preprocessing._base import Fitted


class Scaling(Fitted):
    """Statistics for each index of `axis`, over all other axes; `transform` and `undo` are the subclass's."""

    def __init__(self, axis=-1, invert=False, **kwargs):
        super().__init__(**kwargs)
        self.axis = _axes(self, axis)
        self.invert = _checks.boolean(self, "invert", invert)
        self.supports_masking = True

    def measure(self, input_shape):
        rank = len(input_shape)
        kept = sorted({a % rank for a in self.axis if -rank <= a < rank}) if rank else []
        # One statistic for each example would be none at all: the first axis is the batch's.
        if len(kept) != len(self.axis) or 0 in kept:
            expected = f"None, or different axes after the first of inputs with {rank} axes"
            _checks.refuse(self, "axis", expected, self.axis)
        if any(input_shape[a] is None for a in kept):
            expected = f"a shape with a fixed size on each axis of {self.axis}"
            _checks.refuse(self, "input_shape", expected, tuple(input_shape))
        self.input_rank, self.kept = rank, {a: input_shape[a] for a in kept}
        self.along = [self.kept.get(a, 1) for a in range(rank)]
        if 0 in input_shape[1:]:
            _checks.refuse(self, "input_shape", "a shape with at least one feature", tuple(input_shape))

    @property
    def sizes(self):
        """The shape of a statistic."""
        return tuple(self.kept.values())

    def build(self, input_shape):
        self.measure(input_shape)
        self.add_statistics(self.sizes)

    def matrix(self, batch):
        """A batch as a matrix with a column for each index of `axis`."""
        last = np.moveaxis(batch, tuple(self.kept), range(self.input_rank - len(self.kept), self.input_rank))
        return last.reshape(-1, math.prod(self.kept.values()))

    def shaped(self, weight):
        """A statistic in a shape that broadcasts to the inputs'."""
        return ops.reshape(ops.cast(weight, self.compute_dtype), self.along)

    def check_shape(self, argument, shape):
        sizes = {a: shape[a] for a in self.kept if a < len(shape)}
        if len(shape) != self.input_rank or any(n not in (None, self.kept[a]) for a, n in sizes.items()):
            expected = tuple(self.kept.get(a) for a in range(self.input_rank))
            _checks.refuse(
                self, argument, f"of the shape {expected} that the layer is built for", tuple(shape)
            )

    def call(self, inputs):
        inputs = ops.cast(inputs, self.compute_dtype)
        return self.undo(inputs) if self.invert else self.transform(inputs)

    def inverse(self, outputs):
        """What `outputs` were before the layer; with `invert=True`, what they become without it."""
        self.check_fitted()
        outputs = ops.cast(ops.convert_to_tensor(outputs), self.compute_dtype)
        return self.transform(outputs) if self.invert else self.undo(outputs)

    def compute_output_shape(self, input_shape):
        return input_shape


def _axes(owner, axis):
    axes = () if axis is None else tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    return tuple(_checks.axis(owner, "axis", a) for a in axes)
