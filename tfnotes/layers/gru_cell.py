"""One step of a gated recurrent unit, forward and backward.

    z = recurrent_activation(x @ W_z + h @ U_z + b_z)        update gate
    r = recurrent_activation(x @ W_r + h @ U_r + b_r)        reset gate
    g = activation(x @ W_g + b_g + r * (h @ U_g + c_g))      candidate, reset_after=True
    g = activation(x @ W_g + b_g + (r * h) @ U_g)            candidate, reset_after=False
    h' = z * h + (1 - z) * g                                 update_gate="keeps"
    h' = (1 - z) * h + z * g                                 update_gate="replaces"

kernel = [W_z W_r W_g], recurrent_kernel = [U_z U_r U_g]; bias = [b_z b_r b_g], and with reset_after a second
row [c_z c_r c_g] that is added to h @ U.

Published under this one name:

    where                 the reset gate         biases         gates' order   a large z
    Cho et al. 2014       before the product     one            -              keeps h
    Chung et al. 2014     before the product     one            -              replaces h
    Keras                 after (or before)      two (or one)   z, r, g        keeps h
    PyTorch               after                  two            r, z, g        keeps h
    Flax                  after                  c_g only       r, z, g        keeps h
    Sonnet                before the product     one            z, r, g        replaces h
    Dive into Deep L.     before the product     one            z, r, g        keeps h
"""

import keras
from keras import ops

from tfnotes import _checks, _config
from tfnotes.layers._cell import RecurrentCell


def update(z, h, g, keeps=True):
    """h' between h and the candidate g, as far as the update gate z says."""
    return g + z * (h - g) if keeps else h + z * (g - h)


def update_gradient(dh, z, h, g, keeps=True):
    """The way back through `update`.

    Returns:
        `(dz, dh, dg)`: of the gate, of h, and of the candidate.
    """
    share = dh * z
    rest = dh - share
    return (dh * (h - g), share, rest) if keeps else (dh * (g - h), rest, share)


@keras.saving.register_keras_serializable("tfnotes")
class GRUCell(RecurrentCell):
    """One step of a GRU (门控循环单元): a cell for `keras.layers.RNN` and for `tfnotes.layers.RNN`.

    Args:
        units, activation, recurrent_activation, use_bias, ...: as for `tfnotes.layers.GRU`.

    Call arguments:
        inputs: shape `(batch, features)`.
        states: h of shape `(batch, units)`, or a list of it.
        training: whether to drop.

    Returns:
        `(h', h')`, the second as `states` was given.

    Raises:
        ValueError: as for `tfnotes.layers.GRU`.

    Differences from keras.layers.GRUCell: a dropout rate of 1 drops all, where Keras drops nothing; `update_gate` is
    added.

    Notes: 001:47-53 (中文名: 门控循环单元).

    >>> h, _ = GRUCell(3)(ops.ones((2, 5)), ops.zeros((2, 3)))
    >>> tuple(h.shape)
    (2, 3)
    """

    gates = 3

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        reset_after=True,
        seed=None,
        update_gate="keeps",
        **kwargs,
    ):
        super().__init__(units, use_bias, dropout, recurrent_dropout, **kwargs)
        self.declare_activations(activation=activation, recurrent_activation=recurrent_activation)
        self.declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self.declare_weight("recurrent", recurrent_initializer, recurrent_regularizer, recurrent_constraint)
        self.declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self.declare_seed(seed)
        self.reset_after = _checks.boolean(self, "reset_after", reset_after)
        self.update_gate = _checks.one_of(self, "update_gate", update_gate, ("keeps", "replaces"))
        # [x 1], h, z, r, g, and h @ U_g where r comes after it.
        self.saves = 6 if self.reset_after else 5

    @property
    def keeps(self):
        """Whether a large update gate keeps the old state."""
        return self.update_gate == "keeps"

    def bias_shape(self):
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def weights_now(self):
        """Matrices, then biases: (W, U, b, c), or with the reset before the product (W, U_zr, U_g, b)."""
        kernel, recurrent, *bias = super().weights_now()
        if self.reset_after:
            return kernel, recurrent, *(ops.unstack(bias[0]) if bias else ())
        return kernel, recurrent[:, : 2 * self.units], recurrent[:, 2 * self.units :], *bias

    def step(self, z, before, weights, product=ops.matmul):
        (h,) = before
        if self.reset_after:
            inner = product(h, weights[1]) + weights[-1] if self.use_bias else product(h, weights[1])
            x_z, x_r, x_g = ops.split(z, 3, axis=-1)
            h_z, h_r, h_g = ops.split(inner, 3, axis=-1)
            z, r = self.recurrent_activation(x_z + h_z), self.recurrent_activation(x_r + h_r)
            g = self.activation(x_g + r * h_g)
            saved = [h, z, r, g, h_g]
        else:
            x_zr, x_g = z[:, : 2 * self.units], z[:, 2 * self.units :]
            z, r = ops.split(x_zr + product(h, weights[1]), 2, axis=-1)
            z, r = self.recurrent_activation(z), self.recurrent_activation(r)
            g = self.activation(x_g + product(r * h, weights[2]))
            saved = [h, z, r, g]
        return (update(z, h, g, self.keeps),), saved

    def loop_weights(self):
        """The bias of the inputs is a row of their kernel: (W, U, c), or (W, U_zr, U_g)."""
        kernel, *others = self.weights_now()
        if self.use_bias:
            bias = others.pop(1 if self.reset_after else 2)
            kernel = ops.concatenate([kernel, bias[None]], axis=0)
        return kernel, *others

    def step_of(self, row, before, weights):
        new, saved = self.step(ops.matmul(row, weights[0]), before, weights)
        return new, (row, *saved)

    def transposed(self, weights):
        kernel, *others = weights
        kernel = kernel[:-1] if self.use_bias else kernel
        return [ops.transpose(w) for w in (kernel, *others) if len(w.shape) == 2]

    def step_gradient(self, after, saved, transposed):
        slope, recurrent_slope = self.slopes
        (dh,), (_, h, z, r, g, *h_g) = after, saved
        dz, dh, dg = update_gradient(dh, z, h, g, self.keeps)
        dz, dg = recurrent_slope(z, dz), slope(g, dg)
        if self.reset_after:
            dr = recurrent_slope(r, dg * h_g[0])
            d_inner = ops.concatenate([dz, dr, dg * r], axis=-1)
            d_sums, d_seen = (ops.concatenate([dz, dr, dg], axis=-1), d_inner), ops.matmul(d_inner, transposed[1])
        else:
            d_reset = ops.matmul(dg, transposed[2])
            dr = recurrent_slope(r, d_reset * h)
            dzr = ops.concatenate([dz, dr], axis=-1)
            d_sums, d_seen = (dzr, dg), ops.matmul(dzr, transposed[1]) + d_reset * r
        return d_sums, (dh + d_seen,)

    def weight_gradients(self, saved, dz, transposed):
        x, h, _, r, *_ = (ops.transpose(a) for a in saved)
        if self.reset_after:
            d_sums, d_inner = dz
            more = [ops.matmul(h, d_inner), *([ops.sum(d_inner, axis=0)] if self.use_bias else ())]
        else:
            d_sums = ops.concatenate(dz, axis=-1)
            more = [ops.matmul(h, dz[0]), ops.matmul(r * h, dz[1])]
        return ops.matmul(d_sums, transposed[0]), (ops.matmul(x, d_sums), *more)

    def get_config(self):
        return _config.left_out_at(super().get_config(), update_gate="keeps")
