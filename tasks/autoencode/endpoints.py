"""The ways into an exported model: encode, decode, reconstruct, sample, classify, score, layers.

Images go in as raw pixels, 0 to 255 of shape (N, 28, 28), and come out as intensities, 0 to 1. All ways but those of
image files and of random draws are of numbers alone: `decode` draws what its codes say.
"""

import numpy as np
import tensorflow as tf
from keras import ops

from tfnotes.models._random import Stream, bernoulli
from tfnotes.serving import images, inside
from tfnotes.serving.sample import LIMIT
from tfnotes.task import Endpoint, Via
from tfnotes_tasks import mnist
from tfnotes_tasks.mnist import ink

_PIXELS = (tf.TensorSpec((None, 28, 28), tf.uint8, name="pixels"),)
NOTES = {
    **mnist.NOTES,
    "images": "28 x 28 intensities, from 0 for paper to 1 for ink; of a model of binary pixels their chances of ink",
    "codes": "what the model makes of an image; `decode` makes an image of any such numbers",
    "realness": "how sure the discriminator is, from 0 to 1, that the image isn't drawn",
    "free_energy": "the lower, the likelier the image; up to a constant that all images share",
    "seed": "the same seed draws the same",
}
NORMAL = Via(
    "decode",
    "Draw each number of `codes` from the normal distribution of mean 0 and variance 1.",
    known={"name": "normal"},
)
DIGITS = Via("classify", ink.RULES, known={"name": "digits"})
TURNS = 500
GIBBS = Via(
    "decode",
    f"Begin with `codes` of 0 and 1 at equal chances; then take {TURNS} turns of: `decode`, draw each pixel as 255 "
    "at the chance that `images` says, else 0; `encode`, draw each number of `codes` as 1 at the chance that it says, "
    "else 0. The answer is the `images` of the last turn.",
    known={"name": "gibbs", "turns": TURNS, "encode": "encode"},
)


def of_autoencoder(model, prepare):
    return {
        "reconstruct": _of_pixels(lambda pixels: {"images": _flat(model(prepare(pixels)))}),
        "encode": _of_pixels(lambda pixels: {"codes": model.encoder(prepare(pixels))}),
        "decode": _decode(model.encoder.output_shape[-1], lambda codes: ops.sigmoid(model.decoder(codes))),
        "score": _of_pixels(lambda pixels: {"squared_error": _error(prepare(pixels), model(prepare(pixels)))}),
        "layers": _layers(model, prepare),
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
        "sample": _sample(model.sample, NORMAL),
        "score": Endpoint(score, (*_PIXELS, _scalar("seed")), lambda x: (x, 7), NOTES),
        "layers": _layers(model, prepare),
    }


def of_gan(model, prepare):
    def draw(codes):
        return ops.sigmoid(model.generator(codes, training=False))

    decode = _decode(model.latent, draw)
    return {
        "sample": _sample(model.sample, NORMAL),
        "decode": decode,
        "score": _of_pixels(lambda pixels: {"realness": ops.sigmoid(model(prepare(pixels)))[:, 0]}),
        # Those of both networks: the discriminator looks at what the generator draws.
        "layers": inside.endpoint(model, lambda codes: model(draw(codes)), decode.signature, decode.examples, NOTES),
    }


def of_rbm(model, prepare):
    def flat(pixels):
        return ops.reshape(prepare(pixels), (-1, model.size))

    return {
        "reconstruct": _of_pixels(lambda pixels: {"images": _flat(model(prepare(pixels)))}),
        "encode": _of_pixels(lambda pixels: {"codes": model.hidden(flat(pixels))}),
        "decode": _decode(model.layer.units, lambda codes: ops.sigmoid(model.visible(codes))),
        "sample": _sample(lambda count, random: model.sample(count, random, turns=TURNS), GIBBS),
        "score": _of_pixels(lambda pixels: {"free_energy": model.free_energy(flat(pixels))}),
        "layers": _layers(model, prepare),
    }


def of_classifier(model, prepare):
    def classify(pixels):
        probabilities = ops.softmax(model(prepare(pixels), training=False))
        return {"digit": tf.argmax(probabilities, axis=-1, output_type="int32"), "probabilities": probabilities}

    files = (tf.TensorSpec((None,), tf.string, name="images"),)
    notes = {**NOTES, "images": mnist.NOTES["images"]}
    ways = {
        "classify": _of_pixels(classify),
        "encoded": Endpoint(lambda contents: classify(ink.digits(contents)), files, images.files, notes, DIGITS),
        "layers": _layers(model, prepare),
    }
    if hasattr(model, "codes"):
        ways["encode"] = _of_pixels(lambda pixels: {"codes": model.codes(prepare(pixels))})
        ways["decode"] = _decode(model.hidden[-1].units, lambda codes: ops.sigmoid(model.visible(codes)))
    return ways


def of_ladder(model, prepare):
    # The decoder's pixels are any numbers, for it takes noise out of any.
    def reconstruct(pixels):
        return {"images": _flat(ops.clip(model.reconstruct(prepare(pixels)), 0, 1))}

    return {**of_classifier(model, prepare), "reconstruct": _of_pixels(reconstruct)}


def _of_pixels(function):
    return Endpoint(function, _PIXELS, notes=NOTES)


def _layers(model, prepare):
    return inside.endpoint(model, lambda pixels: model(prepare(pixels), training=False), _PIXELS, notes=NOTES)


def _decode(size, function):
    spec = tf.TensorSpec((None, size), tf.float32, name="codes")
    codes = np.random.default_rng(0).normal(size=(32, size)).astype("float32")
    return Endpoint(lambda codes: {"images": _flat(function(codes))}, (spec,), lambda x: (codes[: len(x)],), NOTES)


def _sample(draw, via):
    @tf.function
    def sample(count, seed):
        few = tf.debugging.assert_less_equal(count, LIMIT, f"`count` must be at most {LIMIT}")
        # Else the drawing begins beside the check, and a million images fill the memory before it ends.
        with tf.control_dependencies([few]):
            count = tf.identity(count)
        return {"images": _flat(draw(count, Stream(seed)))}

    return Endpoint(sample, (_scalar("count"), _scalar("seed")), lambda x: (len(x), 7), NOTES, via)


def _scalar(name):
    return tf.TensorSpec((), tf.int32, name=name)


def _flat(x):
    """(N, 28, 28) of any shape that holds as many numbers."""
    return ops.reshape(x, (-1, 28, 28))


def _error(x, y):
    return ops.sum(ops.reshape(ops.square(x - y), (-1, 28 * 28)), axis=-1)
