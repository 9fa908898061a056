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
    MistakenTexts,
    Mistakes,
    PrecisionRecall,
    Predictions,
    Saturation,
)
from tfnotes.callbacks._examples import BATCH, Examples, classes, labelled
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


def test_one_array_may_be_given_as_lists_or_as_single_numbers():
    for x in (ROWS.tolist(), list(map(tuple, ROWS))):
        np.testing.assert_array_equal(Examples("test", x).whole(), ROWS)
    assert Examples("test", [np.float32(2), np.float32(3)]).whole().tolist() == [2, 3]
    several = Examples("test", [ROWS, ROWS[:, 0]])
    assert [part.shape for part in several.whole()] == [(6, 2), (6,)]
    assert len(several) == 6
    texts = Examples("test", ["a", "bc"]).whole()
    assert texts.tolist() == ["a", "bc"]


def test_a_dataset_without_examples_and_one_without_targets(tmp_path):
    with pytest.raises(InputError, match=r"Saturation: `x` must be a tf.data.Dataset that ends, and holds examples"):
        Saturation(tmp_path, tf.data.Dataset.from_tensor_slices(ROWS[:0]).batch(2))
    alone = tf.data.Dataset.from_tensor_slices(ROWS).batch(4)
    with pytest.raises(InputError, match=r"test: `y` must be the examples' targets, unless .* Received: y=None"):
        classes("test", alone)
    # Those that are given go before those in the dataset.
    both = tf.data.Dataset.from_tensor_slices((ROWS, np.arange(6))).batch(4)
    for x in (alone, both):
        assert classes("test", x, [5, 4, 3, 2, 1, 0])[1].tolist() == [5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize("y", [[[1], [0]] * 3, [1.0, 0.0] * 3, [True, False] * 3, np.array([1, 0] * 3, "uint8")])
def test_classes_in_any_form(y):
    _, found = classes("test", ROWS, y)
    assert (found.tolist(), found.dtype) == ([1, 0] * 3, "int64")


def test_targets_of_several_outputs():
    given = {"a": np.zeros(6), "b": ROWS}
    assert {name: part.shape for name, part in labelled("test", ROWS, given)[1].items()} == {"a": (6,), "b": (6, 2)}
    first, second = labelled("test", ROWS, [ROWS, ROWS[:, :1]])[1]
    assert (first.shape, second.shape) == ((6, 2), (6, 1))
    for y, shape in (([ROWS, ROWS[:5]], r"\(5, 2\)"), (3, r"\(\)")):
        with pytest.raises(InputError, match=f"test: `y` must be a target for each of the 6 examples. .*y={shape}"):
            labelled("test", ROWS, y)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (3, 2), (3, 2, 1), (3, 1, 1)])
@pytest.mark.parametrize("wanted", [(), (1,), (2,), (None,), (2, 1)])
def test_a_last_axis_of_one_may_be_there_or_not_as_for_keras(wanted, shape):
    model = keras.Sequential([keras.Input(wanted), keras.layers.Identity()])
    fitting = {
        (): [(3,), (3, 1)],
        (1,): [(3,), (3, 1), (3, 1, 1)],
        (2,): [(3, 2), (3, 2, 1)],
        (None,): [(3,), (3, 1), (3, 2), (3, 2, 1), (3, 1, 1)],
        (2, 1): [(3, 2), (3, 2, 1)],
    }
    examples = Examples("test", np.zeros(shape, "float32"))
    if shape in fitting[wanted]:
        examples.check(model)
    else:
        with pytest.raises(InputError, match="test: `x` must be what"):
            examples.check(model)


def test_inputs_of_other_shapes_are_named():
    model = two_inputs(named=True)
    Examples("test", {"b": np.zeros((2, 2)), "a": np.zeros((2, 3)), "more": np.zeros((2, 9))}).check(model)
    with pytest.raises(InputError, match=r"of shape \(None, 3\), \(None, 2\). Received: x={'a': 'shape \(2, 2\)'"):
        Examples("test", {"a": np.zeros((2, 2)), "b": np.zeros((2, 3))}).check(model)
    with pytest.raises(InputError, match="of shape"):
        Examples("test", {"a": np.zeros((2, 3)), "b": np.zeros((2, 3))}).check(model)
    with pytest.raises(InputError, match=r"Received: x='shape \(2, 3\)'"):
        Examples("test", np.zeros((2, 3))).check(two_inputs(named=False))


@pytest.mark.parametrize("kind", [ConfusionMatrix, Mistakes, MistakenTexts, PrecisionRecall])
def test_names_of_other_classes_and_outputs_of_other_shapes(kind, tmp_path):
    y = np.zeros(6, int)
    more = {"texts": list("abcdef")} if kind is MistakenTexts else {}
    more |= {"pictures": np.zeros((6, 1, 1, 1))} if kind is Mistakes else {}
    least = 1 if kind is PrecisionRecall else 2
    flat, deep = (keras.Sequential([keras.Input(s), keras.layers.Identity()]) for s in ((2,), (3, 2)))
    callback = kind(tmp_path, ROWS, y, labels="abc", **more)
    callback.set_model(flat)
    said = f"^{kind.__name__}: `labels` must be a name for each of the model's 2 classes. Received: labels='abc'"
    with pytest.raises(InputError, match=said):
        callback.on_epoch_end(0)
    callback = kind(tmp_path, np.zeros((6, 3, 2)), y, labels="ab", **more)
    callback.set_model(deep)
    said = rf"has shape \(n, classes\), {least} at least. Received: model=\[\(6, 3, 2\)\]"
    with pytest.raises(InputError, match=said):
        callback.on_epoch_end(0)
