"""What happens inside a model, as an endpoint of numbers: every layer's output, and the gates of recurrent layers.

    dense_1            the output of the layer `dense_1`
    encoder/code       that of the layer `code` in the model `encoder`
    lstm_1/forget      a gate of the layer `lstm_1` at each step, of shape (batch, time, units); so for its other
                       gates, `candidate`, `h` and `c`, as `tfnotes.layers.gates` names them
    both_1/backward/h  the same of one direction of the layer `both_1`
"""

import keras
import tensorflow as tf
from keras import ops

from tfnotes.callbacks._layers import inside, watched
from tfnotes.layers._gates import recorded
from tfnotes.task import Endpoint


def endpoint(model, forward, signature, examples=None, notes=None):
    """The endpoint `layers` of a model.

    Args:
        model: a model.
        forward: takes the endpoint's inputs and calls the model with them, in inference.
        signature, examples, notes: as `tfnotes.task.Endpoint` has them.

    Returns:
        An `Endpoint`. Strings are left out, and so is what a layer gives when it is called again. Where there is no
        step, gates and candidates are 0, and states stay.
    """
    layers = {name: layer for name, layer in inside(model, composite=False).items() if isinstance(layer, keras.Layer)}

    # Traced once for all sizes; and outside of a graph each step of its loops would be a call of its own.
    @tf.function(input_signature=signature, autograph=False)
    def function(*inputs):
        with watched(layers) as calls:
            forward(*inputs)
        found = {}
        for name, sequences, output, mask in calls:
            if name not in found and output.dtype != tf.string:
                found[name] = output
                for suffix, layer in _recurrent(layers[name]).items():
                    steps = gates(layer, sequences, mask)
                    found |= {f"{name}/{suffix}{gate}": value for gate, value in steps.items()}
        return found

    return Endpoint(function, signature, examples, notes or {})


def gates(layer, x, mask=None):
    """As `tfnotes.layers.gates`, inside of a graph, of any batch and length, with 0 in the place of NaN."""
    x = ops.cast(x, layer.cell.compute_dtype)
    seen = ops.ones(ops.shape(x)[:2], "bool") if mask is None else ops.cast(mask, "bool")

    def step(before, now):
        x_t, seen_t = now[0], now[1][:, None]
        old = [before[name] for name in names]
        found, states = recorded(layer.cell, x_t, old)
        found = {name: tf.where(seen_t, value, 0.0) for name, value in found.items()}
        return found | {name: tf.where(seen_t, new, h) for name, new, h in zip(names, states, old, strict=True)}

    start = layer.get_initial_state(ops.shape(x)[0])
    names = "hc"[: len(start)]
    blank = {name: tf.zeros_like(start[0]) for name in _names(layer)}
    states = dict(zip(names, start, strict=True))
    # In ONNX a loop's results stand in the order of its steps, so it is the sequence that is turned round.
    turned = (lambda a: tf.reverse(a, [0])) if layer.go_backwards else tf.identity
    elements = (turned(tf.transpose(x, (1, 0, 2))), turned(tf.transpose(seen)))
    found = tf.scan(step, elements, blank | states)
    return {name: tf.transpose(turned(value), (1, 0, 2)) for name, value in found.items()}


def _names(layer):
    """Of the gates and the candidate, found out by one step."""
    x, start = tf.zeros((1, layer.cell.kernel.shape[0]), layer.cell.compute_dtype), layer.get_initial_state(1)
    return list(recorded(layer.cell, x, start)[0])


def _recurrent(layer):
    """The layers in it whose gates can be looked at, by what their names begin with."""
    both = {"forward/": getattr(layer, "forward_layer", None), "backward/": getattr(layer, "backward_layer", None)}
    found = {"": layer, **both}
    kinds = ("LSTMCell", "GRUCell", "SimpleRNNCell")
    return {name: one for name, one in found.items() if type(getattr(one, "cell", None)).__name__ in kinds}
