"""AdaGrad: each weight's rate shrinks with the squared gradients that it has seen.

    a <- a + g**2                                     a starts at initial_accumulator_value
    w <- w - learning_rate * g / sqrt(a + epsilon)
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.optimizers._base import Optimizer, with_shared_arguments
from tfnotes.registry import Sample, concept


def adagrad_step(g, a, learning_rate, epsilon):
    """One step's change of the weight, and the sum of squares.

    Args:
        g: gradient.
        a: sum of squared gradients before the step, in the shape of `g`.
        learning_rate, epsilon: numbers.

    Returns:
        `(change, a)`: what is added to the weight, and the new sum.
    """
    a = a + ops.square(g)
    return -learning_rate * g * ops.rsqrt(a + epsilon), a


@concept(
    en="AdaGrad",
    zh="自适应梯度算法",
    twin="keras.optimizers.Adagrad",
    notes=["003:93-99", "004:268-272"],
    samples=[
        Sample({"learning_rate": 0.5}),
        Sample({"learning_rate": 0.25, "initial_accumulator_value": 0.5, "epsilon": 1e-3}),
        Sample({"learning_rate": 0.25, "weight_decay": 0.01, "clipvalue": 0.5}),
    ],
    bench=Sample({"learning_rate": 0.01}, (1024, 1024)),
)
class Adagrad(Optimizer):
    """AdaGrad (自适应梯度算法): divides by the root of the sum of squared gradients.

    Args:
        learning_rate: a number or a `keras.optimizers.schedules.LearningRateSchedule`. Default 0.001; the
            paper's form takes 1.0.
        initial_accumulator_value: where the sum starts, at least 0. Default 0.1.
        epsilon: keeps the root off 0, above 0. Default 1e-7.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
        ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name: as in
        `keras.optimizers.Adagrad`; Keras's base class does them.

    Raises:
        ValueError: an argument is out of range.

    Differences from keras.optimizers.Adagrad: where a gathered row occurs twice in a batch, its gradients
    are summed before they are squared; Keras squares each of them. The update of gathered rows is
    a dense tensor.

    Notes: 003:93-99, 004:268-272 (中文名: 自适应梯度算法).

    Reference: Duchi, Hazan and Singer 2011, "Adaptive subgradient methods for online learning and stochastic
    optimization".

    >>> Adagrad(0.5).initial_accumulator_value
    0.1
    """

    @with_shared_arguments
    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, **shared):
        super().__init__(learning_rate, **shared)
        value = _checks.number(self, "initial_accumulator_value", initial_accumulator_value, 0)
        self.initial_accumulator_value = value
        self.epsilon = _checks.number(self, "epsilon", epsilon, 0, exclusive=True)

    def initial_state(self):
        return keras.initializers.Constant(self.initial_accumulator_value)

    def state_names(self):
        return [["accumulator"]]

    def step(self, g, learning_rate, a):
        return adagrad_step(g, a, learning_rate, self.epsilon)
