"""Callbacks for any model's `fit`: what TensorBoard shows of a training, each one thing in one file."""

from tfnotes._tiles import tiled
from tfnotes.callbacks.activation_statistics import ActivationStatistics
from tfnotes.callbacks.baseline import Baseline
from tfnotes.callbacks.configuration import Configuration
from tfnotes.callbacks.confusion_matrix import ConfusionMatrix
from tfnotes.callbacks.dead_units import DeadUnits
from tfnotes.callbacks.doctor import Doctor
from tfnotes.callbacks.early_stopping import EarlyStopping
from tfnotes.callbacks.embeddings import Embeddings
from tfnotes.callbacks.filter_images import FilterImages
from tfnotes.callbacks.finite_loss import FiniteLoss
from tfnotes.callbacks.gradient_norms import GradientNorms
from tfnotes.callbacks.graph import Graph
from tfnotes.callbacks.hparams import HParams
from tfnotes.callbacks.input_scale import InputScale
from tfnotes.callbacks.learning_rate import LearningRate
from tfnotes.callbacks.mistaken_texts import MistakenTexts
from tfnotes.callbacks.mistakes import Mistakes
from tfnotes.callbacks.pictures import Pictures
from tfnotes.callbacks.precision_recall import PrecisionRecall
from tfnotes.callbacks.predictions import Predictions
from tfnotes.callbacks.progress import Progress
from tfnotes.callbacks.reconstructions import Reconstructions
from tfnotes.callbacks.saturation import Saturation
from tfnotes.callbacks.scalars import Scalars
from tfnotes.callbacks.update_ratios import UpdateRatios
from tfnotes.callbacks.weight_histograms import WeightHistograms
from tfnotes.event_files import trim

__all__ = [
    "ActivationStatistics",
    "Baseline",
    "Configuration",
    "ConfusionMatrix",
    "DeadUnits",
    "Doctor",
    "EarlyStopping",
    "Embeddings",
    "FilterImages",
    "FiniteLoss",
    "GradientNorms",
    "Graph",
    "HParams",
    "InputScale",
    "LearningRate",
    "MistakenTexts",
    "Mistakes",
    "Pictures",
    "PrecisionRecall",
    "Predictions",
    "Progress",
    "Reconstructions",
    "Saturation",
    "Scalars",
    "UpdateRatios",
    "WeightHistograms",
    "tiled",
    "trim",
]
