"""Pictures of what a model makes, after each epoch and at the end of a training that did something."""

import numpy as np
import pytest

from tfnotes.callbacks.pictures import Pictures
from tfnotes.errors import InputError


def drawing(name):
    return lambda model: {name: np.full((4, 5), 0.5)}


def test_each_epochs_and_at_the_end_those_of_the_end(fit, writer, read):
    fit(Pictures(writer, drawing("each"), drawing("last")), epochs=2)
    events = read()
    steps = {tag: [t.step for t in events.Tensors(tag)] for tag in events.Tags()["tensors"]}
    assert steps == {"each": [1, 2], "last": [2]}


def test_a_training_that_was_complete_draws_nothing_anew(fit, writer, read):
    fit(Pictures(writer, drawing("each"), drawing("last")), epochs=2, initial_epoch=2)
    assert not read().Tags()["tensors"]


def test_grey_and_coloured_ones_as_they_are(writer, read, picture):
    drawn = {"grey": np.array([[0.0, 1], [0, 0]]), "coloured": np.full((2, 3, 3), [1.0, 0, 0.2])}
    callback = Pictures(writer, lambda model: drawn)
    callback.on_epoch_end(6)
    (grey,), (coloured,) = (read().Tensors(name) for name in drawn)
    assert grey.step == 7
    assert picture(grey)[0][..., 0].tolist() == [[0, 255], [0, 0]]
    assert picture(coloured)[0].tolist() == [[[255, 0, 51]] * 3] * 2
    # At the end there is nothing to draw.
    callback.on_train_end()
    assert len(read().Tensors("grey")) == 1
    for name in ("each_epoch", "at_end"):
        with pytest.raises(InputError, match=f"Pictures: `{name}` must be a function of the model, or None. .*=3"):
            Pictures(writer, **{name: 3})
