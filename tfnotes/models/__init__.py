"""Networks built from the concepts. Each builder takes the namespace that its layers come from."""

from tfnotes.models.lenet import lenet
from tfnotes.models.maxout_network import maxout_network
from tfnotes.models.mlp import mlp
from tfnotes.models.softmax_regression import softmax_regression

__all__ = ["lenet", "maxout_network", "mlp", "softmax_regression"]
