"""Paths of our optimizers down three surfaces, for every learning rate and momentum that the page offers.

    ravine      0.1 * x**2 + 2 * y**2                        steep across, flat along
    rosenbrock  0.1 * (1 - x)**2 + (y - x**2)**2             a bent valley, the minimum far along it
    saddle      (x**2 - y**2) / 2 + y**4 / 4                 begun beside the line on which y stays 0
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from tfnotes import optimizers
from tfnotes.play.packed import packed

STEPS = 60
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1.0)
MOMENTA = (0.0, 0.5, 0.9, 0.99)
OPTIMIZERS = {
    "sgd": lambda rate, momentum: optimizers.SGD(rate, momentum=momentum),
    "nesterov": lambda rate, momentum: optimizers.SGD(rate, momentum=momentum, nesterov=True),
    "adagrad": lambda rate, momentum: optimizers.Adagrad(rate),
    "rmsprop": lambda rate, momentum: optimizers.RMSprop(rate, momentum=momentum),
    "adam": lambda rate, momentum: optimizers.Adam(rate, beta_1=momentum),
}
WITHOUT_MOMENTUM = ("adagrad",)
# Rows, columns and levels of the picture of a surface.
_GRID, _LEVELS = (100, 150), 24
# A path ends where it is so many times farther from the middle than the edge of the picture.
_GONE = 3


@dataclass(frozen=True)
class Surface:
    """A function of the plane.

    Attributes:
        height: of x and y.
        x, y: from where to where it is shown.
        start: where all paths begin.
        minimum: the one that they are to find.
    """

    height: Callable
    x: tuple[float, float]
    y: tuple[float, float]
    start: tuple[float, float]
    minimum: tuple[float, float]


SURFACES = {
    "ravine": Surface(lambda x, y: 0.1 * x**2 + 2 * y**2, (-6, 6), (-4, 4), (-5, -2), (0, 0)),
    "rosenbrock": Surface(lambda x, y: 0.1 * (1 - x) ** 2 + (y - x**2) ** 2, (-3, 3), (-1, 3), (-1.5, 2), (1, 1)),
    "saddle": Surface(lambda x, y: (x**2 - y**2) / 2 + y**4 / 4, (-2.25, 2.25), (-1.5, 1.5), (1.8, 0.01), (0, 1)),
}


def data():
    """What the page's widget `ravine` shows, as JSON values."""
    momenta = {name: [0.0] if name in WITHOUT_MOMENTUM else list(MOMENTA) for name in OPTIMIZERS}
    paths: dict = {name: {} for name in SURFACES}
    for name, make in OPTIMIZERS.items():
        walked = np.stack([descend(make(RATES[0], momentum), RATES) for momentum in momenta[name]])
        for k, (surface, shown) in enumerate(SURFACES.items()):
            paths[surface][name] = [[_shortened(shown, points[k]) for points in rates] for rates in walked]
    return {
        "steps": STEPS,
        "rates": list(RATES),
        "momenta": momenta,
        "surfaces": {name: _picture(surface) | {"paths": paths[name]} for name, surface in SURFACES.items()},
    }


def descend(optimizer, rates, steps=STEPS):
    """Where an optimizer goes.

    Args:
        optimizer: a new one. It moves all surfaces' points as one weight: an update is each number's own.
        rates: its learning rates, one after the other.
        steps: how many it takes.

    Returns:
        Shape `(rates, surfaces, steps + 1, 3)`: x, y and the height there; no numbers beyond all bounds.
    """
    w = keras.Variable([surface.start for surface in SURFACES.values()], dtype="float64")
    optimizer.build([w])
    variables = [w, *optimizer.variables]
    begun = [ops.convert_to_numpy(variable) for variable in variables]

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            here = tf.identity(w.value)
            tape.watch(here)
            heights = ops.stack([s.height(x, y) for s, (x, y) in zip(SURFACES.values(), _pairs(here), strict=True)])
        optimizer.apply([tape.gradient(heights, here)])
        return tf.concat([here, heights[:, None]], 1)

    walked = []
    for rate in rates:
        for variable, value in zip(variables, begun, strict=True):
            variable.assign(value)
        optimizer.learning_rate = rate
        walked.append(np.stack([step().numpy() for _ in range(steps + 1)], 1))
    return np.stack(walked)


def _pairs(points):
    return [ops.unstack(point) for point in ops.unstack(points)]


def _shortened(surface, points):
    """A path as one list of x, y, height, x, y, height ..., up to where it has gone."""
    middle, half = np.mean([surface.x, surface.y], 1), np.ptp([surface.x, surface.y], 1) / 2
    with np.errstate(invalid="ignore"):
        away = ~(np.abs(points[:, :2] - middle) <= _GONE * half).all(1)
    whole = points[: int(np.argmax(away))] if away.any() else points
    return [number for x, y, height in whole.tolist() for number in (round(x, 3), round(y, 3), float(f"{height:.3g}"))]


def _picture(surface):
    """The surface's bounds, and its levels, 0 for the lowest, in a grid of bytes: the greatest y on top."""
    (left, right), (low, high) = surface.x, surface.y
    x, y = np.meshgrid(np.linspace(left, right, _GRID[1]), np.linspace(high, low, _GRID[0]))
    # Near the minimum a level is a narrower slice of height, or nothing would be seen there.
    heights = surface.height(x, y)
    heights = np.log1p(8 * (heights - heights.min()))
    levels = np.floor(heights / heights.max() * (_LEVELS - 1e-9))
    return {
        **{name: getattr(surface, name) for name in ("x", "y", "start", "minimum")},
        "grid": _GRID,
        "levels": packed(levels),
    }
