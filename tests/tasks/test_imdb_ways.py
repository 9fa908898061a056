"""The ways into a model of reviews, and what may be learned of their words."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.errors import InputError
from tfnotes.task import Split
from tfnotes_tasks import imdb
from tfnotes_tasks.imdb import words


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"vocabulary": 2}, "imdb: `vocabulary` must be an integer of at least 3. Received: vocabulary=2."),
        ({"vocabulary": 2**31}, "imdb: `vocabulary` must be an integer of at most 2,147,483,647. Received: "),
        ({"length": 0}, "imdb: `length` must be a positive integer. Received: length=0."),
        ({"length": 2**31}, "imdb: `length` must be an integer of at most 2,147,483,647. Received: length="),
    ],
)
def test_vocabularies_that_cant_be(options, sentence):
    with pytest.raises(InputError) as caught:
        words.fit(None, **options)
    assert str(caught.value).startswith(sentence)


def test_what_a_reviews_words_are_told_by():
    ids = np.array([[3, 4], [5, 0]], "int32")
    model = lambda x, training: keras.ops.stack([x[:, 0], 5 * x[:, 1]], 1) * (-1.0 if training else 1.0)  # noqa: E731
    prepare = words.fit(Split(np.array([b"a b", b"c"], object), np.zeros(2)), vocabulary=9, length=7)
    found = imdb.endpoints(model, prepare)
    assert {name: [(s.name, s.dtype.name) for s in way.signature] for name, way in found.items()} == {
        "texts": [("texts", "string")],
        "ids": [("ids", "int32")],
        "layers": [("ids", "int32")],
    }
    answer = {key: value.numpy() for key, value in found["ids"].function(tf.constant(ids, tf.float32)).items()}
    assert answer["sentiment"].tolist() == [1, 0]
    assert answer["sentiment"].dtype == np.int32
    np.testing.assert_allclose(answer["probabilities"][0], [np.exp(-17) / (1 + np.exp(-17)), 1], rtol=1e-4)
    assert found["texts"].via.known["length"] == 7
    assert "more than 7 ids keep the first 1 and the last 6" in found["texts"].via.preparation
    for way in ("ids", "layers"):
        (given,) = found[way].examples(np.array([b"a c"], object))
        assert given.numpy().tolist() == prepare(tf.constant([b"a c"])).numpy().tolist()
