"""Ladder network: a classifier whose every layer also learns to take noise out, from examples without labels.

    N(a) = (a - mean(a)) / sqrt(variance(a) + epsilon)              over the batch

    corrupted   z~[0] = h~[0] = x + noise
                z~[l] = N(h~[l-1] @ W[l]) + noise,   h~[l] = phi(gamma[l] * (z~[l] + beta[l]))     l = 1..L
    clean       z[l], h[l]: the same without noise;  mean[l], variance[l]: those inside N
    decoder     u[L] = N(h~[L]),   u[l] = N(z^[l+1] @ V[l+1])
                z^[l] = g(z~[l], u[l])                                                           l = L..0
    cost        labelled: -log h~[L][y]
                unlabelled: sum_l cost[l] * mean((z[l] - (z^[l] - mean[l]) / sqrt(variance[l] + epsilon))**2)

    g(z, u) = (z - m(u)) * v(u) + m(u)                              the combinator, for each unit of its own
    m(u) = a1 * sigmoid(a2 * u + a3) + a4 * u + a5,   v(u) = a6 * sigmoid(a7 * u + a8) + a9 * u + a10

phi is ReLU, without gamma, which it doesn't need; at the top softmax. Layer 0 isn't normalized. Of single images N
takes moving averages of the means and variances, in the encoder and in the decoder.
"""

import math

import keras
from keras import ops

from tfnotes import layers as tfnotes_layers
from tfnotes.layers.batch_normalization import moments
from tfnotes.models._base import Model, build, numbers

EPSILON, MOMENTUM = 1e-6, 0.95


def combinator(z, u, a):
    """What layer l was before the noise, as the linear function of `z` that is best for a Gaussian of mean m(u).

    Args:
        z: corrupted, shape `(batch, width)`.
        u: what the layer above says of it, the same shape.
        a: the ten parameters of each unit, shape `(10, width)`.

    Returns:
        Shape `(batch, width)`.
    """
    a = ops.unstack(a, 10)
    mean = a[0] * ops.sigmoid(a[1] * u + a[2]) + a[3] * u + a[4]
    share = a[5] * ops.sigmoid(a[6] * u + a[7]) + a[8] * u + a[9]
    return (z - mean) * share + mean


def denoising_cost(z, estimate, mean, variance):
    """Mean squared difference between `z`, which is normalized, and an estimate normalized likewise."""
    return ops.mean(ops.square(z - (estimate - mean) * ops.rsqrt(variance + EPSILON)))


