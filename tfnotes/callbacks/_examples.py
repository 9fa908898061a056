"""Examples that callbacks look at: an array, several inputs, or a `tf.data.Dataset`."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks

# Examples looked at in one go.
BATCH = 250
_EXPECTED = "examples as the model takes them: an array, a list or dict of arrays, or a tf.data.Dataset"


class Examples:
    """Examples, given in batches.

    Args:
        owner: the callback, named in errors.
        x: an array; a list, tuple or dict of arrays, for several inputs; or a batched `tf.data.Dataset` that ends,
            of x alone or of `(x, y)`, which is read anew each time.

    Raises:
        InputError: it is none of them, or is empty, or its arrays are of different lengths.
    """

    def __init__(self, owner, x):
        self._owner = owner
        x = getattr(x, "examples", x)
        self._x: Any = x._x if isinstance(x, Examples) else _checked(owner, x)

    def __len__(self):
        return _length(keras.tree.flatten(self.whole())[0])

    def whole(self):
        """All of them, as arrays."""
        return _together([x for x, _ in _pairs(self._x)]) if isinstance(self._x, tf.data.Dataset) else self._x

    def check(self, model):
        """Refuses a model that takes other shapes."""
        _fits(self._owner, model, self.whole())

    def batches(self, model):
        """Batches as the model takes them.

        Raises:
            InputError: the model takes other shapes.
        """
        batches = (x for x, _ in _pairs(self._x)) if isinstance(self._x, tf.data.Dataset) else _cut(self._x)
        for k, batch in enumerate(batches):
            if k == 0:
                _fits(self._owner, model, batch)
            yield batch


def labelled(owner, x, y=None):
    """Examples with their targets, in one order.

    Args:
        owner: the callback, named in errors.
        x: as of `Examples`, or `tfnotes.callbacks.Predictions`.
        y: arrays with a row for each example; None for those that stand in the dataset `x`.

    Returns:
        A pair of what `predicted` takes, and of arrays.
    """
    if isinstance(x, tf.data.Dataset):
        pairs = list(_pairs(_checked(owner, x)))
        x = _together([x for x, _ in pairs])
        if y is None and all(part is not None for _, part in pairs):
            y = _together([part for _, part in pairs])
    if y is None:
        _checks.refuse(owner, "y", "the examples' targets, unless `x` is a tf.data.Dataset of (x, y)", y)
    examples = x if hasattr(x, "examples") else Examples(owner, x)
    y = keras.tree.map_structure(np.asarray, y) if isinstance(y, dict) or _several(y) else np.asarray(y)
    for part in keras.tree.flatten(y):
        if part.ndim == 0 or len(part) != len(examples):
            _checks.refuse(owner, "y", f"a target for each of the {len(examples)} examples", part.shape)
    return examples, y


def classes(owner, x, y=None):
    """As `labelled`, of targets that are classes, integers of shape `(n,)`."""
    examples, y = labelled(owner, x, y)
    right = isinstance(y, np.ndarray) and (y.ndim == 1 or y.shape[1:] == (1,)) and y.dtype.kind in "biuf"
    if not right or not np.array_equal(y, y.astype("int64")) or y.min() < 0:
        _checks.refuse(owner, "y", "classes, integers of shape (n,)", _described(y))
    return examples, y.reshape(-1).astype("int64")


def _checked(owner, x):
    if isinstance(x, tf.data.Dataset):
        if x.cardinality() in (tf.data.INFINITE_CARDINALITY, 0):
            _checks.refuse(owner, "x", "a tf.data.Dataset that ends, and holds examples", x)
        return x
    if isinstance(x, dict) or _several(x):
        x = keras.tree.map_structure(lambda part: _array(owner, part), x)
    else:
        x = _array(owner, x)
    lengths = {_length(part) for part in keras.tree.flatten(x)}
    if len(lengths) != 1 or 0 in lengths:
        expected = "one example at least, and as many of each input"
        _checks.refuse(owner, "x", expected, [part.shape for part in keras.tree.flatten(x)])
    return x


def _several(x):
    return isinstance(x, (list, tuple)) and any(len(getattr(part, "shape", ())) for part in x)


def _array(owner, x):
    if isinstance(x, (tf.Tensor, tf.RaggedTensor)) and x.shape.rank:
        return x
    found = None if x is None or isinstance(x, (str, bytes)) else np.asarray(x)
    text = found is not None and found.dtype == object and all(isinstance(v, (str, bytes)) for v in found.flat)
    if found is None or found.ndim == 0 or (found.dtype == object and not text):
        _checks.refuse(owner, "x", _EXPECTED, x)
    return found


def _length(x):
    return int(x.shape[0])


def _cut(x):
    for k in range(0, _length(keras.tree.flatten(x)[0]), BATCH):
        yield keras.tree.map_structure(lambda part, k=k: _tensor(part[k : k + BATCH]), x)


def _tensor(x):
    return x if isinstance(x, tf.RaggedTensor) else tf.convert_to_tensor(x)


def _pairs(dataset):
    for batch in dataset:
        x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
        yield x, y


def _together(parts):
    return keras.tree.map_structure(lambda *batches: np.concatenate([np.asarray(b) for b in batches]), *parts)


def _fits(owner, model, batch):
    """Refuses a batch whose shapes aren't those of the model's inputs, where it knows them."""
    inputs = getattr(model, "inputs", None)
    if not inputs:
        return
    if isinstance(batch, dict):
        named = {tensor.name: tensor for tensor in inputs}
        pairs = [(batch[name], tensor) for name, tensor in named.items() if name in batch]
    else:
        parts = keras.tree.flatten(batch)
        pairs = list(zip(parts, inputs, strict=True)) if len(parts) == len(inputs) else []
    if not pairs or any(not _suits(part.shape, tensor.shape) for part, tensor in pairs):
        shapes = ", ".join(str(tuple(tensor.shape)) for tensor in inputs)
        _checks.refuse(owner, "x", f"what {model.name} takes, of shape {shapes}", _described(batch))


def _suits(shape, wanted):
    # Keras puts a last axis of 1 to examples that lack it, and takes one away.
    wanted, shape = tuple(wanted), tuple(shape)
    fitting = (wanted, (*wanted, 1), wanted[:-1] if wanted[-1:] in ((1,), (None,)) else wanted)
    return any(
        len(shape) == len(w) and all(None in pair or pair[0] == pair[1] for pair in zip(shape, w, strict=True))
        for w in fitting
    )


def _described(x):
    described = keras.tree.map_structure(lambda part: f"shape {tuple(part.shape)}", x)
    return described if not isinstance(x, np.ndarray) or x.ndim != 1 else x[:5].tolist()
