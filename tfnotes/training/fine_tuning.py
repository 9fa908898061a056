"""A network that another run has trained, adapted to other examples."""

from fnmatch import fnmatchcase

from tfnotes.errors import InputError


def freeze(owner, model, patterns):
    """Keeps layers as they are in training; call it before the model is compiled.

    Args:
        owner: the task's name.
        model: a model.
        patterns: such as "conv*", of names of its layers.

    Raises:
        InputError: a pattern matches no layer.
    """
    for pattern in patterns:
        matched = [layer for layer in model.layers if fnmatchcase(layer.name, pattern)]
        if not matched:
            names = ", ".join(layer.name for layer in model.layers)
            raise InputError(f"{owner}: `freeze` must match a layer of {names}. Received: {pattern!r}.")
        for layer in matched:
            layer.trainable = False


def start_from(owner, model, run):
    """Gives a model the weights of a run's model, layer by layer, where names and shapes agree.

    Args:
        owner: the task's name.
        model: a model.
        run: a `tfnotes.training.run.Run` with a finished epoch.

    Raises:
        InputError: a frozen layer has no counterpart there, or no layer has.
    """
    theirs = {layer.name: layer.get_weights() for layer in run.model().layers}
    copied = 0
    for layer in (layer for layer in model.layers if layer.weights):
        found = theirs.get(layer.name, [])
        if [w.shape for w in found] == [tuple(w.shape) for w in layer.weights]:
            layer.set_weights(found)
            copied += 1
        elif not layer.trainable:
            raise InputError(f"{owner}: `freeze` must match layers that {run.path} has too. Received: {layer.name!r}.")
    if not copied:
        raise InputError(f"{owner}: `from` must be a run of a like network. Received: {run.path}, with other layers.")
