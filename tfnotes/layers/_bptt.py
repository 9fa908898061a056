"""Backpropagation through time, by hand, on TensorFlow.

    forward     z_t = x_t @ kernel + bias;  s_t, saved_t = step(z_t, s_{t-1})           t = 0 .. T-1
    backward    dz_t, ds_{t-1} = step_gradient(ds_t, s_{t-1}, saved_t)                  t = T-1 .. 0
                dx, dkernel, drecurrent_kernel, dbias = products over the dz_t

Where a mask is False a step hands its states on, forward and backward. A cell (`_cell.py`) has the
equations of its step; here is the order in which steps run, which is what makes them fast:

- four steps at a time: the products that don't wait for the step before (inputs, weight gradients) are
  one product for the four, and the loop's own cost is paid once;
- the batch in two halves, whose loops run side by side: products of this size gain little from a second
  thread of their own;
- a single sequence in inference is compiled as a whole (XLA), for its length rounded up to a power of two.

Of the shapes timed in benchmarks/recurrent.py, no other chunk or split did better on all.
"""

import math

import tensorflow as tf

from tfnotes import _checks

CHUNK = 4


def run(cell, x, before, mask, drop, sequences, training):
    """All steps of a cell, differentiable by the backward pass above.

    Args:
        cell: a `RecurrentCell`.
        x: inputs, shape `(T, batch, features)`.
        before: the states at the start, a tuple.
        mask: booleans of shape `(T, batch, 1)`, or None.
        drop: the recurrent dropout mask of shape `(batch, units)`, or None.
        sequences: whether the states h of all steps are wanted.
        training: whether the gradient is sure to be asked for; in inference it runs forward a second time.

    Returns:
        `(all h, last states)`: shape `(T, batch, units)`, or None without `sequences`; and a tuple.
    """
    states, weights = len(before), cell.weights_now()

    @tf.custom_gradient
    def steps(x, *tensors):
        given = x, tensors[:states], mask, drop
        weights = tensors[states:]

        def kept():
            halves = [_Half(cell, weights, sequences, *part) for part in _split(*given)]
            return halves, _join([half.forward(keep=True) for half in halves], sequences)

        if training:
            tapes, outputs = kept()
        else:
            tapes, outputs = None, _inference(cell, weights, sequences, *given)

        def gradient(*d):
            halves = tapes or kept()[0]
            parts = _split_gradients(d, sequences)
            dx, d_before, d_weights = zip(
                *(half.backward(part) for half, part in zip(halves, parts, strict=True)), strict=True
            )
            gradients = [tf.concat(dx, 1)]
            gradients += [tf.concat(pair, 0) for pair in zip(*d_before, strict=True)]
            gradients += [tf.add_n(pair) for pair in zip(*d_weights, strict=True)]
            return [_once(cell, g) for g in gradients]

        return outputs, gradient

    outputs = steps(x, *before, *weights)
    return (outputs[0], tuple(outputs[1:])) if sequences else (None, tuple(outputs))


