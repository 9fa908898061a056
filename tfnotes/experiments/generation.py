"""Training models that draw: what their drawings are like, and what chance they give to digits not seen."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._training import digits
from tfnotes.experiments._verdicts import above, below, decide, interval
from tfnotes.experiments.figures import COLORS
from tfnotes.models import gan, vae
from tfnotes.models.judge import judge
from tfnotes.optimizers import Adam


def nearest(a, b):
    """The distance from each row of `a` to the nearest row of `b`, on average."""
    squares = np.sum(a**2, 1)[:, None] - 2 * a @ b.T + np.sum(b**2, 1)
    return float(np.mean(np.sqrt(np.maximum(squares.min(1), 0))))


def looks(drawings, classifier, x, test_x):
    """What drawings are like.

    Returns:
        `sure`: the share of which a classifier is sure to 90 %; `rarest`: the share of the digit that it sees least;
        `to_test`: distance to the nearest digit that wasn't seen; `from_test`: that of such digits to the nearest
        drawing; `to_training`: distance to the nearest digit that was seen.
    """
    drawings = np.asarray(drawings).reshape(-1, 784)
    p = keras.ops.softmax(classifier(tf.constant(drawings))).numpy()
    shares = np.bincount(p.argmax(1), minlength=10) / len(p)
    return {
        "sure": np.mean(p.max(1) > 0.9),
        "rarest": shares.min(),
        "to_test": nearest(drawings, test_x),
        "from_test": nearest(test_x, drawings),
        "to_training": nearest(drawings, x),
    }


def gaussian(x, n, seed):
    """Draws of the Gaussian with the digits' mean and covariance, cut to 0 to 1: what pairs of pixels tell."""
    draws = np.random.default_rng(seed).multivariate_normal(x.mean(0), np.cov(x.T), n, method="eigh")
    return np.clip(draws, 0, 1).astype("float32")


def drawing_cases(s):
    """What a generative model's drawings must be, against those of the Gaussian; the least effects stand here."""
    return {
        "a classifier is sure of them": above(s["drawn_sure"] - s["gaussian_sure"], 0.05),
        "each digit among them": above(s["drawn_rarest"], 0.02),
        "near to digits not seen": below(s["drawn_to_test"] / s["gaussian_to_test"], 0.9),
        "digits not seen near to them": below(s["drawn_from_test"] / s["gaussian_from_test"], 0.9),
        "no copies": above(s["drawn_to_training"] / s["test_to_training"], 0.5),
    }


def vae_rule(s):
    likelier = s["likelihood"] - s["independent_likelihood"]
    return decide(drawing_cases(s) | {"digits not seen are likelier than by pixels alone": above(likelier, 20)})


def gan_rule(s):
    return decide(drawing_cases(s))


def compared(drawings, seed):
    """Figures of drawings, of as many of the Gaussian, and of digits that weren't seen."""
    x, y, test_x, _ = digits()
    classifier = judge(x, y, 10, seed)
    half = len(test_x) // 2
    shown = {
        "drawn": looks(drawings, classifier, x, test_x[:half]),
        "gaussian": looks(gaussian(x, len(drawings), seed), classifier, x, test_x[:half]),
        "test": looks(test_x[half:], classifier, x, test_x[:half]),
    }
    return {f"{name}_{figure}": value for name, figures in shown.items() for figure, value in figures.items()}


LOOKS = {
    "sure": "share that a classifier is sure of",
    "rarest": "share of the rarest digit",
    "to_test": "from a drawing to an unseen digit",
    "from_test": "from an unseen digit to a drawing",
    "to_training": "from a drawing to a seen digit",
}


def looks_figure(axes, samples, parameters):
    for offset, (name, label) in enumerate({"drawn": "the model's drawings", "gaussian": "a Gaussian's"}.items()):
        found = [interval(samples[f"{name}_{look}"] / samples[f"test_{look}"]) for look in LOOKS]
        middle, low, high = (np.array([getattr(i, end) for i in found]) for end in ("value", "low", "high"))
        rows = np.arange(len(found)) + 0.2 * offset - 0.1
        axes.errorbar(middle, rows, xerr=[middle - low, high - middle], fmt="o", label=label)
    axes.axvline(1, linestyle="--", color=COLORS[-1])
    axes.set_yticks(range(len(LOOKS)), LOOKS.values())
    axes.invert_yaxis()
    axes.set_xlabel("over that of real digits")
    axes.grid(axis="x")


@experiment({"vae-generates": vae_rule}, kind="training", seeds=6, draw=looks_figure)
def drawings_of_a_vae(seed, *, units="256", latent=16, epochs=30, drawings=1000):
    """A VAE's drawings against a Gaussian's: a classifier's view, distances; likelihood of digits not seen."""
    x, _, test_x, _ = digits()
    model = vae((784,), latent=latent, units=units)
    model.compile(Adam(0.002), jit_compile=False)
    model.fit(x, epochs=epochs, batch_size=64, verbose=0)
    random = keras.random.SeedGenerator(seed)
    drawn = model.sample(drawings, random)
    binary = (np.random.default_rng(seed).random((500, 784)) < test_x[:500]).astype("float32")
    likelihood = model.log_likelihood(tf.constant(binary), 50, random)
    # As if each pixel had been seen once more at either value.
    mean = (x.sum(0) + 1) / (len(x) + 2)
    independent = binary @ np.log(mean) + (1 - binary) @ np.log(1 - mean)
    return compared(drawn, seed) | {
        "likelihood": float(np.mean(likelihood)),
        "independent_likelihood": np.mean(independent),
    }


@experiment({"gan-generates": gan_rule}, kind="training", seeds=5, draw=looks_figure)
def drawings_of_a_gan(seed, *, units="128-256", latent=16, epochs=25, drawings=1000):
    """A GAN's drawings against a Gaussian's: a classifier's view, and distances to digits seen and not seen."""
    x, _, _, _ = digits()
    model = gan((784,), latent=latent, units=units)
    model.compile(Adam(0.002, beta_1=0.5), jit_compile=False)
    model.fit(x, epochs=epochs, batch_size=64, verbose=0)
    return compared(model.sample(drawings, keras.random.SeedGenerator(seed)), seed)
