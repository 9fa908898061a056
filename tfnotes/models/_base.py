"""What the models with a rule of their own share: a config, a look at the first batch, sizes as text."""

import keras
from keras import ops, tree

from tfnotes import _checks, _config


class Model(keras.Model):
    """A Keras model whose config is its constructor's arguments: networks, layers and numbers.

    Its inputs are intensities from 0 to 1, and `fit` looks at the first batch whether they are.

    Attributes:
        figures: names of what it shows, if its `train_step` and `test_step` are its own.
        alone: why several workers can't train it together, or nothing.
    """

    figures: tuple[str, ...] = ()
    alone = ""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.trackers = [keras.metrics.Mean(name=name) for name in self.figures]

    def show(self, x, **values):
        """Takes figures of the batch `x`, or of each of its examples, into their means, and gives the means."""
        for tracker in self.trackers:
            if tracker.name in values:
                value = ops.convert_to_tensor(values[tracker.name])
                tracker.update_state(value, sample_weight=ops.shape(x)[0] if len(value.shape) == 0 else None)
        return self.get_metrics_result()

    def get_metrics_result(self):
        if not self.trackers:
            return super().get_metrics_result()
        return {tracker.name: tracker.result() for tracker in self.trackers}

    def fit(self, x=None, *args, **kwargs):
        if x is not None:
            x = self._looked_at(x)
        return super().fit(x, *args, **kwargs)

    def _looked_at(self, x):
        if hasattr(x, "shape") or isinstance(x, (list, tuple)):
            check_range(self, tree.map_structure(lambda a: a[:32], x))
            return x
        batches = iter(x)
        first = next(batches, None)
        if first is not None:
            check_range(self, first[0] if isinstance(first, tuple) else first)
        # What can be read only once is given whole, the batch that was looked at first.
        return _generator(first, batches) if batches is x and first is not None else x

    def descend(self, gradients, variables):
        """One step of the optimizer, on some of the model's variables."""
        if not self.optimizer.built:
            # In the model's own order, so that a checkpoint's state of the optimizer finds its variables.
            self.optimizer.build(self.trainable_variables)
        self.optimizer.apply(gradients, variables)

    def get_config(self):
        made = {name: getattr(self, name) for name in _config.argument_names(self)}
        return {"name": self.name, **keras.saving.serialize_keras_object(made)}

    @classmethod
    def from_config(cls, config):
        return cls(**keras.saving.deserialize_keras_object(config))


def _generator(first, rest):
    yield first
    yield from rest


def check_range(owner, x):
    """Refuses inputs that aren't intensities from 0 to 1."""
    for array in tree.flatten(x):
        low, high = float(ops.min(array)), float(ops.max(array))
        if not 0 <= low <= high <= 1:
            expected = "from 0 to 1 (pixels of 0 to 255 are to be divided by 255)"
            name = type(owner).__name__
            raise _checks.InputError(
                f"{name}: `x` must be {expected}. Received: numbers from {low:g} to {high:g} in the first batch."
            )


def build(layer, size):
    """Builds a layer for inputs of that size, unless it comes built, as from a file."""
    if not layer.built:
        layer.build((None, size))


def numbers(owner, argument, text, kind=int, count=None, each=""):
    """The numbers of a text such as "1000-500-250": widths of layers, weights of costs.

    Args:
        owner, argument: for the error.
        text: numbers with `-` between them.
        kind: int, for positive whole numbers, or float, for numbers of at least 0.
        count: how many they must be, None for any but none.
        each: what each of so many is for.

    Returns:
        A list of them.
    """
    what = "positive whole numbers" if kind is int else "numbers of at least 0"
    expected = f"{count or 'one or more'} {what} with - between them, such as 1000-500" + (each and f", for {each}")
    try:
        values = [kind(part) for part in str(text).split("-")]
    except ValueError:
        _checks.refuse(owner, argument, expected, text)
    good = all(0 <= value < float("inf") and (value or kind is float) for value in values)
    if not good or (count is not None and len(values) != count):
        _checks.refuse(owner, argument, expected, text)
    return values


def dense_stack(layers, widths, activation, name):
    """Dense layers with an activation, `name_1`, `name_2` and so on."""
    initializer = "he_normal" if activation in ("relu", "elu", "leaky_relu") else "glorot_uniform"
    return [
        layers.Dense(width, activation=activation, kernel_initializer=initializer, name=f"{name}_{k + 1}")
        for k, width in enumerate(widths)
    ]
