"""The smooth schedules: hand-worked rates, and staircases that change only at a period's end."""

import keras
import pytest

from tfnotes.errors import InputError
from tfnotes.schedules import ExponentialDecay, InverseTimeDecay, StepDecay


def test_hand_worked_rates():
    exponential, inverse = ExponentialDecay(0.5, 4, 0.25), InverseTimeDecay(0.6, 4, 0.5)
    assert [float(exponential(s)) for s in (0, 2, 4, 8)] == pytest.approx([0.5, 0.25, 0.125, 0.03125])
    assert [float(inverse(s)) for s in (0, 4, 8, 16)] == pytest.approx([0.6, 0.4, 0.3, 0.2])


@pytest.mark.parametrize("cls", [ExponentialDecay, InverseTimeDecay])
def test_a_staircase_stands_still_within_a_period(cls):
    smooth, staircase = cls(1.0, 4, 0.5), cls(1.0, 4, 0.5, staircase=True)
    assert [float(staircase(s)) for s in range(9)] == [float(smooth(s - s % 4)) for s in range(9)]


@pytest.mark.parametrize("cls", [ExponentialDecay, InverseTimeDecay])
def test_an_integer_is_a_rate_too(cls):
    assert float(cls(1, 2, 1)(1)) == float(cls(1.0, 2.0, 1.0)(1))


@pytest.mark.parametrize("floatx", ["float64", "float32"])
@pytest.mark.parametrize("cls", [ExponentialDecay, InverseTimeDecay, StepDecay])
def test_the_rate_is_of_the_float_type_of_the_settings(cls, floatx):
    before = keras.config.floatx()
    keras.config.set_floatx(floatx)
    try:
        rate = cls(0.1, 3, 0.9)(4)
        assert keras.backend.standardize_dtype(rate.dtype) == floatx
        expected = {"ExponentialDecay": 0.1 * 0.9 ** (4 / 3), "InverseTimeDecay": 0.1 / 2.2, "StepDecay": 0.1 * 0.9}
        tolerance = 1e-15 if floatx == "float64" else 1e-6
        assert float(rate) == pytest.approx(expected[cls.__name__], rel=tolerance)
    finally:
        keras.config.set_floatx(before)


@pytest.mark.parametrize("cls", [ExponentialDecay, InverseTimeDecay, StepDecay])
def test_a_name_is_kept_or_that_of_the_class(cls):
    assert cls(0.1, 3, 0.9, name="mine").get_config()["name"] == "mine"
    assert cls(0.1, 3, 0.9).get_config()["name"] == cls.__name__
    assert ("staircase" in cls(0.1, 3, 0.9).get_config()) == (cls is not StepDecay)
    with pytest.raises(InputError, match=rf"^{cls.__name__}: `decay_steps` must be a"):
        cls(0.1, 0, 0.9)
