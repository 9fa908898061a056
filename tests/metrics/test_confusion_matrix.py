"""Confusion matrix: by hand, beside TensorFlow's function, over batches, with weights, in a model."""

import keras
import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.metrics import ConfusionMatrix


def draw(shape=(50,), classes=4):
    rng = np.random.default_rng(0)
    return rng.integers(classes, size=shape), rng.normal(size=(*shape, classes)), rng.uniform(size=shape)


def test_by_hand():
    scores = np.eye(3)[[0, 2, 1, 2]]  # predicted 0, 2, 1, 2
    np.testing.assert_array_equal(
        ConfusionMatrix(3)([0, 0, 1, 2], scores), [[1, 0, 1], [0, 1, 0], [0, 0, 1]]
    )


def test_equals_tensorflows_with_weights_too():
    tf = pytest.importorskip("tensorflow")
    y, scores, weights = draw()
    for w in (None, weights):
        expected = tf.math.confusion_matrix(y, scores.argmax(-1), 4, weights=w, dtype="float64")
        np.testing.assert_allclose(ConfusionMatrix(4, dtype="float64")(y, scores, w), expected, rtol=1e-12)


def test_batches_add_up_until_a_reset():
    y, scores, weights = draw()
    metric, whole = ConfusionMatrix(4), ConfusionMatrix(4)(y, scores, weights)
    for k in range(0, 50, 20):
        metric.update_state(y[k : k + 20], scores[k : k + 20], weights[k : k + 20])
    np.testing.assert_allclose(metric.result(), whole, rtol=1e-5)
    metric.reset_state()
    assert np.abs(metric.result()).max() == 0


@pytest.mark.parametrize("last", [(), (1,)])
def test_sequences_count_step_by_step_and_a_weight_of_a_row_counts_for_its_steps(last):
    y, scores, _ = draw((6, 5))
    rows = np.arange(6.0)
    ours = ConfusionMatrix(4)(y.reshape(*y.shape, *last), scores, rows)
    expected = ConfusionMatrix(4)(y.ravel(), scores.reshape(-1, 4), np.repeat(rows, 5))
    np.testing.assert_allclose(ours, expected, rtol=1e-6)


def test_its_diagonal_is_the_accuracy_of_an_evaluation():
    y, scores, _ = draw()
    model = keras.Sequential([keras.Input((4,)), keras.layers.Softmax()])
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy", ConfusionMatrix(4)])
    found = model.evaluate(scores, y, batch_size=7, return_dict=True, verbose=0)
    assert np.trace(found["confusion_matrix"]) / 50 == pytest.approx(found["accuracy"])
    assert np.sum(found["confusion_matrix"]) == 50


def test_scores_of_other_classes_are_refused():
    with pytest.raises(ValueError, match="ConfusionMatrix: `y_pred` must be of a shape that ends in the 3"):
        ConfusionMatrix(3)([0], [[0.5, 0.5]])


def test_a_users_subclass_gives_a_number_of_its_own(tmp_path):
    @keras.saving.register_keras_serializable("theirs")
    class Share(ConfusionMatrix):
        def __init__(self, num_classes, times=1.0, **kwargs):
            super().__init__(num_classes, **kwargs)
            self.times = times

        def result(self):
            matrix = super().result()
            return self.times * keras.ops.trace(matrix) / keras.ops.sum(matrix)

        def get_config(self):
            return {**super().get_config(), "times": self.times}

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, metrics=[Share(3, 2.0), "accuracy"])
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 4)), rng.integers(3, size=20)
    model.fit(x, y, verbose=0)
    model.save(tmp_path / "model.keras")
    for each in (model, keras.saving.load_model(tmp_path / "model.keras")):
        _, share, accuracy = each.evaluate(x, y, verbose=0)
        assert share == pytest.approx(2 * accuracy)


def test_a_class_that_there_is_not_counts_nowhere():
    scores = np.eye(2)[[0, 0, 1, 1]]
    np.testing.assert_array_equal(ConfusionMatrix(2)([0, -1, 2, 1], scores), [[1, 0], [0, 1]])


def test_its_type_its_name_and_its_number_of_classes_are_those_it_was_given():
    made = ConfusionMatrix(2, name="mine", dtype="float64")
    assert made.get_config() == {"name": "mine", "dtype": "float64", "num_classes": 2}
    assert (made.matrix.dtype, made.matrix.name, ConfusionMatrix(2).name) == ("float64", "matrix", "confusion_matrix")
    # In float32 the third would be lost.
    weights = np.array([2.0**30, 2.0**-20, 1 / 3])
    for _ in range(2):
        made.update_state([0, 0, 1], [[1.0, 0], [1, 0], [0, 1]], weights)
    np.testing.assert_array_equal(made.result(), [[2.0**31 + 2.0**-19, 0], [0, 2 / 3]])
    # One weight for all, of whatever type.
    np.testing.assert_array_equal(ConfusionMatrix(2)([0, 1], np.eye(2), 2), [[2, 0], [0, 2]])


def test_numbers_without_an_axis_of_scores_and_too_many_classes_are_refused():
    with pytest.raises(InputError, match=r"^ConfusionMatrix: `y_pred` must be of a shape that ends in .* Rec.*=\(\)"):
        ConfusionMatrix(3)(1, 0.5)
    with pytest.raises(InputError, match=r"^ConfusionMatrix: `num_classes` must be an integer of at most 10,000"):
        ConfusionMatrix(10_001)
