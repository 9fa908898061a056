import numpy as np
import pytest
import tensorflow as tf

from tfnotes.callbacks import Baseline
from tfnotes.errors import InputError


@pytest.mark.parametrize("y", [[0, 0, 0, 2], [[0], [0], [0], [2]], [0.0, 0.0, 0.0, 2.0], np.eye(3)[[0, 0, 0, 2]]])
def test_by_hand(fit, writer, read, y):
    fit(Baseline(writer, y))
    events = read()
    expected = {"baseline/accuracy": 0.75, "baseline/loss": 0.75 * np.log(4 / 3) + 0.25 * np.log(4)}
    assert set(events.Tags()["tensors"]) == set(expected)
    for tag, value in expected.items():
        (written,) = events.Tensors(tag)
        assert (written.step, float(tf.make_ndarray(written.tensor_proto))) == (0, pytest.approx(value))


def test_a_resumed_training_has_it_already(fit, writer, read):
    fit(Baseline(writer, [0, 1]), initial_epoch=1)
    assert not read().Tags()["tensors"]


@pytest.mark.parametrize("y", [[], [0.5, 1.0], [[1.0, 2.0]], ["a"]])
def test_what_are_no_classes(writer, y):
    with pytest.raises(InputError, match="Baseline: `y` must be classes, integers"):
        Baseline(writer, y)


def test_rows_that_are_not_one_hot_are_refused_with_shape_and_dtype(writer):
    said = r"Received: y='an array of shape \(2, 2\) and dtype int64'"
    for y in ([[1, 1], [0, 1]], [[0, 0], [0, 1]]):
        with pytest.raises(InputError, match=said):
            Baseline(writer, np.array(y))
