"""LiteRT by TensorFlow's own converter: one file for each endpoint, of one example and, over time, of any length."""

import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import tensorflow as tf

from tfnotes import _quiet, extras
from tfnotes.serving.formats.unsuited import Unsuited

ENDING = ".tflite"

_NEEDS = re.compile(r"(?:TF Select|Flex|Custom) ops: (.*)")


def check():
    """Refuses to go on without the extra `litert`."""
    extras.needed("ai_edge_litert", "litert", "export: the format litert needs")


def convert(signature, quantize=None):
    """A SavedModel's signature as a LiteRT file's bytes, with the signature's names of inputs and outputs.

    Args:
        signature: a concrete function with named inputs and outputs.
        quantize: "dynamic" for weights of 8 bits, "float16" for weights of 16, None for them as they are.

    Raises:
        Unsuited: LiteRT has an operation only with all of TensorFlow inside ("Flex").
    """
    specs = signature.structured_input_signature[1]
    names = list(specs)

    @tf.function(input_signature=[_of_one(specs[name]) for name in names])
    def function(*inputs):
        return signature(**dict(zip(names, inputs, strict=True)))

    concrete = function.get_concrete_function()
    try:
        with _quiet.held(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            content = _converter(concrete, quantize).convert()
    except Exception as error:
        if missing := sorted({name for found in _NEEDS.findall(str(error)) for name in found.split(", ")}):
            raise Unsuited(f"needs {', '.join(missing)}, which LiteRT has only with TensorFlow inside") from error
        raise
    return _named(content, names, sorted(signature.structured_outputs))


def _converter(concrete, quantize):
    # Told of the object that holds the variables, it would lose those that a loop reads.
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    # The signature's lists of steps are of any batch; here it is of one example.
    converter._experimental_default_to_single_batch_in_tensor_list_ops = True
    if quantize:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantize == "float16":
        converter.target_spec.supported_types = [tf.float16]
    return converter


def _of_one(spec):
    return tf.TensorSpec([1, *spec.shape[1:]] if spec.shape.rank else [], spec.dtype, spec.name)


def _named(content, inputs, outputs):
    """With a signature, which the converter writes only where it loses the loops' variables."""
    from ai_edge_litert import schema_py_generated as schema
    from ai_edge_litert.tools import flatbuffer_utils

    model = flatbuffer_utils.convert_bytearray_to_object(content)
    graph = model.subgraphs[0]

    def tensors(names, indices):
        return [schema.TensorMapT(name, int(index)) for name, index in zip(names, indices, strict=True)]

    given, taken = tensors(inputs, graph.inputs), tensors(outputs, graph.outputs)
    model.signatureDefs = [schema.SignatureDefT(given, taken, b"serving_default", 0)]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))
