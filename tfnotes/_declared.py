"""What a task declares: what stands in for what it leaves out, and what is refused."""

from collections.abc import Mapping

from tfnotes import _checks


def adam(learning_rate):
    """Adam, what trains a task that names no optimizer."""
    from tfnotes import optimizers

    return optimizers.Adam(learning_rate)


def crossentropy():
    """The loss of a classifier that gives logits."""
    from tfnotes import losses

    return losses.SparseCategoricalCrossentropy(from_logits=True)


def accuracy():
    """The metrics of a classifier."""
    import keras

    return [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]


def as_is(x):
    """The preparation of examples that models take as they are stored."""
    return x


def check(task, recipe, defaults):
    """Refuses a task's declaration that can't be right.

    Args:
        task: the `tfnotes.task.Task`.
        recipe, defaults: the classes `Recipe` and `Defaults`.
    """
    owner = task.name if isinstance(task.name, str) and task.name else "Task"
    if not isinstance(task.name, str) or not task.name:
        _checks.refuse(owner, "name", "a text", task.name)
    if isinstance(task.labels, str) or not all(isinstance(label, str) for label in task.labels):
        _checks.refuse(owner, "labels", "a tuple of texts, the names of the classes", task.labels)
    for argument in ("sources", "models"):
        given = getattr(task, argument)
        if not isinstance(given, Mapping) or not given:
            _checks.refuse(owner, argument, "a dict with one entry at least", given)
        for key, value in given.items():
            if not callable(value) and not (argument == "models" and isinstance(value, recipe)):
                _checks.refuse(owner, f"{argument}[{key!r}]", "a function", value)
    if not isinstance(task.defaults, defaults):
        _checks.refuse(owner, "defaults", "a tfnotes.task.Defaults", task.defaults)
    functions = ("optimizer", "loss", "metrics", "endpoints", "prepare", "fit", "select", "shows", "measure")
    for argument in (*functions, "reject", "decode", "picture"):
        value = getattr(task, argument)
        if not callable(value) and (value is not None or argument in ("optimizer", "loss", "metrics")):
            _checks.refuse(owner, argument, "a function", value)
