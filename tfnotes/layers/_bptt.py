"""Backpropagation through time, by hand, on TensorFlow.

    forward     z_t = x_t @ kernel + bias;  s_t, saved_t = step(z_t, s_{t-1})           t = 0 .. T-1
    backward    dz_t, ds_{t-1} = step_gradient(ds_t, s_{t-1}, saved_t)                  t = T-1 .. 0
                dx, dkernel, drecurrent_kernel, dbias = products over the dz_t

Where a mask is False a step hands its states on, forward and backward. A cell (`_cell.py`) has the
equations of its step; here is the order in which steps run. A length that is known and even is trained two steps
at a time: four make a model's first step slower, and training hardly faster.

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

    tensors = (x, *before, *cell.weights_now())
    outputs = differentiable(steps, plain)(*tensors) if training else plain(*tensors)
    return (outputs[0], tuple(outputs[1:])) if sequences else (None, tuple(outputs))


class _Loops:
    """The loop forward and the loop backward, with the tape between them."""

    def __init__(self, cell, x, before, weights, mask, sequences):
        self.cell, self.x, self.before, self.weights = cell, x, tuple(before), weights
        self.mask, self.sequences = mask, sequences
        self.steps = tf.shape(x)[0] if x.shape[0] is None else x.shape[0]
        # The products that don't wait for the step before are one for some steps: not for all, which memory would show.
        self.size = 2 if isinstance(self.steps, int) and self.steps % 2 == 0 else 1
        self.tape: tuple = ()

    def forward(self, keep=False):
        """`[all h, *last states]`, without the first unless `sequences`; with `keep` it fills the tape."""
        size = self.size if keep else 1
        rows = self._rows(self.x, size)
        if not keep:
            z = self.cell.project(tf.reshape(self.x, (-1, self.x.shape[-1])), self.weights)
            rows = tf.reshape(z, (self.steps, tf.shape(self.x)[1], z.shape[-1]))

        def body(k, tape, out, states):
            z = self.cell.project(tf.gather(rows, k), self.weights) if keep else tf.gather(rows, k)
            for t, z_t in enumerate(tf.split(z, size) if size > 1 else [z]):
                t = k * size + t if size > 1 else k
                now, saved = self.cell.step(z_t, states, self.weights)
                columns = (*states, *saved) if keep else ()
                tape = tuple(a.write(t, column) for a, column in zip(tape, columns, strict=True))
                states = self._where(t, now, states)
                out = tuple(a.write(t, states[0]) for a in out)
            return k + 1, tape, out, states

        count = self.steps // size
        tape: tuple = tuple(self._array() for _ in range(len(self.before) + self.cell.saves if keep else 0))
        out: tuple = (self._array(),) if self.sequences else ()
        # XLA wants to know the number of steps to differentiate a loop itself.
        limit = None if keep else count
        _, self.tape, out, states = tf.while_loop(
            lambda k, *_: k < count, body, (0, tape, out, self.before), maximum_iterations=limit
        )
        return [*(a.stack() for a in out), *states]

    def backward(self, *d):
        """The gradients of inputs, states before and weights from those of what `forward` gave."""
        d_all, d = (d[0], d[1:]) if self.sequences else (None, d)
        transposed = [tf.transpose(w) for w in self.weights if len(w.shape) == 2]
        states, rows = len(self.before), self._rows(self.x, self.size)

        def body(k, dxs, d_weights, d):
            kept: list = []
            dzs: list = []
            for t in reversed(range(self.size)):
                t = k * self.size + t
                kept.insert(0, [a.read(t) for a in self.tape])
                d = d if d_all is None else (d[0] + tf.gather(d_all, t), *d[1:])
                dz, through = self.cell.step_gradient(d, kept[0][:states], kept[0][states:], transposed)
                dzs.insert(0, self._where(t, dz))
                d = self._where(t, through, d)
            dz, kept = ([tf.concat(column, 0) for column in zip(*rows, strict=True)] for rows in (dzs, kept))
            dx, more = self.cell.weight_gradients(
                tf.gather(rows, k), kept[0], kept[states:], dz, self.weights, transposed
            )
            return k - 1, dxs.write(k, dx), tuple(w + g for w, g in zip(d_weights, more, strict=True)), d

        count = self.steps // self.size
        dxs = tf.TensorArray(self.x.dtype, count)
        start = count - 1, dxs, tuple(tf.zeros_like(w) for w in self.weights), tuple(d)
        _, dxs, d_weights, d = tf.while_loop(lambda k, *_: k >= 0, body, start)
        return [tf.reshape(dxs.stack(), tf.shape(self.x)), *d, *d_weights]

    def _rows(self, x, size):
        """Steps below each other, `size` of them each time: shape `(T / size, size * batch, n)`."""
        return tf.reshape(x, (self.steps // size, size * tf.shape(x)[1], x.shape[-1]))

    def _array(self):
        return tf.TensorArray(self.x.dtype, self.steps, clear_after_read=False)

    def _where(self, t, yes, no=None):
        """At a step that is masked `no`, or zeros."""
        if self.mask is None:
            return tuple(yes)
        no = [tf.zeros_like(a) for a in yes] if no is None else no
        mask = tf.gather(self.mask, t)
        return tuple(tf.where(mask, a, b) for a, b in zip(yes, no, strict=True))
