"""What a model takes of the machine's memory, known before it is taken: too large a model would be killed unheard."""

import math
from contextlib import contextmanager

import keras
import psutil

from tfnotes.callbacks._layers import inside
from tfnotes.errors import InputError

# A weight, its gradient, and what an optimizer such as Adam keeps of both moments, in float32.
_TRAINED = 4 * 4
# What a layer gives, and the gradient of it.
_GIVEN = 2 * 4


@contextmanager
def bounded(owner):
    """Within it, a model that is built may ask for no more weights than can be trained here.

    Args:
        owner: the task's name.

    Raises:
        InputError: it asks for more, before it has them.
    """
    add_weight, asked = keras.Layer.add_weight, 0

    def counted(layer, shape=None, *args, **kwargs):
        nonlocal asked
        asked += math.prod(size or 1 for size in (shape if isinstance(shape, (tuple, list)) else [shape]))
        _refuse_more(owner, asked * _TRAINED, f"{layer.name}, up to which it has {asked:,} weights")
        return add_weight(layer, shape, *args, **kwargs)

    keras.Layer.add_weight = counted
    try:
        yield
    finally:
        keras.Layer.add_weight = add_weight


def check_batch(owner, model, batch_size):
    """Refuses a batch whose way through a model's layers takes more memory than the machine has.

    Args:
        owner: the task's name.
        model: a model; one that doesn't tell its shapes is let through.
        batch_size: of the largest batch.

    Raises:
        InputError: it takes more.
    """
    total = batch_size * sum(map(_given, inside(model).values())) * _GIVEN
    _refuse_more(owner, total, f"batches of {batch_size:,}, which take {total / 2**30:,.0f} GiB between the layers")


def _given(layer):
    try:
        outputs = keras.tree.flatten(layer.output)
    # A layer that isn't part of a functional model, or is in two places, has no one output.
    except (AttributeError, ValueError):
        return 0
    return sum(math.prod(size or 1 for size in output.shape[1:]) for output in outputs)


def _refuse_more(owner, needed, received):
    has = psutil.virtual_memory().total
    if needed > has:
        raise InputError(
            f"{owner}: the options must give a model that can be trained in this machine's {has / 2**30:.0f} GiB. "
            f"Received: {received}."
        )
