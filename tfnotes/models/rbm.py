"""Restricted Boltzmann machine: binary pixels v and units h that see each other, but not their own kind.

    E(v, h) = -v @ b - h @ c - v @ W @ h,      p(v, h) = exp(-E(v, h)) / Z
    p(h[j] = 1 | v) = sigmoid(v @ W + c)[j],   p(v[i] = 1 | h) = sigmoid(h @ W.T + b)[i]
    F(v) = -v @ b - sum_j softplus(v @ W + c)[j],                              p(v) = exp(-F(v)) / Z

    d log p(v) / d W = <v h> given the data - <v h> of the model;    b, c: the same with <v>, <h>

The model's part has no closed form. CD-k takes k turns of v ~ p(v | h), h ~ p(h | v), begun at the data; PCD
goes on with chains of its own from batch to batch.

Gaussian units (a linear layer) have h**2 / 2 more energy: h ~ normal(v @ W + c, 1), and
F(v) = -v @ b - sum_j ((v @ W + c)**2 - c**2)[j] / 2.
"""

import math

import keras
from keras import ops

from tfnotes import _checks, _share, activations
from tfnotes import layers as tfnotes_layers
from tfnotes.models._base import Model, build
from tfnotes.models._random import bernoulli, normal, turn


def statistics(v, h):
    """What W, c and b see on average: `<v h>`, `<h>`, `<v>` over the batch."""
    n = ops.cast(ops.shape(v)[0], v.dtype)
    return [ops.matmul(ops.transpose(v), h) / n, ops.mean(h, axis=0), ops.mean(v, axis=0)]


