"""What the random initializers share: fans, seeds, and being found by name."""

import keras
import numpy as np
import pytest

from tfnotes import initializers, layers
from tfnotes.errors import InputError
from tfnotes.initializers import _random

RANDOM = pytest.mark.parametrize("name", ["GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform"])


def pair(name):
    return getattr(initializers, name), getattr(keras.initializers, name)


@pytest.mark.parametrize(
    ("shape", "axes", "fans"),
    [
        ((30, 40), (), (30, 40)),
        ((3, 5, 4, 6), (), (60, 90)),
        ((7, 2, 3), (), (14, 21)),
        ((7,), (), (7, 7)),
        ((), (), (1, 1)),
        ((0, 3), (), (1, 3)),
        ((3, 5, 4), ([0, 1], [2]), (15, 4)),
        ((3, 5, 4), ([-1], [0]), (4, 3)),
    ],
)
def test_fans_by_hand(shape, axes, fans):
    assert _random.fans(shape, *axes) == fans


@RANDOM
def test_the_same_seed_draws_what_the_twin_draws(name):
    for dtype in ("float32", "float64"):
        ours, theirs = (cls(seed=7)((6, 5), dtype=dtype) for cls in pair(name))
        np.testing.assert_allclose(ours, theirs, rtol=1e-6 if dtype == "float32" else 1e-12)


@RANDOM
def test_one_instance_repeats_itself_and_another_seed_does_not(name):
    ours, _ = pair(name)
    first = ours(seed=7)
    np.testing.assert_array_equal(first((4, 5)), first((4, 5)))
    assert np.abs(first((4, 5)) - ours(seed=8)((4, 5))).min() > 0
    assert np.abs(ours()((4, 5)) - ours()((4, 5))).min() > 0


@RANDOM
def test_a_seed_generator_goes_on_with_every_draw_as_the_twin_does(name):
    ours, theirs = (cls(seed=keras.random.SeedGenerator(3)) for cls in pair(name))
    a, b = ours((4, 5)), ours((4, 5))
    assert np.abs(a - b).min() > 0
    np.testing.assert_allclose(theirs((4, 5)), a, rtol=1e-6)
    np.testing.assert_allclose(theirs((4, 5)), b, rtol=1e-6)
    copy = type(ours).from_config(ours.get_config())
    assert isinstance(copy.seed, keras.random.SeedGenerator)
    assert copy.get_config() == ours.get_config()


@RANDOM
def test_the_config_of_one_without_a_seed_has_none(name):
    made, _ = pair(name)
    assert made().get_config()["seed"] is None
    assert np.abs(made.from_config(made().get_config())((4, 5)) - made()((4, 5))).min() > 0
    assert made(seed=0).get_config()["seed"] == 0


@RANDOM
def test_without_a_seed_the_numbers_follow_set_random_seed_as_the_twins_do(name):
    drawn = []
    for cls in (*pair(name), pair(name)[0]):
        keras.utils.set_random_seed(5)
        drawn.append(cls()((4, 5)))
    np.testing.assert_allclose(drawn[0], drawn[1], rtol=1e-6)
    np.testing.assert_array_equal(drawn[0], drawn[2])


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("he_normal", "HeNormal"),
        ("HeNormal", "HeNormal"),
        ("he_uniform", "HeUniform"),
        ("kaiming_uniform", "HeUniform"),
        ("glorot_uniform", "GlorotUniform"),
        ("xavier_uniform", "GlorotUniform"),
        ("XavierNormal", "GlorotNormal"),
        ("xavier_normal", "GlorotNormal"),
        ("zeros", "Zeros"),
    ],
)
def test_our_layers_take_a_name_for_ours(spelling, name):
    layer = layers.Dense(3, kernel_initializer=spelling)
    assert type(layer.kernel_initializer) is getattr(initializers, name)
    copy = layers.Dense.from_config(layer.get_config())
    assert type(copy.kernel_initializer) is getattr(initializers, name)


def test_each_layer_that_takes_a_name_draws_its_own_numbers():
    a, b = (layers.Dense(3, kernel_initializer="he_normal") for _ in range(2))
    a.build((None, 4))
    b.build((None, 4))
    assert np.abs(keras.ops.convert_to_numpy(a.kernel - b.kernel)).min() > 0


def test_what_is_not_ours_resolves_as_in_keras():
    assert type(initializers.get("lecun_normal")) is keras.initializers.LecunNormal
    assert initializers.get(None) is None
    config = keras.saving.serialize_keras_object(keras.initializers.LecunUniform(seed=1))
    assert type(initializers.get(config)) is keras.initializers.LecunUniform
    given = initializers.HeNormal(seed=1)
    assert initializers.get(given) is given
    with pytest.raises(InputError, match=r"^Dense: `kernel_initializer` must be the name of one that exists"):
        layers.Dense(3, kernel_initializer="no_such")


def test_a_seed_of_numpy_draws_as_an_int():
    drawn = [initializers.RandomNormal(seed=seed)((2, 3)) for seed in (7, np.int64(7))]
    np.testing.assert_array_equal(drawn[0], drawn[1])


@RANDOM
@pytest.mark.parametrize(
    ("argument", "axes"),
    [
        ("input_axes", ([0.0], [1])),
        ("input_axes", (0, [1])),
        ("output_axes", ([0], ["1"])),
        ("output_axes", ([0], [True])),
    ],
)
def test_axes_that_are_no_list_of_integers_are_refused_on_either_side(name, argument, axes):
    cls, _ = pair(name)
    with pytest.raises(InputError, match=rf"^{name}: `{argument}` must be a list of axes, given with a list for the"):
        cls(input_axes=axes[0], output_axes=axes[1])
    made = cls(seed=1, input_axes=(0, 2), output_axes=(1,))
    assert made.fans((2, 3, 5)) == (10, 3)
    config = made.get_config()
    assert (config["input_axes"], config["output_axes"]) == ((0, 2), (1,))


@pytest.mark.parametrize(
    "name", ["Constant", "GlorotUniform", "HeNormal", "Ones", "Orthogonal", "RandomNormal", "RandomUniform"]
)
@pytest.mark.parametrize("floatx", ["float64", "float32"])
def test_without_a_dtype_it_is_that_of_the_settings(name, floatx):
    before = keras.config.floatx()
    keras.config.set_floatx(floatx)
    try:
        for made in (getattr(initializers, name)(), initializers.TruncatedNormal(), initializers.Zeros()):
            assert keras.backend.standardize_dtype(made((2, 3)).dtype) == floatx
            assert keras.backend.standardize_dtype(made((2, 3), dtype="float32").dtype) == "float32"
    finally:
        keras.config.set_floatx(before)
