"""The layers inside a model, at any depth, and what goes in and out of them."""

import functools
from contextlib import contextmanager

import keras
import tensorflow as tf


def children(layer):
    """The layers that a layer or model is directly made of, and what a functional model computes between them."""
    if isinstance(layer, keras.Model):
        parts = getattr(layer, "operations", layer.layers)
        return [child for child in parts if not isinstance(child, keras.layers.InputLayer)]
    found: dict[int, keras.Layer] = {}
    for value in vars(layer).values():
        if isinstance(value, (keras.Layer, list, tuple, dict)):
            found |= {id(v): v for v in keras.tree.flatten(value) if isinstance(v, keras.Layer) and v is not layer}
    return list(found.values())


def inside(model, composite=True):
    """The layers in a model, those of the models in it included.

    Args:
        model: a model.
        composite: whether layers are listed with the layers that they are made of, as a wrapper with what it wraps;
            else they stand for those.

    Returns:
        A dict of the layers by their names, "inner/dense" for the layer `dense` of the model `inner`.
    """
    found: dict[str, keras.Layer] = {}
    seen = {id(model)}

    def look(layer, prefix):
        for child in children(layer):
            if id(child) in seen:
                continue
            seen.add(id(child))
            name = _unused(f"{prefix}{child.name}", found)
            if not isinstance(child, keras.Model):
                found[name] = child
            if composite or isinstance(child, keras.Model):
                look(child, f"{name}/")

    look(model, "")
    return found


def answering(model):
    """The layers that give a model's output, also in a model or a wrapper that gives it; none of one without graph."""
    found = set()
    for tensor in getattr(model, "outputs", None) or ():
        layer = tensor._keras_history.operation
        found |= {layer, getattr(layer, "layer", layer)}
        if isinstance(layer, keras.Model):
            found |= answering(layer)
    return found


@contextmanager
def watched(layers):
    """Within it, calls of these layers are noted, of one inside another only the outer.

    Args:
        layers: by their names.

    Returns:
        A context manager that gives a list, to which name, input, output and mask (None if the layer is called
        without one) of each call are added. What is computed inside a loop is left out.
    """
    calls: list[tuple] = []
    graph, state = tf.compat.v1.get_default_graph(), {"depth": 0}

    def watching(name, layer):
        call = layer.call

        @functools.wraps(call)
        def watch(*args, **kwargs):
            state["depth"] += 1
            try:
                outputs = call(*args, **kwargs)
            finally:
                state["depth"] -= 1
            output = keras.tree.flatten(outputs)[0]
            if not state["depth"] and isinstance(output, tf.Tensor) and output.graph is graph:
                calls.append((name, keras.tree.flatten((args, kwargs))[0], output, kwargs.get("mask")))
            return outputs

        return watch

    def unfolding(layer):
        call = layer.call

        @functools.wraps(call)
        def watch(inputs, *args, **kwargs):
            state["depth"] += 1
            try:
                outputs = call(inputs, *args, **kwargs)
            finally:
                state["depth"] -= 1
            # The steps run in a loop; all at once they give the same, outside of it.
            layer.layer(keras.ops.reshape(inputs, (-1, *keras.ops.shape(inputs)[2:])))
            return outputs

        return watch

    own = [(layer, vars(layer).get("call")) for layer in layers.values()]
    for name, layer in layers.items():
        steps = isinstance(layer, keras.layers.TimeDistributed) and any(n.startswith(f"{name}/") for n in layers)
        layer.call = unfolding(layer) if steps else watching(name, layer)
    try:
        yield calls
    finally:
        for layer, call in own:
            if call is None:
                del layer.call
            else:
                layer.call = call


def _unused(name, taken):
    k, free = 1, name
    while free in taken:
        k, free = k + 1, f"{name}_{k}"
    return free
