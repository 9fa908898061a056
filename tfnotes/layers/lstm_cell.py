"""One step of long short-term memory, forward and backward.

    i = recurrent_activation(x @ W_i + h @ U_i + b_i)    input gate
    f = recurrent_activation(x @ W_f + h @ U_f + b_f)    forget gate
    g = activation(x @ W_g + h @ U_g + b_g)              candidate
    o = recurrent_activation(x @ W_o + h @ U_o + b_o)    output gate
    c' = f * c + i * g
    h' = o * activation(c')

kernel = [W_i W_f W_g W_o], recurrent_kernel = [U_i U_f U_g U_o], bias = [b_i b_f b_g b_o].
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers import _slopes
from tfnotes.layers._cell import RecurrentCell


def lstm_step(z, c, activation=ops.tanh, recurrent_activation=ops.sigmoid):
    """The gates and the new states.

    Args:
        z: the gates' sums x @ W + h @ U + b, shape `(batch, 4 * units)`, in the order i, f, g, o.
        c: the cell state before, shape `(batch, units)`.
        activation, recurrent_activation: functions.

    Returns:
        `(h', c', saved)`; saved = (i, f, g, o, activation(c')) is for the way back.
    """
    i, f, g, o = ops.split(z, 4, axis=-1)
    i, f, g, o = recurrent_activation(i), recurrent_activation(f), activation(g), recurrent_activation(o)
    new_c = f * c + i * g
    t = activation(new_c)
    return o * t, new_c, (i, f, g, o, t)


def lstm_step_gradient(dh, dc, c, saved, slope=_slopes.tanh_gradient, recurrent_slope=_slopes.sigmoid_gradient):
    """The step backward.

        dc += dh * o * activation'(c')
        di = dc * g    df = dc * c    dg = dc * i    do = dh * activation(c')
        dz = each of them through its own activation
        dc = dc * f

    Args:
        dh, dc: gradients of h' and c'.
        c: the cell state before.
        saved: what `lstm_step` gave.
        slope, recurrent_slope: `(y, dy) -> dx` of the activations.

    Returns:
        `(dz, dc)`, of the gates' sums and of the cell state before.
    """
    i, f, g, o, t = saved
    dc = dc + slope(t, dh * o)
    di, df, dg, do = dc * g, dc * c, dc * i, dh * t
    dz = [recurrent_slope(i, di), recurrent_slope(f, df), slope(g, dg), recurrent_slope(o, do)]
    return ops.concatenate(dz, axis=-1), dc * f


@keras.saving.register_keras_serializable("tfnotes")
class LSTMCell(RecurrentCell):
    """One step of an LSTM (长短期记忆单元): a cell for `keras.layers.RNN` and for `tfnotes.layers.RNN`.

    Args:
        units, activation, recurrent_activation, use_bias, ...: as for `tfnotes.layers.LSTM`.

    Call arguments:
        inputs: shape `(batch, features)`.
        states: the list [h, c], each of shape `(batch, units)`.
        training: whether to drop.

    Returns:
        `(h', [h', c'])`.

    Raises:
        ValueError: as for `tfnotes.layers.LSTM`.

    Differences from keras.layers.LSTMCell: a dropout rate of 1 drops all, where Keras drops nothing.

    Notes: 000:101-116, 001:42-46 (中文名: 长短期记忆单元).

    >>> h, (h, c) = LSTMCell(3)(ops.ones((2, 5)), [ops.zeros((2, 3)), ops.zeros((2, 3))])
    >>> tuple(c.shape)
    (2, 3)
    """

    gates = 4
    state_count = 2
    # [x 1 h], c, i, f, g, o, activation(c').
    saves = 7

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(units, use_bias, dropout, recurrent_dropout, **kwargs)
        self.declare_activations(activation=activation, recurrent_activation=recurrent_activation)
        self.declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self.declare_weight("recurrent", recurrent_initializer, recurrent_regularizer, recurrent_constraint)
        self.declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self.declare_seed(seed)
        self.unit_forget_bias = _checks.boolean(self, "unit_forget_bias", unit_forget_bias)

    def bias_options(self):
        if not self.unit_forget_bias:
            return {}

        def forget_nothing_yet(shape, dtype=None):
            i, *g_and_o = (self.bias_initializer((n * self.units,), dtype=dtype) for n in (1, 2))
            return ops.concatenate([i, ops.ones((self.units,), dtype), *g_and_o], axis=0)

        return {"initializer": forget_nothing_yet}

    def gated(self, z, before):
        h, c, saved = lstm_step(z, before[1], self.activation, self.recurrent_activation)
        return (h, c), (before[1], *saved)

    def gated_gradient(self, after, saved):
        (dh, dc), (c, *saved), (slope, recurrent_slope) = after, saved, self.slopes
        dz, dc = lstm_step_gradient(dh, dc, c, saved, slope, recurrent_slope)
        return dz, (dc,)
