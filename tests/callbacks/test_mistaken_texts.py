import keras
import numpy as np
import pytest

from tfnotes.callbacks import MistakenTexts
from tfnotes.callbacks.mistaken_texts import _cell
from tfnotes.errors import InputError

# Of class 0, 1, 1, 0: the first is right, the third the worst, the second the next.
SCORES = np.array([[5, 0], [2, 1], [9, 0], [0, 0.5]], "float32")
LABELS = np.array([0, 1, 1, 0])
TEXTS = [b"right", "an é | and\na line".encode(), b"the worst " * 100, "a string"]


def table(writer, read, scores=SCORES, **options):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Identity()])
    callback = MistakenTexts(writer, scores, LABELS, TEXTS, ("bad", "good"), **options)
    callback.set_model(model)
    callback.on_epoch_end(4)
    tensor = read().Tensors("mistakes")[-1]
    assert tensor.step == 5
    return tensor.tensor_proto.string_val[0].decode().splitlines()


def test_a_row_for_each_mistake_the_worst_first(writer, read):
    head, rule, first, second, third = table(writer, read)
    assert (head, rule) == ("label | prediction | text", "--- | --- | ---")
    assert first.startswith("good | bad | the worst the worst")
    assert first.endswith("…")
    assert len(first.removeprefix("good | bad | ")) == 500
    assert second == "good | bad | an é \\| and a line"
    assert third == "bad | good | a string"


def test_as_many_as_asked_for(writer, read):
    assert len(table(writer, read, most=1)) == 3


def test_no_row_if_all_are_right(writer, read):
    right = np.eye(2, dtype="float32")[LABELS]
    assert len(table(writer, read, scores=right)) == 2


@pytest.mark.parametrize(("length", "end"), [(500, "x"), (501, "…")])
def test_a_long_text_ends_in_dots(length, end):
    cell = _cell("x" * length)
    assert (len(cell), cell[-1]) == (500, end)


def test_eight_by_default_and_bytes_that_are_no_text(writer, read):
    n = 10
    callback = MistakenTexts(writer, np.tile([[1.0, 0]], (n, 1)), np.ones(n, int), [b"\xff!"] * n, ("bad", "good"))
    callback.set_model(keras.Sequential([keras.Input((2,)), keras.layers.Identity()]))
    callback.on_epoch_end(0)
    table = read().Tensors("mistakes")[0].tensor_proto.string_val[0].decode().splitlines()
    assert table[2:] == ["good | bad | \ufffd!"] * 8


def test_bad_arguments(writer):
    for arguments, said in (
        ((SCORES, LABELS, TEXTS[:3], "ab"), "`texts` must be a text for each of the 4 examples. Received: texts=3"),
        ((SCORES, LABELS, TEXTS, "ab", 0), "`most` must be a positive integer"),
    ):
        with pytest.raises(InputError, match=f"^MistakenTexts: {said}"):
            MistakenTexts(writer, *arguments)
