import keras
import numpy as np

from tfnotes.callbacks import Mistakes

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


def test_label_and_prediction_are_in_the_name(writer, read, picture):
    pictures = np.arange(5, dtype="uint8")[:, None, None, None] * np.ones((1, 2, 2, 1), "uint8")
    events, tags = written(writer, read, labels=("cat", "dog", "cow"), pictures=pictures)
    assert set(tags) == {"mistakes/cow_read_as_cat", "mistakes/dog_read_as_cat", "mistakes/cow_read_as_dog"}
    (tensor,) = events.Tensors("mistakes/dog_read_as_cat")
    assert tensor.step == 5
    # Both dogs, the worse first.
    assert [int(p[0, 0, 0]) for p in picture(tensor)] == [1, 2]
    assert events.SummaryMetadata("mistakes/dog_read_as_cat").summary_description == "label dog, prediction cat"


def test_the_worst_come_first(writer, read):
    _, tags = written(writer, read, pictures=np.zeros((5, 2, 2, 1)), most=2)
    assert set(tags) == {"mistakes/2_read_as_0", "mistakes/1_read_as_0"}


def test_a_model_that_makes_none(writer, read):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    callback = Mistakes(writer, SCORES, SCORES.argmax(1), pictures=np.zeros((5, 2, 2, 1)))
    callback.set_model(model)
    callback.on_epoch_end(0)
    assert not read().Tags()["tensors"]


def test_in_fit(fit, images, writer, read, model, picture):
    x, y = images
    # Zero steps of learning, so that a third is right by chance.
    model.optimizer = keras.optimizers.SGD(0.0)
    fit(Mistakes(writer, x, y, most=100), epochs=1)
    events = read()
    shown = sum(len(picture(events.Tensors(tag)[0])) for tag in events.Tags()["tensors"])
    assert shown == int((model.predict(x, verbose=0).argmax(-1) != y).sum())
    assert picture(events.Tensors(events.Tags()["tensors"][0])[0])[0].shape == (8, 8, 1)
