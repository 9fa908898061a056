"""A recurrent layer in both directions of time.

    ahead_t  = layer(x_0 .. x_t)
    back_t   = another(x_{T-1} .. x_t)
    y_t      = [ahead_t back_t]            merge_mode="concat"
             = ahead_t + back_t            "sum"
             = (ahead_t + back_t) / 2      "ave"
             = ahead_t * back_t            "mul"
             = ahead_t, back_t             None

Without `return_sequences` the two are what each has read to its end: ahead_{T-1} and back_0.
"""

import keras
from keras import ops

from tfnotes import _checks, counterparts
from tfnotes.layers._base import Layer
from tfnotes.registry import Made, Sample, concept

_MERGES = {
    "concat": lambda a, b: ops.concatenate([a, b], axis=-1),
    "sum": lambda a, b: a + b,
    "ave": lambda a, b: (a + b) / 2,
    "mul": lambda a, b: a * b,
    None: lambda a, b: (a, b),
}
_ALIKE = ("stateful", "return_sequences", "return_state")


@concept(
    en="bidirectional recurrent layer",
    zh="双向循环神经网络",
    twin="keras.layers.Bidirectional",
    notes=["000:118-119", "004:203-213"],
    aliases=["birnn"],
    samples=[
        Sample({"layer": Made("LSTM", {"units": 3})}, (2, 4, 5)),
        Sample({"layer": Made("GRU", {"units": 2, "return_sequences": True}), "merge_mode": "mul"}, (3, 5, 2)),
        Sample({"layer": Made("LSTM", {"units": 3, "return_sequences": True}), "merge_mode": "ave"}, (2, 3, 4)),
    ],
    bench=Sample({"layer": Made("LSTM", {"units": 64})}, (64, 200, 64)),
    exempt={"float64 on other backends": "Keras rounds tanh to float32 on JAX, and products on PyTorch"},
)
class Bidirectional(Layer):
    """A recurrent layer in both directions (双向循环神经网络).

    Args:
        layer: a recurrent layer, of which two copies are made; it goes forwards, or `backward_layer` does.
        merge_mode: "concat", "sum", "ave", "mul", or None for both outputs. Default "concat".
        weights: arrays that the weights start from, those of the forward layer first. Default None.
        backward_layer: a recurrent layer in place of the second copy, which goes the other way. Default None.

    Call arguments:
        sequences: shape `(batch, timesteps, features)`, any float dtype.
        initial_state: a list of the forward layer's states, then of the backward layer's. Default zeros.
        mask: booleans of shape `(batch, timesteps)`; a step that is False hands the states on, in both directions.
        training: whether to drop.

    Returns:
        Shape `(batch, 2 * units)`, or `(batch, timesteps, 2 * units)` if the layer returns sequences, `units` for
        other merge modes than "concat"; with `return_state`, the forward states, then the backward ones.

    Masking: at a masked step the output is zero where sequences are returned; the mask passes on with them.

    Raises:
        ValueError: `layer` isn't recurrent, or goes backwards alone; `backward_layer` doesn't fit it.

    Differences from keras.layers.Bidirectional: `weights` are set, where Keras keeps them without use; an
    empty batch is taken, of which Keras fails with an LSTM on TensorFlow.

    Notes: 000:118-119, 004:203-213 (中文名: 双向循环神经网络).

    Reference: Schuster and Paliwal 1997.

    >>> from tfnotes.layers import LSTM
    >>> tuple(Bidirectional(LSTM(3, return_sequences=True))(ops.ones((2, 4, 5))).shape)
    (2, 4, 6)
    """

    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        way = bool(getattr(layer, "go_backwards", False)) if backward_layer is not None else False
        for argument, given, backwards in (("layer", layer, way), ("backward_layer", backward_layer, not way)):
            expected = f"a recurrent layer that goes {'backwards' if backwards else 'forwards'}"
            recurrent = isinstance(given, keras.layers.Layer) and hasattr(given, "go_backwards")
            optional = given is None and argument == "backward_layer"
            if not optional and (not recurrent or given.go_backwards != backwards):
                _checks.refuse(self, argument, expected, given)
        for name in _ALIKE if backward_layer is not None else ():
            if getattr(layer, name) != getattr(backward_layer, name):
                _checks.refuse(self, "backward_layer", f"one whose `{name}` is that of `layer`", backward_layer)
        self._check_weights(weights)
        super().__init__(**kwargs)
        self.merge_mode = _checks.choice(self, "merge_mode", merge_mode, tuple(_MERGES))
        self.forward_layer = _copy(layer, "forward")
        self.backward_layer = backward_layer or _copy(layer, "backward", go_backwards=True)
        for made in (self.forward_layer, self.backward_layer):
            if hasattr(layer, "use_cudnn"):
                # Keras's layers don't write it into their configs.
                made.use_cudnn = layer.use_cudnn
            if hasattr(made, "zero_output_for_mask"):
                # What one direction holds at a masked step is nothing that the other knows of.
                made.zero_output_for_mask = layer.return_sequences
        self.stateful, self.return_sequences = layer.stateful, layer.return_sequences
        self.return_state = layer.return_state
        self.supports_masking = True
        self.input_spec = layer.input_spec
        self._start = weights

    def _check_weights(self, weights):
        expected = "a list of arrays, as many for the backward layer as for the forward one"
        arrays = isinstance(weights, (list, tuple)) and all(len(getattr(w, "shape", ())) > 0 for w in weights)
        if weights is not None and not (arrays and len(weights) % 2 == 0):
            _checks.refuse(self, "weights", expected, weights)

    def build(self, sequences_shape, initial_state_shape=None):
        self.fixed_size(sequences_shape, axis=-1)
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                layer.build(sequences_shape)
        if self._start:
            half = len(self._start) // 2
            self.forward_layer.set_weights(self._start[:half])
            self.backward_layer.set_weights(self._start[half:])
            self._start = None

    def call(self, sequences, initial_state=None, mask=None, training=False):
        half = len(initial_state or ()) // 2
        starts = (initial_state[:half], initial_state[half:]) if half else (None, None)
        directions = zip((self.forward_layer, self.backward_layer), starts, strict=True)
        (ahead, *states), (back, *more) = (
            _listed(layer(sequences, initial_state=start, mask=mask, training=training), self.return_state)
            for layer, start in directions
        )
        ahead, back = (ops.cast(y, self.compute_dtype) for y in (ahead, back))
        # The backward layer's first output is of the last step.
        y = _MERGES[self.merge_mode](ahead, ops.flip(back, axis=1) if self.return_sequences else back)
        if not self.return_state:
            return y
        return (*(y if self.merge_mode is None else (y,)), *states, *more)

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        y, *states = _listed(self.forward_layer.compute_output_shape(sequences_shape), self.return_state)
        merged = (*y[:-1], 2 * y[-1]) if self.merge_mode == "concat" else tuple(y)
        merged = (merged, merged) if self.merge_mode is None else merged
        if not self.return_state:
            return merged
        return (*(merged if self.merge_mode is None else (merged,)), *states, *states)

    def compute_mask(self, _, mask):
        mask = mask[0] if isinstance(mask, (list, tuple)) else mask
        mask = mask if self.return_sequences else None
        outputs = [mask, mask] if self.merge_mode is None else [mask]
        if self.return_state:
            return outputs + [None] * (2 * len(self.forward_layer.state_size))
        return outputs if self.merge_mode is None else mask

    def reset_state(self):
        """Sets a stateful layer's states to zero."""
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    def reset_states(self):
        """Keras's other name of it."""
        self.reset_state()

    @property
    def states(self):
        """The states of a stateful layer between batches: the forward ones, then the backward ones; or None."""
        both = self.forward_layer.states, self.backward_layer.states
        return None if None in both else (*both[0], *both[1])

    def get_config(self):
        made = {"layer": self.forward_layer, "backward_layer": self.backward_layer}
        made = {name: keras.saving.serialize_keras_object(layer) for name, layer in made.items()}
        return keras.layers.Layer.get_config(self) | {"merge_mode": self.merge_mode} | made

    @classmethod
    def from_config(cls, config, custom_objects=None):
        made = {name: counterparts.translated(config[name]) for name in ("layer", "backward_layer") if config.get(name)}
        made = {name: keras.saving.deserialize_keras_object(layer, custom_objects) for name, layer in made.items()}
        return cls(**{**config, **made})


def _copy(layer, direction, **changes):
    config = keras.saving.serialize_keras_object(layer)
    config["config"] |= {"name": f"{direction}_{layer.name.removeprefix(f'{direction}_')}", **changes}
    return keras.saving.deserialize_keras_object(config)


def _listed(outputs, return_state):
    return outputs if return_state else (outputs,)
