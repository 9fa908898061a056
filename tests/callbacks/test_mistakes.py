import keras
import numpy as np
import pytest
from PIL import ImageDraw

from tfnotes.callbacks import Mistakes, Predictions
from tfnotes.callbacks._drawn import CAPTION, captioned
from tfnotes.errors import InputError

# Of class 0, 1, 1, 2, 2: the first is right, the last the worst, the second the next.
SCORES = np.array([[5, 0, 0], [4, 1, 0], [1, 0, 0], [0, 2, 1], [9, 0, 0]], "float32")
LABELS = np.array([0, 1, 1, 2, 2])


def written(writer, read, **options):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    callback = Mistakes(writer, SCORES, LABELS, **options)
    callback.set_model(model)
    callback.on_epoch_end(4)
    events = read()
    return events, events.Tags()["tensors"]


def test_label_and_prediction_stand_with_the_picture(writer, read, picture):
    shades = np.array([1, 100, 200, 50, 25], "uint8")
    pictures = shades[:, None, None, None] * np.array([[[1], [0]], [[1], [1]]], "uint8")
    events, tags = written(writer, read, labels=("cat", "dog", "cow"), pictures=pictures)
    said = {tag: events.SummaryMetadata(tag).summary_description for tag in tags}
    assert said == {
        "mistakes/1": "label cow, prediction cat",
        "mistakes/2": "label dog, prediction cat",
        "mistakes/3": "label dog, prediction cat",
        "mistakes/4": "label cow, prediction dog",
    }
    (tensor,) = events.Tensors("mistakes/3")
    assert tensor.step == 5
    (shown,) = picture(tensor)
    # Enlarged, as bright as it goes, below a line of text.
    assert shown.shape == (CAPTION + 140, 140, 3)
    assert [shown[CAPTION, 0, 0], shown[CAPTION, 139, 0], shown[-1, 139, 0]] == [255, 0, 255]
    assert shown[:CAPTION].min() < 100
    assert shown[:CAPTION].max() == 255


def test_no_more_than_asked_for(writer, read):
    _, tags = written(writer, read, pictures=np.zeros((5, 2, 2, 1)), most=2)
    assert set(tags) == {"mistakes/1", "mistakes/2"}


def test_a_model_that_makes_none(writer, read):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    callback = Mistakes(writer, SCORES, SCORES.argmax(1), pictures=np.zeros((5, 2, 2, 1)))
    callback.set_model(model)
    callback.on_epoch_begin(0)
    callback.on_epoch_end(0)
    assert not read().Tags()["tensors"]


@pytest.mark.parametrize(("resumed", "expected"), [(False, [1, 2]), (True, [2])])
def test_what_is_right_by_now_is_covered(writer, read, picture, resumed, expected):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    callback = Mistakes(writer, SCORES, LABELS, pictures=np.ones((5, 2, 2, 1)), most=4)
    callback.set_model(model)
    if not resumed:
        callback.on_epoch_begin(0)
        callback.on_epoch_end(0)
    callback.y = SCORES.argmax(1)
    callback.on_epoch_begin(1)
    callback.on_epoch_end(1)
    events = read()
    for rank in range(1, 5):
        found = events.Tensors(f"mistakes/{rank}")
        assert [t.step for t in found] == expected
        assert set(np.unique(picture(found[-1])[0][CAPTION:])) == {128}


def test_in_fit(fit, images, writer, read, model, picture):
    x, y = images
    # Zero steps of learning, so that a third is right by chance.
    model.optimizer = keras.optimizers.SGD(0.0)
    fit(Mistakes(writer, x, y, most=100), epochs=1)
    events = read()
    shown = sum(len(picture(events.Tensors(tag)[0])) for tag in events.Tags()["tensors"])
    assert shown == int((model.predict(x, verbose=0).argmax(-1) != y).sum())
    assert picture(events.Tensors(events.Tags()["tensors"][0])[0])[0].shape == (CAPTION + 144, 144, 3)


@pytest.fixture
def captions(monkeypatch):
    """The lines that stand above pictures."""
    found, text = [], ImageDraw.ImageDraw.text

    def noted(pen, xy, said, *options):
        found.append(said)
        text(pen, xy, said, *options)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", noted)
    return found


def test_what_stands_above_each_picture_and_eight_by_default(writer, read, captions):
    scores, pictures = np.tile([[1.0, 0, 0]], (10, 1)), np.ones((10, 2, 2, 3))
    callback = Mistakes(writer, scores, np.full(10, 2), pictures=pictures)
    callback.set_model(keras.Sequential([keras.Input((3,)), keras.layers.Identity()]))
    callback.on_epoch_begin(0)
    callback.on_epoch_end(0)
    assert captions == ["2 read as 0"] * 8
    callback.labels = ("cat", "dog", "cow")
    callback.on_epoch_end(1)
    assert captions[8:] == ["cow read as cat"] * 8
    callback.y = np.array([0] * 9 + [1])
    callback.on_epoch_end(2)
    assert captions[16:] == ["dog read as cat"] + ["no mistake"] * 7
    assert len(read().Tags()["tensors"]) == 8


@pytest.mark.parametrize(
    ("x", "options", "said"),
    [
        (SCORES, {}, r"`pictures` must be 5 images of shape \(height, width, channels\). Received: pictures=\(5, 3\)"),
        ([SCORES, SCORES], {}, r"`pictures` must be 5 images .*pictures=\(0,\)"),
        (Predictions(SCORES), {"pictures": np.zeros((4, 2, 2, 1))}, r"`pictures` must be .*pictures=\(4, 2, 2, 1\)"),
        (SCORES, {"pictures": np.zeros((5, 2, 2, 1)), "most": 0}, "`most` must be a positive integer"),
    ],
)
def test_bad_arguments(writer, x, options, said):
    with pytest.raises(InputError, match=f"^Mistakes: {said}"):
        Mistakes(writer, x, LABELS, **options)


def test_pictures_are_the_examples_of_shared_predictions(writer):
    x = np.random.default_rng(0).uniform(size=(2, 3, 3, 1))
    np.testing.assert_array_equal(Mistakes(writer, Predictions(x), np.zeros(2, int)).pictures, x)


def test_pictures_are_as_bright_as_they_go_and_nothing_stays_black():
    shown = captioned(np.array([[[0.0], [0.25], [0.5]]]), "a", width=7)
    assert shown.shape == (CAPTION + 3, 9, 3)
    assert shown[CAPTION, ::3].tolist() == [[0] * 3, [128] * 3, [255] * 3]
    assert not captioned(np.zeros((2, 2, 1), "uint8"), "a")[CAPTION:].any()
    coloured = captioned(np.array([[[200, 100, 0]]], "uint8"), "a", width=1)
    assert coloured[CAPTION, 0].tolist() == [255, 128, 0]
