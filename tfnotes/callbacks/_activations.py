"""What the layers of a model give for examples, for the callbacks that look inside."""

import keras
import numpy as np

from tfnotes.callbacks._inference import inference
from tfnotes.errors import InputError


class Activations:
    """The outputs of a model's layers, in inference.

    Args:
        owner: the callback, named in errors.
        model: one that knows its inputs, as a functional or sequential one does.
        wanted: of a layer, whether its output is wanted.

    Attributes:
        layers: those of the model itself, in its order; a model among them counts as one layer, one that stands
            in several places counts where it stands first, and one that stood in another model before is left out.

    Raises:
        InputError: the model doesn't know its inputs.
    """

    def __init__(self, owner, model, wanted):
        if not getattr(model, "inputs", None):
            raise InputError(
                f"{type(owner).__name__}: `model` must know its inputs, as a functional or sequential one does. "
                f"Received: {type(model).__name__}."
            )
        self.layers = [layer for layer in model.layers if wanted(layer) and _stands_in(model, layer)]
        # A model needs outputs, also if nobody asks for them.
        self._outputs = inference(
            keras.Model(model.inputs, [layer.output for layer in self.layers] or model.inputs)
        )

    def batches(self, x):
        """For each batch of `x` the output of each layer, as a list of arrays."""
        if self.layers:
            for outputs in self._outputs(x):
                yield [output.numpy() for output in keras.tree.flatten(outputs)]


def function_of(layer):
    """The name of the function that a layer's output went through last, such as "relu" or "linear"."""
    function = getattr(layer, "activation", None) or layer
    return getattr(function, "__name__", type(function).__name__).lower()


def by_unit(layer, output):
    """A layer's output as a matrix: a column for each unit or map, a row for each place it was computed at."""
    first = getattr(layer, "data_format", None) == "channels_first" and output.ndim > 2
    output = np.moveaxis(output, 1, -1) if first else output
    return output.reshape(-1, output.shape[-1])


def _stands_in(model, layer):
    if isinstance(layer, keras.layers.InputLayer):
        return False
    # Keras alone knows of which model an output is part.
    try:
        keras.Model(model.inputs, layer.output)
    except (AttributeError, ValueError):
        return False
    return isinstance(layer.output, keras.KerasTensor)
