"""IMDB: whether a review of a film is negative or positive."""

from functools import partial

import keras
import tensorflow as tf
from keras import ops

from tfnotes import _checks, callbacks, losses, models, optimizers
from tfnotes.data import buckets
from tfnotes.serving import inside, texts
from tfnotes.task import Defaults, Endpoint, Recipe, Task
from tfnotes_tasks.imdb import data, tokenizer, words

LABELS = ("negative", "positive")
CLASSES = len(LABELS)


def optimizer(learning_rate, *, clipnorm=1.0):
    """Adam; gradients through many words may explode, so their norm is cut.

    Args:
        learning_rate: of the first epoch.
        clipnorm: the largest norm of all gradients together.
    """
    _checks.number("imdb", "clipnorm", clipnorm, low=0, exclusive=True)
    return optimizers.Adam(learning_rate, global_clipnorm=clipnorm)


NOTES = {
    "texts": "UTF-8 of any length",
    "ids": "a text a row, its words' ids, then zeros; at least one id, which is 0 for a text without words",
    "sentiment": "the index of the label",
    "probabilities": "of each label, in the labels' order",
}


def endpoints(model, prepare):
    """Raw texts (the default): UTF-8 strings of any length; the ids of their words; and all layers over those."""

    def read(ids):
        return model(ids, training=False)

    def ids(ids):
        probabilities = ops.softmax(read(ids))
        # Keras's argmax goes through bits, which neither ONNX nor LiteRT has.
        return {"sentiment": tf.argmax(probabilities, axis=-1, output_type="int32"), "probabilities": probabilities}

    def of(reviews):
        return (prepare(tf.constant(reviews)),)

    strings = (tf.TensorSpec((None,), tf.string, name="texts"),)
    numbers = (tf.TensorSpec((None, None), tf.int32, name="ids"),)
    return {
        "texts": Endpoint(lambda texts: ids(prepare(texts)), strings, notes=NOTES, via=tokenizer.via(prepare)),
        "ids": Endpoint(ids, numbers, of, NOTES),
        "layers": inside.endpoint(model, read, numbers, of, NOTES),
    }


def shows(look):
    """The worst mistakes among some hundred texts."""
    x, y = look.examples.x[:500], look.examples.y[:500]
    return [callbacks.MistakenTexts(look.validation, look.x[:500], y, x, LABELS)]


def recurrent(cell, **options):
    """A network that soon knows its texts by heart: few epochs, at a rate that falls."""
    defaults = {"epochs": 4, "learning_rate": 0.002, "learning_rate_decay": 0.6}
    return Recipe(partial(models.recurrent_classifier, cell, CLASSES, **options), defaults=defaults)


TASK = Task(
    name="imdb",
    title="Film reviews (影评情感): whether a text is negative or positive",
    labels=LABELS,
    defaults=Defaults(model="bigram", data="sample", epochs=6, batch_size=64, learning_rate=0.002),
    sources={"full": data.full, "sample": data.sample},
    models={
        "bow": partial(models.bag_of_words, CLASSES),
        "bigram": partial(models.bag_of_words, CLASSES, buckets=2**18),
        "cnn": Recipe(partial(models.text_cnn, CLASSES), defaults={"epochs": 3, "learning_rate": 0.001}),
        "rnn": recurrent("rnn"),
        "gru": recurrent("gru"),
        "lstm": recurrent("lstm"),
        "bilstm": recurrent("lstm", directions=2),
        "deep-bilstm": recurrent("lstm", directions=2, depth=2),
    },
    optimizer=optimizer,
    loss=partial(losses.SparseCategoricalCrossentropy, from_logits=True),
    metrics=lambda: [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    fit=words.fit,
    batches=buckets,
    endpoints=endpoints,
    shows=shows,
    decode=texts.decode,
)
