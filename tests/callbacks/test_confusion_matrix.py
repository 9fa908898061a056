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
    """What is written on pictures, with where."""
    found = {}
    text = ImageDraw.ImageDraw.text

    def noted(pen, xy, said, *options):
        found.setdefault(said, xy)
        text(pen, xy, said, *options)

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
    x, y = texts["2"]
    red = {(row, column): pixels[y + 44 * row - 15, x + 44 * column - 15, 0] for row in range(3) for column in range(3)}
    shades = {(0, 0): 85, (0, 2): 170, (1, 0): 127, (1, 1): 127}
    assert red == {place: shades.get(place, 255) for place in red}
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
    assert _drawn.matrix(np.eye(50, dtype=int), range(50)).shape[0] < 500
    assert set(texts) == {"label", "predicted"}