class _Half:
    """One half of the batch, forward and backward, with the tape between them."""

    def __init__(self, cell, weights, sequences, x, before, mask, drop):
        self.cell, self.weights, self.sequences = cell, weights, sequences
        self.x, self.before, self.mask, self.drop = x, tuple(before), mask, drop
        self.pieces, self.tapes = _pieces(x), []

    def forward(self, keep):
        """`[all h, *last states]`, without the first unless `sequences`; with `keep` it fills the tape."""
        states, outputs = self.before, []
        for piece in self.pieces:
            tape, out, states = self._forward_piece(piece, states, keep)
            self.tapes.append(tape)
            outputs.append(out)
        return [tf.concat(outputs, 0), *states] if self.sequences else list(states)

    def _forward_piece(self, piece, states, keep):
        start, size, count = piece
        rows = _rows(self.x, piece)

        def body(k, tape, out, states):
            kept, hs = [], []
            for t, z in enumerate(tf.split(self.cell.project(rows[k], self.weights), size)):
                now, saved = self.cell.step(z, states, self.weights, self.drop)
                kept.append((*states, *saved))
                states = _where(self._mask(start + k * size + t), now, states)
                hs.append(states[0])
            columns = zip(*kept, strict=True) if keep else ()
            tape = tuple(a.write(k, tf.concat(c, 0)) for a, c in zip(tape, columns, strict=True))
            return k + 1, tape, out.write(k, tf.stack(hs)) if self.sequences else out, states

        batch, units = self.x.shape[1], self.cell.units
        shape = (None if batch is None else size * batch, units)
        width = len(states) + self.cell.saves if keep else 0
        tape = tuple(_array(self.x, count, shape) for _ in range(width))
        out = _array(self.x, count if self.sequences else 0, (size, batch, units))
        _, tape, out, states = tf.while_loop(
            lambda k, *_: k < count, body, (0, tape, out, states), parallel_iterations=1
        )
        return tape, _steps(out, self.x, size, count) if self.sequences else None, states

    def backward(self, d):
        """`(dx, dstates before, dweights)` from the gradients of what `forward` gave."""
        d_all, d_states = (d[0], d[1:]) if self.sequences else (None, d)
        transposed = [tf.transpose(w) for w in self.weights if len(w.shape) == 2]
        d_weights = tuple(tf.zeros_like(w) for w in self.weights)
        dxs, d_states = [], tuple(d_states)
        for piece, tape in zip(reversed(self.pieces), reversed(self.tapes), strict=True):
            dx, d_states, d_weights = self._backward_piece(piece, tape, d_all, d_states, d_weights, transposed)
            dxs.append(dx)
        return tf.concat(dxs[::-1], 0), d_states, d_weights

    def _backward_piece(self, piece, tape, d_all, d_states, d_weights, transposed):
        start, size, count = piece
        rows, states = _rows(self.x, piece), len(self.before)

        def body(k, dxs, d, d_weights):
            columns = [a.read(k) for a in tape]
            kept = list(zip(*(tf.split(column, size) for column in columns), strict=True))
            dzs = []
            for t in reversed(range(size)):
                if d_all is not None:
                    d = (d[0] + d_all[start + k * size + t], *d[1:])
                mask = self._mask(start + k * size + t)
                dz, d = self._backward_step(mask, d, kept[t][:states], kept[t][states:], transposed)
                dzs.append(dz)
            dz = tuple(tf.concat(column, 0) for column in zip(*reversed(dzs), strict=True))
            h = columns[0] if self.drop is None else columns[0] * tf.tile(self.drop, (size, 1))
            dx, more = self.cell.weight_gradients(rows[k], h, columns[states:], dz, self.weights, transposed)
            return k - 1, dxs.write(k, dx), d, tuple(w + g for w, g in zip(d_weights, more, strict=True))

        _, dxs, d_states, d_weights = tf.while_loop(
            lambda k, *_: k >= 0,
            body,
            (count - 1, _array(self.x, count, rows.shape[1:]), d_states, d_weights),
            parallel_iterations=1,
        )
        return _steps(dxs, self.x, size, count), d_states, d_weights

    def _backward_step(self, mask, d, before, saved, transposed):
        if mask is None:
            return self.cell.step_gradient(d, before, saved, transposed, self.drop)
        zeros = tuple(tf.zeros_like(g) for g in d)
        dz, through = self.cell.step_gradient(_where(mask, d, zeros), before, saved, transposed, self.drop)
        past = _where(mask, zeros, d)
        return dz, tuple(a + b for a, b in zip(through, past, strict=True))

    def _mask(self, t):
        return None if self.mask is None else self.mask[t]


def _inference(cell, weights, sequences, x, *rest):
    def together():
        halves = [_Half(cell, weights, sequences, *part) for part in _split(x, *rest)]
        return _join([half.forward(keep=False) for half in halves], sequences)

    def single():
        return _single(cell, weights, sequences, x, *rest)

    if x.shape[1] is None:
        return tf.cond(tf.equal(tf.shape(x)[1], 1), single, together)
    return single() if x.shape[1] == 1 else together()


