"""Sparse autoencoder: more units than it needs, of which each shall rarely be on.

    code = sigmoid(x @ kernel + bias),    rho_hat[j] = mean of code[:, j] over the batch
    loss = crossentropy(x, decoder(code)) + beta * sum_j KL(rho || rho_hat[j])
"""

from tfnotes import layers as tfnotes_layers
from tfnotes import regularizers
from tfnotes.models.autoencoder import Autoencoder, dense_networks


def sparse_autoencoder(input_shape, *, units=500, rho=0.05, beta=3.0, layers=tfnotes_layers):
    """A sparse autoencoder (稀疏自编码器), by the KL penalty on each unit's mean activation.

    Args:
        input_shape: shape of one image.
        units: width of the code.
        rho: each unit's target mean.
        beta: factor of the penalty.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        An `Autoencoder`.

    Differences from the reference: cross-entropy in place of half the squared error, as pixels are from 0 to
    1; no decay of the weights.

    Notes: 004:282.

    Reference: Ng 2011, "Sparse autoencoder", CS294A lecture notes, section 3.
    """
    penalty = regularizers.KLSparsity(rho, beta)
    networks = dense_networks(input_shape, [units], "sigmoid", layers, "sigmoid", penalty)
    return Autoencoder(*networks, name="sparse_autoencoder")
