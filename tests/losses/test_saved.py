"""Losses in a compiled model's file, by class and by function; and the types of numbers that they take."""

import keras
import numpy as np
import pytest

from tfnotes import losses
from tfnotes.errors import InputError

FUNCTIONS = ("binary_crossentropy", "categorical_crossentropy", "mean_squared_error", "sparse_categorical_crossentropy")


@pytest.mark.parametrize("name", [*FUNCTIONS, "gaussian_kl_divergence"])
def test_a_function_is_found_again_by_the_name_that_a_file_has_for_it(name):
    function = getattr(losses, name)
    assert keras.saving.get_registered_name(function) == f"tfnotes>{name}"
    config = losses.serialize(function)
    assert losses.deserialize(config) is losses.get(config) is function


@pytest.mark.parametrize("name", FUNCTIONS)
def test_targets_may_be_whole_numbers_or_of_another_precision(name):
    function, theirs = getattr(losses, name), getattr(keras.losses, name)
    predicted = np.array([[0.25, 0.75], [0.5, 0.5]], "float32")
    index = name.startswith("sparse")
    for dtype in ("int32", "int64", "float64", "float32", "bool"):
        target = np.array([1, 0] if index else [[0, 1], [1, 0]]).astype(dtype)
        if index and dtype == "bool":
            continue
        found = function(target, predicted)
        assert keras.backend.standardize_dtype(found.dtype) == "float32"
        np.testing.assert_allclose(found, theirs(target.astype("float32"), predicted), rtol=1e-6)


def test_what_an_ignored_class_leaves_keeps_the_dtype_of_the_loss():
    p = np.full((2, 3), 1 / 3)
    for dtype in ("float64", "float16"):
        loss = losses.SparseCategoricalCrossentropy(ignore_class=1, reduction="none", dtype=dtype)([0, 1], p)
        assert keras.backend.standardize_dtype(loss.dtype) == dtype
        exact = 1e-12 if dtype == "float64" else 1e-2
        np.testing.assert_allclose(loss, [np.log(3), 0], rtol=exact)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX raises nothing")
def test_a_target_that_is_no_number_is_named_so():
    with pytest.raises(InputError, match=r"`y_true` must be indices of classes, 0 to 1\. Received: y_true=nan\.$"):
        losses.SparseCategoricalCrossentropy()([0.0, np.nan], np.full((2, 2), 0.5))
