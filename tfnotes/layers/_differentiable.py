"""A function of tensors with a way back of its own, which is differentiable again, and which lets its graph go."""

import weakref
from typing import Any

import tensorflow as tf


def differentiable(forward, plain):
    """`forward` with its own gradient, once; a gradient of that gradient is `plain`'s.

    TensorFlow keeps what `tf.custom_gradient` is given in a registry that nothing is ever taken from, and with it the
    graph that it was traced in: each new model, each new shape. What is kept here belongs to the graph instead.

    Args:
        forward: from tensors to `(list of tensors, gradient)`; `gradient` goes from the gradients of
            these to a list of those of the arguments.
        plain: computes what `forward` does, in operations that automatic differentiation goes back through.

    Returns:
        A function from tensors to a list of tensors.
    """

    def once(*tensors):
        outputs, gradient = forward(*_unwatched(tensors))

        def back(*d):
            def again(*_):
                return gradient(*_unwatched(d)), lambda *dd: _twice(plain, d, tensors, dd)

            return _with_gradient(again)(*d, *tensors)

        return outputs, back

    return _with_gradient(once)


def _unwatched(tensors):
    """Where two tapes watch, TensorFlow would differentiate each loop of a graph while it is built, for nothing."""
    return tensors if tf.executing_eagerly() else [tf.stop_gradient(t) for t in tensors]


def _twice(plain, d, tensors, dd):
    """The gradients of the gradient, of `d` and of the tensors."""
    with tf.GradientTape() as outer:
        outer.watch([*d, *tensors])
        with tf.GradientTape() as inner:
            inner.watch(tensors)
            outputs = plain(*tensors)
        gradients = inner.gradient(outputs, tensors, d, unconnected_gradients="zero")
        # Of what was gathered from, eagerly, there are slices.
        gradients = [tf.convert_to_tensor(g) for g in gradients]
    return outer.gradient(gradients, [*d, *tensors], dd, unconnected_gradients="zero")


class _Kept:
    """What a graph needs for its way back."""

    def __init__(self, gradient):
        self.gradient = gradient


def _with_gradient(f):
    def call(*tensors):
        if tf.executing_eagerly():
            return tf.custom_gradient(f)(*tensors)
        results: list = []

        def traced(*tensors):
            outputs, gradient = f(*tensors)
            kept = _Kept(gradient)
            tf.compat.v1.get_default_graph().add_to_collection("tfnotes_gradients", kept)
            # Alive as long as the graph, without which there is nothing to differentiate.
            found: Any = weakref.ref(kept)
            results.extend(outputs)
            return results, lambda *d: found().gradient(*d)

        outputs = tf.custom_gradient(traced)(*tensors)
        # The registry holds this list, of which only the length is asked again.
        results[:] = [None] * len(results)
        return outputs

    return call
