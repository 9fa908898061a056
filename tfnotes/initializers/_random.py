"""What the random initializers share: the fans of a weight, and seeds as Keras treats them."""

import math
import random

import keras

from tfnotes import _checks


def fans(shape, input_axes=None, output_axes=None):
    """Inputs and outputs of one unit: (fan_in, fan_out), at least 1.

        dense kernel (inputs, outputs):                    inputs, outputs
        convolution kernel (*window, inputs, outputs):     each times the window's size
        vector (n,):                                       n, n

    `input_axes` and `output_axes` name the axes to multiply, for weights of another layout.
    """
    if input_axes is not None:
        fan_in, fan_out = (math.prod(shape[a] for a in axes) for axes in (input_axes, output_axes))
    elif len(shape) < 2:
        fan_in = fan_out = shape[0] if shape else 1
    else:
        window = math.prod(shape[:-2])
        fan_in, fan_out = window * shape[-2], window * shape[-1]
    return max(fan_in, 1), max(fan_out, 1)


class RandomInitializer(keras.initializers.Initializer):
    """Holds the seed. One instance draws the same numbers at every call, as Keras's does.

    Without a seed, one is drawn when the instance is made, from Python's generator, which
    `keras.utils.set_random_seed` sets.
    """

    def __init__(self, seed=None):
        if isinstance(seed, dict):
            seed = keras.saving.deserialize_keras_object(seed)
        self._given = seed = _checks.seed(self, "seed", seed)
        self.seed = random.randint(1, 10**9) if seed is None else seed

    def get_config(self):
        given = self._given
        return {"seed": keras.saving.serialize_keras_object(given) if given is not None else None}


class FanInitializer(RandomInitializer):
    """A random initializer whose variance depends on the weight's fans: `scale` over what `mode` names.

    Attributes:
        scale: a number.
        mode: "fan_in", "fan_out", or their mean, "fan_avg".
        distribution: "uniform" or "truncated_normal".
    """

    scale: float
    mode: str
    distribution: str

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(seed)
        for argument, axes, other in (
            ("input_axes", input_axes, output_axes),
            ("output_axes", output_axes, input_axes),
        ):
            integers = isinstance(axes, (tuple, list)) and all(type(a) is int for a in axes)
            if axes is not None and (other is None or not integers):
                _checks.refuse(self, argument, "a list of axes, given with a list for the other side, or None", axes)
        self.input_axes, self.output_axes = input_axes, output_axes

    def fans(self, shape):
        """`(fan_in, fan_out)` of a weight of that shape."""
        return fans(shape, self.input_axes, self.output_axes)

    def __call__(self, shape, dtype=None):
        fan_in, fan_out = self.fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        draw = {"uniform": uniform, "truncated_normal": truncated_normal}[self.distribution]
        return draw(shape, self.scale / fan, dtype, self.seed)

    def get_config(self):
        return {**super().get_config(), "input_axes": self.input_axes, "output_axes": self.output_axes}


def uniform(shape, variance, dtype, seed):
    """Uniform on [-limit, limit] with variance limit**2 / 3."""
    limit = math.sqrt(3 * variance)
    return keras.random.uniform(shape, -limit, limit, dtype=dtype, seed=seed)


def truncated_normal(shape, variance, dtype, seed):
    """Normal, redrawn beyond two standard deviations, scaled so that `variance` is what remains."""
    # A standard normal cut off at 2 keeps this share of its standard deviation:
    # sqrt(1 - 4 * pdf(2) / (2 * cdf(2) - 1)).
    kept = 0.87962566103423978
    return keras.random.truncated_normal(shape, 0.0, math.sqrt(variance) / kept, dtype=dtype, seed=seed)
