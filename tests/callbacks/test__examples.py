import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.callbacks import (
    ActivationStatistics,
    ConfusionMatrix,
    DeadUnits,
    Embeddings,
    GradientNorms,
    Graph,
    InputScale,
    PrecisionRecall,
    Predictions,
    Saturation,
)
from tfnotes.callbacks._examples import BATCH, Examples, classes
from tfnotes.errors import InputError

ROWS = np.arange(12.0, dtype="float32").reshape(6, 2)


def two_inputs(named):
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    both = keras.layers.Concatenate()([a, b])
    hidden = keras.layers.Dense(4, "relu", name="hidden")(both)
    given = {"a": a, "b": b} if named else [a, b]
    model = keras.Model(given, keras.layers.Dense(2, name="logits")(hidden))
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    return model


@pytest.mark.parametrize("kind", ["list", "dict", "dataset"])
def test_every_callback_takes_several_inputs_and_datasets(kind, tmp_path):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(40, 3)).astype("float32"), rng.normal(size=(40, 2)).astype("float32")
    y = np.arange(40) % 2
    x = [a, b] if kind == "list" else {"a": a, "b": b}
    given, targets = (tf.data.Dataset.from_tensor_slices((x, y)).batch(16), None) if kind == "dataset" else (x, y)
    model = two_inputs(named=kind != "list")
    folder = tmp_path / "logs"
    callbacks = [
        *(kind(folder, given) for kind in (DeadUnits, Saturation, ActivationStatistics, InputScale, Embeddings)),
        *(kind(folder, given, targets) for kind in (GradientNorms, ConfusionMatrix)),
        PrecisionRecall(folder, Predictions(given), y, from_logits=True),
        Graph(folder),
    ]
    model.fit(x, y, epochs=1, verbose=0, callbacks=callbacks)
    assert len(list(folder.glob("*tfevents*"))) == 1
    assert np.loadtxt(folder / "embeddings" / "tensors.tsv").shape == (40, 4)


def test_batches_of_a_dataset_and_of_an_array():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    dataset = tf.data.Dataset.from_tensor_slices(ROWS).batch(4)
    assert [len(batch) for batch in Examples("test", dataset).batches(model)] == [4, 2]
    many = np.zeros((BATCH + 1, 2), "float32")
    assert [len(batch) for batch in Examples("test", many).batches(model)] == [BATCH, 1]
    np.testing.assert_array_equal(Examples("test", dataset).whole(), ROWS)


def test_a_shuffled_dataset_keeps_its_targets():
    dataset = tf.data.Dataset.from_tensor_slices((ROWS, np.arange(6))).shuffle(6).batch(4)
    examples, y = classes("test", dataset)
    np.testing.assert_array_equal(examples.whole()[:, 0], 2 * y)


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (None, "Saturation: `x` must be examples as the model takes them"),
        ("text", "Saturation: `x` must be examples as the model takes them"),
        ((k for k in range(3)), "Saturation: `x` must be examples as the model takes them"),
        (3.0, "Saturation: `x` must be examples as the model takes them"),
        (np.zeros((0, 2)), "Saturation: `x` must be one example at least"),
        ([np.zeros((3, 2)), np.zeros((4, 2))], "as many of each input"),
        (tf.data.Dataset.from_tensor_slices(ROWS).batch(2).repeat(), "a tf.data.Dataset that ends"),
    ],
)
def test_what_are_no_examples(tmp_path, x, said):
    with pytest.raises(InputError, match=said):
        Saturation(tmp_path, x)


@pytest.mark.parametrize("x", [np.zeros((6, 3)), [ROWS, ROWS], {"z": ROWS}, tf.data.Dataset.from_tensor_slices(ROWS)])
def test_what_the_model_does_not_take(tmp_path, x):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "relu")], name="small")
    callback = DeadUnits(tmp_path, x)
    callback.set_model(model)
    with pytest.raises(InputError, match=r"DeadUnits: `x` must be what small takes, of shape \(None, 2\). Received:"):
        callback.on_epoch_end(0)


NO_CLASSES = [np.zeros(5, int), np.zeros((6, 3)), np.full(6, 0.5), np.full(6, -1), list("abcdef"), None]


@pytest.mark.parametrize("y", NO_CLASSES)
def test_what_are_no_classes(tmp_path, y):
    with pytest.raises(InputError, match=r"ConfusionMatrix: `y` must be"):
        ConfusionMatrix(tmp_path, ROWS, y)


def test_a_model_of_other_outputs(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    for callback, said in (
        (ConfusionMatrix(tmp_path, ROWS, np.zeros(6, int)), "ConfusionMatrix: `model` must be a classifier"),
        (PrecisionRecall(tmp_path, ROWS, np.zeros(6, int), labels="abc"), "a name for each of the model's 2 classes"),
    ):
        callback.set_model(model)
        with pytest.raises(InputError, match=said):
            callback.on_epoch_end(0)
