"""What `tfnotes evaluate` measures beside the loss; each figure is a mean over images, likelihoods are in nats."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from tfnotes.models._random import bernoulli
from tfnotes.models.annealing import data_bias, log_partition
from tfnotes.models.autoencoder import corrupt
from tfnotes.models.judge import judge
from tfnotes_tasks.mnist import CLASSES

NOISE = (0.1, 0.25, 0.5)
_WIDTHS = tuple(np.geomspace(0.1, 1, 10))


def of_autoencoder(model, split, prepare):
    """Beside "squared_error": that of PCA with as many components, denoising, and probes of the codes.

    PCA is fitted to the very images that are measured, its best case.
    """
    x = ops.convert_to_numpy(prepare(split.x))
    codes = _in_batches(model.encoder, x)
    figures = {"pca_squared_error": pca_error(_flat(x), codes.shape[-1])}
    for share in NOISE:
        noisy = ops.convert_to_numpy(corrupt(ops.convert_to_tensor(x), share, "masking", _seed(1)))
        difference = _flat(x) - _flat(_in_batches(model, noisy))
        figures[f"squared_error_masked_{share:g}"] = float(np.mean(np.sum(difference**2, -1)))
    return figures | _probes(codes, x, split.y)


def of_vae(model, split, prepare):
    """The bound is minus the loss. The importance-weighted ones, which are nearer to log p(x), are of fewer images.

    Pixels are drawn once with their intensity as the chance, unless the model takes them as they are.
    """
    x = prepare(split.x)
    codes = _in_batches(lambda part: model.encode(part)[0], ops.convert_to_numpy(x))
    x = ops.convert_to_numpy(bernoulli(x, _seed(1)) if model.binarize else x)
    figures, random = {}, _seed(2)
    for samples, images in ((50, 1000), (5000, 100)):
        estimates = _in_batches(
            lambda part, samples=samples: model.log_likelihood(part, samples, random), x[:images], 5000 // samples
        )
        figures[f"log_likelihood_{samples}_samples"] = float(np.mean(estimates))
    return figures | _probes(codes, ops.convert_to_numpy(prepare(split.x)), split.y)


def of_rbm(model, split, prepare):
    """The likelihood of binary images, by annealed importance sampling, and a probe of the hidden units."""
    x = ops.convert_to_numpy(prepare(split.x))
    bias = data_bias(x, model.size)
    random = _seed(1)
    # Compiled, for step by step it takes twice the time and more.
    log_z, error = tf.function(lambda: log_partition(model, bias, random, chains=100, steps=2000))()
    v = ops.reshape(bernoulli(ops.convert_to_tensor(x), _seed(2)), (-1, model.size))
    energy = _in_batches(model.free_energy, ops.convert_to_numpy(v))
    figures = {
        "log_partition": float(log_z),
        "log_partition_error": float(error),
        "log_likelihood": float(-energy.mean() - log_z),
    }
    return figures | _probes(_in_batches(model.hidden, _flat(x)), x, split.y)


def of_gan(model, split, prepare):
    """Which digits a classifier sees in 1,000 drawings, and how far those are from images by what it makes of both.

    `frechet_distance` is that of drawings and images, in the classifier's last hidden layer; to know what is near,
    `frechet_distance_of_images` is that of as many other images.

    The Parzen estimate of the images' likelihood puts a Gaussian on each drawing. In 784 dimensions it says little: it
    likes drawings that are near to the mean of many images, and would need far more of them. It is often quoted.
    """
    x = ops.convert_to_numpy(prepare(split.x))
    drawn = np.concatenate([ops.convert_to_numpy(model.sample(100, _seed(10 + k))) for k in range(10)])
    half = len(x) // 2
    classifier = judge(x[:half], split.y[:half], CLASSES)
    right = np.argmax(_in_batches(classifier, x[half:]), -1) == split.y[half:]
    shares = np.bincount(np.argmax(_in_batches(classifier, drawn), -1), minlength=CLASSES) / len(drawn)
    # The layer before the logits, dropout aside, which only trains.
    hidden = keras.Model(classifier.inputs, classifier.layers[-2].output)
    images, others, drawings = (_in_batches(hidden, part) for part in (x[half::2], x[half + 1 :: 2], drawn))
    return {
        "classifier_accuracy": float(np.mean(right)),
        "digits_covered": float(np.sum(shares >= 0.01)),
        "smallest_share": float(shares.min()),
        "largest_share": float(shares.max()),
        "frechet_distance": frechet(drawings, images),
        "frechet_distance_of_images": frechet(others[: len(drawn)], images),
        "parzen_log_likelihood": parzen(_flat(drawn), _flat(x[:half])[:500], _flat(x[half:])[:500]),
    }


def of_classifier(model, split, prepare):
    """Probes of the last hidden layer."""
    x = ops.convert_to_numpy(prepare(split.x))
    return _probes(_in_batches(model.codes, x), x, split.y)


def pca_error(x, components):
    """Mean squared error of the rows of x, summed over columns, when PCA keeps so many components."""
    spread = np.linalg.eigvalsh(np.cov(x.T, bias=True).astype("float64"))
    return float(np.sum(spread[: max(len(spread) - components, 0)]))


def probe(features, y):
    """Accuracy of the best linear map, by least squares, from features to classes: fitted on every other example.

    It is measured on the rest.
    """
    features = np.asarray(features, "float64").reshape(len(y), -1)
    features = np.concatenate([features, np.ones((len(y), 1))], 1)
    a, target = features[::2], np.eye(int(y.max()) + 1)[y[::2]]
    # A little of the diagonal, for pixels that are always off.
    ridge = 1e-3 * np.trace(a.T @ a) / a.shape[1] * np.eye(a.shape[1])
    weights = np.linalg.solve(a.T @ a + ridge, a.T @ target)
    return float(np.mean(np.argmax(features[1::2] @ weights, -1) == y[1::2]))


def parzen(drawn, validation, test, widths=_WIDTHS):
    """Mean log-likelihood of `test` with a Gaussian on each row of `drawn`, as wide as suits `validation` best."""

    def likelihood(x, width):
        squares = np.sum(x**2, 1)[:, None] + np.sum(drawn**2, 1) - 2 * x @ drawn.T
        z = -squares / (2 * width**2)
        top = z.max(1, keepdims=True)
        mixture = top[:, 0] + np.log(np.mean(np.exp(z - top), 1))
        return float(np.mean(mixture) - x.shape[1] * np.log(width * np.sqrt(2 * np.pi)))

    return likelihood(test, max(widths, key=lambda width: likelihood(validation, width)))


def frechet(a, b):
    """Squared Fréchet distance of the Gaussians that have the means and covariances of the rows of a and of b.

    |m_a - m_b|^2 + trace(C_a + C_b - 2 (C_a C_b)^(1/2)): Heusel et al. 2017, "GANs trained by a two time-scale update
    rule", with another network's features than theirs, so that figures compare among themselves alone.
    """
    means, (c, d) = [np.mean(x, 0) for x in (a, b)], [np.cov(x.T).astype("float64") for x in (a, b)]
    values, vectors = np.linalg.eigh(c)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    # C_a C_b and root C_b root have the same eigenvalues.
    shared = np.sum(np.sqrt(np.maximum(np.linalg.eigvalsh(root @ d @ root), 0)))
    return float(np.sum((means[0] - means[1]) ** 2) + np.trace(c) + np.trace(d) - 2 * shared)


def _probes(codes, x, y):
    return {"probe_of_codes": probe(codes, y), "probe_of_pixels": probe(x, y)}


def _in_batches(function, x, size=500):
    parts = [ops.convert_to_numpy(function(ops.convert_to_tensor(x[k : k + size]))) for k in range(0, len(x), size)]
    return np.concatenate(parts)


def _flat(x):
    return np.asarray(x).reshape(len(x), -1)


def _seed(k):
    return keras.random.SeedGenerator(k)
