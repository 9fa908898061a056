"""Every model, made small: for images of 8 x 8 pixels and four classes."""

from tfnotes import models

SHAPE, CLASSES = (8, 8, 1), 4

BUILDERS = {
    "autoencoder": lambda **k: models.autoencoder(SHAPE, units="6", **k),
    "deep_autoencoder": lambda **k: models.deep_autoencoder(SHAPE, units="12-8-3", **k),
    "pretrained_autoencoder": lambda **k: models.deep_autoencoder(
        SHAPE, units="12-8-3", activation="sigmoid", pretrain=1, **k
    ),
    "convolutional_autoencoder": lambda **k: models.convolutional_autoencoder(SHAPE, code=4, filters=2, **k),
    "sparse_autoencoder": lambda **k: models.sparse_autoencoder(SHAPE, units=9, **k),
    "denoising_autoencoder": lambda **k: models.denoising_autoencoder(SHAPE, units="7", **k),
    "stacked_denoising": lambda **k: models.stacked_denoising(SHAPE, CLASSES, units="9-7", pretrain=1, **k),
    "vae": lambda **k: models.vae(SHAPE, latent=3, units="9-7", **k),
    "gan": lambda **k: models.gan(SHAPE, latent=4, units="6-7", **k),
    "convolutional_gan": lambda **k: models.convolutional_gan(SHAPE, latent=4, filters=2, **k),
    "rbm": lambda **k: models.rbm(SHAPE, units=6, **k),
    "persistent_rbm": lambda **k: models.rbm(SHAPE, units=6, chains=10, k=5, **k),
    "dbn": lambda **k: models.dbn(SHAPE, CLASSES, units="9-7", pretrain=1, **k),
    "ladder": lambda **k: models.ladder(SHAPE, CLASSES, units="9-7", costs="10-1-0.1-0.1", **k),
}
