"""What each word of a bag adds to the score is read from the export, and adds up to the score."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.play import converted
from tests.play.test_weights import numbers
from tfnotes import models
from tfnotes.play.widgets import review

WORDS = {"endpoints": {"texts": {"via": {"known": {"name": "words"}}}}}


def bag(buckets):
    model = models.bag_of_words(2, vocabulary=20, width=4, buckets=buckets)
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(0, 1, w.shape) for w in model.get_weights()])
    return model


def pushes(folder, model):
    spec = tf.TensorSpec((None, None), tf.int32, name="ids")
    ids = np.array([[5, 3, 7, 2, 9], [4, 2, 0, 0, 0]], "int32")
    source = converted.source(folder, model, lambda ids: model(ids, training=False), spec, ids)
    source.about = WORDS
    return source, review.data(source)


@pytest.mark.parametrize("buckets", [0, 50])
def test_the_pushes_add_up_to_the_score(buckets, tmp_path):
    model = bag(buckets)
    source, found = pushes(tmp_path, model)
    outputs = source.ask("layers", ids=np.array([[5, 3, 7, 2, 9]], "int32"))
    kernel = numbers(found["push"]["kernel"], (4, 2))
    parts = outputs[found["push"]["vectors"]][0] @ (kernel[:, 1] - kernel[:, 0]) / 5
    bias = model.get_layer("logits").get_weights()[1]
    score = outputs["logits"][0, 1] - outputs["logits"][0, 0]
    assert parts.sum() + bias[1] - bias[0] == pytest.approx(score, rel=1e-5)


def test_where_the_score_is_no_mean_of_words_they_are_left_out_in_the_page(tmp_path):
    inputs = keras.Input((None,), dtype="int32", name="ids")
    vectors = keras.layers.Embedding(20, 4, name="words")(inputs)
    mean = keras.layers.GlobalMaxPooling1D(name="mean")(vectors)
    model = keras.Model(inputs, keras.layers.Dense(2, name="logits")(mean))
    assert pushes(tmp_path, model)[1] == {"push": None}


def test_a_model_that_takes_no_words_isnt_this_widgets():
    class Digits:
        about = {"endpoints": {"pixels": {}}}

    assert review.data(Digits()) is None
