"""How each output of an export's endpoint `layers` is computed from the layer below it, read from its ONNX file.

    convolution   sum over a patch of kernel * input, + bias, then an activation
    pooling       the largest of a patch, or its mean
    dense         sum over the inputs of kernel * input, + bias, then an activation

What the page works out by these must be the model's own answer: a layer of which it isn't is given without its way.
"""

from collections.abc import Callable

import numpy as np

from tfnotes import extras
from tfnotes.play.packed import packed
from tfnotes.serving import examples

LARGEST = 110_000
"""Kernels of more numbers stay out of the page."""

_ACTIVATIONS: dict[str | None, Callable] = {
    None: np.asarray,
    "Relu": lambda z: np.maximum(z, 0),
    "Sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "Tanh": np.tanh,
}
_SAME = ("Identity", "Transpose", "Reshape", "Unsqueeze", "Squeeze", "Cast")


def layers(source):
    """The layers of a model, from the input up.

    Args:
        source: a `tfnotes.play.source.Source` with the endpoint `layers`.

    Returns:
        A list of dicts, without layers that pass their input on: "name", and where its way is known "kind", "of" (the
        name of the layer below, or "input"), "activation", and of a convolution or a dense layer "kernel", "shape" and
        "bias" (float32 in base64), of a convolution or pooling "size", "strides", and "before" and "after" (padding).
    """
    onnx = extras.needed("onnx", "onnx", "play: the layers' kernels need")
    graph = onnx.load(str(source.folder / "onnx" / "layers.onnx")).graph
    arrays = {i.name: onnx.numpy_helper.to_array(i) for i in graph.initializer}
    makers = {name: node for node in graph.node for name in node.output}
    order = {name: k for k, node in enumerate(graph.node) for name in node.output}
    names = {output.name for output in graph.output}
    # What only passes its input on stands behind the layer that it has it from.
    ranked = sorted(names, key=lambda name: (order[_root(name, makers)], "drop" in name or "flat" in name, name))
    taken = examples.of(source.folder, "layers")
    inputs = {name: value[:2] for name, value in taken.items()}
    outputs = source.ask("layers", **inputs)
    read = _Reader(onnx, arrays, makers, names)
    # What tasks of pixels make of them; where a task makes something else, the sums don't agree.
    (pixels,) = inputs.values()
    below = {**outputs, "input": pixels.astype("float32") / 255}
    found: list[dict] = []
    shown, last = {}, "input"
    for name in ranked:
        # A dropout, or a flattening, would be the same picture again.
        if _same(_flat(below[last]), _flat(outputs[name])):
            shown[name] = last
            continue
        last = name
        way = read.way(name)
        if way is not None:
            way["of"] = shown.get(way["of"], way["of"])
        known = way is not None and way["of"] in below and _agrees(way, below[way["of"]], outputs[name])
        found.append({"name": name, **(_packed(way) if known else {})})
    return found