def _single(cell, weights, sequences, x, before, mask, drop):
    """One sequence, compiled; a length that isn't known is padded, so that few lengths are compiled."""
    x, before = tf.ensure_shape(x[:, :1], (None, 1, None)), [tf.ensure_shape(b[:1], (1, None)) for b in before]
    mask = None if mask is None else tf.ensure_shape(mask[:, :1], (None, 1, 1))
    steps = tf.shape(x)[0]
    if x.shape[0] is None:
        exponent = tf.math.log(tf.cast(tf.maximum(steps, 32), "float64")) / math.log(2)
        length = 2 ** tf.cast(tf.math.ceil(exponent), "int32")
        pad = [[0, length - steps], [0, 0], [0, 0]]
        x, mask = tf.pad(x, pad), None if mask is None else tf.pad(mask, pad)

    @tf.function(jit_compile=True, autograph=False)
    def compiled(steps, x, mask, drop, before, weights):
        length = tf.shape(x)[0]
        z = cell.project(x[:, 0], weights)

        def body(t, out, states):
            now, _ = cell.step(z[t][None], states, weights, drop)
            states = _where(None if mask is None else mask[t], now, states)
            return t + 1, out.write(t, states[0]) if sequences else out, states

        out = tf.TensorArray(x.dtype, length if sequences else 0, element_shape=(1, cell.units))
        _, out, states = tf.while_loop(lambda t, *_: t < steps, body, (0, out, tuple(before)))
        return [out.stack(), *states] if sequences else list(states)

    # The way back is `gradient` in `run`; a tape that watches would have XLA compile one of its own.
    x, *tensors = (tf.stop_gradient(t) for t in (x, *before, *weights))
    outputs = compiled(steps, x, mask, drop, tensors[: len(before)], tensors[len(before) :])
    return [outputs[0][:steps], *outputs[1:]] if sequences else outputs


def _pieces(x):
    """`(start, size of a chunk, number of chunks)`: all whole chunks of four, then the steps that are left."""
    steps = x.shape[0]
    if steps is None:
        steps = tf.shape(x)[0]
        whole = steps // CHUNK
        return [(0, CHUNK, whole), (whole * CHUNK, 1, steps - whole * CHUNK)]
    whole, left = divmod(steps, CHUNK)
    return [piece for piece in ((0, CHUNK, whole), (whole * CHUNK, left, 1)) if piece[1] * piece[2]]


def _rows(x, piece):
    """A piece's inputs, shape `(chunks, steps of a chunk * batch, features)`."""
    start, size, count = piece
    return tf.reshape(x[start : start + size * count], (count, size * tf.shape(x)[1], x.shape[2]))


def _steps(array, x, size, count):
    """An array of chunks as steps: shape `(steps, batch, n)` with the batch of `x`, which may be empty."""
    shape = (size * count, tf.shape(x)[1], array.element_shape[-1])
    if isinstance(count, int):
        return tf.reshape(array.stack(), shape)
    # An array without elements doesn't know the shape that it would stack to.
    return tf.cond(count > 0, lambda: tf.reshape(array.stack(), shape), lambda: tf.zeros(shape, x.dtype))


def _array(like, size, shape):
    return tf.TensorArray(like.dtype, size, element_shape=shape, clear_after_read=False)


def _where(mask, yes, no):
    if mask is None:
        return tuple(yes)
    return tuple(tf.where(mask, a, b) for a, b in zip(yes, no, strict=True))


def _halves(x, axis):
    """The two parts of the batch, which is that axis of `x`."""
    batch = tf.shape(x)[axis] if x.shape[axis] is None else x.shape[axis]
    return slice(None, batch // 2), slice(batch // 2, None)


def _split(x, before, mask, drop):
    for part in _halves(x, axis=1):
        yield (
            x[:, part],
            tuple(s[part] for s in before),
            None if mask is None else mask[:, part],
            None if drop is None else drop[part],
        )


def _split_gradients(d, sequences):
    """The gradients of all h, whose batch is the second axis, and of the last states, for each half."""
    for part in _halves(d[-1], axis=0):
        yield [t[:, part] if sequences and k == 0 else t[part] for k, t in enumerate(d)]


def _join(halves, sequences):
    axes = [1 if sequences and k == 0 else 0 for k in range(len(halves[0]))]
    return [tf.concat(pair, axis) for pair, axis in zip(zip(*halves, strict=True), axes, strict=True)]


def _once(cell, gradient):
    """The gradient, which refuses to be differentiated: its own derivative isn't written down here."""
    name = _checks.name_of(cell)

    @tf.custom_gradient
    def once(g):
        def refuse(*_):
            raise NotImplementedError(
                f"{name}: the backward pass by hand has no gradient of its own. For second-order gradients "
                "build the layer with unroll=True, which automatic differentiation goes through."
            )

        return tf.identity(g), refuse

    return once(gradient)
