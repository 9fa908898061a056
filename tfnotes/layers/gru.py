"""GRU: a recurrent layer whose one state is kept or replaced by gates (equations: `gru_cell.py`).

    h_t = gru_cell(x_t, h_{t-1})        t = 0 .. T-1
"""

import keras

from tfnotes import _config
from tfnotes.layers._cudnn import CudnnRecurrent
from tfnotes.layers._rnn import of_cell, weight_options
from tfnotes.layers.gru_cell import GRUCell
from tfnotes.registry import Sample, concept


@concept(
    en="gated recurrent unit",
    zh="门控循环单元",
    twin="keras.layers.GRU",
    notes=["001:47-53"],
    aliases=["gated_recurrent_unit"],
    samples=[
        Sample({"units": 3}, (2, 4, 5)),
        Sample({"units": 2, "return_sequences": True, "use_bias": False}, (3, 7, 2)),
        Sample({"units": 3, "go_backwards": True, "activation": "relu", "kernel_regularizer": "l2"}, (2, 3, 4)),
        Sample({"units": 3, "reset_after": False}, (2, 4, 3)),
        Sample({"units": 2, "unroll": True, "recurrent_activation": "softmax"}, (2, 3, 4)),
    ],
    bench=Sample({"units": 64}, (64, 200, 64)),
    exempt={"float64 on other backends": "Keras rounds tanh to float32 on JAX, and products on PyTorch"},
)
class GRU(CudnnRecurrent):
    """Gated recurrent unit (门控循环单元).

    Args:
        units: size of the state h, a positive integer.
        activation: of the candidate. Default "tanh".
        recurrent_activation: of the gates. Default "sigmoid".
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
        reset_after: whether the reset gate is applied after the product with h, or before. Default True.
        use_cudnn: whether cuDNN runs the sequence where TensorFlow sees a GPU: "auto" for where it can, True for
            an error where it can't, or False. Default "auto".
        update_gate: what the update gate does with h: "keeps" as in Keras, or "replaces". Default "keeps".

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

    Differences from keras.layers.GRU: a dropout rate of 1 drops all, where Keras drops nothing; `update_gate`
    is added (`tfnotes.convert` carries weights from one convention to another).

    Notes: 001:47-53 (中文名: 门控循环单元).

    Reference: Cho et al. 2014; `update_gate="replaces"`, Chung et al. 2014.

    >>> from keras import ops
    >>> y, h = GRU(3, return_state=True)(ops.ones((2, 4, 5)))
    >>> tuple(y.shape), tuple(h.shape)
    ((2, 3), (2, 3))
    """

    recurrent_activation = of_cell("recurrent_activation")
    reset_after = of_cell("reset_after")
    update_gate = of_cell("update_gate")
    _twin = keras.layers.GRU

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
        reset_after=True,
        use_cudnn="auto",
        update_gate="keeps",
        **kwargs,
    ):
        steps = {"activation": activation, "recurrent_activation": recurrent_activation, "use_bias": use_bias}
        weights = weight_options(
            kernel=(kernel_initializer, kernel_regularizer, kernel_constraint),
            recurrent=(recurrent_initializer, recurrent_regularizer, recurrent_constraint),
            bias=(bias_initializer, bias_regularizer, bias_constraint),
        )
        drops = {"dropout": dropout, "recurrent_dropout": recurrent_dropout, "seed": seed}
        options = {**steps, **weights, **drops, **self.cell_options("gru_cell", kwargs)}
        cell = GRUCell(units, reset_after=reset_after, update_gate=update_gate, **options)
        over = {"return_sequences": return_sequences, "return_state": return_state, "go_backwards": go_backwards}
        over |= {"stateful": stateful, "unroll": unroll, "activity_regularizer": activity_regularizer}
        super().__init__(cell, use_cudnn, **over, **kwargs)

    def get_config(self):
        return _config.left_out_at(super().get_config(), update_gate="keeps")

    def _known_to_cudnn(self):
        return self.reset_after and self.cell.keeps
