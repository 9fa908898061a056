"""The ways into an exported model: encode, decode, reconstruct, sample, classify, score.

Images go in as raw pixels, 0 to 255 of shape (N, 28, 28), and come out as intensities, 0 to 1.
"""

import numpy as np
import tensorflow as tf
from keras import ops

from tfnotes.models._random import Stream, bernoulli
from tfnotes.serving import images
from tfnotes.serving.sample import LIMIT
from tfnotes.task import Endpoint
from tfnotes_tasks.mnist import ink

_PIXELS = (tf.TensorSpec((None, 28, 28), tf.uint8, name="pixels"),)


def of_autoencoder(model, prepare):
    return {
        "reconstruct": _of_pixels(lambda pixels: {"images": _flat(model(prepare(pixels)))}),
        "encode": _of_pixels(lambda pixels: {"codes": model.encoder(prepare(pixels))}),
        "decode": _decode(model.encoder.output_shape[-1], lambda codes: ops.sigmoid(model.decoder(codes))),
        "score": _of_pixels(lambda pixels: {"squared_error": _error(prepare(pixels), model(prepare(pixels)))}),
    }


def of_vae(model, prepare):
    def score(pixels, seed):
        random = Stream(seed)
        x = bernoulli(prepare(pixels), random) if model.binarize else prepare(pixels)
        return {"log_likelihood": model.log_likelihood(x, 50, random)}

    return {
        "reconstruct": _of_pixels(lambda pixels: {"images": _flat(model(prepare(pixels)))}),
        "encode": _of_pixels(lambda pixels: {"codes": model.encode(prepare(pixels))[0]}),
        "decode": _decode(model.latent, lambda codes: ops.sigmoid(model.decoder(codes))),
        "sample": _sample(model.sample),
        "score": Endpoint(score, (*_PIXELS, _scalar("seed")), lambda x: (x, 7)),
    }


def of_gan(model, prepare):
    return {
        "sample": _sample(model.sample),
        "decode": _decode(model.latent, lambda codes: ops.sigmoid(model.generator(codes, training=False))),
        "score": _of_pixels(lambda pixels: {"realness": ops.sigmoid(model(prepare(pixels)))[:, 0]}),
    }


def of_rbm(model, prepare):
    def flat(pixels):
        return ops.reshape(prepare(pixels), (-1, model.size))

    return {
        "reconstruct": _of_pixels(lambda pixels: {"images": _flat(model(prepare(pixels)))}),
        "encode": _of_pixels(lambda pixels: {"codes": model.hidden(flat(pixels))}),
        "decode": _decode(model.layer.units, lambda codes: ops.sigmoid(model.visible(codes))),
        "sample": _sample(lambda count, random: model.sample(count, random, turns=500)),
        "score": _of_pixels(lambda pixels: {"free_energy": model.free_energy(flat(pixels))}),
    }


def of_classifier(model, prepare):
    def classify(pixels):
        probabilities = ops.softmax(model(prepare(pixels), training=False))
        return {"digit": tf.argmax(probabilities, axis=-1, output_type="int32"), "probabilities": probabilities}

    files = tf.TensorSpec((None,), tf.string, name="images")
    ways = {
        "classify": _of_pixels(classify),
        "encoded": Endpoint(lambda contents: classify(ink.digits(contents)), (files,), images.files),
    }
    if hasattr(model, "codes"):
        ways["encode"] = _of_pixels(lambda pixels: {"codes": model.codes(prepare(pixels))})
    return ways


def _of_pixels(function):
    return Endpoint(function, _PIXELS)


def _decode(size, function):
    spec = tf.TensorSpec((None, size), tf.float32, name="codes")
    codes = np.random.default_rng(0).normal(size=(32, size)).astype("float32")
    return Endpoint(lambda codes: {"images": _flat(function(codes))}, (spec,), lambda x: (codes[: len(x)],))


def _sample(draw):
    @tf.function
    def sample(count, seed):
        few = tf.debugging.assert_less_equal(count, LIMIT, f"`count` must be at most {LIMIT}")
        # Else the drawing begins beside the check, and a million images fill the memory before it ends.
        with tf.control_dependencies([few]):
            count = tf.identity(count)
        return {"images": _flat(draw(count, Stream(seed)))}

    return Endpoint(sample, (_scalar("count"), _scalar("seed")), lambda x: (len(x), 7))


def _scalar(name):
    return tf.TensorSpec((), tf.int32, name=name)


def _flat(x):
    """(N, 28, 28) of any shape that holds as many numbers."""
    return ops.reshape(x, (-1, 28, 28))


def _error(x, y):
    return ops.sum(ops.reshape(ops.square(x - y), (-1, 28 * 28)), axis=-1)
