"""SGD by hand: three steps plain, with momentum and with Nesterov's; and what it leads to."""

import keras
import numpy as np
import pytest

from tfnotes import optimizers
from tfnotes.optimizers.sgd import sgd_step

# With learning rate 1/8 and momentum 1/2, all of it exact in binary.
GRADIENTS = (1.0, 2.0, -1.0)


def path(optimizer, gradients=GRADIENTS, start=1.0):
    """Where one number goes."""
    w = keras.Variable([start], dtype="float64")
    optimizer.build([w])
    points = []
    for g in gradients:
        optimizer.apply([keras.ops.array([g], "float64")])
        points.append(float(w.numpy()[0]))
    return points


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        # Steps of -1/8, -1/4, +1/8.
        ({}, [0.875, 0.625, 0.75]),
        # Velocities -1/8, -1/16 - 1/4, -5/32 + 1/8.
        ({"momentum": 0.5}, [0.875, 0.5625, 0.53125]),
        # Half of each velocity, and the step again.
        ({"momentum": 0.5, "nesterov": True}, [0.8125, 0.40625, 0.515625]),
        # Nothing is forgotten: -1/8, -3/8, -1/4.
        ({"momentum": 1}, [0.875, 0.5, 0.25]),
        # Without momentum there is nothing to look ahead with.
        ({"nesterov": True}, [0.875, 0.625, 0.75]),
    ],
)
def test_three_steps_by_hand(arguments, expected):
    assert path(optimizers.SGD(0.125, **arguments)) == expected


def test_one_step_by_hand():
    g, v = np.array([2.0]), np.array([4.0])
    assert [float(x[0]) for x in sgd_step(g, v, 0.25, 0.5, False)] == [1.5, 1.5]
    assert [float(x[0]) for x in sgd_step(g, v, 0.25, 0.5, True)] == [1.5, 0.25]


def test_the_learning_rate_may_change():
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([1, 2], [0.5, 0.25, 0.125])
    # Keras's schedule changes after its boundary: steps 0 and 1, then 2, then 3.
    assert path(optimizers.SGD(schedule), (1, 1, 1, 1)) == [0.5, 0, -0.25, -0.375]
    optimizer = optimizers.SGD(0.5)
    assert path(optimizer, (1,)) == [0.5]
    optimizer.learning_rate = 0.125
    w = keras.Variable([1.0])
    optimizer = optimizers.SGD(0.5)
    optimizer.build([w])
    optimizer.learning_rate = 0.125
    optimizer.apply([keras.ops.array([1.0])])
    assert w.numpy() == [0.875]


def test_clipping_by_hand():
    assert path(optimizers.SGD(0.5, clipvalue=0.25), (1.0, -0.125)) == [0.875, 0.9375]
    assert path(optimizers.SGD(0.5, clipnorm=0.5), (2.0,)) == [0.75]


def test_weight_decay_shrinks_before_the_step():
    # 1 - 1 * 0.5 * 0.25, and without a gradient nothing else.
    assert path(optimizers.SGD(0.5, weight_decay=0.25), (0.0,)) == [0.875]


def test_descends_a_narrow_valley_faster_with_momentum():
    # f(x, y) = (x**2 + 50 * y**2) / 2: what is steep bounds the step, so the flat side is slow.
    curvature, ends = np.array([1.0, 50.0]), {}
    for momentum in (0.0, 0.75):
        w = keras.Variable([1.0, 1.0], dtype="float64")
        optimizer = optimizers.SGD(0.03, momentum=momentum)
        optimizer.build([w])
        for _ in range(60):
            optimizer.apply([keras.ops.convert_to_tensor(curvature * w.numpy())])
        ends[momentum] = np.abs(w.numpy()).max()
    assert ends[0.75] < ends[0.0] / 10


def test_frozen_state_goes_on_where_it_was():
    w, optimizer = keras.Variable([1.0], dtype="float64"), optimizers.SGD(0.125, momentum=0.5)
    optimizer.build([w])
    optimizer.apply([keras.ops.array([1.0], "float64")])
    copy = optimizers.SGD.from_config(optimizer.get_config())
    copy.build([w])
    for source, sink in zip(optimizer.variables, copy.variables, strict=True):
        sink.assign(source)
    copy.apply([keras.ops.array([2.0], "float64")])
    assert w.numpy() == [0.5625]
