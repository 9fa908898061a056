"""Networks built from the concepts. Each builder takes the namespace that its layers come from."""

from tfnotes.models.bag_of_words import bag_of_words
from tfnotes.models.lenet import lenet
from tfnotes.models.maxout_network import maxout_network
from tfnotes.models.mlp import mlp
from tfnotes.models.recurrent_classifier import recurrent_classifier
from tfnotes.models.softmax_regression import softmax_regression
from tfnotes.models.text_cnn import text_cnn

__all__ = [
    "bag_of_words",
    "lenet",
    "maxout_network",
    "mlp",
    "recurrent_classifier",
    "softmax_regression",
    "text_cnn",
]
