"""Each weight has the initializer, regularizer and constraint that its layer was given under the weight's name."""

import dataclasses
import inspect

import keras
import numpy as np
import pytest

from tests.contracts.cases import LAYERS, contract
from tfnotes import registry

PARTS = ("initializer", "regularizer", "constraint")


class Kept(keras.constraints.Constraint):
    """A constraint that is told from others by being itself."""

    def __call__(self, w):
        return w


@contract("parts of weights", LAYERS, samples=False)
def test_each_weight_has_what_is_named_after_it(concept, sample):
    parameters = inspect.signature(concept.target).parameters
    names = [n for n in parameters if n.rpartition("_")[2] in PARTS and n != "activity_regularizer"]
    given = {
        name: {
            "initializer": keras.initializers.Constant(k + 2.0),
            "regularizer": keras.regularizers.L2(k + 1.0),
            "constraint": Kept(),
        }[name.rpartition("_")[2]]
        for k, name in enumerate(names)
    }
    plain = {"unit_forget_bias": False} if "unit_forget_bias" in parameters else {}
    layer = dataclasses.replace(sample, arguments={**sample.arguments, **plain, **given}).make(concept.target)
    layer.build(sample.shape)
    assert {name: getattr(layer, name) for name in names} == given
    found = {w.name.replace("recurrent_kernel", "recurrent"): w for w in layer.weights}
    for name in names:
        weight = found[name.rpartition("_")[0]]
        if name.endswith("initializer"):
            np.testing.assert_array_equal(keras.ops.convert_to_numpy(weight), given[name].value, err_msg=name)
        else:
            assert getattr(weight, name.rpartition("_")[2]) is given[name], name


REGULARIZED = [c for c in registry.concepts() if "activity_regularizer" in inspect.signature(c.target).parameters]


@pytest.mark.parametrize("concept", REGULARIZED, ids=lambda concept: concept.name)
def test_an_activity_regularizer_adds_what_it_says_of_the_outputs(concept):
    sample = concept.samples[0]
    arguments = {**sample.arguments, "activity_regularizer": keras.regularizers.L2(0.5)}
    layer = dataclasses.replace(sample, arguments=arguments).make(concept.target)
    y = keras.ops.convert_to_numpy(layer(np.random.default_rng(0).normal(size=sample.shape).astype("float32")))
    (loss,) = layer.losses
    np.testing.assert_allclose(float(loss), 0.5 * (y**2).sum() / len(y), rtol=1e-5)
