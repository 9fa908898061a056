"""The checks of arguments at their very borders: what lies on a bound, just inside and just outside."""

import math

import numpy as np
import pytest

from tfnotes import _checks
from tfnotes.errors import InputError

number, integer, share, seed = _checks.number, _checks.integer, _checks.share, _checks.seed


@pytest.mark.parametrize(
    ("check", "bounds", "right", "wrong"),
    [
        (number, {"low": 0, "high": 1}, (0, 0.5, 1, np.float32(1)), (-1e-9, 1 + 1e-9, math.nan, True, "0")),
        (number, {"low": 0, "high": 1, "exclusive": True}, (1e-9, 0.5, 1 - 1e-9), (0, 1, -1, 2)),
        (number, {"low": 0, "exclusive": True}, (1e-9, 1e300), (0, -1, math.inf)),
        (number, {}, (-1e300, 0), (math.inf, -math.inf, None)),
        (share, {}, (0, 0.5, 1 - 1e-9), (1, -1e-9, True, math.nan)),
        (integer, {}, (1, np.int64(2)), (0, -1, 1.0, True, None)),
        (integer, {"minimum": 0, "maximum": 3}, (0, 3), (-1, 4)),
        (integer, {"minimum": None}, (-5, 0), (0.5, "1")),
        (seed, {}, (0, 2**63 - 1, None), (-1, 2**63, 1.5)),
    ],
)
def test_borders(check, bounds, right, wrong):
    for value in right:
        assert check("It", "value", value, **bounds) == value
    for value in wrong:
        with pytest.raises(InputError, match=r"^It: `value` must be .* Received: value="):
            check("It", "value", value, **bounds)


@pytest.mark.parametrize(
    ("value", "found"),
    [(2, (2, 2)), ([3, 1], (3, 1)), ((0, 1), None), ((1, 0), None), ((1, 2, 3), None), ((1, True), None), (1.5, None)],
)
def test_pairs(value, found):
    if found:
        assert _checks.pair("It", "value", value) == found
    else:
        with pytest.raises(InputError, match=r"^It: `value` must be one positive integer or a pair of them"):
            _checks.pair("It", "value", value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1, ((1, 1), (1, 1))),
        ((0, 2), ((0, 0), (2, 2))),
        (((1, 2), (3, 4)), ((1, 2), (3, 4))),
        ((-1, 2), None),
        (((1, 2), (3, -4)), None),
        (((1, 2), (3, True)), None),
    ],
)
def test_padding(value, found):
    if found:
        assert _checks.padding2d("It", "value", value) == found
    else:
        with pytest.raises(InputError, match=r"^It: `value` must be one integer of at least 0"):
            _checks.padding2d("It", "value", value)


def test_a_name_in_any_case_is_taken_in_small_letters():
    for value in ("same", "SAME", "Same"):
        assert _checks.one_of("It", "value", value, ("valid", "same")) == "same"
    with pytest.raises(InputError, match=r"^It: `value` must be one of 'valid', 'same'\. Received: value='full'"):
        _checks.one_of("It", "value", "full", ("valid", "same"))
