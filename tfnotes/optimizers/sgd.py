"""Stochastic gradient descent, plain, with momentum, or with Nesterov's momentum.

    plain:     w <- w - learning_rate * g
    momentum:  v <- momentum * v - learning_rate * g,    w <- w + v
    Nesterov:  v <- momentum * v - learning_rate * g,    w <- w + momentum * v - learning_rate * g
"""

import keras
from keras import ops

from tfnotes import _checks
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
    zh="随机梯度下降, 动量",
    twin="keras.optimizers.SGD",
    notes=["000:25-28", "003:93-99", "004:269-271"],
    aliases=["GradientDescent"],
    samples=[
        Sample({"learning_rate": 0.1}),
        Sample({"learning_rate": 0.05, "momentum": 0.875}),
        Sample({"learning_rate": 0.05, "momentum": 0.875, "nesterov": True}),
        Sample({"learning_rate": 0.05, "momentum": 0.5, "weight_decay": 0.01, "clipnorm": 1.0}),
    ],
    bench=Sample({"learning_rate": 0.01, "momentum": 0.9}, (1024, 1024)),
)
class SGD(keras.optimizers.Optimizer):
    """Stochastic gradient descent with momentum (随机梯度下降, 动量).

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

    Notes: 000:25-28, 003:93-99, 004:269-271 (中文名: 随机梯度下降, 动量).

    Reference: Polyak 1964; Sutskever et al. 2013, "On the importance of initialization and momentum in
    deep learning", equations (1)-(4), with Nesterov's step in Keras's form.

    >>> SGD(0.1, momentum=0.9).momentum
    0.9
    """

    def __init__(
        self,
        learning_rate=0.01,
        momentum=0.0,
        nesterov=False,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=None,
        name=None,
        **kwargs,
    ):
        super().__init__(
            learning_rate=learning_rate,
            name=name,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            **kwargs,
        )
        self.momentum = float(_checks.number(self, "momentum", momentum, 0, 1))
        self.nesterov = _checks.boolean(self, "nesterov", nesterov)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.momentums = self.add_optimizer_variables(variables, "momentum") if self.momentum else []

    def update_step(self, gradient, variable, learning_rate):
        learning_rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        if not self.momentum:
            self.assign_sub(variable, ops.multiply(learning_rate, gradient))
            return
        velocity = self.momentums[self._get_variable_index(variable)]
        v, change = sgd_step(gradient, velocity, learning_rate, self.momentum, self.nesterov)
        self.assign(velocity, v)
        self.assign_add(variable, change)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}
