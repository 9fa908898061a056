"""Pictures of what a model makes, after each epoch and at the end of a training that did something."""

import numpy as np

from tfnotes.callbacks.pictures import Pictures


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
