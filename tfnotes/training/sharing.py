"""A model's steps, as one of several workers takes them.

    each batch             is cut into as many parts as there are workers, as like as can be
    gradient               = sum over the workers of rows of the part / rows of the batch * its gradient: one flat sum
    a metric's sums        += the sum over the workers of what the step has added to them

Each worker begins with the chief's variables and takes the same steps, so that they stay alike, to the last bit.
"""

import functools

import keras
import tensorflow as tf

from tfnotes import _share, layers
from tfnotes.callbacks._layers import inside
from tfnotes.errors import InputError

_PARTS = ("mine", "first", "rows")


def check(owner, model):
    """Refuses a model that several workers would train otherwise than one.

    Raises:
        InputError: says why.
    """
    reason = getattr(model, "alone", "")
    for name, layer in inside(model).items():
        if isinstance(layer, keras.layers.BatchNormalization):
            reason = reason or f"`{name}` is Keras's BatchNormalization: tfnotes.layers has one for several workers"
    if reason:
        raise InputError(f"{owner}: `workers` must be 1 for this model. {reason}.")


def share(model, cluster, batch):
    """Makes a compiled model's steps those of one worker; it takes the batches of which `part` gives its own.

    Args:
        model: a Keras model.
        cluster: a started `tfnotes.training.cluster.Cluster`.
        batch: any of those batches.
    """
    *batch, _ = batch
    if len(batch) > 1:
        # Else Keras would make the metrics' variables inside the first step.
        x, y, weights = keras.utils.unpack_x_y_sample_weight(tuple(batch))
        model.compute_metrics(x, y, model(x, training=False), weights)
        model.reset_metrics()
    for layer in inside(model).values():
        if isinstance(layer, layers.BatchNormalization):
            layer.synchronized = True
    for optimizer in getattr(model, "optimizers", None) or [model.optimizer]:
        optimizer.apply = _averaged(optimizer.apply)
    for name in ("train_step", "test_step"):
        setattr(model, name, _shared(model, cluster, getattr(model, name)))


def part(cluster):
    """A function from a batch, or the numbers of its rows, to this worker's part, with what `share` must know of it.

    It takes tensors, or structures of some, whose first axis is the batch's, and gives as many and a dict.
    """

    def own(*batch):
        rows = tf.shape(keras.tree.flatten(batch)[0], tf.int64)[0]
        mine = rows // cluster.size + tf.cast(cluster.rank < rows % cluster.size, tf.int64)
        first = cluster.rank * (rows // cluster.size) + tf.minimum(tf.cast(cluster.rank, tf.int64), rows % cluster.size)
        # Who has none takes the last one, which counts nothing.
        start, end = tf.minimum(first, rows - 1), tf.maximum(first + mine, tf.minimum(first + 1, rows))
        found = keras.tree.map_structure(lambda x: x[start:end], batch)
        return (*found, dict(zip(_PARTS, (mine, first, rows), strict=True)))

    return own


def _shared(model, cluster, step):
    key = cluster.room()

    @functools.wraps(step)
    def shared(data):
        if not (isinstance(data, tuple) and isinstance(data[-1], dict) and set(data[-1]) == set(_PARTS)):
            return step(data)
        *batch, part = data
        mine, first, rows = (part[name] for name in _PARTS)
        own = _share.Share(cluster.size, mine, first, rows, key, cluster.wait)
        with _share.entered(own):
            before = [tf.convert_to_tensor(v) for v in _sums(model)]
            logs = step(tuple(batch) if len(batch) > 1 else batch[0])
            _add_up(own, before, _sums(model))
        # Figures that the step gives beside its metrics', such as a stage, are the same on all.
        return {**logs, **{name: value for name, value in model.get_metrics_result().items() if name in logs}}

    return shared


def _sums(model):
    return [variable for metric in model.metrics for variable in metric.variables]


def _add_up(own, before, variables):
    """Metrics add up what they see of each batch: so a sum over the workers is that of the whole batch."""
    if not variables:
        return
    counts = tf.cast(tf.minimum(own.mine, 1), tf.float64)
    old = [tf.cast(v, tf.float64) for v in before]
    new = [(tf.cast(tf.convert_to_tensor(v), tf.float64) - o) * counts for v, o in zip(variables, old, strict=True)]
    for variable, o, added in zip(variables, old, _unflat(own.sum(_flat(new)), new), strict=True):
        variable.assign(tf.cast(o + added, variable.dtype))


def _averaged(apply):
    @functools.wraps(apply)
    def averaged(gradients, variables=None):
        own = _share.current()
        if own is None:
            return apply(gradients, variables)
        gradients = list(gradients)
        known = [k for k, g in enumerate(gradients) if g is not None]
        for dtype in sorted({gradients[k].dtype.name for k in known}):
            of_type = [k for k in known if gradients[k].dtype.name == dtype]
            # What was looked up comes as slices, of other rows on each worker.
            dense = [tf.convert_to_tensor(gradients[k]) for k in of_type]
            weight = tf.cast(own.mine, dtype) / tf.cast(own.rows, dtype)
            for k, g in zip(of_type, _unflat(own.sum(_flat(dense) * weight), dense), strict=True):
                gradients[k] = g
        return apply(gradients, variables)

    return averaged


def _flat(tensors):
    return tf.concat([tf.reshape(t, [-1]) for t in tensors], 0)


def _unflat(flat, like):
    pieces = tf.split(flat, [t.shape.num_elements() for t in like])
    return [tf.reshape(piece, t.shape) for piece, t in zip(pieces, like, strict=True)]