@keras.saving.register_keras_serializable("tfnotes")
class Ladder(Model):
    """Ladder network (阶梯网络): semi-supervised. `ladder` builds one.

    Args:
        input_shape: shape of one example.
        up: the encoder's affine maps without a bias, the last one to the classes.
        down: the decoder's, from the top: `down[0]` leads from the classes.
        noise: standard deviation, the same for all layers.
        costs: factor of each layer's denoising cost, from the input up.
        seed: of the noise; None for Keras's own seed.

    Call arguments:
        inputs: images of shape `(batch, *input_shape)`, from 0 to 1; in training a pair
            `(labelled, unlabelled)`, whose labels are those of the first.

    Returns:
        Logits of shape `(batch, classes)`; in training those of the labelled images, corrupted.
    """

    alone = "Beside each batch of images it takes another one, of labelled images, which isn't shared"

    def __init__(self, input_shape, up, down, noise, costs, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.image_shape, self.noise, self.costs, self.seed = tuple(input_shape), noise, list(costs), seed
        self.up, self.down = list(up), list(down)
        self.widths = [math.prod(self.image_shape), *(layer.units for layer in self.up)]
        self.random = keras.random.SeedGenerator(seed)
        for width, layer in zip(self.widths, self.up, strict=False):
            build(layer, width)
        for width, layer in zip(reversed(self.widths), self.down, strict=False):
            build(layer, width)

        def each(name, initializer, trainable=False, start=1):
            return [
                self.add_weight((w,), initializer, name=f"{name}_{k}", trainable=trainable)
                for k, w in enumerate(self.widths)
                if k >= start
            ]

        self.beta = each("beta", "zeros", trainable=True)
        self.gamma = self.add_weight((self.widths[-1],), "ones", name="gamma")
        self.moving_mean = each("moving_mean", "zeros")
        self.moving_variance = each("moving_variance", "ones")
        self.decoder_mean = each("decoder_mean", "zeros", start=0)
        self.decoder_variance = each("decoder_variance", "ones", start=0)
        # m(u) and v(u) begin as 0: only a2 and a7, the slopes inside the sigmoids, begin as 1.
        start = [[float(k in (1, 6))] for k in range(10)]
        self.combining = [
            self.add_weight(
                (10, w), lambda shape, dtype: ops.broadcast_to(ops.cast(start, dtype), shape), name=f"combinator_{k}"
            )
            for k, w in enumerate(self.widths)
        ]
        self.built = True

    @property
    def input_shape(self):
        return (None, *self.image_shape)

    def encode(self, x, noise=0.0, statistics=None):
        """The encoder.

        Args:
            x: flat images.
            noise: standard deviation.
            statistics: `(mean, variance)` of each layer, None for the batch's own.

        Returns:
            `(z, h, used)`: z of all layers, h of the top (logits and probabilities), the statistics used.
        """
        z, used = [self._noisy(x, noise)], []
        h = z[0]
        for k, layer in enumerate(self.up):
            a = layer(h)
            mean, variance = moments(a, (0,)) if statistics is None else statistics[k]
            used.append((mean, variance))
            z.append(self._noisy((a - mean) * ops.rsqrt(variance + EPSILON), noise))
            h = z[-1] + self.beta[k]
            h = ops.relu(h) if layer is not self.up[-1] else self.gamma * h
        return z, h, used

    def decode(self, z, h, statistics=None):
        """The decoder.

        Args:
            z: the corrupted encoder's, of all layers.
            h: its top's logits.
            statistics: `(mean, variance)` of u of each layer, None for the batch's own.

        Returns:
            `(estimates, used)`: estimates of z of all layers, and the statistics used, both from the input up.
        """
        u = ops.softmax(h)
        estimates: list = []
        used: list = []
        for k in range(len(self.widths) - 1, -1, -1):
            mean, variance = moments(u, (0,)) if statistics is None else statistics[k]
            used.insert(0, (mean, variance))
            u = (u - mean) * ops.rsqrt(variance + EPSILON)
            estimates.insert(0, combinator(z[k], u, self.combining[k]))
            if k:
                u = self.down[len(self.widths) - 1 - k](estimates[0])
        return estimates, used

    def reconstruct(self, x):
        """Images as the decoder has them, of shape `(batch, pixels)`; each depends on its own image alone."""
        z, h, _ = self.encode(self._flat(x), statistics=_pairs(self.moving_mean, self.moving_variance))
        return self.decode(z, h, _pairs(self.decoder_mean, self.decoder_variance))[0][0]

    def call(self, inputs, training=False):
        if not isinstance(inputs, (list, tuple)):
            moving = None if training else _pairs(self.moving_mean, self.moving_variance)
            return self.encode(self._flat(inputs), statistics=moving)[1]
        labelled, unlabelled = map(self._flat, inputs)
        clean, _, statistics = self.encode(unlabelled)
        corrupted, top, _ = self.encode(unlabelled, self.noise)
        estimates, above = self.decode(corrupted, top)
        if training:
            _move([*self.moving_mean, *self.decoder_mean], [mean for mean, _ in (*statistics, *above)])
            _move([*self.moving_variance, *self.decoder_variance], [variance for _, variance in (*statistics, *above)])
        # Layer 0 is as it is: mean 0, and a variance that EPSILON makes 1.
        scales = [(0.0, 1.0 - EPSILON), *statistics]
        for cost, z, estimate, (mean, variance) in zip(self.costs, clean, estimates, scales, strict=True):
            if cost:
                self.add_loss(cost * denoising_cost(z, estimate, mean, variance))
        return self.encode(labelled, self.noise)[1]

    def _flat(self, x):
        return ops.reshape(ops.cast(x, self.compute_dtype), (-1, self.widths[0]))

    def _noisy(self, x, noise):
        return x + noise * keras.random.normal(ops.shape(x), dtype=x.dtype, seed=self.random) if noise else x

    def get_config(self):
        return {**super().get_config(), "input_shape": self.image_shape}


def _pairs(means, variances):
    return list(zip(means, variances, strict=True))


def _move(averages, batch):
    for average, value in zip(averages, batch, strict=True):
        average.assign(MOMENTUM * average + (1 - MOMENTUM) * ops.reshape(value, (-1,)))


def ladder(
    input_shape,
    classes,
    *,
    units="1000-500-250-250-250",
    noise=0.3,
    costs="1000-10-0.1-0.1-0.1-0.1-0.1",
    layers=tfnotes_layers,
):
    """The Ladder network of the paper's experiments on MNIST without convolutions.

    Args:
        input_shape: shape of one image.
        classes: number of classes.
        units: width of each hidden layer, from the input up.
        noise: standard deviation of the noise on all layers.
        costs: factor of each layer's denoising cost, from the input to the classes.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A `Ladder`.

    Differences from the paper: moving averages of the statistics, the clean encoder's and the decoder's, whose momentum
    is 0.95.

    Notes: 004:290.

    Reference: Rasmus, Valpola, Honkala, Berglund and Raiko 2015, "Semi-supervised learning with Ladder
    networks", arXiv:1507.02672, algorithm 1 and equation 2.
    """
    widths = [*numbers("ladder", "units", units), classes]
    each = f"the input, each of units={units}, and the classes"
    factors = numbers("ladder", "costs", costs, float, len(widths) + 1, each)

    def dense(width, fan_in, name):
        # As the paper's code: a normal of variance 1 / fan_in.
        initializer = keras.initializers.RandomNormal(stddev=fan_in**-0.5)
        return layers.Dense(width, use_bias=False, kernel_initializer=initializer, name=name)

    sizes = [math.prod(input_shape), *widths]
    up = [dense(b, a, f"up_{k + 1}") for k, (a, b) in enumerate(zip(sizes, widths, strict=False))]
    down = [dense(a, b, f"down_{k + 1}") for k, (a, b) in enumerate(zip(sizes, widths, strict=False))][::-1]
    return Ladder(input_shape, up, down, noise, factors, name="ladder")
