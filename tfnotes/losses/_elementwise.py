"""What the losses share that compare targets and predictions element by element."""

from keras import ops

from tfnotes.losses._crossentropy import check_targets


def matched(owner, y_true, y_pred):
    """Targets and predictions of one shape.

    As in Keras a last axis of size 1 is put in or taken out where one of the two lacks it: targets `(n,)` fit
    predictions `(n, 1)`.
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    if len(y_true.shape) > len(y_pred.shape):
        y_true, y_pred = _same_rank(y_true, y_pred)
    else:
        y_pred, y_true = _same_rank(y_pred, y_true)
    check_targets(owner, y_true.shape, y_pred.shape)
    return y_true, y_pred


def _same_rank(long, short):
    if len(long.shape) != len(short.shape) + 1 or long.shape[-1] != 1:
        return long, short
    if len(short.shape) == 1:
        return long, ops.expand_dims(short, -1)
    return ops.squeeze(long, -1), short
