"""SimpleRNN: a recurrent layer whose output is its state (equations: `simple_rnn_cell.py`).

    h_t = activation(x_t @ kernel + h_{t-1} @ recurrent_kernel + bias)        t = 0 .. T-1
"""

from tfnotes.layers._rnn import Recurrent, weight_options
from tfnotes.layers.simple_rnn_cell import SimpleRNNCell
from tfnotes.registry import Sample, concept


@concept(
    en="simple recurrent layer",
    zh="循环神经网络",
    twin="keras.layers.SimpleRNN",
    notes=["001:30-40", "003:186-198", "004:190-201"],
    aliases=["rnn", "elman"],
    samples=[
        Sample({"units": 3}, (2, 4, 5)),
        Sample({"units": 2, "return_sequences": True, "use_bias": False}, (3, 7, 2)),
        Sample({"units": 3, "go_backwards": True, "activation": "relu", "kernel_regularizer": "l2"}, (2, 3, 4)),
        Sample({"units": 2, "unroll": True, "activation": "softmax"}, (2, 3, 4)),
    ],
    bench=Sample({"units": 64}, (64, 200, 64)),
    exempt={"float64 on other backends": "Keras rounds tanh to float32 on JAX, and products on PyTorch"},
)
class SimpleRNN(Recurrent):
    """Simple recurrent layer (循环神经网络).

    Args:
        units: size of the state h, a positive integer.
        activation: of the step's sum. Default "tanh".
        use_bias: whether there is a bias. Default True.
        kernel_initializer, recurrent_initializer, bias_initializer: Default "glorot_uniform", "orthogonal", "zeros".
        kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer: Default None.
        kernel_constraint, recurrent_constraint, bias_constraint: Default None.
        dropout, recurrent_dropout: rates from 0 to 1, of the inputs and of h. Default 0.
        seed: of the dropout masks. Default None.
        return_sequences: all steps' outputs, not just the last. Default False.
        return_state: the last h, too. Default False.
        go_backwards: from the last step to the first; the outputs come in this order. Default False.
        stateful: whether the next batch starts from this one's last states. Default False.
        unroll: one step after the other in the graph, for short sequences of known length. Default False.

    Call arguments:
        sequences: shape `(batch, timesteps, features)`, any float dtype.
        initial_state: h of shape `(batch, units)`, or a list of it. Default zeros.
        mask: booleans of shape `(batch, timesteps)`; a step that is False hands the states on.
        training: whether to drop.

    Returns:
        Shape `(batch, units)`, or `(batch, timesteps, units)` with `return_sequences`; and h with `return_state`.

    Masking: at a masked step the output is the last one before it, and zero before the first, or
    with `zero_output_for_mask` always zero.

    Raises:
        ValueError: an argument is out of its range, or the features have no fixed size.

    Differences from keras.layers.SimpleRNN: none.

    Notes: 001:30-40, 003:186-198, 004:190-201 (中文名: 循环神经网络).

    Reference: Elman 1990.

    >>> from keras import ops
    >>> tuple(SimpleRNN(3, return_sequences=True)(ops.ones((2, 4, 5))).shape)
    (2, 4, 3)
    """

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
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        seed=None,
        **kwargs,
    ):
        steps = {"activation": activation, "use_bias": use_bias}
        weights = weight_options(
            kernel=(kernel_initializer, kernel_regularizer, kernel_constraint),
            recurrent=(recurrent_initializer, recurrent_regularizer, recurrent_constraint),
            bias=(bias_initializer, bias_regularizer, bias_constraint),
        )
        drops = {"dropout": dropout, "recurrent_dropout": recurrent_dropout, "seed": seed}
        options = {**steps, **weights, **drops, **self.cell_options("simple_rnn_cell", kwargs)}
        cell = SimpleRNNCell(units, **options)
        over = {"return_sequences": return_sequences, "return_state": return_state, "go_backwards": go_backwards}
        over |= {"stateful": stateful, "unroll": unroll, "activity_regularizer": activity_regularizer}
        super().__init__(cell, **over, **kwargs)
