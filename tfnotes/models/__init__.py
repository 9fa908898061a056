"""Networks built from the concepts. Each builder takes the namespace that its layers come from."""

from tfnotes.models.autoencoder import autoencoder, denoising_autoencoder
from tfnotes.models.bag_of_words import bag_of_words
from tfnotes.models.convolutional_autoencoder import convolutional_autoencoder
from tfnotes.models.dbn import dbn
from tfnotes.models.deep_autoencoder import deep_autoencoder
from tfnotes.models.gan import convolutional_gan, gan
from tfnotes.models.ladder import ladder
from tfnotes.models.lenet import lenet
from tfnotes.models.maxout_network import maxout_network
from tfnotes.models.mlp import mlp
from tfnotes.models.rbm import rbm
from tfnotes.models.recurrent_classifier import recurrent_classifier
from tfnotes.models.row_reader import row_reader
from tfnotes.models.sequence_regressor import sequence_regressor
from tfnotes.models.softmax_regression import softmax_regression
from tfnotes.models.sparse_autoencoder import sparse_autoencoder
from tfnotes.models.stacked_denoising import stacked_denoising
from tfnotes.models.text_cnn import text_cnn
from tfnotes.models.vae import vae

__all__ = [
    "autoencoder",
    "bag_of_words",
    "convolutional_autoencoder",
    "convolutional_gan",
    "dbn",
    "deep_autoencoder",
    "denoising_autoencoder",
    "gan",
    "ladder",
    "lenet",
    "maxout_network",
    "mlp",
    "rbm",
    "recurrent_classifier",
    "row_reader",
    "sequence_regressor",
    "softmax_regression",
    "sparse_autoencoder",
    "stacked_denoising",
    "text_cnn",
    "vae",
]
