"""What TensorBoard shows of each model: reconstructions, drawings, filters, a map of the codes, the way between two."""

import keras
import numpy as np
from keras import ops

from tfnotes import callbacks

_SHOWN, _MAPPED, _STEPS, _SIZE = 16, 400, 10, 28


def of_autoencoder(look):
    return _of_codes(look, lambda model, x: model.encoder(x), lambda model, z: ops.sigmoid(model.decoder(z)))


def of_vae(look):
    drawn = _of_codes(look, lambda model, x: model.encode(x)[0], lambda model, z: ops.sigmoid(model.decoder(z)))
    return [*drawn, callbacks.Pictures(look.validation, _samples)]


def of_gan(look):
    def ways(model):
        # Straight lines between pairs of codes, each a row.
        ends = keras.random.normal((2, 8, model.latent), seed=keras.random.SeedGenerator(2))
        first, last = ops.convert_to_numpy(ends)
        return {"interpolations": _between(first, last, lambda z: ops.sigmoid(model.generator(z)))}

    return [callbacks.Pictures(look.validation, _samples, ways)]


def of_rbm(look):
    x = look.x[: 2 * _SHOWN]

    def each_epoch(model):
        return {"samples": _tiles(model.sample(_SHOWN, keras.random.SeedGenerator(1), turns=50))}

    pictures = callbacks.Reconstructions(look.validation, x), callbacks.Pictures(look.validation, each_epoch)
    return [callbacks.FilterImages(look.train), *pictures]


def of_classifier(look):
    return [callbacks.FilterImages(look.train)]


def _of_codes(look, encode, decode):
    x, y, pixels = look.x, look.examples.y, look.examples.x[..., None]

    def at_end(model):
        codes = ops.convert_to_numpy(encode(model, x[:_MAPPED]))
        drawn, pairs = {"latent_map": latent_map(codes, x[:_MAPPED])}, min(8, len(codes) // 2)
        if pairs:
            drawn["interpolations"] = _between(codes[:pairs], codes[pairs : 2 * pairs], lambda z: decode(model, z))
        return drawn

    return [
        callbacks.FilterImages(look.train),
        callbacks.Reconstructions(look.validation, x[: 2 * _SHOWN]),
        callbacks.Pictures(look.validation, at_end=at_end),
        callbacks.Embeddings(look.folder, x, y, pixels, encode),
    ]


def _samples(model):
    return {"samples": _tiles(model.sample(64, keras.random.SeedGenerator(1)))}


def _between(first, last, decode):
    """A row of images for each pair of codes, from the first to the last in equal steps."""
    shares = np.linspace(0, 1, _STEPS, dtype="float32")[None, :, None]
    codes = (1 - shares) * first[:, None] + shares * last[:, None]
    return _tiles(decode(codes.reshape(-1, codes.shape[-1])), _STEPS)


def _tiles(images, columns=8):
    return callbacks.tiled(np.asarray(images).reshape(-1, _SIZE, _SIZE), columns)


def latent_map(codes, images, size=840):
    """Images at the place of their codes, projected onto their first two principal components."""
    centred = codes - codes.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    # A sign that doesn't hang on the solver: the largest part of each axis is positive.
    axes = axes[:2] * np.sign(axes[np.arange(min(2, len(axes))), np.abs(axes[:2]).argmax(1)])[:, None]
    places = centred @ axes.T
    places = np.pad(places, ((0, 0), (0, 2 - places.shape[1])))
    reach = max(float(np.abs(places).max()), 1e-12)
    corners = np.round((places / reach + 1) / 2 * (size - _SIZE)).astype(int)
    canvas = np.zeros((size, size), "float32")
    for (column, row), image in zip(corners, images.reshape(-1, _SIZE, _SIZE), strict=True):
        part = canvas[row : row + _SIZE, column : column + _SIZE]
        np.maximum(part, image, out=part)
    return canvas
