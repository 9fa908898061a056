"""Step decay against drops listed by hand, Keras's piecewise schedule, and its staircase."""

import keras
import numpy as np
import pytest

from tfnotes import optimizers
from tfnotes.schedules import ExponentialDecay, InverseTimeDecay, StepDecay


def rates(schedule, steps):
    return [float(schedule(step)) for step in steps]


def test_hand_worked_drops():
    assert rates(StepDecay(1.0, 3, 0.5), range(8)) == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_equals_a_piecewise_constant_schedule_with_the_drops_listed():
    # Keras's boundaries are the last steps before a drop.
    drops = [k * 20 - 1 for k in range(1, 11)]
    listed = keras.optimizers.schedules.PiecewiseConstantDecay(drops, [0.1 * 0.25**k for k in range(11)])
    ours = StepDecay(0.1, 20, 0.25)
    np.testing.assert_allclose(rates(ours, range(201)), rates(listed, range(201)), rtol=1e-6)


def test_equals_the_staircase():
    staircase = keras.optimizers.schedules.ExponentialDecay(0.1, 7, 0.9, staircase=True)
    assert rates(StepDecay(0.1, 7, 0.9), range(201)) == rates(staircase, range(201))


def test_far_steps_fall_on_the_right_side_of_a_drop():
    period = 2**24 + 1  # In float32 this is 2**24: a schedule that divides floats would drop a step early.
    assert rates(StepDecay(1.0, period), (period - 1, period)) == [1.0, 0.5]


@pytest.mark.parametrize("step", [25, 25.0, np.int64(25), keras.ops.array(25)])
def test_takes_steps_of_any_kind(step):
    assert float(StepDecay(1.0, 10)(step)) == 0.25


@pytest.mark.parametrize("optimizer", [optimizers.SGD, keras.optimizers.SGD])
@pytest.mark.parametrize(
    "schedule", [StepDecay(1.0, 2), ExponentialDecay(1.0, 2, 0.5), InverseTimeDecay(1.0, 2, 1.0)]
)
def test_drives_our_optimizers_and_keras_own(optimizer, schedule):
    made = optimizer(schedule)
    weight = keras.Variable(0.0)
    made.build([weight])
    moved, before = [], 0.0
    for _ in range(5):
        made.apply([keras.ops.array(-1.0)])
        moved.append(float(weight) - before)
        before = float(weight)
    assert moved == pytest.approx(rates(schedule, range(5)), rel=1e-6)
    assert made.from_config(made.get_config()).get_config() == made.get_config()