@keras.saving.register_keras_serializable("tfnotes")
class RBM(Model):
    """Restricted Boltzmann machine (受限玻尔兹曼机) around a dense layer. `rbm` builds one.

    Args:
        input_shape: shape of one example.
        layer: a `Dense` whose kernel is W and whose bias is c; sigmoid for binary units, linear for Gaussian.
        k: turns between the data, or the last batch, and the model's statistics.
        chains: how many chains go on from batch to batch (PCD), 0 for CD.
        binarize: whether a pixel is drawn anew, with its intensity as the chance, each time it is seen;
            otherwise the intensities stand for the draws.
        seed: None for Keras's own seed.

    Call arguments:
        inputs: shape `(batch, *input_shape)`, from 0 to 1.

    Returns:
        The mean-field reconstruction, of the inputs' shape.
    """

    figures = ("loss", "pseudo_likelihood")

    def __init__(self, input_shape, layer, k=1, chains=0, binarize=True, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.image_shape = tuple(input_shape)
        self.layer, self.k, self.chains, self.binarize, self.seed = layer, k, chains, binarize, seed
        self.size = math.prod(self.image_shape)
        self.random = keras.random.SeedGenerator(seed)
        build(layer, self.size)
        self.visible_bias = self.add_weight((self.size,), "zeros", name="visible_bias")
        self.chain = self.add_weight((chains, layer.units), "zeros", name="chain", trainable=False) if chains else None
        self.gaussian = layer.activation in (activations.linear, keras.activations.linear)
        self.built = True

    @property
    def input_shape(self):
        return (None, *self.image_shape)

    @property
    def weights_learned(self):
        """W, c and b, in the order of `statistics`."""
        return [self.layer.kernel, self.layer.bias, self.visible_bias]

    def hidden(self, v):
        """E h given v."""
        return self.layer(v)

    def visible(self, h):
        """E v given h, as logits."""
        return ops.matmul(h, ops.transpose(self.layer.kernel)) + self.visible_bias

    def draw(self, h, random):
        """Hidden units drawn around their expectations `h`."""
        if self.gaussian:
            return h + normal(ops.shape(h), h.dtype, random)
        return bernoulli(h, random)

    def gibbs(self, h, turns, random):
        """Turns of v ~ p(v | h), h ~ p(h | v).

        Returns:
            `(v, p, h)`: the last v, its chances, and a draw of h given it.
        """

        def body(k, state):
            now = turn(random, k)
            p = ops.sigmoid(self.visible(state[2]))
            v = bernoulli(p, now)
            return v, p, self.draw(self.hidden(v), now)

        blank = ops.zeros((ops.shape(h)[0], self.size), h.dtype)
        if isinstance(turns, int) and turns <= 3:
            state = (blank, blank, h)
            for k in range(turns):
                state = body(k, state)
            return state
        return ops.fori_loop(0, turns, body, (blank, blank, h))

    def gradients(self, x):
        """CD-k's or PCD's estimate of the gradients of -log p, for a batch of flat inputs.

        Returns:
            `(gradients, loss)`: those of `weights_learned`, and the cross-entropy of reconstructing the batch
            after one turn, in nats an example.
        """
        v = bernoulli(x, self.random) if self.binarize else x
        h = self.hidden(v)
        drawn = self.draw(h, self.random)
        start = drawn if self.chain is None else ops.convert_to_tensor(self.chain)
        v_k, _, h_k = self.gibbs(start, self.k, self.random)
        if self.chain is not None:
            self.chain.assign(h_k)
        positive, negative = statistics(v, h), statistics(v_k, self.hidden(v_k))
        return [n - p for n, p in zip(negative, positive, strict=True)], self.reconstruction_cost(v, drawn)

    def reconstruction_cost(self, v, h):
        """Cross-entropy of v given h, in nats an example."""
        z = self.visible(h)
        return ops.mean(ops.sum(ops.softplus(z) - v * z, axis=-1))

    def free_energy(self, v):
        """F(v), shape `(batch,)`; for Gaussian units up to a constant."""
        a, c = ops.matmul(v, self.layer.kernel) + self.layer.bias, self.layer.bias
        units = (ops.square(a) - ops.square(c)) / 2 if self.gaussian else ops.softplus(a)
        return -ops.matmul(v, ops.expand_dims(self.visible_bias, -1))[:, 0] - ops.sum(units, axis=-1)

    def pseudo_likelihood(self, v, random):
        """An unbiased estimate of sum_i log p(v[i] | the others), by one random pixel i of each example."""
        i = _share.drawn(lambda shape: keras.random.randint(shape, 0, self.size, seed=random), ops.shape(v)[:1])
        one = ops.one_hot(i, self.size, dtype=v.dtype)
        flipped = v + one * (1 - 2 * v)
        return -self.size * ops.softplus(self.free_energy(v) - self.free_energy(flipped))

    def sample(self, count, random, turns=1000):
        """Draws after a number of turns: the chances of their pixels, shape `(count, *input_shape)`.

        They begin at persistent chains, picked by chance of those that training left near the model's distribution,
        or at noise if there are none: from there most of them end among the ones, the widest of the valleys.
        """
        if self.chain is None:
            h = bernoulli(ops.full((count, self.layer.units), 0.5), random)
        else:
            rows = keras.random.randint((count,), 0, self.chains, seed=random)
            h = ops.take(ops.convert_to_tensor(self.chain), rows, axis=0)
        return ops.reshape(self.gibbs(h, turns, random)[1], (-1, *self.image_shape))

    def call(self, inputs):
        flat = ops.reshape(inputs, (-1, self.size))
        return ops.reshape(ops.sigmoid(self.visible(self.hidden(flat))), ops.shape(inputs))

    def train_step(self, data):
        x = self._flat(data)
        gradients, loss = self.gradients(x)
        self.descend(gradients, self.weights_learned)
        return self._shown(loss, x)

    def test_step(self, data):
        x = self._flat(data)
        v = bernoulli(x, self.random) if self.binarize else x
        return self._shown(self.reconstruction_cost(v, self.draw(self.hidden(v), self.random)), x)

    def _shown(self, loss, x):
        return self.show(x, loss=loss, pseudo_likelihood=self.pseudo_likelihood(bernoulli(x, self.random), self.random))

    def _flat(self, data):
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        return ops.reshape(ops.cast(x, self.compute_dtype), (-1, self.size))

    def get_config(self):
        return {**super().get_config(), "input_shape": self.image_shape}


def rbm(input_shape, *, units=500, k=1, chains=0, binarize=True, layers=tfnotes_layers):
    """A restricted Boltzmann machine with binary units.

    Args:
        input_shape: shape of one image.
        units: number of hidden units.
        k: turns of Gibbs sampling for the model's statistics.
        chains: persistent chains (PCD), 0 for CD-k.
        binarize: whether pixels are drawn anew each time they are seen.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        An `RBM`.

    Notes: 004:286.

    Reference: Hinton 2002, "Training products of experts by minimizing contrastive divergence";
    Tieleman 2008, "Training restricted Boltzmann machines using approximations to the likelihood gradient".
    """
    _checks.integer("rbm", "k", k, maximum=1000)
    _checks.integer("rbm", "chains", chains, minimum=0)
    normal = keras.initializers.RandomNormal(stddev=0.01)
    layer = layers.Dense(units, activation="sigmoid", kernel_initializer=normal, name="units")
    return RBM(input_shape, layer, k, chains, binarize, name="rbm")
