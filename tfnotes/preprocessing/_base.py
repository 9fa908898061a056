"""What every layer with `adapt` shares: it is fitted to data, and says so when it isn't or shapes differ."""

import contextlib

import keras
import numpy as np

from tfnotes import _checks
from tfnotes.layers._base import Layer
from tfnotes.preprocessing._stream import Stream, real, sliced


class Fitted(Layer):
    """A layer whose weights `adapt` computes from data; a subclass says how in `fit` and `transform`."""

    def adapt(self, data):
        """Fits the layer, in one pass over the data; what it was fitted to before is forgotten.

        Args:
            data: an array (or a memory map), a batched `tf.data.Dataset`, or an iterable of batches.

        Raises:
            InputError: the data are empty or too few, change on the way, hold NaN or infinity, aren't of the
                layer's shape, or what is computed of them is beyond the weights' float type. The layer then stays
                as it was.
        """
        stream = Stream(self, data)
        if not self.built:
            self.measure(stream.shape)
        self.check_shape("data", stream.shape)
        dtype = self.variable_dtype
        expected = f"finite numbers throughout, whose statistics {dtype} can hold"
        with np.errstate(all="ignore"):
            try:
                count, *values = self.fit(stream)
            except np.linalg.LinAlgError:  # Of a matrix that isn't finite.
                _checks.refuse(self, "data", expected, "NaN, infinity or an overflow")
            if count < self.least:
                _checks.refuse(self, "data", f"at least {self.least} examples to compare", f"{count} examples")
            values = [np.asarray(value, dtype) for value in values]
        if not all(np.all(np.isfinite(value)) for value in values):
            _checks.refuse(self, "data", expected, "NaN, infinity or an overflow")
        if not self.built:
            self.build(stream.shape)
        for weight, value in zip(self.weights, [*values, np.int32(min(count, 2**31 - 1))], strict=True):
            weight.assign(value)

    # How many examples `adapt` needs: what tells how far numbers spread needs two.
    least = 2

    def measure(self, input_shape):
        """Keeps the sizes of the inputs, or refuses them; `build` adds the weights of these sizes."""
        raise NotImplementedError

    def fit(self, stream):
        """`(count, *values)`: the number of examples, and the weights in their order but for `count`."""
        raise NotImplementedError

    def add_fitted(self, name, shape, initializer="zeros"):
        """Adds a weight that `adapt` computes."""
        return self.add_weight(name=name, shape=shape, initializer=initializer, trainable=False)

    def add_count(self):
        """Adds the number of examples seen, the last weight."""
        return self.add_weight(name="count", shape=(), dtype="int", initializer="zeros", trainable=False)

    @property
    def fitted(self):
        """Whether `adapt` was called, or weights were loaded that it once computed."""
        if not getattr(self, "_was_fitted", False):
            try:
                with _eagerly():
                    # Variances start at one, everything else at zero. NumPy warns of Keras's own conversion.
                    found = [np.asarray(w) for w in self.weights if "variance" not in w.name]
            except TypeError:
                return True  # Traced by JAX, which doesn't tell the numbers.
            self._was_fitted = any(np.any(w) for w in found)
        return self._was_fitted

    def check_fitted(self):
        """Refuses to go on before `adapt`."""
        if not self.fitted:
            _checks.refuse(self, "adapt", "called before the layer is", "no data so far")

    def check_shape(self, argument, shape):
        """Refuses inputs that aren't of the shape that the layer was built for."""
        raise NotImplementedError

    # Here and not in `call`, around whose errors Keras puts lines of its own.
    def __call__(self, inputs, *args, **kwargs):
        inputs = self._numbers(inputs)
        shape = tuple(inputs.shape)
        if not self.built:
            self.build((None, *shape[1:]))
        self.check_shape("inputs", shape)
        if not isinstance(inputs, keras.KerasTensor):
            self.check_fitted()
        return super().__call__(inputs, *args, **kwargs)

    def _numbers(self, inputs):
        """An array or a tensor of real numbers, of lists too; refuses what is none."""
        expected = "an array or a dense tensor of real numbers"
        if isinstance(inputs, keras.KerasTensor):
            known = keras.backend.is_float_dtype(inputs.dtype) or keras.backend.is_int_dtype(inputs.dtype)
            if not known and inputs.dtype != "bool":
                _checks.refuse(self, "inputs", expected, inputs.dtype)
            return inputs
        if not hasattr(inputs, "shape"):
            try:
                inputs = np.asarray(inputs)
            except ValueError:
                _checks.refuse(self, "inputs", expected, "lists of different lengths")
        dtype = getattr(inputs.dtype, "as_numpy_dtype", inputs.dtype)
        if not sliced(inputs) or not real(np.dtype(dtype)):
            _checks.refuse(self, "inputs", expected, f"{type(inputs).__name__} of {np.dtype(dtype)}")
        if np.ma.is_masked(inputs):
            _checks.refuse(self, "inputs", "without a mask", "masked numbers")
        return inputs


def _eagerly():
    if keras.backend.backend() != "tensorflow":
        return contextlib.nullcontext()
    import tensorflow as tf

    # Lifts out of a graph that is being traced, where variables have no numbers.
    return tf.init_scope()
