"""From one library to another: whole models of Keras's layers, and weights under PyTorch's names, there and back."""

from tfnotes.convert._configs import Kept
from tfnotes.convert._model import model, report
from tfnotes.convert.feedforward import (
    batch_normalization_from_torch,
    batch_normalization_to_torch,
    conv2d_from_torch,
    conv2d_to_torch,
    dense_from_torch,
    dense_to_torch,
    embedding_from_torch,
    embedding_to_torch,
)
from tfnotes.convert.recurrent import (
    gru_from_torch,
    gru_to_torch,
    gru_update_gate,
    lstm_from_torch,
    lstm_to_torch,
    simple_rnn_from_torch,
    simple_rnn_to_torch,
    torch_suffixes,
)

__all__ = [
    "Kept",
    "batch_normalization_from_torch",
    "batch_normalization_to_torch",
    "conv2d_from_torch",
    "conv2d_to_torch",
    "dense_from_torch",
    "dense_to_torch",
    "embedding_from_torch",
    "embedding_to_torch",
    "gru_from_torch",
    "gru_to_torch",
    "gru_update_gate",
    "lstm_from_torch",
    "lstm_to_torch",
    "model",
    "report",
    "simple_rnn_from_torch",
    "simple_rnn_to_torch",
    "torch_suffixes",
]
