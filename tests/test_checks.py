"""The checks of arguments at their very borders: what lies on a bound, just inside and just outside."""

import math

import keras
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


def refused(check, *arguments, **options):
    with pytest.raises(InputError) as raised:
        check("It", "value", *arguments, **options)
    return str(raised.value)


@pytest.mark.parametrize(
    ("check", "bounds", "value", "expected"),
    [
        (number, {}, "1", "a finite number"),
        (number, {"low": 0}, -1, "a finite number at least 0"),
        (number, {"low": 0, "exclusive": True}, 0, "a finite number above 0"),
        (number, {"high": 2.5}, 3, "a finite number at most 2.5"),
        (number, {"low": 0, "high": 1}, 2, "a finite number at least 0 and at most 1"),
        (number, {"low": -1, "high": 1, "exclusive": True}, 1, "a finite number above -1 and below 1"),
        (integer, {}, 0, "a positive integer"),
        (integer, {"minimum": 0}, -1, "an integer of at least 0"),
        (integer, {"minimum": 2}, 1, "an integer of at least 2"),
        (integer, {"minimum": None}, 0.5, "an integer"),
        (integer, {"maximum": 10_000}, 10_001, "an integer of at most 10,000"),
        (_checks.axis, {}, "last", "an integer"),
        (share, {}, 1, "a number from 0 to below 1"),
        (_checks.boolean, {}, 2, "True or False"),
        (_checks.pair, {}, True, "one positive integer or a pair of them"),
        (_checks.pair, {"minimum": 0}, (0, -1), "one integer of at least 0 or a pair of them"),
        (_checks.choice, {"options": (None, "sum")}, "mean", "one of None, 'sum'"),
    ],
)
def test_what_is_expected_and_what_was_received(check, bounds, value, expected):
    assert refused(check, value, **bounds) == f"It: `value` must be {expected}. Received: value={value!r}."


def test_who_speaks():
    class Owner:
        pass

    owner = Owner()
    assert (_checks.name_of("It"), _checks.name_of(owner)) == ("It", "Owner")
    owner.speaks_for = "Whole"
    assert _checks.name_of(owner) == "Whole"


def test_numbers_of_numpy_become_pythons():
    assert type(integer("It", "value", np.int64(3))) is int
    assert [type(v) for v in _checks.pair("It", "value", np.array([3, 1]))] == [int, int]
    assert _checks.pair("It", "value", 0, minimum=0) == (0, 0)
    assert _checks.axis("It", "value", -1) == -1


def test_truth_values():
    for value in (True, False, 1, 0, np.True_, np.False_):
        assert _checks.boolean("It", "value", value) is bool(value)
    for value in (None, "yes", 2, np.ones(2)):
        refused(_checks.boolean, value)


def test_one_of_a_few_values():
    options = (None, "sum", False)
    for value in options:
        assert _checks.choice("It", "value", value, options) is value
    for value in ("SUM", 0, "", np.ones(2)):
        refused(_checks.choice, value, options)


def test_a_generator_is_a_seed_and_a_missing_format_is_kerass():
    generator = keras.random.SeedGenerator(3)
    assert seed("It", "value", generator) is generator
    assert type(seed("It", "value", np.int32(3))) is int
    before = keras.config.image_data_format()
    try:
        for name in ("channels_first", "channels_last"):
            keras.config.set_image_data_format(name)
            assert _checks.data_format("It", None) == name
            assert _checks.data_format("It", "Channels_First") == "channels_first"
    finally:
        keras.config.set_image_data_format(before)
    with pytest.raises(InputError, match=r"^It: `data_format` must be one of 'channels_last', 'channels_first'\."):
        _checks.data_format("It", "NHWC")
