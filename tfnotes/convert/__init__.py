"""From one library to another: weights under PyTorch's names and back."""

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
    "simple_rnn_from_torch",
    "simple_rnn_to_torch",
    "torch_suffixes",
]
