"""Bad arguments and shapes get one clear sentence, and are refused wherever the twin refuses them."""

import dataclasses
import inspect

import numpy as np
import pytest

from tests.contracts.bad_arguments import BAD, BY_KERAS
from tests.contracts.cases import CLASSES, LAYERS, contract
from tfnotes.errors import InputError


@contract("bad arguments", CLASSES, samples=False)
def test_each_bad_argument_is_refused_in_one_sentence(concept, sample):
    parameters = inspect.signature(concept.target).parameters
    names = [n for n, p in parameters.items() if p.kind is not p.VAR_KEYWORD and n not in BY_KERAS]
    unknown = {n for n in names if not {n, f"{concept.kind}.{n}"} & set(BAD)}
    assert not unknown, f"tests/contracts/bad_arguments.py says nothing of {unknown}"
    for name in names:
        for value in BAD.get(f"{concept.kind}.{name}", BAD.get(name)):
            with pytest.raises(InputError) as caught:
                dataclasses.replace(sample, arguments={**sample.arguments, name: value}).make(concept.target)
            sentence = str(caught.value)
            assert sentence.startswith(f"{concept.target.__name__}: `{name}` must be "), sentence
            assert f"Received: {name}=" in sentence
            assert "\n" not in sentence


@contract("bad arguments", CLASSES, samples=False)
def test_an_argument_that_there_is_not_is_refused(concept, sample):
    with pytest.raises((TypeError, ValueError), match=r"no_such|takes no arguments"):
        dataclasses.replace(sample, arguments={**sample.arguments, "no_such": 1}).make(concept.target)


@contract("bad shapes", LAYERS, twin=True)
def test_inputs_of_a_wrong_rank_are_refused_where_the_twin_refuses_them(concept, sample):
    for rank in range(6):
        x = np.ones((2,) * rank, "float32")
        accepted = [runs(cls, sample, x) for cls in (concept.target, concept.twin_target())]
        if accepted[1] is True or accepted[0] is not True:
            assert accepted[0] is True or isinstance(accepted[0], ValueError), accepted[0]
        # Stricter than the twin is well only where it is on purpose: a sentence of our own.
        if not isinstance(accepted[0], InputError):
            assert (accepted[0] is True) == (accepted[1] is True), (rank, accepted)


def runs(cls, sample, x):
    try:
        layer = sample.make(cls)
        if hasattr(layer, "adapt"):
            layer.adapt(x)
        layer(x)
    except Exception as error:
        return error
    return True


@contract("unknown features", LAYERS, samples=False)
def test_weights_that_depend_on_an_unknown_size_are_refused(concept, sample):
    layer = sample.make(concept.target)
    shape = (None,) * len(sample.shape)
    if not has_weights(concept, sample):
        layer.build(shape)
        return
    with pytest.raises(InputError, match=f"{concept.target.__name__}: `input_shape` must be"):
        layer.build(shape)


def has_weights(concept, sample):
    layer = sample.make(concept.target)
    layer.build(sample.shape)
    return bool(layer.weights)
