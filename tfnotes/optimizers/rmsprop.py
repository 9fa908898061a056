"""RMSprop: divides by the root of a moving average of the squared gradient.

    v <- rho * v + (1 - rho) * g**2
    step = learning_rate * g / sqrt(v + epsilon)
    plain:     w <- w - step
    centered:  a <- rho * a + (1 - rho) * g,    v - a**2 stands for v in the root: a variance
    momentum:  m <- momentum * m + step,        w <- w - m
"""

from keras import ops

from tfnotes import _checks
from tfnotes.optimizers._base import Optimizer, with_shared_arguments
from tfnotes.registry import Sample, concept


def rmsprop_step(g, v, m, a, learning_rate, rho, momentum, epsilon):
    """One step's change of the weight, and the new state.

    Args:
        g: gradient.
        v: moving average of its square, in the shape of `g`.
        m: velocity, or None without momentum.
        a: moving average of the gradient, or None where the average of squares isn't centered.
        learning_rate, rho, momentum, epsilon: numbers.

    Returns:
        `(change, v, m, a)`: what is added to the weight, and the state after the step.
    """
    v = rho * v + (1 - rho) * ops.square(g)
    spread = v
    if a is not None:
        a = rho * a + (1 - rho) * g
        spread = v - ops.square(a)
    change = -learning_rate * g * ops.rsqrt(spread + epsilon)
    if m is None:
        return change, v, None, a
    m = momentum * m - change
    return -m, v, m, a


@concept(
    en="RMSprop",
    zh="均方根传播",
    twin="keras.optimizers.RMSprop",
    notes=["003:93-99", "004:268-272"],
    samples=[
        Sample({"learning_rate": 0.03125, "rho": 0.875}),
        Sample({"learning_rate": 0.03125, "rho": 0.75, "momentum": 0.5, "epsilon": 1e-3}),
        Sample({"learning_rate": 0.03125, "rho": 0.875, "centered": True, "epsilon": 1e-3}),
        Sample(
            {"learning_rate": 0.01, "momentum": 0.875, "centered": True, "epsilon": 0.01, "clipnorm": 1.0}
        ),
    ],
    bench=Sample({"learning_rate": 0.001}, (1024, 1024)),
)
class RMSprop(Optimizer):
    """RMSprop (均方根传播): AdaGrad that forgets.

    Args:
        learning_rate: a number or a `keras.optimizers.schedules.LearningRateSchedule`. Default 0.001.
        rho: share of the average kept at each step, from 0 to 1. Default 0.9.
        momentum: share of the velocity kept at each step, from 0 to 1. Default 0, none.
        epsilon: keeps the root off 0, above 0. Default 1e-7.
        centered: whether to divide by the standard deviation, not the root mean square. Default False.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
        ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name: as in
        `keras.optimizers.RMSprop`; Keras's base class does them.

    Raises:
        ValueError: an argument is out of range.

    Differences from keras.optimizers.RMSprop: where a gathered row occurs twice in a batch, its gradients
    are summed before they are squared; Keras squares each of them. The update of gathered rows is
    a dense tensor. An empty weight is left alone, of which Keras fails.

    Notes: 003:93-99, 004:268-272 (中文名: 均方根传播).

    Reference: Hinton 2012, "Neural networks for machine learning", lecture 6e; centered: Graves 2013,
    arXiv:1308.0850, equations (38)-(45).

    >>> RMSprop(0.01, rho=0.9).rho
    0.9
    """

    @with_shared_arguments
    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, **shared):
        super().__init__(learning_rate, **shared)
        self.rho = _checks.number(self, "rho", rho, 0, 1)
        self.momentum = _checks.number(self, "momentum", momentum, 0, 1)
        self.epsilon = _checks.number(self, "epsilon", epsilon, 0, exclusive=True)
        self.centered = _checks.boolean(self, "centered", centered)

    def state_names(self):
        kept = {"velocity": True, "momentum": self.momentum > 0, "average_gradient": self.centered}
        return [[name] for name, is_kept in kept.items() if is_kept]

    def step(self, g, learning_rate, *state):
        v, *rest = state
        m = rest.pop(0) if self.momentum else None
        a = rest.pop(0) if self.centered else None
        change, *after = rmsprop_step(g, v, m, a, learning_rate, self.rho, self.momentum, self.epsilon)
        return change, *[value for value in after if value is not None]
