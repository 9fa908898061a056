"""Streams of seeds that are tensors."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from tfnotes.models._random import Stream, bernoulli, turn


def draws(seed, turns=3):
    random = Stream(seed)
    first = keras.random.uniform((4,), seed=random)
    rows = ops.zeros((turns, 8))

    def body(k, rows):
        now = turn(random, k)
        pair = [keras.random.uniform((1, 4), seed=now) for _ in range(2)]
        return ops.slice_update(rows, (k, 0), ops.concatenate(pair, axis=1))

    return ops.concatenate([first, ops.reshape(ops.fori_loop(0, turns, body, rows), (-1,))])


def test_a_compiled_function_takes_the_seed():
    compiled = tf.function(draws, input_signature=[tf.TensorSpec((), tf.int32)])
    a, b, c = compiled(1).numpy(), compiled(1).numpy(), compiled(2).numpy()
    np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(a, draws(1))
    assert not np.intersect1d(a, c).size
    # No two turns draw the same, nor two draws of one turn.
    assert len(np.unique(a)) == a.size


def test_other_generators_are_drawn_from_as_they_are():
    generator = keras.random.SeedGenerator(0)
    assert turn(generator, 3) is generator


def test_ones_at_their_chance():
    p = ops.broadcast_to(ops.convert_to_tensor([0.0, 0.1, 0.7, 1.0]), (100_000, 4))
    mean = np.asarray(bernoulli(p, keras.random.SeedGenerator(0))).mean(0)
    assert (mean[0], mean[3]) == (0, 1)
    np.testing.assert_allclose(mean, p[0], atol=5 * 0.5 / 100_000**0.5)
