"""Values of JSON as arrays of what a signature says, and back."""

import asyncio
import base64
import binascii

import numpy as np
import orjson

from tfnotes.errors import InputError

# Above so many bytes JSON is read and written in a thread, so that others needn't wait.
_LARGE = 32 * 2**10
_KINDS = {"b": "b", "i": "i", "u": "iu", "f": "iuf"}
_SAY = {"b": "true or false", "i": "integers", "u": "integers", "f": "finite numbers", "O": "strings"}


def parse(body):
    """A request's body as what its JSON says; numbers are finite.

    Raises:
        InputError: it is no JSON object.
    """
    try:
        found = orjson.loads(body)
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"The body must be a JSON object. Received: one that can't be read ({reason}).") from None
    if not isinstance(found, dict):
        raise InputError(f"The body must be a JSON object. Received: {shown(found)}.")
    return found


def shown(value):
    """A JSON value in the words of an error, short whatever it is."""
    if isinstance(value, dict):
        return f"an object with {listed(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    # A number in a path may be larger than orjson takes.
    return _cut(str(value) if type(value) is int else orjson.dumps(value).decode(), 60)


def listed(names):
    """Names in the words of an error."""
    return _cut(", ".join(str(name) for name in names), 100) or "none"


def _cut(text, most):
    return text if len(text) <= most else text[: most - 1] + "…"


def from_json(name, value, spec):
    """An input's value, nested lists or one value, as an array.

    Args:
        name: the input's name, for errors.
        value: what the JSON said. Bytes are {"b64": "..."}.
        spec: the input's `tfnotes.serving.server.signature.Spec`.

    Raises:
        InputError: ragged, or of another dtype or shape, or out of the dtype's range.
    """
    if spec.dtype == "string":
        return checked(name, _strings(name, value, len(spec.shape)), spec)
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise _refusal(name, spec, "lists of unequal lengths, or nested too deeply") from None
    if array.size and array.dtype.kind not in _KINDS[spec.numpy.kind]:
        raise _refusal(name, spec, "other values")
    return checked(name, array, spec)


def checked(name, array, spec):
    """The array in the spec's dtype, if each value and the shape are such as the spec allows."""
    if len(array.shape) != len(spec.shape) or any(
        wanted not in (None, size) for size, wanted in zip(array.shape, spec.shape, strict=True)
    ):
        raise _refusal(name, spec, f"the shape {list(array.shape)}")
    if spec.numpy.kind in "iu" and array.size and array.dtype != spec.numpy:
        low, high = np.iinfo(spec.numpy).min, np.iinfo(spec.numpy).max
        if array.min() < low or array.max() > high:
            raise _refusal(name, spec, f"values from {array.min()} to {array.max()}")
    with np.errstate(over="ignore"):
        array = array.astype(spec.numpy, copy=False)
    if spec.numpy.kind == "f" and not np.isfinite(array).all():
        raise _refusal(name, spec, "NaN, or an infinite value")
    return array


def to_json(array, as_bytes=False):
    """An array as what `dumps` takes: of strings nested lists, of numbers itself.

    Args:
        array: of numbers, or of bytes.
        as_bytes: whether strings become {"b64": "..."}; those that aren't UTF-8 always do.
    """
    if array.dtype.kind in "OSU":
        texts = [_text(value, as_bytes) for value in array.reshape(-1).tolist()]
        return _nested(texts, array.shape)
    return array


def dumps(value):
    """JSON as bytes; arrays are nested lists, and what isn't a finite number is null."""
    return orjson.dumps(value, np.ndarray.tolist, orjson.OPT_SERIALIZE_NUMPY)


def when(size):
    """How to call a function on so many bytes: `await when(size)(function, *arguments)`."""
    return asyncio.to_thread if size > _LARGE else _now


async def _now(function, *arguments):
    return function(*arguments)


def _nested(flat, shape):
    if not shape:
        return flat[0]
    array = np.empty(len(flat), object)
    array[:] = flat
    return array.reshape(shape).tolist()


def _text(value, as_bytes):
    data = value.encode() if isinstance(value, str) else value
    if not as_bytes:
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
    return {"b64": base64.b64encode(data).decode()}


def _strings(name, value, depth):
    """Lists of strings, at most `depth` in one another, as an array of bytes."""
    if not isinstance(value, list):
        array = np.empty((), object)
        array[()] = _bytes(name, value)
        return array
    if not depth:
        raise InputError(f"`{name}` must be strings in fewer lists. Received: one more in another.")
    parts = [_strings(name, part, depth - 1) for part in value]
    if len({part.shape for part in parts}) > 1:
        raise InputError(f"`{name}` must be strings in lists of equal lengths. Received: unequal ones.")
    if not parts:
        return np.empty((0,), object)
    array = np.empty((len(parts), *parts[0].shape), object)
    for k, part in enumerate(parts):
        array[k] = part if part.shape else part[()]
    return array


def _bytes(name, value):
    if isinstance(value, dict) and list(value) == ["b64"] and isinstance(value["b64"], str):
        try:
            return base64.b64decode(value["b64"], validate=True)
        except (binascii.Error, ValueError):
            received = shown(value["b64"])
            raise InputError(
                f"`{name}` must be valid base64 where it is {{'b64': ...}}. Received: {received}."
            ) from None
    if not isinstance(value, str):
        raise InputError(f"`{name}` must be strings or {{'b64': ...}}. Received: {shown(value)}.")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise InputError(f"`{name}` must be Unicode text. Received: half of a surrogate pair.") from None


def _refusal(name, spec, received):
    return InputError(
        f"`{name}` must be {_SAY[spec.numpy.kind]} of the dtype {spec.dtype} and the shape {spec.sizes} (-1 is open). "
        f"Received: {received}."
    )
