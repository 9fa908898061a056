"""Backpropagation through time, by hand, on TensorFlow.

    forward     s_t, saved_t = step_of([x_t 1], s_{t-1})                t = 0 .. T-1
    backward    dz_t, ds_{t-1} = step_gradient(ds_t, saved_t)           t = T-1 .. 0
                dx_t, dweights_t = weight_gradients(saved_t, dz_t), the latter added up

Where a mask is False a step hands its states on, forward and backward. A cell (`_cell.py`) has the
equations of its step; here is the order in which steps run. A bias is the weight of an input that is always 1:
neither a sum of its own nor a gradient of its own.

In inference there is one loop forward and nothing else, which automatic differentiation goes back through:
that is what an export holds, and what other runtimes convert.
"""

import tensorflow as tf

from tfnotes.layers._differentiable import differentiable


def run(cell, x, before, mask, sequences, training):
    """All steps of a cell.

    Args:
        cell: a `RecurrentCell`.
        x: inputs, shape `(T, batch, features)`.
        before: the states at the start, a tuple.
        mask: booleans of shape `(T, batch, 1)`, or None.
        sequences: whether the states h of all steps are wanted.
        training: whether the way back is the one above.

    Returns:
        `(all h, last states)`: shape `(T, batch, units)`, or None without `sequences`; and a tuple.
    """
    count = len(before)

    def loops(x, *tensors):
        return _Loops(cell, x, tensors[:count], tensors[count:], mask, sequences)

    def plain(*tensors):
        return loops(*tensors).forward()

    def steps(*tensors):
        made = loops(*tensors)
        return made.forward(keep=True), made.backward

    tensors = (x, *before, *cell.loop_weights())
    outputs = differentiable(steps, plain)(*tensors) if training else plain(*tensors)
    return (outputs[0], tuple(outputs[1:])) if sequences else (None, tuple(outputs))


class _Loops:
    """The loop forward and the loop backward, with the tape between them."""

    def __init__(self, cell, x, before, weights, mask, sequences):
        self.cell, self.x, self.before, self.weights = cell, x, tuple(before), weights
        self.mask, self.sequences = mask, sequences
        self.steps = tf.shape(x)[0] if x.shape[0] is None else x.shape[0]
        self.tape: tuple = ()

    def forward(self, keep=False):
        """`[all h, *last states]`, without the first unless `sequences`; with `keep` it fills the tape."""
        rows = tf.concat([self.x, tf.ones_like(self.x[..., :1])], axis=-1) if self.cell.use_bias else self.x

        def body(t, tape, out, states):
            now, saved = self.cell.step_of(tf.gather(rows, t), states, self.weights)
            tape = tuple(a.write(t, column) for a, column in zip(tape, saved if keep else (), strict=True))
            states = self._where(t, now, states)
            return t + 1, tape, tuple(a.write(t, states[0]) for a in out), states

        tape: tuple = tuple(self._array() for _ in range(self.cell.saves if keep else 0))
        # LiteRT has lists of a known shape alone.
        out: tuple = (self._array(self.before[0].shape),) if self.sequences else ()
        # XLA wants to know the number of steps to differentiate a loop itself.
        limit = None if keep else self.steps
        _, self.tape, out, states = tf.while_loop(
            lambda t, *_: t < self.steps, body, (0, tape, out, self.before), maximum_iterations=limit
        )
        return [*(a.stack() for a in out), *states]

    def backward(self, *d):
        """The gradients of inputs, states before and weights from those of what `forward` gave."""
        d_all, d = (d[0], d[1:]) if self.sequences else (None, d)
        transposed = self.cell.transposed(self.weights)

        def body(t, dxs, d_weights, d):
            saved = [a.read(t) for a in self.tape]
            d = d if d_all is None else (d[0] + tf.gather(d_all, t), *d[1:])
            dz, through = self.cell.step_gradient(d, saved, transposed)
            dx, more = self.cell.weight_gradients(saved, self._where(t, dz), transposed)
            d_weights = tuple(w + g for w, g in zip(d_weights, more, strict=True))
            return t - 1, dxs.write(t, dx), d_weights, self._where(t, through, d)

        dxs = tf.TensorArray(self.x.dtype, self.steps)
        start = self.steps - 1, dxs, tuple(tf.zeros_like(w) for w in self.weights), tuple(d)
        _, dxs, d_weights, d = tf.while_loop(lambda t, *_: t >= 0, body, start)
        return [tf.reshape(dxs.stack(), tf.shape(self.x)), *d, *d_weights]

    def _array(self, shape=None):
        return tf.TensorArray(self.x.dtype, self.steps, clear_after_read=False, element_shape=shape)

    def _where(self, t, yes, no=None):
        """At a step that is masked `no`, or zeros."""
        if self.mask is None:
            return tuple(yes)
        no = [tf.zeros_like(a) for a in yes] if no is None else no
        mask = tf.gather(self.mask, t)
        return tuple(tf.where(mask, a, b) for a, b in zip(yes, no, strict=True))
