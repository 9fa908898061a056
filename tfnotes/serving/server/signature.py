"""What an endpoint takes and gives: names, dtypes and shapes, as both protocols spell them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

V2 = {
    "bool": "BOOL", "string": "BYTES", "float16": "FP16", "float32": "FP32", "float64": "FP64",
    **{f"{sign}int{bits}": f"{sign.upper()}INT{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
"""The Open Inference Protocol's name of each dtype."""

_TENSORFLOW = {"float16": "DT_HALF", "float32": "DT_FLOAT", "float64": "DT_DOUBLE"}


@dataclass(frozen=True)
class Spec:
    """One input or output; an axis of open length is None."""

    dtype: str
    shape: tuple[int | None, ...]

    @property
    def numpy(self):
        return np.dtype(object if self.dtype == "string" else self.dtype)

    @property
    def tensorflow(self):
        return _TENSORFLOW.get(self.dtype, f"DT_{self.dtype.upper()}")

    @property
    def sizes(self):
        """The shape with -1 for what is open."""
        return [-1 if size is None else size for size in self.shape]


@dataclass(frozen=True)
class Signature:
    """An endpoint's inputs and outputs by name."""

    name: str
    inputs: dict[str, Spec]
    outputs: dict[str, Spec]

    @cached_property
    def batched(self):
        """Whether each input and output has a row for each example, so that requests may share a batch."""
        return all(spec.shape and spec.shape[0] is None for spec in [*self.inputs.values(), *self.outputs.values()])


def of(exported):
    """The signatures of a `tfnotes.serving.exported.Exported`, by name, the default one first."""
    found = exported.endpoints.items()
    return {name: Signature(name, _specs(e["inputs"]), _specs(e["outputs"])) for name, e in found}


def _specs(described):
    return {name: Spec(d["dtype"], tuple(_size(size) for size in d["shape"])) for name, d in described.items()}


def _size(size):
    # An open axis is null, or has a name.
    return size if isinstance(size, int) and size >= 0 else None
