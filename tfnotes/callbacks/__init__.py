"""Callbacks for any model's `fit`: what TensorBoard shows of a training, each one thing in one file."""

from tfnotes.callbacks.early_stopping import EarlyStopping
from tfnotes.callbacks.event_files import trim
from tfnotes.callbacks.filter_images import FilterImages
from tfnotes.callbacks.finite_loss import FiniteLoss
from tfnotes.callbacks.graph import Graph
from tfnotes.callbacks.learning_rate import LearningRate
from tfnotes.callbacks.mistaken_texts import MistakenTexts
from tfnotes.callbacks.mistakes import Mistakes
from tfnotes.callbacks.pictures import Pictures, tiled
from tfnotes.callbacks.progress import Progress
from tfnotes.callbacks.scalars import Scalars
from tfnotes.callbacks.weight_histograms import WeightHistograms

__all__ = [
    "EarlyStopping",
    "FilterImages",
    "FiniteLoss",
    "Graph",
    "LearningRate",
    "MistakenTexts",
    "Mistakes",
    "Pictures",
    "Progress",
    "Scalars",
    "WeightHistograms",
    "tiled",
    "trim",
]
