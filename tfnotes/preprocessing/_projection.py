"""What PCA and PCA whitening share: components fitted to a stream."""

import math

from keras import ops

from tfnotes import _checks
from tfnotes.preprocessing._base import Fitted
from tfnotes.preprocessing._components import check_size, components


class Flattened(Fitted):
    """A layer that takes each example for one vector of all its numbers."""

    def measure(self, input_shape):
        if len(input_shape) < 2 or any(size is None for size in input_shape[1:]):
            _checks.refuse(self, "input_shape", "a batch of examples with fixed sizes", tuple(input_shape))
        self.example_shape = tuple(input_shape[1:])
        self.features = math.prod(self.example_shape)
        if not self.features:
            _checks.refuse(self, "input_shape", "a shape with at least one feature", tuple(input_shape))

    def check_shape(self, argument, shape):
        if len(shape) != 1 + len(self.example_shape) or any(
            given not in (None, size) for given, size in zip(shape[1:], self.example_shape, strict=True)
        ):
            expected = f"of the shape {(None, *self.example_shape)} that the layer is built for"
            _checks.refuse(self, argument, expected, tuple(shape))

    def matrix(self, batch):
        """A batch as a matrix with a row for each example."""
        return batch.reshape(len(batch), self.features)

    def call(self, inputs):
        inputs = ops.cast(inputs, self.compute_dtype)
        return self.transform(ops.reshape(inputs, (-1, self.features)))

    def inverse(self, outputs):
        """The inputs that gave `outputs`, or those nearest to them: shape `(batch, ...)` of the data."""
        self.check_fitted()
        outputs = ops.cast(ops.convert_to_tensor(outputs), self.compute_dtype)
        return ops.reshape(self.undo(outputs), (-1, *self.example_shape))


class Projection(Flattened):
    """The data's first principal components; `transform` and `undo` are the subclass's."""

    def __init__(self, n_components=None, **kwargs):
        super().__init__(**kwargs)
        if n_components is not None:
            n_components = _checks.integer(self, "n_components", n_components)
        self.n_components = n_components

    def measure(self, input_shape):
        super().measure(input_shape)
        check_size(self, self.features, self.n_components)

    def build(self, input_shape):
        self.measure(input_shape)
        k = self.n_components or self.features
        self.mean = self.add_fitted("mean", (self.features,))
        self.components = self.add_fitted("components", (k, self.features))
        self.variance = self.add_fitted("variance", (k,), initializer="ones")
        self.variance_error = self.add_fitted("variance_error", ())
        self.count = self.add_count()

    def fit(self, stream):
        k = self.n_components or self.features
        n, *found = components(stream, self.matrix, self.features, k)
        if self.n_components is not None and n < k:
            _checks.refuse(self, "data", f"at least {k} examples, as many as components", f"{n} examples")
        return n, *found

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.n_components or math.prod(input_shape[1:]))
