"""LSTM: a recurrent layer whose cell state passes from step to step by gates (equations: `lstm_cell.py`).

    h_t, c_t = lstm_cell(x_t, h_{t-1}, c_{t-1})        t = 0 .. T-1
"""

import keras

from tfnotes.layers._cudnn import CudnnRecurrent
from tfnotes.layers._rnn import of_cell, weight_options
from tfnotes.layers.lstm_cell import LSTMCell
from tfnotes.registry import Sample, concept


@concept(
    en="long short-term memory",
    zh="长短期记忆网络",
    twin="keras.layers.LSTM",
    notes=["000:101-116", "001:35-46", "003:200-206"],
    aliases=["long_short_term_memory"],
    samples=[
        Sample({"units": 3}, (2, 4, 5)),
        Sample({"units": 2, "return_sequences": True, "use_bias": False}, (3, 7, 2)),
        Sample({"units": 3, "go_backwards": True, "activation": "relu", "kernel_regularizer": "l2"}, (2, 3, 4)),
        Sample({"units": 2, "unroll": True, "recurrent_activation": "softmax"}, (2, 3, 4)),
    ],
    bench=Sample({"units": 64}, (64, 200, 64)),
    exempt={"float64 on other backends": "Keras rounds tanh to float32 on JAX, and products on PyTorch"},
)
class LSTM(CudnnRecurrent):
    """Long short-term memory (长短期记忆网络).

    Args:
        units: size of the states h and c, a positive integer.
        activation: of the candidate and of the cell state's way out. Default "tanh".
        recurrent_activation: of the gates. Default "sigmoid".
        use_bias: whether there is a bias. Default True.
        kernel_initializer, recurrent_initializer, bias_initializer: Default "glorot_uniform", "orthogonal", "zeros".
        unit_forget_bias: whether the forget gate's bias starts at 1. Default True.
        kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer: Default None.
        kernel_constraint, recurrent_constraint, bias_constraint: Default None.
        dropout, recurrent_dropout: rates from 0 to 1, of the inputs and of h. Default 0.
        seed: of the dropout masks. Default None.
        return_sequences: all steps' outputs, not just the last. Default False.
        return_state: the last h and c, too. Default False.
        go_backwards: from the last step to the first; the outputs come in this order. Default False.
        stateful: whether the next batch starts from this one's last states. Default False.
        unroll: one step after the other in the graph, for short sequences of known length. Default False.
        use_cudnn: whether cuDNN runs the sequence where TensorFlow sees a GPU: "auto" for where it can, True for
            an error where it can't, or False. Default "auto".

    Call arguments:
        sequences: shape `(batch, timesteps, features)`, any float dtype.
        initial_state: [h, c], each of shape `(batch, units)`. Default zeros.
        mask: booleans of shape `(batch, timesteps)`; a step that is False hands the states on.
        training: whether to drop.

    Returns:
        Shape `(batch, units)`, or `(batch, timesteps, units)` with `return_sequences`; and h, c with `return_state`.

    Masking: at a masked step the output is the last one before it, and zero before the first, or
    with `zero_output_for_mask` always zero.

    Raises:
        ValueError: an argument is out of its range, or the features have no fixed size.

    Differences from keras.layers.LSTM: a dropout rate of 1 drops all, where Keras drops nothing; an empty batch is
    taken, of which Keras fails on TensorFlow.

    Notes: 000:101-116, 001:35-46 (中文名: 长短期记忆网络).

    Reference: Hochreiter and Schmidhuber 1997; the forget gate, Gers et al. 2000.

    >>> from keras import ops
    >>> y, h, c = LSTM(3, return_state=True)(ops.ones((2, 4, 5)))
    >>> tuple(y.shape), tuple(c.shape)
    ((2, 3), (2, 3))
    """

    recurrent_activation = of_cell("recurrent_activation")
    unit_forget_bias = of_cell("unit_forget_bias")
    _twin = keras.layers.LSTM

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
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        use_cudnn="auto",
        **kwargs,
    ):
        steps = {"activation": activation, "recurrent_activation": recurrent_activation, "use_bias": use_bias}
        weights = weight_options(
            kernel=(kernel_initializer, kernel_regularizer, kernel_constraint),
            recurrent=(recurrent_initializer, recurrent_regularizer, recurrent_constraint),
            bias=(bias_initializer, bias_regularizer, bias_constraint),
        )
        drops = {"dropout": dropout, "recurrent_dropout": recurrent_dropout, "seed": seed}
        options = {**steps, **weights, **drops, **self.cell_options("lstm_cell", kwargs)}
        cell = LSTMCell(units, unit_forget_bias=unit_forget_bias, **options)
        over = {"return_sequences": return_sequences, "return_state": return_state, "go_backwards": go_backwards}
        over |= {"stateful": stateful, "unroll": unroll, "activity_regularizer": activity_regularizer}
        super().__init__(cell, use_cudnn, **over, **kwargs)
