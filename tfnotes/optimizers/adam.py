"""Adam: a moving average of the gradient over the root of one of its square, both corrected for their start.

    m <- beta_1 * m + (1 - beta_1) * g
    v <- beta_2 * v + (1 - beta_2) * g**2
    rate = learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t)        t = 1, 2, ...: the step
    w <- w - rate * m / (sqrt(v) + epsilon)

    AMSGrad:  v_hat <- max(v_hat, v),  and v_hat stands for v in the root: rates never grow again
"""

from keras import ops

from tfnotes import _checks
from tfnotes.optimizers._base import Optimizer, with_shared_arguments
from tfnotes.registry import Sample, concept


def adam_step(g, m, v, v_hat, t, learning_rate, beta_1, beta_2, epsilon):
    """One step's change of the weight, and the new state.

    Args:
        g: gradient.
        m, v: moving averages of the gradient and of its square, in the shape of `g`.
        v_hat: the largest `v` so far, or None without AMSGrad.
        t: the step's number, from 1, in the dtype of `g`.
        learning_rate, beta_1, beta_2, epsilon: numbers.

    Returns:
        `(change, m, v, v_hat)`: what is added to the weight, and the state after the step.
    """
    rate = learning_rate * ops.sqrt(1 - ops.power(beta_2, t)) / (1 - ops.power(beta_1, t))
    m = m + (g - m) * (1 - beta_1)
    v = v + (ops.square(g) - v) * (1 - beta_2)
    if v_hat is not None:
        v_hat = ops.maximum(v_hat, v)
    return -rate * m / (ops.sqrt(v if v_hat is None else v_hat) + epsilon), m, v, v_hat


@concept(
    en="Adam",
    zh="自适应矩估计",
    twin="keras.optimizers.Adam",
    notes=["003:93-99", "004:268-272"],
    samples=[
        Sample({"learning_rate": 0.03125, "beta_1": 0.875, "beta_2": 0.96875}),
        Sample({"learning_rate": 0.03125, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 1e-3}),
        Sample({"learning_rate": 0.03125, "beta_1": 0.75, "beta_2": 0.875, "amsgrad": True}),
        Sample(
            {
                "learning_rate": 0.01,
                "beta_1": 0.875,
                "beta_2": 0.96875,
                "weight_decay": 0.01,
                "global_clipnorm": 1.0,
            }
        ),
    ],
    bench=Sample({"learning_rate": 0.001}, (1024, 1024)),
)
class Adam(Optimizer):
    """Adam (自适应矩估计): adaptive moment estimation.

    Args:
        learning_rate: a number or a `keras.optimizers.schedules.LearningRateSchedule`. Default 0.001.
        beta_1: share of the gradient's average kept at each step, from 0 to below 1. Default 0.9.
        beta_2: share of the square's average kept, from 0 to below 1. Default 0.999.
        epsilon: keeps the divisor off 0, above 0. It is the paper's "epsilon hat". Default 1e-7.
        amsgrad: whether to divide by the largest average so far. Default False.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum,
        ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name: as in
        `keras.optimizers.Adam`; Keras's base class does them.

    Raises:
        ValueError: an argument is out of range.

    Differences from keras.optimizers.Adam: where a gathered row occurs twice in a batch, its gradients are
    summed before they are squared; Keras squares each of them. In float64 Keras rounds `beta_1` and `beta_2`
    to float32 where it raises them to a power, here they keep their digits.

    Notes: 003:93-99, 004:268-272 (中文名: 自适应矩估计).

    Reference: Kingma and Ba 2015, "Adam", arXiv:1412.6980, end of section 2; Reddi, Kale and Kumar 2018,
    "On the convergence of Adam and beyond", algorithm 2.

    >>> Adam(0.01).beta_2
    0.999
    """

    @with_shared_arguments
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, **shared):
        super().__init__(learning_rate, **shared)
        self.beta_1 = _checks.share(self, "beta_1", beta_1)
        self.beta_2 = _checks.share(self, "beta_2", beta_2)
        self.epsilon = _checks.number(self, "epsilon", epsilon, 0, exclusive=True)
        self.amsgrad = _checks.boolean(self, "amsgrad", amsgrad)

    def state_names(self):
        return [["momentum", "velocity"], *([["velocity_hat"]] if self.amsgrad else [])]

    def step(self, g, learning_rate, m, v, v_hat=None):
        t = ops.cast(self.iterations + 1, g.dtype)
        change, *after = adam_step(g, m, v, v_hat, t, learning_rate, self.beta_1, self.beta_2, self.epsilon)
        return change, *[value for value in after if value is not None]
