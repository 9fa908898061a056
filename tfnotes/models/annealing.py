"""Annealed importance sampling: the partition function of an RBM, which no sum over its states can reach.

    log p*(v; t) = (1 - t) * v @ b0 + t * v @ b + sum_j softplus(t * (v @ W + c))[j]        t from 0 to 1
    log Z(0) = sum_i softplus(b0)[i] + units * log 2,      Z(1) = Z
    v[1] ~ p(v; 0),   v[k+1] by one turn of Gibbs sampling at t[k]
    log w = sum_k log p*(v[k]; t[k]) - log p*(v[k]; t[k-1]),     Z = Z(0) * E w

b0 are the biases of independent pixels, best those of the data's means: log(mean / (1 - mean)).
"""

import keras
from keras import ops

from tfnotes.models._random import bernoulli, turn


def log_partition(machine, bias, random, chains=100, steps=1000):
    """An estimate of log Z.

    Args:
        machine: an `RBM` with binary units.
        bias: b0, shape `(pixels,)`.
        random: what to draw from: a `keras.random.SeedGenerator`.
        chains: how many are run side by side.
        steps: how many temperatures.

    Returns:
        `(log_z, error)`: the estimate, and the standard error of its logarithm by the spread of the chains.
    """
    kernel, c, b = machine.weights_learned
    bias = ops.cast(bias, b.dtype)

    def log_density(v, a, t):
        slope = (1 - t) * bias + t * b
        return ops.sum(v * slope, axis=-1) + ops.sum(ops.softplus(t * a), axis=-1)

    def body(k, state):
        v, log_w = state
        now = turn(random, k)
        before, t = (ops.cast(n, b.dtype) / steps for n in (k, k + 1))
        a = ops.matmul(v, kernel) + c
        log_w += log_density(v, a, t) - log_density(v, a, before)
        h = bernoulli(ops.sigmoid(t * a), now)
        chance = ops.sigmoid((1 - t) * bias + t * (ops.matmul(h, ops.transpose(kernel)) + b))
        return bernoulli(chance, now), log_w

    v = bernoulli(ops.broadcast_to(ops.sigmoid(bias), (chains, machine.size)), random)
    _, log_w = ops.fori_loop(0, steps, body, (v, ops.zeros((chains,), b.dtype)))
    log_z0 = ops.sum(ops.softplus(bias)) + machine.layer.units * ops.log(ops.cast(2.0, b.dtype))
    top = ops.max(log_w)
    w = ops.exp(log_w - top)
    error = ops.std(w) / ops.mean(w) / chains**0.5
    return log_z0 + top + ops.log(ops.mean(w)), error


def exact_log_partition(machine):
    """log Z by the sum over all 2**units states of the hidden units, for machines of 20 units at most."""
    kernel, c, b = machine.weights_learned
    units = machine.layer.units
    states = ops.cast(ops.arange(2**units)[:, None] // 2 ** ops.arange(units) % 2, b.dtype)
    visible = ops.softplus(ops.matmul(states, ops.transpose(kernel)) + b)
    return ops.logsumexp(ops.matmul(states, c[:, None])[:, 0] + ops.sum(visible, axis=-1))


def data_bias(x, pixels):
    """b0 of the data: log odds of each pixel's mean, which stays 0.05 / n away from 0 and 1."""
    x = ops.reshape(ops.cast(x, keras.config.floatx()), (-1, pixels))
    n = ops.cast(ops.shape(x)[0], x.dtype)
    mean = (ops.sum(x, axis=0) + 0.05) / (n + 0.1)
    return ops.log(mean) - ops.log(1 - mean)
