"""The judge of `make conformance`, and what a test of Keras sees; the tests themselves run there."""

import unittest

import keras
import pytest

from tests.conformance.__main__ import TESTS, judge, listed
from tests.conformance.swap import Swap, twins
from tfnotes import layers, losses, optimizers


def outcome(test, outcome):
    return {"test": test, "outcome": outcome, "why": "because"}


@pytest.mark.parametrize(
    ("ran", "reasons", "theirs", "wrong"),
    [
        ([outcome("a", "passed")], {}, [], []),
        ([outcome("a", "failed")], {"a": "worded otherwise"}, [], []),
        ([outcome("a", "failed")], {}, [], ["a is lost: because"]),
        ([outcome("a", "failed")], {}, ["a"], []),
        ([outcome("a", "passed")], {"a": "why"}, [], ["a holds, and is listed as lost: why"]),
        ([], {"a": "why"}, [], ["a isn't run, and is listed as lost: why"]),
    ],
)
def test_judge(ran, reasons, theirs, wrong):
    assert judge(ran, reasons, theirs) == wrong


def test_list_has_a_reason_for_each():
    assert all(len(reason) > 20 and "_test.py::" in test for test, reason in listed().items())


def test_a_module_of_keras_sees_ours():
    swap, plain = Swap(twins()), Swap({})
    flatten = TESTS / "layers" / "reshaping" / "flatten_test.py"
    assert swap.load(flatten).layers.Flatten is layers.Flatten
    assert swap.load(flatten).layers.Masking is keras.layers.Masking
    assert plain.load(flatten).layers.Flatten is keras.layers.Flatten
    assert swap.load(TESTS / "optimizers" / "sgd_test.py").SGD is optimizers.SGD
    assert swap.load(TESTS / "losses" / "losses_test.py").losses.MeanSquaredError is losses.MeanSquaredError
    assert keras.layers.Flatten is not layers.Flatten


def test_what_a_test_mentions():
    swap = Swap(twins())
    owner = swap.load(TESTS / "optimizers" / "sgd_test.py").SGDTest
    assert swap.mentions(owner.test_invalid_momentum, owner) == {"SGD"}


def test_a_file_of_keras_runs_on_ours():
    module = Swap(twins()).load(TESTS / "constraints" / "constraints_test.py")
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromModule(module).run(result)
    assert result.testsRun > 3
    assert not result.failures + result.errors
