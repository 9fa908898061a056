"""The binary extension of the Open Inference Protocol: JSON, and the tensors' bytes behind it.

    Inference-Header-Content-Length: bytes of JSON
    body: JSON | bytes of the first binary input | bytes of the second | ...

Numbers are little-endian, in C order; a string is its length as four bytes and itself.
"""

import math
import struct

import numpy as np

from tfnotes.errors import InputError
from tfnotes.serving.server import tensors

HEADER = "Inference-Header-Content-Length"


def split(body, length):
    """The JSON and what stands behind it; all of it is JSON if `length`, the header's text, is None."""
    if length is None:
        return body, b""
    if not (length.isascii() and length.isdigit()) or len(length) > 12 or int(length) > len(body):
        raise InputError(f"{HEADER} must be a number of bytes in the body. Received: {tensors.shown(length)}.")
    return body[: int(length)], body[int(length) :]


def cut(name, rest, size):
    """The first `size` bytes, and the others."""
    if type(size) is not int or not 0 <= size <= len(rest):
        raise InputError(f"`{name}` must have as many bytes as its `binary_data_size`. Received: {len(rest)}.")
    return rest[:size], rest[size:]


def read(name, data, shape, spec):
    """Bytes as an array."""
    if spec.dtype == "string":
        return shaped(name, _strings(name, data), shape)
    kind = spec.numpy.newbyteorder("<")
    if len(data) % kind.itemsize:
        raise InputError(f"`{name}` must have {kind.itemsize} bytes for each value. Received: {len(data)} bytes.")
    if spec.dtype == "bool":
        return shaped(name, np.frombuffer(data, np.uint8) != 0, shape)
    return shaped(name, np.frombuffer(data, kind).astype(spec.numpy), shape)


def write(array):
    """An array as bytes."""
    if array.dtype.kind not in "OSU":
        return np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
    values = [v.encode() if isinstance(v, str) else v for v in array.reshape(-1).tolist()]
    return b"".join(struct.pack("<I", len(value)) + value for value in values)


def shaped(name, array, shape):
    """A flat array in its shape."""
    if math.prod(shape) != array.size or len(shape) > 16:
        raise InputError(f"`{name}` must have as many values as its shape, {shape[:16]}. Received: {array.size}.")
    return array.reshape(shape)


def _strings(name, data):
    found, at = [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "little")
        if end > len(data) or at + 4 > len(data):
            raise InputError(f"`{name}` must have strings with their lengths. Received: one that is cut off.")
        found.append(data[at + 4 : end])
        at = end
    array = np.empty(len(found), object)
    array[:] = found
    return array
