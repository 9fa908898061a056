"""ONNX by tf2onnx: one file for each endpoint, of any batch and length."""

import logging

import tensorflow as tf

from tfnotes import extras
from tfnotes.serving.endpoints import axes

ENDING = ".onnx"
_OPSET = 18


def check():
    """Refuses to go on without the extra `onnx`."""
    for module in ("onnx", "tf2onnx", "onnxruntime"):
        extras.needed(module, "onnx", "export: the format onnx needs")


def convert(signature):
    """A SavedModel's signature as an ONNX file's bytes.

    Raises:
        ValueError: an operation isn't ONNX's; tf2onnx alone would write a broken file.
    """
    import tf2onnx

    logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)
    specs = signature.structured_input_signature[1]
    names = list(specs)

    @tf.function(input_signature=[specs[name] for name in names])
    def function(*inputs):
        return signature(**dict(zip(names, inputs, strict=True)))

    tensorflow = logging.getLogger("tensorflow")
    tensorflow.addFilter(_matters)
    try:
        model, _ = tf2onnx.convert.from_function(function, [specs[name] for name in names], opset=_OPSET)
    finally:
        tensorflow.removeFilter(_matters)
    known = {"", "ai.onnx", "ai.onnx.ml", *(imported.domain for imported in model.opset_import)}
    foreign = sorted({node.op_type for node in model.graph.node if node.domain not in known})
    if foreign:
        raise ValueError(f"ONNX has no {', '.join(foreign)}")
    _name_axes(model.graph, {**specs, **signature.structured_outputs})
    return model.SerializeToString()


def _matters(record):
    """Whether a word of TensorFlow's matters: what initializes the vocabulary's table isn't converted anyway."""
    return not record.getMessage().startswith("Issue encountered when serializing")


def _name_axes(graph, specs):
    """Axes are as long as the signature says, and open ones are called by what they are; tf2onnx numbers those."""
    for value in (*graph.input, *graph.output):
        shape = value.type.tensor_type.shape
        del shape.dim[:]
        for size in axes(specs[value.name].shape):
            shape.dim.add(**{"dim_param" if isinstance(size, str) else "dim_value": size})
