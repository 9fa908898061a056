import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks import ConfusionMatrix

SCORES = np.array([[5, 0, 0], [4, 1, 0], [1, 0, 0], [0, 2, 1], [0, 1, 9]], "float32")
LABELS = np.array([0, 1, 0, 1, 0])


def test_by_hand(writer, read, picture):
    callback = ConfusionMatrix(writer, SCORES, LABELS, labels=("a|b", "dog", "cow"), scale=2)
    callback.set_model(keras.Sequential([keras.Input((3,)), keras.layers.Identity()]))
    callback.on_epoch_end(1)
    events = read()
    (image,) = events.Tensors("confusion_matrix")
    assert image.step == 2
    (pixels,) = picture(image)
    # Of class 0 two of three are right, one is taken for 2; of class 1 one is taken for 0; of class 2 is none.
    shades = np.array([[170, 0, 85], [128, 128, 0], [0, 0, 0]])
    np.testing.assert_array_equal(pixels[..., 0], np.kron(shades, np.ones((2, 2))))
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
    fit(ConfusionMatrix(writer, x, y, scale=3))
    assert [t.step for t in read().Tensors("confusion_matrix")] == [1, 2]
    text = tf.make_ndarray(read().Tensors("confusion_matrix/counts")[1].tensor_proto).item().decode()
    rows = [[int(n) for n in row.split("|")[2:-1]] for row in text.splitlines()[2:]]
    expected = tf.math.confusion_matrix(y, model.predict(x, verbose=0).argmax(-1), 3)
    np.testing.assert_array_equal(rows, expected)
