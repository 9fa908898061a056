"""Preprocessing: what centring, PCA and whitening make of the features."""

import numpy as np

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._verdicts import above, decide, near, same
from tfnotes.experiments.figures import dots
from tfnotes.preprocessing import PCA, MeanCentering, PCAWhitening


def centering_rule(s):
    return decide({"every feature": same(s["largest_mean"]), "before it": above(s["mean_before"], 1)})


@experiment({"centering": centering_rule}, kind="exact")
def centering(seed, *, examples=1000, features=6):
    """The largest mean of a feature after `MeanCentering`, in float64, and of other data of the same source."""
    rng = np.random.default_rng(seed)
    scale = 10.0 ** np.arange(features)
    x, other = (rng.gamma(2.0, size=(examples, features)) * scale for _ in range(2))
    layer = MeanCentering(dtype="float64")
    layer.adapt(x)

    def largest(data):
        return np.max(np.abs(np.mean(data, 0)) / scale)

    return {
        "mean_before": largest(x),
        "largest_mean": largest(layer(x).numpy()),
        "largest_mean_of_other_data": largest(layer(other).numpy()),
    }


def pca_rule(s):
    return decide(
        {
            "no correlation left": same(s["correlation_after"], 1e-9),
            "there was some": above(s["correlation_before"], 0.9),
            "fewer dimensions hold the data": bool(s["components"][0] < s["features"][0]) and same(s["lost_variance"]),
        }
    )


def collinear(rng, examples, features, rank):
    """Features that are mixtures of fewer sources."""
    return rng.normal(size=(examples, rank)) @ rng.normal(size=(rank, features)) + rng.normal(size=features)


def correlation(x):
    """The largest correlation between two features."""
    return np.max(np.abs(np.corrcoef(x.T) - np.eye(x.shape[1])))


def pca_figure(axes, samples, parameters):
    dots(axes, samples, names=["correlation_before", "correlation_after"], log=False)
    features, components = (int(samples[name][0]) for name in ("features", "components"))
    axes.set_xlabel(f"largest correlation between two of the {features} features, and of the {components} components")


@experiment({"pca-decorrelates": pca_rule}, kind="exact", draw=pca_figure)
def pca_decorrelates(seed, *, examples=2000, features=10, rank=4):
    """Correlations before and after PCA of collinear features, and what the dropped dimensions held."""
    x = collinear(np.random.default_rng(seed), examples, features, rank)
    layer = PCA(n_components=rank, dtype="float64")
    layer.adapt(x)
    y = layer(x).numpy()
    return {
        "features": features,
        "components": y.shape[1],
        "correlation_before": correlation(x),
        "correlation_after": correlation(y),
        "lost_variance": 1 - y.var(0).sum() / x.var(0).sum(),
    }


def whitening_rule(s):
    white = [same(s[f"{name}_covariance_off_by"], 1e-4) for name in ("two_humps", "uniform")]
    return decide(
        {
            # A normal distribution's fourth moment is 3; of so many draws it is off by less than 0.1.
            "two humps become normal": near(s["two_humps_kurtosis"], 3, 0.5),
            "uniform features become normal": near(s["uniform_kurtosis"], 3, 0.5),
        },
        right=all(white) and near(s["normal_kurtosis"], 3, 0.5),
    )


def whitening_figure(axes, samples, parameters):
    for name, label in (("two_humps", "two humps"), ("uniform", "uniform"), ("normal", "normal")):
        axes.hist(samples[f"{name}_values"][0], 80, density=True, histtype="step", label=f"{label}, whitened")
    axes.set_xlabel("first whitened feature")


@experiment({"whitening-is-normal": whitening_rule}, kind="exact", draw=whitening_figure)
def whitening_is_normal(seed, *, examples=20_000):
    """Covariance and fourth moment after whitening, of two features that are normal, uniform, or in two humps."""
    rng = np.random.default_rng(seed)
    found: dict = {}
    draws = {
        "normal": rng.normal(size=(examples, 2)),
        "uniform": rng.uniform(-1, 1, (examples, 2)),
        "two_humps": rng.normal(0, 0.2, (examples, 2)) + rng.choice([-1.0, 1.0], (examples, 2)),
    }
    for name, x in draws.items():
        # Of unequal size and turned a little, so that there is something to whiten.
        mixed = x * [3.0, 1.0] @ np.array([[0.98, 0.2], [-0.2, 0.98]])
        layer = PCAWhitening(dtype="float64")
        layer.adapt(mixed)
        y = layer(mixed).numpy()
        found |= {
            f"{name}_covariance_off_by": np.max(np.abs(np.cov(y.T) - np.eye(2))),
            f"{name}_kurtosis": np.mean(y[:, 0] ** 4) / np.mean(y[:, 0] ** 2) ** 2,
            f"{name}_values": y[:, 0],
        }
    return found
