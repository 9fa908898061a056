"""Data as a stream, read once: an array, a memory map, a batched `tf.data.Dataset`, an iterable of batches.

Nothing but one block is held, so that data larger than memory work. The blocks' borders don't depend on
how the data came in batches, so neither do the results.
"""

import itertools

import keras
import numpy as np

from tfnotes import _checks

# Numbers in a block: 4 MB of float64, which stay in the cache while they are worked on.
BLOCK = 2**19


class Stream:
    """Batches of `data`, as NumPy arrays of their own dtype, and the shape that they have.

    Args:
        owner: named in errors.
        data: a batch's examples stand along its first axis; of tuples the first entry is taken.

    Attributes:
        shape: of the batches, the batch size None.
        dtype: of the batches.
    """

    def __init__(self, owner, data):
        self.owner = owner
        if hasattr(data, "element_spec"):
            spec = data.element_spec[0] if isinstance(data.element_spec, tuple) else data.element_spec
            # As Keras does: a dataset of vectors isn't batched yet.
            data = _rows(owner, data) if getattr(spec, "shape", None) is not None and spec.shape.rank == 1 else data
        elif isinstance(data, keras.utils.PyDataset):
            data = _items(owner, data)
        elif hasattr(data, "shape") and sliced(data) and len(data.shape):
            data = _slices(data)
        elif hasattr(data, "shape") or not hasattr(data, "__iter__") or isinstance(data, (str, bytes, dict)):
            _checks.refuse(owner, "data", "an array, a batched dataset or an iterable of batches", type(data))
        # Batches without examples tell nothing, not even that there are no data.
        batches = (batch for batch in map(self._batch, data) if len(batch))
        first = next(batches, None)
        if first is None:
            _checks.refuse(owner, "data", "at least one batch", "nothing")
        self.shape, self.dtype = (None, *first.shape[1:]), first.dtype
        self._batches = itertools.chain([first], batches)

    @property
    def narrow(self):
        """Whether the numbers are floats of no more than float32, so that float32 holds them."""
        return self.dtype.kind == "f" and self.dtype.itemsize <= 4

    def __iter__(self):
        for batch in self._batches:
            if (None, *batch.shape[1:]) != self.shape:
                _checks.refuse(self.owner, "data", f"batches of one shape, {self.shape}", batch.shape)
            if batch.dtype != self.dtype:
                _checks.refuse(self.owner, "data", f"batches of one dtype, {self.dtype}", str(batch.dtype))
            yield batch

    def blocks(self, matrix, rows=None, single=False):
        """The stream as matrices of float64, all with `rows` rows but for the last.

        A block is only valid until the next one is asked for, and may be changed.

        Args:
            matrix: gives the matrix of a batch, a row for each observation.
            rows: Default so many that a block has about `BLOCK` numbers.
            single: whether float32 data, and narrower floats, come as float32.
        """
        block, filled, count = np.empty((0, 0)), 0, 0
        for batch in self:
            source, taken = matrix(batch), 0
            count += source.size
            if not block.size:
                rows = rows or max(1, BLOCK // max(1, source.shape[1]))
                block = np.empty((rows, source.shape[1]), "float32" if single and self.narrow else "float64")
            while taken < len(source):
                part = source[taken : taken + rows - filled]
                block[filled : filled + len(part)] = part
                filled, taken = filled + len(part), taken + len(part)
                if filled == rows:
                    yield self._finite(block)
                    filled = 0
        if not count:
            _checks.refuse(self.owner, "data", "at least one number", f"batches of shape {self.shape}")
        if filled:
            yield self._finite(block[:filled])

    def _finite(self, block):
        # A sum in the block's own precision is quick; one that overflows is taken again.
        if not np.isfinite(block.sum()) and not np.isfinite(block.sum(dtype="float64")):
            _checks.refuse(self.owner, "data", "finite numbers throughout", "NaN, infinity or an overflow")
        return block

    def _batch(self, batch):
        batch = batch[0] if isinstance(batch, tuple) else batch
        if not hasattr(batch, "shape"):
            _checks.refuse(self.owner, "data", "arrays, or batches that are arrays", type(batch))
        batch = batch if isinstance(batch, np.ndarray) else keras.ops.convert_to_numpy(batch)
        if batch.ndim == 0 or not real(batch.dtype):
            _checks.refuse(
                self.owner, "data", "arrays of real numbers", f"{batch.dtype} of shape {batch.shape}"
            )
        if np.ma.is_masked(batch):
            _checks.refuse(self.owner, "data", "arrays without a mask", "masked numbers")
        return batch


def real(dtype):
    """Whether a NumPy dtype is one of real numbers; bfloat16 is a void to NumPy, of a type of its own."""
    return dtype.kind in "biuf" or (dtype.kind == "V" and dtype.type is not np.void)


def sliced(data):
    """Whether parts of it are numbers: not of a symbol, nor of a sparse tensor."""
    return hasattr(data, "__getitem__") and not isinstance(data, keras.KerasTensor)


def _items(owner, dataset):
    for k in range(len(dataset)):
        try:
            item = dataset[k]
        except (IndexError, StopIteration):
            _checks.refuse(owner, "data", f"{len(dataset)} batches, as many as its length says", f"{k} batches")
        yield item


def _rows(owner, dataset):
    import tensorflow as tf

    try:
        yield from dataset.batch(128)
    except tf.errors.InvalidArgumentError as error:
        if "Cannot batch tensors" not in str(error):
            raise
        _checks.refuse(owner, "data", "vectors of one length, where a dataset gives one at a time", "several lengths")


def _slices(array):
    count = max(1, BLOCK // max(1, int(np.prod(array.shape[1:]))))
    for start in range(0, array.shape[0], count):
        yield array[start : start + count]
