"""Preprocessing layers with `adapt`: fitted to data in one pass."""

from tfnotes.preprocessing.mean_centering import MeanCentering
from tfnotes.preprocessing.min_max_scaling import MinMaxScaling
from tfnotes.preprocessing.pca import PCA
from tfnotes.preprocessing.pca_whitening import PCAWhitening
from tfnotes.preprocessing.standardization import Standardization
from tfnotes.preprocessing.zca_whitening import ZCAWhitening

# Keras's name.
Normalization = Standardization

__all__ = ["PCA", "MeanCentering", "MinMaxScaling", "Normalization", "PCAWhitening", "Standardization", "ZCAWhitening"]
