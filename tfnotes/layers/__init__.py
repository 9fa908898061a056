"""Layers: replace `keras.layers.X` by `tfnotes.layers.X`."""

import keras

from tfnotes import counterparts
from tfnotes.layers._gates import gates
from tfnotes.layers._rnn import RNN
from tfnotes.layers.average_pooling2d import AveragePooling2D
from tfnotes.layers.batch_normalization import BatchNormalization
from tfnotes.layers.bidirectional import Bidirectional
from tfnotes.layers.conv2d import Conv2D
from tfnotes.layers.dense import Dense
from tfnotes.layers.dropout import Dropout
from tfnotes.layers.elu import ELU
from tfnotes.layers.embedding import Embedding
from tfnotes.layers.flatten import Flatten
from tfnotes.layers.global_average_pooling2d import GlobalAveragePooling2D
from tfnotes.layers.global_max_pooling2d import GlobalMaxPooling2D
from tfnotes.layers.gru import GRU
from tfnotes.layers.gru_cell import GRUCell
from tfnotes.layers.leaky_relu import LeakyReLU
from tfnotes.layers.lstm import LSTM
from tfnotes.layers.lstm_cell import LSTMCell
from tfnotes.layers.max_pooling2d import MaxPooling2D
from tfnotes.layers.maxout import Maxout
from tfnotes.layers.maxout_conv2d import MaxoutConv2D
from tfnotes.layers.min_pooling2d import MinPooling2D
from tfnotes.layers.perceptron import Perceptron
from tfnotes.layers.prelu import PReLU
from tfnotes.layers.relu import ReLU
from tfnotes.layers.rrelu import RReLU
from tfnotes.layers.simple_rnn import SimpleRNN
from tfnotes.layers.simple_rnn_cell import SimpleRNNCell
from tfnotes.layers.softmax import Softmax
from tfnotes.layers.stacked_rnn_cells import StackedRNNCells
from tfnotes.layers.zero_padding2d import ZeroPadding2D

# Keras's other names.
AvgPool2D = AveragePooling2D
Convolution2D = Conv2D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalMaxPool2D = GlobalMaxPooling2D
MaxPool2D = MaxPooling2D


def deserialize(config, custom_objects=None):
    """The layer of a config, ours where the config is of a builtin with a counterpart here."""
    return counterparts.resolve("layers", config, lambda c: keras.layers.deserialize(c, custom_objects))


def serialize(layer):
    """The config of a layer, as Keras writes it."""
    return keras.layers.serialize(layer)


__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RNN",
    "AveragePooling2D",
    "AvgPool2D",
    "BatchNormalization",
    "Bidirectional",
    "Conv2D",
    "Convolution2D",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRUCell",
    "GlobalAveragePooling2D",
    "GlobalAvgPool2D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling2D",
    "LSTMCell",
    "LeakyReLU",
    "MaxPool2D",
    "MaxPooling2D",
    "Maxout",
    "MaxoutConv2D",
    "MinPooling2D",
    "PReLU",
    "Perceptron",
    "RReLU",
    "ReLU",
    "SimpleRNN",
    "SimpleRNNCell",
    "Softmax",
    "StackedRNNCells",
    "ZeroPadding2D",
    "deserialize",
    "gates",
    "serialize",
]
