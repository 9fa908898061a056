"""Formats beside the SavedModel, each converted from its signatures, so that the run's model isn't needed.

A format's module has `check()`, which refuses if its extra is missing, `convert(signature, **options)`, which gives a
file's bytes or raises `Unsuited`, and `ENDING`, that of its files: `<format>/<endpoint><ending>` in the export's
folder. What the conversion gives is opened in the format's runtime and asked real examples before it counts.
"""

from importlib import import_module

import tensorflow as tf

from tfnotes.errors import InputError, first_line
from tfnotes.serving import compared, examples, runtimes
from tfnotes.serving.formats.unsuited import Unsuited

ALL = ("saved_model", "onnx", "litert", "keras")

_SIZES = (1, 5, 32)


def module(name):
    """The module of a format that is converted to."""
    return import_module(f"tfnotes.serving.formats.{name}_format")


def obstacle(function):
    """Why a graph can't stand outside of TensorFlow, in words, or None; of outputs some may be strings, which stay.

    Args:
        function: a concrete function of TensorFlow.
    """
    outputs = [tensor.dtype == tf.string for tensor in function.outputs]
    if any(tensor.dtype == tf.string for tensor in function.inputs) or all(outputs):
        return "takes or gives strings"
    graph = function.graph.as_graph_def()
    nodes = (*graph.node, *(node for inner in graph.library.function for node in inner.node_def))
    if any("Random" in node.op or node.op == "Multinomial" for node in nodes):
        return "draws at random"
    return None


def sort(functions):
    """Which endpoints can be converted.

    Args:
        functions: concrete functions of TensorFlow by name.

    Returns:
        A pair of a list of names, and a dict from the others' names to the reason why not.
    """
    reasons = {name: obstacle(function) for name, function in functions.items()}
    return [n for n, reason in reasons.items() if not reason], {n: r for n, r in reasons.items() if r}


def refuse_none(format, good, reasons):
    """Refuses a format in which no endpoint could stand."""
    if not good:
        each = "; ".join(f"{name} {reason}" for name, reason in reasons.items())
        raise InputError(f"export: `format` must suit an endpoint of the model. Received: {format!r}, but {each}.")


def portable(endpoints, converted, report):
    """Which endpoints can be converted; what can't be is told of before anything is written.

    Args:
        endpoints: of type `tfnotes.task.Endpoint`, by name.
        converted: names of formats.
        report: called with one sentence for each endpoint that a format can't hold.

    Returns:
        A list of names.

    Raises:
        InputError: no endpoint suits a format.
    """
    functions, reasons = {}, {}
    for name, endpoint in endpoints.items():
        if any(spec.dtype == tf.string for spec in endpoint.signature):
            reasons[name] = "takes or gives strings"
        else:
            functions[name] = tf.function(endpoint.function).get_concrete_function(*endpoint.signature)
    good, others = sort(functions)
    reasons |= others
    for name in converted:
        refuse_none(name, good, reasons)
        tell(name, good, reasons, report)
    return good


def tell(format, good, reasons, report):
    """Says which endpoints a format can't hold, why, and which it holds."""
    for name, reason in reasons.items():
        report(f"{format}: without the endpoint {name}, which {reason}; with {', '.join(good)}.")


def of_numbers(signature):
    """A signature without its outputs that are strings."""
    kept = [name for name, output in signature.structured_outputs.items() if output.dtype != tf.string]
    if len(kept) == len(signature.structured_outputs):
        return signature
    specs = signature.structured_input_signature[1]

    @tf.function
    def function(**inputs):
        outputs = signature(**inputs)
        return {name: outputs[name] for name in kept}

    return function.get_concrete_function(**specs)


def add(folder, format, signatures, names, report=lambda sentence: None, quantize=None):
    """Converts endpoints of a SavedModel, opens each and compares it; nothing is written if one differs.

    All are converted before one is written. Those that don't suit the format are left out.

    Args:
        folder: that of the version; the files are written to its subfolder of the format's name.
        format: "onnx" or "litert".
        signatures: of the loaded SavedModel, by name.
        names: of the endpoints.
        report: called with one sentence for each endpoint that is left out.
        quantize: for the format litert, as `litert_format.convert` takes it. What rounding does to the answers is
            then measured, and not refused.

    Returns:
        A dict from each name to what `metadata.json` says of it: `difference`, `quantize` if it is, and `without`, if
        there are outputs that the format doesn't hold.

    Raises:
        InputError: an endpoint can't be converted, or answers differently.
    """
    kind, options = module(format), {"quantize": quantize} if quantize else {}
    numbers = {name: of_numbers(signatures[name]) for name in names}
    contents, reasons, found = {}, {}, {}
    for name in names:
        try:
            contents[name] = kind.convert(numbers[name], **options)
        except Unsuited as error:
            reasons[name] = str(error)
        # What a converter can't do it says in exceptions of any kind.
        except Exception as error:
            reason = first_line(error)
            raise InputError(f"export: the endpoint {name} can't be converted to {format} ({reason}).") from error
    refuse_none(format, contents, reasons)
    tell(format, contents, reasons, report)
    (folder / format).mkdir()
    for name, content in contents.items():
        (folder / format / f"{name}{kind.ENDING}").write_bytes(content)
        off = _compared(folder, format, numbers[name], name, examples.of(folder, name), quantize is None)
        found[name] = {"difference": off, **options}
        if strings := sorted(set(signatures[name].structured_outputs) - set(numbers[name].structured_outputs)):
            found[name]["without"] = strings
    return found


def _compared(folder, format, signature, name, inputs, exact):
    """The largest difference of the file's answers from the signature's; if `exact`, refused unless of rounding."""
    runtime, most = runtimes.load(format)(folder, {"formats": {format: {name: {}}}}), 0.0
    allowed = compared.of_other_kernels if exact else None
    for some in pieces(inputs, signature.structured_input_signature[1]):
        wanted = signature(**{key: tf.constant(value) for key, value in some.items()})
        try:
            got = runtime.ask(name, some)
        except Exception as error:
            raise InputError(f"export: {format} can't run the endpoint {name} ({first_line(error)}).") from error
        most = max(most, compared.largest(name, format, got, wanted, allowed))
    return most


def pieces(inputs, specs):
    """Batches of several sizes, and of several lengths where a second axis is open too, from stored inputs."""
    open_length = [name for name, spec in specs.items() if spec.shape.rank > 1 and spec.shape[1] is None]
    for size in _SIZES:
        some = {name: value[:size] if specs[name].shape.rank else value for name, value in inputs.items()}
        if not open_length:
            yield some
            continue
        longest = max(some[name].shape[1] for name in open_length)
        for length in sorted({1 + longest // 8, 1 + longest // 2, longest}):
            yield {name: value[:, :length] if name in open_length else value for name, value in some.items()}
