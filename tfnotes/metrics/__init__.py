"""Metrics that Keras lacks. Accuracy, top-k, precision and recall are Keras's own: a copy adds nothing."""

from tfnotes.metrics.confusion_matrix import ConfusionMatrix

__all__ = ["ConfusionMatrix"]
