"""The ways into a classifier's export when its task declares none: what the data and the labels tell.

    examples   as they are stored            ->  index, label, probabilities
    texts      the same, if they are texts
    encoded    image files, resized to the examples' size, if the task's `decode` takes images
    layers     examples or texts  ->  every layer's output
"""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from tfnotes.errors import InputError
from tfnotes.serving import decoders, images, inside, texts
from tfnotes.serving.preparations.resized import LUMA
from tfnotes.serving.resizing import resize, to_bytes
from tfnotes.task import Endpoint, Via

RESIZED = """\
1. What is transparent lies on white; 8 bits a channel; gray as three equal channels.
2. For examples of one channel gray = 0.299 R + 0.587 G + 0.114 B.
3. Resized to {} x {} pixels: each is a mean of the image's, weighted by a triangle around its centre, as wide as a
   pixel's neighbours, or, where the image becomes smaller, as much wider.
4. Rounded, a half to the even one."""


def endpoints(task, recipe, model, prepare, x, reject=None):
    """The endpoints of an export.

    Args:
        task: a `tfnotes.task.Task`.
        recipe: one of its recipes, whose endpoints they are if it declares some.
        model: a trained model.
        prepare: its preparation.
        x: raw examples, as in `Split.x`.
        reject: what the task's `reject` gave, or None.

    Returns:
        A dict of `tfnotes.task.Endpoint`, by name.
    """
    if recipe.endpoints is None:
        return of_classifier(task, model, prepare, x)
    return recipe.endpoints(model, prepare, *([reject] if reject else []))


def of_classifier(task, model, prepare, x):
    """As `endpoints`, derived from the labels, and from the shape and the dtype of the examples.

    Raises:
        InputError: the model doesn't give a score for each label.
    """

    def scores(examples):
        return model(prepare(examples), training=False)

    x = np.asarray(x)
    spec = tf.TensorSpec((None, *x.shape[1:]), tf.string if x.dtype == object else tf.as_dtype(x.dtype))
    name = texts.ENDPOINT if x.dtype == object else "examples"

    def classify(examples):
        probabilities = ops.softmax(scores(examples))
        # Keras's argmax goes through bits, which neither ONNX nor LiteRT has.
        index = tf.argmax(probabilities, axis=-1, output_type="int32")
        return {"index": index, "label": tf.gather(tf.constant(task.labels), index), "probabilities": probabilities}

    shape = tuple(scores(tf.constant(x[:1], spec.dtype)).shape)
    if not task.labels or shape != (1, len(task.labels)):
        raise InputError(
            f"{task.name}: `endpoints` must be given for a model that gives no score for each of the "
            f"{len(task.labels)} labels. Received: endpoints=None, and outputs of shape {(None, *shape[1:])}."
        )
    signature = (tf.TensorSpec(spec.shape, spec.dtype, name=name),)
    found = {name: Endpoint(classify, signature)}
    if decoders.kind(task.decode) == "images":
        if x.dtype != np.uint8 or x.ndim not in (3, 4) or x.shape[3:] not in ((), (1,), (3,)):
            raise InputError(
                f"{task.name}: `endpoints` must be given where files of images are taken for examples that aren't "
                f"uint8 images. Received: endpoints=None, and {x.dtype} of shape {(None, *x.shape[1:])}."
            )
        files = tf.TensorSpec((None,), tf.string, name="images")
        via = Via(name, RESIZED.format(*x.shape[1:3]), known={"name": "resized"})
        found["encoded"] = Endpoint(
            lambda contents: classify(_pixels(contents, x.shape[1:])), (files,), images.files, via=via
        )
    if isinstance(model, keras.Model):
        found["layers"] = inside.endpoint(model, scores, signature)
    return found


def arguments(endpoint, x):
    """What a `tfnotes.task.Endpoint` takes, made of raw examples, as tensors."""
    inputs = endpoint.examples(x) if endpoint.examples else (x,)
    return [tf.constant(value, spec.dtype) for value, spec in zip(inputs, endpoint.signature, strict=True)]


def described(endpoint, signature):
    """What `metadata.json` says of a `tfnotes.task.Endpoint` and of its signature in the SavedModel."""

    def of(name, spec):
        note = {"note": endpoint.notes[name]} if name in endpoint.notes else {}
        return {"shape": axes(spec.shape), "dtype": spec.dtype.name, **note}

    outputs, found = signature.structured_outputs, {}
    if endpoint.via:
        via = endpoint.via
        about = {"endpoint": via.endpoint, "preparation": via.preparation, "files": sorted(via.files())}
        found["via"] = {**about, "known": dict(via.known)} if via.known else about
    return {
        "inputs": {spec.name: of(spec.name, spec) for spec in endpoint.signature},
        "outputs": {name: of(name, outputs[name]) for name in sorted(outputs)},
        **found,
    }


def axes(shape):
    """A `tf.TensorShape` as a list of sizes, with names for the open axes."""
    names = ["batch", "time"] + [f"axis_{k}" for k in range(2, shape.rank or 0)]
    return [name if size is None else size for name, size in zip(names, shape, strict=False)]


def _pixels(contents, shape):
    """Encoded images as uint8 pixels of one shape; what is transparent is taken away by `images.encode` before."""
    channels = shape[2] if len(shape) == 3 else 1

    def one(content):
        image = tf.cast(tf.io.decode_image(content, 3, expand_animations=False), tf.float64)
        if channels == 1:
            image = tf.tensordot(image, tf.constant(LUMA, tf.float64), 1)[:, :, None]
        return to_bytes(resize(image, shape[:2]))

    spec = tf.TensorSpec((*shape[:2], channels), tf.uint8)
    return tf.reshape(tf.map_fn(one, contents, fn_output_signature=spec), (-1, *shape))
