"""Stochastic gradient descent, plain, with momentum, or with Nesterov's momentum.

    plain:     w <- w - learning_rate * g
    momentum:  v <- momentum * v - learning_rate * g,    w <- w + v
    Nesterov:  v <- momentum * v - learning_rate * g,    w <- w + momentum * v - learning_rate * g
"""

from keras import ops

from tfnotes import _checks
from tfnotes.optimizers._base import Optimizer, with_shared_arguments
from tfnotes.registry import Sample, concept


def sgd_step(g, v, learning_rate, momentum, nesterov):
    """One step's velocity and change of the weight.

    Args:
        g: gradient.
        v: velocity before the step, in the shape of `g`.
        learning_rate, momentum: numbers.
        nesterov: whether the change looks one step ahead.

    Returns:
        `(v, change)`: the new velocity, and what is added to the weight.
    """
    step = ops.multiply(learning_rate, g)
    v = ops.subtract(momentum * v, step)
    return v, ops.subtract(momentum * v, step) if nesterov else v


@concept(
    en="stochastic gradient descent with momentum",
    zh="随机梯度下降",
    twin="keras.optimizers.SGD",
    notes=["000:25-28", "003:93-99", "004:269-271"],
    aliases=["GradientDescent", "Momentum", "Nesterov"],
    samples=[
        Sample({"learning_rate": 0.1}),
        Sample({"learning_rate": 0.05, "momentum": 0.875}),
        Sample({"learning_rate": 0.05, "momentum": 0.875, "nesterov": True}),
        Sample({"learning_rate": 0.05, "momentum": 0.5, "weight_decay": 0.01, "clipnorm": 1.0}),
    ],
    bench=Sample({"learning_rate": 0.01, "momentum": 0.9}, (1024, 1024)),
)
class SGD(Optimizer):
    """Stochastic gradient descent with momentum (随机梯度下降).

    Args:
        learning_rate: a number or a `keras.optimizers.schedules.LearningRateSchedule`. Default 0.01.
        momentum: share of the velocity kept at each step, from 0 to 1. Default 0, plain descent.
        nesterov: whether to use Nesterov's momentum. Default False.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
        ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name: as in
        `keras.optimizers.SGD`; Keras's base class does them.

    Raises:
        ValueError: `momentum` isn't a number from 0 to 1, or `nesterov` isn't a bool.

    Differences from keras.optimizers.SGD: `momentum` may be an int (0 or 1). In float64 Keras rounds it to
    float32 first, here it keeps its digits.

    Notes: 000:25-28, 003:93-99, 004:269-271 (中文名: 随机梯度下降).

    Reference: Polyak 1964; Sutskever et al. 2013, "On the importance of initialization and momentum in
    deep learning", equations (1)-(4), with Nesterov's step in Keras's form.

    >>> SGD(0.1, momentum=0.9).momentum
    0.9
    """

    @with_shared_arguments
    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, **shared):
        super().__init__(learning_rate, **shared)
        self.momentum = float(_checks.number(self, "momentum", momentum, 0, 1))
        self.nesterov = _checks.boolean(self, "nesterov", nesterov)

    @property
    def momentums(self):
        """The velocities, by Keras's name."""
        return getattr(self, "_momentums", [])

    def state_names(self):
        return [["momentum"]] if self.momentum else []

    def step(self, g, learning_rate, v=None):
        if v is None:
            return (ops.multiply(-learning_rate, g),)
        v, change = sgd_step(g, v, learning_rate, self.momentum, self.nesterov)
        return change, v
