"""Networks built from the concepts. Each builder takes the namespace that its layers come from."""

from tfnotes.models.lenet import lenet
from tfnotes.models.mlp import mlp
from tfnotes.models.softmax_regression import softmax_regression

__all__ = ["lenet", "mlp", "softmax_regression"]
