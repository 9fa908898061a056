"""The rows of a batch that are one worker's, while a step of several workers is traced.

    rows of the batch      0 .. first | first .. first + mine | .. rows
                           others'      this worker's           others'

Every worker draws for all rows and takes those of its own, so that what is drawn for a row doesn't depend on how
many workers there are. A worker that has no row of a short batch computes with one that counts nothing.
"""

from contextlib import contextmanager

# Of TensorFlow's collectives: not one of those that its strategies number from 1.
_GROUP = 7919
_entered: list = []


class Share:
    """One worker's part in a step.

    Args:
        workers: how many there are.
        mine, first, rows: scalar int64 tensors, as above.
        key: of the step's first collective; the same on all workers, and another for each function that is traced.
        wait: seconds after which a collective fails.
    """

    def __init__(self, workers, mine, first, rows, key, wait):
        self.workers, self.mine, self.first, self.rows, self.key, self.wait = workers, mine, first, rows, key, wait

    def sum(self, x):
        """The sum of `x` over the workers, the same bits on each. No gradient passes."""
        self.key += 1
        return all_reduce(x, self.workers, self.key, self.wait)

    def total(self, x):
        """The sum over the workers of what they compute from their rows, with a gradient.

        A worker's loss is a mean over its rows, and its gradient will count `mine / rows` of the whole: so

            d x  =  1 / mine * sum over the workers of mine * d total
        """
        import tensorflow as tf

        count = tf.cast(self.mine, x.dtype)

        @tf.custom_gradient
        def total(x):
            return self.sum(x * tf.minimum(count, 1)), lambda d: self.sum(d * count) / tf.maximum(count, 1)

        return total(x)

    def drawn(self, draw, shape):
        """This worker's rows of `draw(shape)` for the rows of all.

        Of what stands several times below each other, as real images and generated ones, it takes its rows each time.
        """
        import tensorflow as tf

        shape = [tf.cast(size, tf.int64) for size in shape]
        here = tf.maximum(self.mine, 1)
        first = tf.minimum(self.first, self.rows - 1)
        times, each = shape[0] // here, shape[1:]
        of_all = draw(tf.stack([times * self.rows, *each]))
        of_all = tf.reshape(of_all, tf.stack([times, self.rows, *each]))
        return tf.reshape(of_all[:, first : first + here], tf.stack(shape))


@contextmanager
def entered(share):
    """Within it, layers and models compute as that worker."""
    _entered.append(share)
    try:
        yield share
    finally:
        _entered.pop()


def current():
    """The `Share` that is entered, or None."""
    return _entered[-1] if _entered else None


def drawn(draw, shape):
    """`draw(shape)`, whose first axis is that of the batch; of several workers, each gets its own rows.

    A size that is known when the step is traced isn't that of the batch: what has it is the same on all workers.
    """
    share = current()
    if share is None or not len(shape) or isinstance(shape[0], int):
        return draw(shape)
    return share.drawn(draw, shape)


def all_reduce(x, workers, key, wait):
    """The sum of a tensor over the processes of TensorFlow's cluster."""
    import tensorflow as tf

    with tf.device("CPU:0"):
        return tf.raw_ops.CollectiveReduceV2(
            input=x,
            group_size=workers,
            group_key=_GROUP,
            instance_key=key,
            ordering_token=[],
            merge_op="Add",
            final_op="Id",
            communication_hint="ring",
            timeout_seconds=wait,
        )
