import numpy as np
import pytest
import tensorflow as tf

from tfnotes.callbacks import InputScale
from tfnotes.callbacks.input_scale import misscaled


def test_written_once(fit, writer, read):
    x = np.array([[1.0, 2], [3, 6]], "float32")
    callback = InputScale(writer, x)
    fit(callback)
    events = read()
    found = {tag: events.Tensors(tag) for tag in events.Tags()["tensors"]}
    assert {tag: [(t.step, float(tf.make_ndarray(t.tensor_proto))) for t in ts] for tag, ts in found.items()} == {
        "input_scale/mean": [(0, 3.0)],
        "input_scale/std": [(0, pytest.approx(np.sqrt(3.5)))],
        "input_scale/min": [(0, 1.0)],
        "input_scale/max": [(0, 6.0)],
    }
    assert callback.findings == []


def test_a_resumed_training_does_not_write_it_again(fit, writer, read):
    fit(InputScale(writer, np.ones((2, 2), "float32")), initial_epoch=1)
    assert not read().Tags()["tensors"]


def test_words_have_no_scale(fit, writer, read):
    callback = InputScale(writer, np.array([[3, 20_000]]))
    fit(callback)
    assert not read().Tags()["tensors"]
    assert not callback.findings


def test_says_what_it_finds(fit, writer):
    callback = InputScale(writer, np.array([[0.0, 255]], "float32"))
    fit(callback)
    (sentence,) = callback.findings
    assert sentence.startswith("inputs: their mean is 128 and their standard deviation 128, far above 1; scale")


@pytest.mark.parametrize(
    ("mean", "std", "says"),
    [
        (0.13, 0.31, None),
        (0.0, 1.0, None),
        (4.9, 4.9, None),
        (-6.0, 1.0, "far above 1"),
        (0.0, 6.0, "far above 1"),
        (0.0, 0.005, "hardly differ"),
        (-1.1, 0.1, "to one side"),
        (0.9, 0.1, None),
        (np.nan, 1.0, "no numbers"),
    ],
)
def test_what_is_wrong(mean, std, says):
    found = misscaled(mean, std)
    assert found is None if says is None else says in found.en


@pytest.mark.parametrize("kind", [dict, list, tuple])
def test_each_of_several_inputs_by_its_name(writer, read, kind):
    a, b = np.array([[0.0], [2]], "float32"), np.array([[200.0], [400]], "float32")
    words = np.array([[3], [9]])
    x = {"a": a, "b": b, "words": words} if kind is dict else kind([a, b, words])
    callback = InputScale(writer, x)
    for _ in range(2):
        callback.on_epoch_begin(0)
    events = read()
    first, second = "ab" if kind is dict else "01"
    figures = ("mean", "std", "min", "max")
    assert {tag: float(tf.make_ndarray(events.Tensors(tag)[0].tensor_proto)) for tag in events.Tags()["tensors"]} == {
        **{f"input_scale/{first}/{what}": v for what, v in zip(figures, (1, 1, 0, 2), strict=True)},
        **{f"input_scale/{second}/{what}": v for what, v in zip(figures, (300, 100, 200, 400), strict=True)},
    }
    (sentence,) = callback.findings
    assert sentence.startswith(f"inputs {second}: their mean is 300 and")


def test_numbers_of_rows_of_many_lengths(writer, read):
    callback = InputScale(writer, tf.ragged.constant([[1.0], [2.0, 6.0]]))
    callback.on_epoch_begin(0)
    assert float(tf.make_ndarray(read().Tensors("input_scale/mean")[0].tensor_proto)) == 3
