"""Values of JSON as arrays: what isn't what the signature says is refused, and nothing is lost on the way back."""

import numpy as np
import orjson
import pytest

from tfnotes.errors import InputError
from tfnotes.serving.server import tensors
from tfnotes.serving.server.signature import Spec


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"\xff", b'{"a": NaN}', b'{"a": 1e999}', b"[" * 10**5, b'{"a": "\\ud800"}']
)
def test_what_is_no_object_of_json(body):
    with pytest.raises(InputError, match="must be a JSON object"):
        tensors.parse(body)


@pytest.mark.parametrize(
    ("value", "spec"),
    [
        ([-1], Spec("uint8", (None,))),
        ([256], Spec("uint8", (None,))),
        ([10**30], Spec("int64", (None,))),
        ([1.5], Spec("int32", (None,))),
        ([True], Spec("int32", (None,))),
        ([1e39], Spec("float32", (None,))),
        ([float("nan")], Spec("float32", (None,))),
        ([[1, 2]], Spec("int32", (None, 3))),
        ([1, 2], Spec("int32", (None, 2))),
        ([[1, 2], [3]], Spec("int32", (None, None))),
        (["a"], Spec("int32", (None,))),
        ([1], Spec("string", (None,))),
        ([["a"]], Spec("string", (None,))),
        ([{"b64": "a b="}], Spec("string", (None,))),
        ([{"b64": "YQ==", "other": 1}], Spec("string", (None,))),
    ],
)
def test_what_is_refused(value, spec):
    with pytest.raises(InputError, match="`x` must be"):
        tensors.from_json("x", value, spec)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float16", "float32", "float64", "bool"])
def test_numbers_there_and_back(dtype):
    rng = np.random.default_rng(0)
    array = (rng.normal(size=(3, 4)) * 100).astype(dtype)
    said = orjson.loads(tensors.dumps(tensors.to_json(array)))
    back = tensors.from_json("x", said, Spec(dtype, (None, 4)))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32", "int64"])
def test_the_least_and_the_largest_number(dtype):
    limits = [np.iinfo(dtype).min, np.iinfo(dtype).max]
    np.testing.assert_array_equal(tensors.from_json("x", limits, Spec(dtype, (None,))), np.array(limits, dtype))


def test_strings_there_and_back():
    array = np.array([[b"a", "é".encode()], [b"\xff", b""]], object)
    said = orjson.loads(tensors.dumps(tensors.to_json(array)))
    assert said == [["a", "é"], [{"b64": "/w=="}, ""]]
    np.testing.assert_array_equal(tensors.from_json("x", said, Spec("string", (None, 2))), array)
    assert tensors.to_json(array[:1], as_bytes=True)[0][0] == {"b64": "YQ=="}


def test_what_is_no_number_is_null_and_every_memory_order_is_written():
    assert tensors.dumps(np.array([0.5, np.nan, np.inf], "float32")) == b"[0.5,null,null]"
    assert tensors.dumps(np.arange(4).reshape(2, 2).T) == b"[[0,2],[1,3]]"
    assert tensors.dumps(np.array(3)) == b"3"
