"""One step of a simple recurrent layer, forward and backward.

    h'  = activation(x @ kernel + h @ recurrent_kernel + bias)
    dz  = dh' through the activation
    dh  = dz @ recurrent_kernel.T
"""

import keras

from tfnotes.layers._cell import RecurrentCell


@keras.saving.register_keras_serializable("tfnotes")
class SimpleRNNCell(RecurrentCell):
    """One step of a simple recurrent layer (循环神经网络): a cell for `keras.layers.RNN` and `tfnotes.layers.RNN`.

    Args:
        units, activation, use_bias, ...: as for `tfnotes.layers.SimpleRNN`.

    Call arguments:
        inputs: shape `(batch, features)`.
        states: h of shape `(batch, units)`, or a list of it.
        training: whether to drop.

    Returns:
        `(h', h')`, the second as `states` was given.

    Raises:
        ValueError: as for `tfnotes.layers.SimpleRNN`.

    Differences from keras.layers.SimpleRNNCell: none.

    Notes: 001:30-40, 004:190-201 (中文名: 循环神经网络).

    >>> h, _ = SimpleRNNCell(3)(keras.ops.ones((2, 5)), keras.ops.zeros((2, 3)))
    >>> tuple(h.shape)
    (2, 3)
    """

    # [x 1 h], and h' for the slope of the activation, which the next step doesn't keep where a mask is False.
    saves = 2

    def __init__(
        self,
        units,
        activation="tanh",
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
        seed=None,
        **kwargs,
    ):
        super().__init__(units, use_bias, dropout, recurrent_dropout, **kwargs)
        self.declare_activations(activation=activation)
        # Before the initializers draw their seeds, as Keras does it for this cell alone.
        self.declare_seed(seed)
        self.declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self.declare_weight("recurrent", recurrent_initializer, recurrent_regularizer, recurrent_constraint)
        self.declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)

    def gated(self, z, before):
        h = self.activation(z)
        return (h,), (h,)

    def gated_gradient(self, after, saved):
        return self.slopes[0](*saved, *after), ()
