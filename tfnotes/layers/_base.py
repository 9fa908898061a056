"""What every layer shares, so that a concept's file shows its maths.

Keras asks each layer for the same bookkeeping: resolve an initializer, a regularizer and a
constraint per weight, add the weight, and give all of it back in `get_config`. It stands here once.
"""

import keras

from tfnotes import _checks, _config, activations, constraints, counterparts, initializers, regularizers
from tfnotes.errors import InputError

# What configs of Keras carry for features that aren't here, and the values that ask for nothing.
_ASKS_NOTHING = {
    "lora_rank": (None,),
    "lora_alpha": (None,),
    "quantization_config": (None,),
    "time_major": (None, False),
}


class Layer(keras.layers.Layer):
    """A Keras layer whose config is its constructor's arguments."""

    def __init__(self, *, activity_regularizer=None, **kwargs):
        regularizer = _resolved(self, "activity_regularizer", activity_regularizer, regularizers.get)
        super().__init__(activity_regularizer=regularizer, **honoured(self, kwargs))

    @classmethod
    def from_config(cls, config):
        try:
            return super().from_config(config)
        except TypeError as error:
            # Keras's sentence repeats the whole config before the reason.
            if isinstance(error.__context__, InputError):
                raise error.__context__ from None
            raise

    def declare_activation(self, activation):
        """Resolves and keeps `activation`: a function, or a layer such as "prelu", of which it makes one."""
        self.activation = _resolved(self, "activation", activation, _activation)
        if isinstance(activation, str) and isinstance(self.activation, Elementwise):
            self.activation.dtype_policy = self.dtype_policy

    def activate(self, z):
        """The activation of `z`: `z` itself where someone took it away by assigning None, as in Keras."""
        return z if self.activation is None else self.activation(z)

    def build_activation(self, shape):
        """Builds an activation that is a layer, so that its weights are there to be loaded."""
        if isinstance(self.activation, keras.layers.Layer) and not self.activation.built:
            self.activation.build(shape)

    def declare_weight(self, name, initializer, regularizer=None, constraint=None):
        """Resolves and keeps `<name>_initializer`, `<name>_regularizer`, `<name>_constraint`."""
        for kind, given, get in (
            ("initializer", initializer, initializers.get),
            ("regularizer", regularizer, regularizers.get),
            ("constraint", constraint, constraints.get),
        ):
            setattr(self, f"{name}_{kind}", _resolved(self, f"{name}_{kind}", given, get))

    def add_declared(self, name, /, shape, **options):
        """Adds a declared weight; an option such as `initializer` goes before what was declared."""
        declared = {
            "name": name,
            "initializer": getattr(self, f"{name}_initializer"),
            "regularizer": getattr(self, f"{name}_regularizer", None),
            "constraint": getattr(self, f"{name}_constraint", None),
        }
        return self.add_weight(shape=shape, **{**declared, **options})

    def fixed_size(self, input_shape, axis):
        """The size of an axis that the weights depend on, which can't be unknown."""
        if not -len(input_shape) <= axis < len(input_shape) or input_shape[axis] is None:
            _checks.refuse(self, "input_shape", f"a shape whose axis {axis} has a fixed size", tuple(input_shape))
        return input_shape[axis]

    def refuse_quantization(self, mode):
        """Refuses what Keras's own layer does, lest a model is half quantized."""
        expected = f"of a layer of Keras's own, as {type(self).__name__} of tfnotes isn't quantized"
        _checks.refuse(self, "mode", expected, mode)

    def get_config(self):
        own = {name: _serialized(name, getattr(self, name)) for name in _config.argument_names(self)}
        return {**super().get_config(), **own}


class Stateless(Layer):
    """A layer without weights: built once made, as in Keras, unless a subclass builds something."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.built = type(self).build is keras.layers.Layer.build

    def check_shape(self, shape):
        """Refuses inputs of a shape that the layer can't take."""

    # Here and not in `call`, around whose errors Keras puts lines of its own.
    def __call__(self, *args, **kwargs):
        shape = getattr(args[0], "shape", None) if args else None
        if shape is not None and getattr(shape, "rank", 0) is not None:
            self.check_shape(tuple(shape))
        return super().__call__(*args, **kwargs)


class Elementwise(Stateless):
    """A layer that changes numbers but no shape, and so can be an activation; a mask passes on."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape):
        return input_shape


def built_weight(name):
    """A property that gives a weight once it is built; a subclass may put a function of it in its place."""

    def read(layer):
        if not hasattr(layer, f"_{name}"):
            raise AttributeError(f"{type(layer).__name__}: `{name}` must be read once the layer is built.")
        return getattr(layer, f"_{name}")

    return property(read)


def honoured(owner, kwargs):
    """The arguments without those of Keras that ask for nothing; refuses what isn't here and is asked for."""
    for name in _ASKS_NOTHING.keys() & kwargs.keys():
        value, nothing = kwargs[name], _ASKS_NOTHING[name]
        if not any(value is one for one in nothing):
            _checks.refuse(owner, name, f"{' or '.join(map(repr, nothing))}: there is nothing else here", value)
    dtype = kwargs.get("dtype")
    if dtype is not None and getattr(keras.dtype_policies.get(dtype), "quantization_mode", None):
        _checks.refuse(owner, "dtype", "one without quantization", dtype)
    return {name: value for name, value in kwargs.items() if name not in _ASKS_NOTHING}


def _activation(identifier):
    if isinstance(identifier, dict) and identifier.get("module") == "keras.layers":
        return counterparts.resolve("layers", identifier, activations.get)
    try:
        return activations.get(identifier)
    except ValueError:
        layer = counterparts.resolve("layers", identifier, lambda _: None)
        if not isinstance(layer, Elementwise):
            raise
        return layer


def _resolved(owner, argument, identifier, get):
    try:
        return get(identifier)
    except (ValueError, TypeError) as error:
        expected = f"the name of one that exists, an object or a config ({str(error).splitlines()[0].rstrip('.')})"
        _checks.refuse(owner, argument, expected, identifier)


def _serialized(name, value):
    kind = name.rsplit("_", 1)[-1]
    if value is None:
        return None
    if kind == "activation":
        return activations.serialize(value)
    if kind in ("initializer", "regularizer", "constraint"):
        return keras.saving.serialize_keras_object(value)
    if isinstance(value, keras.random.SeedGenerator):
        return keras.saving.serialize_keras_object(value)
    return value