class _Reader:
    """Follows the graph from a layer's output down to the layer below."""

    def __init__(self, onnx, arrays, makers, names):
        self.attribute = onnx.helper.get_attribute_value
        self.arrays, self.makers = arrays, makers
        # The tensors that are a layer's output in other names and orders of axes.
        self.outputs = {}
        for name in sorted(names):
            at = name
            while at is not None and (at == name or at not in names):
                self.outputs[at] = name
                node = makers.get(at)
                at = node.input[0] if node is not None and node.op_type in ("Identity", "Transpose") else None

    def way(self, name):
        """How a layer's output is made, with its arrays; None if this isn't one of the ways that are known."""
        activation, bias, at = None, None, name
        while (node := self.makers.get(at)) is not None:
            if node.op_type in _ACTIVATIONS and activation is None and bias is None:
                activation, at = node.op_type, node.input[0]
            elif node.op_type == "Add" and bias is None and (constant := self._constant(node)):
                bias, at = self.arrays[constant].ravel(), next(i for i in node.input if i != constant)
            elif node.op_type in ("Identity", "Transpose"):
                at = node.input[0]
            elif node.op_type in ("Conv", "MatMul") and node.input[1] in self.arrays:
                return self._weighted(node, activation, bias)
            elif node.op_type in ("MaxPool", "AveragePool") and activation is None and bias is None:
                return self._pooling(node)
            else:
                return None
            if self.outputs.get(at, name) != name and (activation or bias is not None):
                return None
        return None

    def _weighted(self, node, activation, bias):
        kernel = self.arrays[node.input[1]]
        if bias is None and len(node.input) > 2:
            bias = self.arrays[node.input[2]]
        if kernel.size > LARGEST:
            return None
        if bias is None:
            bias = np.zeros(kernel.shape[-1 if node.op_type == "MatMul" else 0], "float32")
        about = {"of": self._below(node.input[0]), "activation": activation, "kernel": kernel, "bias": bias}
        if node.op_type == "MatMul":
            return {"kind": "dense", **about} if kernel.ndim == 2 else None
        # As Keras has it: height, width, from, to.
        moved = {"kind": "convolution", "kernel": kernel.transpose(2, 3, 1, 0), "size": list(kernel.shape[2:])}
        return {**about, **moved, **self._steps(node)} if kernel.ndim == 4 else None

    def _pooling(self, node):
        size = self._attributes(node)["kernel_shape"]
        of = self._below(node.input[0])
        return {"kind": "pooling", "mean": node.op_type == "AveragePool", "of": of, "size": size, **self._steps(node)}

    def _steps(self, node):
        found = self._attributes(node)
        pads = found.get("pads", [0, 0, 0, 0])
        return {"strides": found.get("strides", [1, 1]), "before": pads[:2], "after": pads[2:]}

    def _attributes(self, node):
        return {a.name: self.attribute(a) for a in node.attribute}

    def _constant(self, node):
        return next((i for i in node.input if i in self.arrays), None)

    def _below(self, at):
        """The layer whose output this is, in whatever shape: its name, "input", or None."""
        while at not in self.outputs:
            node = self.makers.get(at)
            if node is None:
                return "input"
            # Pixels are divided by 255 before the first layer.
            scaled = node.op_type in ("Mul", "Div") and self._constant(node)
            if node.op_type not in _SAME and not scaled:
                return None
            at = next(i for i in node.input if i not in self.arrays)
        return self.outputs[at]


def _root(name, makers):
    while (node := makers.get(name)) is not None and node.op_type in ("Identity", "Transpose"):
        if node.input[0] not in makers:
            break
        name = node.input[0]
    return name


def _agrees(way, below, wanted):
    """Whether the page's sums give what the model gave for the examples."""
    return _same(computed(way, below), wanted, 1e-4)


def _same(received, wanted, tolerance=1e-6):
    return received.shape == wanted.shape and np.allclose(received, wanted, rtol=10 * tolerance, atol=tolerance)


def computed(way, below):
    """A layer's output of the one below, as the page works it out."""
    if way["kind"] == "dense":
        return _ACTIVATIONS[way["activation"]](_flat(below) @ way["kernel"] + way["bias"])
    if below.ndim == 3:
        below = below[..., None]
    (top, left), (rows, columns) = way["before"], way["size"]
    padded = np.pad(below, ((0, 0), (top, way["after"][0]), (left, way["after"][1]), (0, 0)))
    patches = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), (1, 2))
    patches = patches[:, :: way["strides"][0], :: way["strides"][1]]
    if way["kind"] == "pooling":
        return patches.mean((-2, -1)) if way["mean"] else patches.max((-2, -1))
    sums = np.einsum("nijcuv,uvcf->nijf", patches, way["kernel"], optimize=True) + way["bias"]
    return _ACTIVATIONS[way["activation"]](sums)


def _flat(x):
    return x.reshape(len(x), -1)


def _packed(way):
    weights = {key: packed(way[key], "<f4") for key in ("kernel", "bias") if key in way}
    shape = {"shape": list(way["kernel"].shape)} if "kernel" in way else {}
    return {**way, **weights, **shape}
