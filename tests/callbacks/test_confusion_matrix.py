import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import ImageDraw

from tfnotes.callbacks import ConfusionMatrix, _drawn

SCORES = np.array([[5, 0, 0], [4, 1, 0], [1, 0, 0], [0, 2, 1], [0, 1, 9]], "float32")
LABELS = np.array([0, 1, 0, 1, 0])


@pytest.fixture
def texts(monkeypatch):
    """What is written on pictures, with where, in which colour, and from which point of the text on."""
    found = {}
    text = ImageDraw.ImageDraw.text

    def noted(pen, xy, said, color, font, anchor):
        found.setdefault(said, []).append((*xy, color, anchor))
        text(pen, xy, said, color, font, anchor)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", noted)
    return found


def test_by_hand(writer, read, picture, texts):
    callback = ConfusionMatrix(writer, SCORES, LABELS, labels=("a|b", "dog", "cow"))
    callback.set_model(keras.Sequential([keras.Input((3,)), keras.layers.Identity()]))
    callback.on_epoch_end(1)
    events = read()
    (image,) = events.Tensors("confusion_matrix")
    assert image.step == 2
    (pixels,) = picture(image)
    # Of class 0 two of three are right, one is taken for 2; of class 1 one is taken for 0; of class 2 is none.
    assert {"a|b", "dog", "cow", "label", "predicted", "2", "1"} <= set(texts)
    x, y, *_ = texts["2"][0]
    red = {(row, column): pixels[y + 44 * row - 15, x + 44 * column - 15, 0] for row in range(3) for column in range(3)}
    shades = {(0, 0): 85, (0, 2): 170, (1, 0): 127, (1, 1): 127}
    assert red == {place: shades.get(place, 255) for place in red}
    # Labels stand left of the rows and above the columns; on what is dark numbers are white, and 0 isn't written.
    left, top = x - 22, y - 22
    for k, label in enumerate(("a|b", "dog", "cow")):
        middle = 44 * k + 22
        assert texts[label] == [(left - 6, top + middle, "black", "rm"), (left + middle, top - 6, "black", "mb")]
    assert texts["2"] == [(x, y, "white", "mm")]
    black, white = (x + 88, y, "black", "mm"), [(x + 44 * k, y + 44, "white", "mm") for k in (0, 1)]
    assert texts["1"] == [black, *white]
    assert "0" not in texts
    assert pixels.shape == (top + 3 * 44 + 1, left + 3 * 44 + 1, 3)
    text = tf.make_ndarray(events.Tensors("confusion_matrix/counts")[0].tensor_proto).item().decode()
    assert text.splitlines() == [
        "|  | a\\|b | dog | cow |",
        "| --- | --- | --- | --- |",
        "| **a\\|b** | 2 | 0 | 1 |",
        "| **dog** | 1 | 1 | 0 |",
        "| **cow** | 0 | 0 | 0 |",
    ]


def test_in_fit(fit, images, writer, read, model, picture):
    x, y = images
    fit(ConfusionMatrix(writer, x, y))
    assert [t.step for t in read().Tensors("confusion_matrix")] == [1, 2]
    text = tf.make_ndarray(read().Tensors("confusion_matrix/counts")[1].tensor_proto).item().decode()
    rows = [[int(n) for n in row.split("|")[2:-1]] for row in text.splitlines()[2:]]
    expected = tf.math.confusion_matrix(y, model.predict(x, verbose=0).argmax(-1), 3)
    np.testing.assert_array_equal(rows, expected)


def test_of_many_classes_the_shades_alone(texts):
    assert _drawn.matrix(np.eye(41, dtype=int), range(41)).shape[0] == 2 * 14 + 16 + 41 * 8 + 1
    assert set(texts) == {"label", "predicted"}
    assert _drawn.matrix(77 * np.eye(40, dtype=int), range(40)).shape[0] == 2 * 14 + 16 + 40 * 44 + 1
    assert {"39", "77"} <= set(texts)


def test_without_names_classes_go_by_their_numbers_and_long_names_make_room(writer, read, texts):
    callback = ConfusionMatrix(writer, SCORES, LABELS)
    callback.set_model(keras.Sequential([keras.Input((3,)), keras.layers.Identity()]))
    callback.on_epoch_end(0)
    text = tf.make_ndarray(read().Tensors("confusion_matrix/counts")[0].tensor_proto).item().decode()
    assert text.splitlines()[0] == "|  | 0 | 1 | 2 |"
    assert len(texts["0"]) == 2
    texts.clear()
    _drawn.matrix(np.eye(2, dtype=int), ["a class of a long name", "b"])
    (first, *_), (second, *_) = texts["1"]
    assert second - first > 150
