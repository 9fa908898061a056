"""LSTM and GRU on a GPU: cuDNN's kernels, called by Keras's twin of the layer with our weights.

A step of our own costs a GPU several small launches; cuDNN runs the whole sequence in one. It knows one form of each
layer: tanh and sigmoid, a bias, no recurrent dropout, no unrolling, and of the GRU the reset after the product.
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers import _slopes
from tfnotes.layers._rnn import Recurrent


class CudnnRecurrent(Recurrent):
    """A recurrent layer that hands its sequences to cuDNN where it can, as `use_cudnn` says."""

    _twin: type

    def __init__(self, cell, use_cudnn="auto", **kwargs):
        super().__init__(cell, **kwargs)
        self.use_cudnn = _checks.choice(self, "use_cudnn", use_cudnn, ("auto", True, False))
        if self._to_cudnn():
            # XLA can't compile a call of cuDNN.
            self.supports_jit = False

    def inner_loop(self, sequences, initial_state, mask, training=False):
        if self._to_cudnn():
            if training and self.dropout:
                sequences = sequences * ops.expand_dims(self.cell.get_dropout_mask(sequences[:, 0]), 1)
            return self._made_twin().inner_loop(sequences, initial_state, mask, training=False)
        if self.use_cudnn is True:
            expected = "'auto' or False where cuDNN can't run: it wants TensorFlow to see a GPU, tanh and sigmoid, "
            expected += "a bias, no recurrent dropout, no unrolling, and of a GRU the form that Keras starts from"
            _checks.refuse(self, "use_cudnn", expected, True)
        return super().inner_loop(sequences, initial_state, mask, training=training)

    def _to_cudnn(self):
        cell, slopes = self.cell, (_slopes.tanh_gradient, _slopes.sigmoid_gradient)
        known = cell.slopes == slopes and cell.use_bias and not cell.recurrent_dropout and not self.unroll
        return bool(self.use_cudnn and known and self._known_to_cudnn() and cell.by_hand(False) and sees_gpu())

    def _known_to_cudnn(self):
        return True

    def _made_twin(self):
        """Keras's layer around our weights. Made for one call, it has no state, no seed and no name of its own."""
        ours = ("return_sequences", "go_backwards", "zero_output_for_mask", "name")
        zeros = {f"{weight}_initializer": "zeros" for weight in ("kernel", "recurrent")}
        twin = self._twin(self.units, seed=0, dtype=self.dtype_policy, **zeros, **{n: getattr(self, n) for n in ours})
        for name in ("kernel", "recurrent_kernel", "bias"):
            setattr(twin.cell, name, getattr(self.cell, name))
        twin.cell.built = True
        return twin


def sees_gpu():
    """Whether TensorFlow runs this and has a GPU to run it on."""
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))
