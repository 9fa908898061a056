"""Beside each loss stands its function, one number an example, with the signature and values of Keras's."""

import inspect

import keras
import numpy as np

from tests.contracts.cases import contract
from tfnotes import losses, parity
from tfnotes._gradients import vjp


def both(concept):
    return getattr(losses, concept.name), getattr(keras.losses, concept.name)


@contract("function's signature", ("losses",), samples=False, twin=True)
def test_a_losss_function_takes_what_the_twins_function_takes(concept, sample):
    ours, theirs = (inspect.signature(function).parameters for function in both(concept))
    assert [(p.name, p.default) for p in ours.values()] == [(p.name, p.default) for p in theirs.values()]


@contract("function", ("losses",), twin=True)
def test_a_losss_function_gives_the_loss_of_each_example(concept, sample):
    ours, theirs = both(concept)
    y_true, y_pred = parity.draw_targets(sample, np.random.default_rng(0), "float64")
    arguments = {k: v for k, v in sample.arguments.items() if k in inspect.signature(ours).parameters}
    values = np.asarray(ours(y_true, y_pred, **arguments))
    np.testing.assert_allclose(values, theirs(y_true, y_pred, **arguments), rtol=1e-9, atol=1e-12)
    made = concept.target(**{**sample.arguments, "reduction": "none"}, dtype="float64")
    np.testing.assert_allclose(values, made(y_true, y_pred), rtol=1e-9, atol=1e-12)


@contract("function's definition", ("losses",), twin=True)
def test_a_losss_function_gives_values_and_gradients_of_its_definition(concept, sample):
    ours, _ = both(concept)
    if concept.definition is None:
        return  # It runs no kernel.
    y_true, y_pred = parity.draw_targets(sample, np.random.default_rng(1), "float64")
    arguments = {k: v for k, v in sample.arguments.items() if k in inspect.signature(ours).parameters}
    (value, _, (slope,)), (expected, _, (wanted,)) = (
        vjp(lambda z, f=f: (f(keras.ops.convert_to_tensor(y_true, z.dtype), z, **arguments), ()), [y_pred], np.ones)
        for f in (ours, concept.definition)
    )
    np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(slope, wanted, rtol=1e-9, atol=1e-12)


@contract("function on lists", ("losses",), samples=False, twin=True)
def test_a_losss_function_takes_lists(concept, sample):
    ours, _ = both(concept)
    lists = [a.tolist() for a in parity.draw_targets(sample, np.random.default_rng(0), "float32")]
    # Their dtype is the backend's choice, float64 on JAX if that is on.
    arrays = [keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(values)) for values in lists]
    np.testing.assert_allclose(ours(*lists), ours(*arrays), rtol=1e-6)
