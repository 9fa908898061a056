import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.callbacks import PrecisionRecall
from tfnotes.callbacks.precision_recall import probabilities
from tfnotes.errors import InputError


def curves(writer, read, outputs, y, **options):
    callback = PrecisionRecall(writer, outputs, y, **options)
    callback.set_model(keras.Sequential([keras.Input(outputs.shape[1:]), keras.layers.Identity()]))
    callback.on_epoch_end(0)
    events = read()
    found = {}
    for tag in events.Tags()["tensors"]:
        assert events.SummaryMetadata(tag).plugin_data.plugin_name == "pr_curves"
        found[tag.removesuffix("/pr_curves")] = tf.make_ndarray(events.Tensors(tag)[0].tensor_proto)
    return found


def test_one_output_by_hand(writer, read):
    outputs = np.array([[0.9], [0.8], [0.3], [0.1]], "float32")
    found = curves(writer, read, outputs, np.array([1, 0, 1, 0]), thresholds=3, labels=("no", "yes"))
    assert set(found) == {"precision_recall/yes"}
    # Rows: true and false positives, true and false negatives, precision, recall; at thresholds 0, 0.5 and 1.
    np.testing.assert_allclose(
        found["precision_recall/yes"][:, :2], [[2, 1], [2, 1], [0, 1], [0, 1], [0.5, 0.5], [1, 0.5]], atol=1e-6
    )


def test_a_curve_for_each_of_three_classes(writer, read):
    logits = np.array([[9.0, 0, 0], [0, 9, 0], [0, 0, 9], [0, 9, 0]], "float32")
    found = curves(writer, read, logits, np.array([0, 1, 2, 2]), from_logits=True)
    assert set(found) == {f"precision_recall/{k}" for k in range(3)}
    middle = 100
    # Precision and recall at one half: of class 1 one of two is right, of class 2 one of two is found.
    assert [tuple(found[f"precision_recall/{k}"][4:, middle]) for k in range(3)] == [(1, 1), (0.5, 1), (1, 0.5)]


@pytest.mark.parametrize("from_logits", [True, False])
def test_probabilities(from_logits):
    two = np.array([[0.25, 0.75], [0.5, 0.5]])
    outputs = np.log(two) + 7 if from_logits else two
    found = probabilities(outputs, from_logits)
    assert list(found) == [1]
    np.testing.assert_allclose(found[1], [0.75, 0.5])
    one = np.array([[0.75]])
    np.testing.assert_allclose(probabilities(np.log(one / (1 - one)) if from_logits else one, from_logits)[1], [0.75])


def test_in_fit(fit, images, writer, read):
    x, y = images
    fit(PrecisionRecall(writer, x, y, from_logits=True))
    assert [t.step for t in read().Tensors("precision_recall/2/pr_curves")] == [1, 2]


def test_large_logits_and_201_thresholds(writer, read):
    np.testing.assert_allclose(probabilities(np.array([[999.0, 1000]], "float32"), True)[1], [1 / (1 + np.exp(-1))])
    three = probabilities(np.array([[0.2, 0.3, 0.5]]), False)
    assert {k: chance.tolist() for k, chance in three.items()} == {0: [0.2], 1: [0.3], 2: [0.5]}
    found = curves(writer, read, np.array([[0.9, 0.1], [0.4, 0.6]], "float32"), np.array([0, 1]))
    assert found["precision_recall/1"].shape == (6, 201)


def test_bad_arguments(writer):
    for options, said in (
        ({"thresholds": 1}, "`thresholds` must be an integer of at least 2"),
        ({"from_logits": "no"}, "`from_logits` must be True or False"),
    ):
        with pytest.raises(InputError, match=f"^PrecisionRecall: {said}"):
            PrecisionRecall(writer, np.ones((2, 1)), np.array([0, 1]), **options)
