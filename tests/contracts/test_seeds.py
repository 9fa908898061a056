"""A seed reaches what is drawn: the same one gives the same numbers, another one others, and a generator is used."""

import dataclasses
import inspect

import keras
import numpy as np

from tests.contracts.cases import CLASSES, contract

GENERATORS = ("initializers",)


def drawn(concept, sample, seed, calls=1):
    """What a new object with this seed draws, call by call."""
    made = dataclasses.replace(sample, arguments={**sample.arguments, "seed": seed}).make(concept.target)
    if concept.kind == "initializers":
        return [keras.ops.convert_to_numpy(made(sample.shape)) for _ in range(calls)]
    x = np.linspace(-1, 1, int(np.prod(sample.shape)), dtype="float32").reshape(sample.shape)
    # The weights are drawn by other seeds.
    keras.utils.set_random_seed(0)
    made.build(sample.shape)
    return [keras.ops.convert_to_numpy(made(x, training=True)) for _ in range(calls)]


@contract("seeds", CLASSES, samples=False)
def test_a_seed_reaches_what_is_drawn(concept, sample):
    parameters = inspect.signature(concept.target).parameters
    if "seed" not in parameters:
        return
    if "dropout" in parameters:
        sample = dataclasses.replace(sample, arguments={**sample.arguments, "dropout": 0.5})
    for seed in (0, 5):
        first, second = drawn(concept, sample, seed, 2)
        again = drawn(concept, sample, seed, 2)
        np.testing.assert_array_equal(again[0], first)
        np.testing.assert_array_equal(again[1], second)
        assert (drawn(concept, sample, 7)[0] != first).any()
        assert concept.kind == "initializers" or (first != second).any(), "each call draws anew"


@contract("seeds", GENERATORS, samples=False)
def test_a_given_generator_is_the_one_that_draws(concept, sample):
    if "seed" not in inspect.signature(concept.target).parameters:
        return
    generator = keras.random.SeedGenerator(3)
    before = keras.ops.convert_to_numpy(generator.state).copy()
    first, second = drawn(concept, sample, generator, 2)
    assert (keras.ops.convert_to_numpy(generator.state) != before).any()
    assert (first != second).any()
    np.testing.assert_array_equal(drawn(concept, sample, keras.random.SeedGenerator(3))[0], first)
