"""Before `adapt`, on other shapes, saved, exported, in a pipeline, in a model: the same for every layer."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.preprocessing.layers import EVERY, adapted
from tfnotes.errors import InputError
from tfnotes.preprocessing import PCA, MeanCentering, MinMaxScaling, PCAWhitening, Standardization, ZCAWhitening

DATA = np.random.default_rng(0).normal(3, 2, size=(40, 2, 3)).astype("float32")


@pytest.fixture(params=EVERY, ids=lambda c: c.__name__)
def make(request):
    return request.param


def model_of(layer):
    inputs = keras.Input(DATA.shape[1:])
    return keras.Model(inputs, layer(inputs))


def test_before_adapt_one_sentence_says_so(make):
    sentence = f"^{make.__name__}: `adapt` must be called before the layer is. Received: adapt='no data so far'.$"
    with pytest.raises(InputError, match=sentence):
        make()(DATA)
    layer = make()
    model = model_of(layer)
    with pytest.raises(InputError, match=sentence):
        layer(DATA)
    with pytest.raises(InputError, match=sentence):
        layer.inverse(DATA)
    # TensorFlow wraps what is raised while it traces.
    with pytest.raises(Exception, match="`adapt` must be called before the layer is"):
        tf.data.Dataset.from_tensors(DATA).map(layer)
    layer.adapt(DATA)
    assert model(DATA).shape[0] == 40


def test_another_shape_is_refused_in_one_sentence(make):
    layer = make()
    layer.adapt(DATA)
    for x in (DATA[..., :2], DATA[..., None]):
        with pytest.raises(InputError, match=f"^{make.__name__}: `inputs` must be of the shape .* Received: .*[.]$"):
            layer(x)
        with pytest.raises(InputError, match=f"^{make.__name__}: `data` must be of the shape .* Received: .*[.]$"):
            layer.adapt(x)
    with pytest.raises(InputError, match="`inputs` must be of the shape"):
        layer(keras.Input((2, 4)))


def test_lists_are_taken_for_arrays(make):
    layer = adapted(make, DATA)
    np.testing.assert_array_equal(layer(DATA.tolist()), layer(DATA.astype("float64")))


SYMBOLS = [keras.KerasTensor((40, 2, 3), dtype) for dtype in ("string", "complex64")]


@pytest.mark.parametrize(
    "x",
    [
        *(DATA.astype(dtype) for dtype in ("complex64", "S3", "O", "M8[s]", "V4")),
        *(tf.constant(DATA.astype("S3")), tf.sparse.from_dense(DATA), np.ma.masked_array(DATA, DATA > 3)),
        *SYMBOLS,
        *([[1.0], [1.0, 2.0]], "text", None, {"x": DATA}),
    ],
    ids=lambda x: f"{type(x).__name__} {getattr(x, 'dtype', '')}",
)
def test_what_is_no_array_of_real_numbers_is_refused_in_one_sentence(make, x):
    layer = adapted(make, DATA)
    with pytest.raises(InputError, match=f"^{make.__name__}: `inputs` must be .* Received: [^\n]*[.]$"):
        layer(x)


def test_every_kind_of_real_number_is_taken(make):
    for dtype in ("bool", "uint8", "int64", "float16", "bfloat16", ">f8"):
        x = DATA.astype(dtype)
        assert adapted(make, x)(x).shape[0] == 40
    assert model_of(adapted(make, DATA))(tf.RaggedTensor.from_tensor(DATA)).shape[0] == 40


def test_adapting_again_forgets_what_was(make):
    layer = adapted(make, DATA)
    layer.adapt(DATA[:20] * 3)
    for a, b in zip(layer.get_weights(), adapted(make, DATA[:20] * 3).get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_refused_data_leave_the_layer_as_it_was(make):
    layer = adapted(make, DATA)
    before = layer.get_weights()
    bad = DATA.copy()
    bad[3, 1, 1] = np.nan
    with pytest.raises(InputError, match="finite numbers throughout"):
        layer.adapt(bad)
    for a, b in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)


REFUSED = {
    "beyond float64": (lambda: np.full((4, 3), np.inf), "finite numbers throughout"),
    "beyond float32": (lambda: 1e300 * np.arange(1.0, 13).reshape(4, 3), r"statistics|range"),
    "no features": (lambda: np.zeros((4, 0)), "at least one feature"),
    "another dtype": (lambda: [DATA[:3, 0], DATA[:3, 0].astype("float64")], "batches of one dtype, float32"),
    "another shape": (lambda: iter([DATA[:3, 0], DATA[:3, 0, :2]]), "batches of one shape"),
    "nothing": (list, "at least one batch"),
    "an empty generator": (lambda: iter(()), "at least one batch"),
    "a generator that fails": (lambda: (DATA[:3, 0] if k < 2 else 1 / 0 for k in range(9)), "division by zero"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_layer_that_refuses_data_is_as_if_it_had_not_seen_them(make, what):
    data, message = REFUSED[what]
    layer = make()
    with pytest.raises((InputError, ZeroDivisionError), match=message):
        layer.adapt(data())
    assert not layer.built
    assert not layer.weights
    layer.adapt(DATA)
    before = layer.get_weights()
    for bad in (1e300 * DATA.astype("float64"), DATA[..., None]):
        with pytest.raises(InputError):
            layer.adapt(bad)
        for a, b in zip(layer.get_weights(), before, strict=True):
            np.testing.assert_array_equal(a, b)


def test_numbers_whose_squares_are_beyond_float32(make):
    large = DATA.astype("float64") * 1e37
    if make in (MeanCentering, MinMaxScaling, ZCAWhitening):  # They keep no variance.
        layer = make()
        layer.adapt(large)
        assert np.all(np.isfinite(layer(large)))
        return
    with pytest.raises(InputError, match="whose statistics float32 can hold"):
        make().adapt(large)
    with pytest.raises(InputError, match="finite numbers"):
        make().adapt(large.astype("float32"))
    assert np.all(np.isfinite(adapted(make, large)(large)))


def test_one_example_tells_no_spread(make):
    if make is MeanCentering:
        np.testing.assert_array_equal(adapted(make, DATA[:1])(DATA[:1]).shape, (1, 2, 3))
        return
    with pytest.raises(InputError, match=r"at least 2 examples to compare[.] Received: data='1 examples'"):
        make().adapt(DATA[:1, 0])


def test_the_fitted_state_is_saved_copied_and_loaded(make, tmp_path):
    layer = make()
    layer.adapt(DATA)
    model = model_of(layer)
    model.save(tmp_path / "m.keras")
    model.save_weights(tmp_path / "m.weights.h5")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    by_weights = model_of(make())
    by_weights.load_weights(tmp_path / "m.weights.h5")
    for other in (loaded, copy, by_weights):
        np.testing.assert_array_equal(other(DATA), model(DATA))
        np.testing.assert_array_equal(other.layers[-1].inverse(model(DATA)), layer.inverse(model(DATA)))


def test_the_inverse_is_exported_beside_the_layer(make, tmp_path):
    layer = make()
    layer.adapt(DATA)
    y = layer(DATA)
    archive = keras.export.ExportArchive()
    archive.track(layer)
    archive.add_endpoint("serve", layer, input_signature=[tf.TensorSpec((None, *DATA.shape[1:]))])
    archive.add_endpoint("inverse", layer.inverse, input_signature=[tf.TensorSpec((None, *y.shape[1:]))])
    archive.write_out(tmp_path / "export", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "export"))
    np.testing.assert_allclose(loaded.serve(DATA), y, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(loaded.inverse(loaded.serve(DATA)), DATA, rtol=1e-3, atol=1e-3)


def test_a_layer_saved_before_adapt_stays_unfitted(make, tmp_path):
    model_of(make()).save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match="`adapt` must be called before"):
        keras.saving.load_model(tmp_path / "m.keras")(DATA)


def test_works_in_a_pipeline_in_fit_and_on_whole_numbers(make):
    layer = make()
    whole = (DATA * 10).astype("int32")
    layer.adapt(whole)
    piped = np.concatenate(list(tf.data.Dataset.from_tensor_slices(whole).batch(7).map(layer).as_numpy_iterator()))
    np.testing.assert_allclose(piped, layer(whole), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(layer(whole), layer(whole.astype("float32")), rtol=1e-6)
    model = keras.Sequential([layer, keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    before = layer.get_weights()
    model.fit(whole, np.zeros((40, 1)), verbose=0)
    for a, b in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)


EXPORTED = """
import sys
sys.modules["tfnotes"] = sys.modules["keras"] = None
import numpy as np
import tensorflow as tf
for name in sys.argv[1:]:
    serve = tf.saved_model.load(name).signatures["serving_default"]
    (given,) = serve.structured_input_signature[1]
    (y,) = serve(**{given: tf.constant(np.load("x.npy"))}).values()
    np.save(f"{name}.npy", y)
"""


def test_the_fitted_state_is_exported(tmp_path):
    layers = {make.__name__: make() for make in EVERY}
    for name, layer in layers.items():
        layer.adapt(DATA)
        model_of(layer).export(tmp_path / name, verbose=False)
    np.save(tmp_path / "x.npy", DATA[:7] + 1)
    subprocess.run([sys.executable, "-c", EXPORTED, *layers], cwd=tmp_path, check=True, capture_output=True)
    for name, layer in layers.items():
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), layer(DATA[:7] + 1), rtol=1e-5, atol=1e-5)


def test_a_twin_that_was_adapted_gives_its_weights():
    twin = keras.layers.Normalization()
    twin.adapt(DATA)
    layer = Standardization()
    layer.build((None, 2, 3))
    layer.set_weights(twin.get_weights())
    np.testing.assert_allclose(layer(DATA), twin(DATA), rtol=1e-5, atol=1e-6)


def test_unknown_sizes_between_batch_and_features_are_fine_for_scaling():
    layer = MeanCentering()
    layer.adapt([DATA])
    outputs = layer(keras.Input((None, 3)))
    assert outputs.shape == (None, None, 3)
    ragged = MeanCentering()
    ragged.build((None, None, 3))
    ragged.adapt(DATA)
    assert ragged(DATA[:, :1]).shape == (40, 1, 3)


@pytest.mark.parametrize(
    ("layer", "least"),
    [
        (MeanCentering, 1),
        (MinMaxScaling, 2),
        (Standardization, 2),
        (PCA, 2),
        (PCAWhitening, 2),
        (ZCAWhitening, 2),
    ],
)
def test_as_many_examples_as_are_needed_are_enough(layer, least):
    x = np.random.default_rng(0).normal(size=(least, 3))
    made = layer(dtype="float64")
    made.adapt(x)
    assert np.isfinite(np.asarray(made(x))).all()
    with pytest.raises(ValueError, match="`data` must be at least"):
        layer(dtype="float64").adapt(x[: least - 1])


@pytest.mark.parametrize("axis", [0, [0, 1], -3])
@pytest.mark.parametrize("layer", [MeanCentering, MinMaxScaling, Standardization])
def test_the_axis_of_the_examples_is_refused(layer, axis):
    with pytest.raises(ValueError, match="`axis` must be None, or different axes after the first"):
        layer(axis=axis).adapt(np.arange(24.0).reshape(4, 3, 2))


def test_how_many_examples_are_told(make):
    """Of the layers that scale, how many numbers each statistic is of."""
    layer = make()
    layer.adapt([DATA[:3], DATA[3:]])
    assert layer.weights[-1].name == "count"
    assert int(layer.count) == (80 if make in (MeanCentering, MinMaxScaling, Standardization) else 40)
    assert not any(w.trainable for w in layer.weights)


def test_a_count_beyond_its_weight_is_the_largest_that_it_holds():
    class Many(MeanCentering):
        def fit(self, stream):
            return 2**40, super().fit(stream)[1]

    layer = Many()
    layer.adapt(DATA)
    assert int(layer.count) == 2**31 - 1


def test_data_that_are_all_0_are_data(make):
    zeros = np.zeros((4, 2, 3), "float32")
    layer = make()
    layer.adapt(zeros)
    assert layer.fitted
    np.testing.assert_array_equal(np.ravel(layer(zeros)), np.zeros(24))
    again = make()
    again.build((None, 2, 3))
    assert not again.fitted
    again.set_weights(layer.get_weights())
    assert again.fitted


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float16", "bfloat16"])
def test_symbols_of_every_kind_of_real_number_are_taken(make, dtype):
    layer = make()
    outputs = layer(keras.KerasTensor((None, 2, 3), dtype))
    assert outputs.dtype == "float32"
    assert tuple(outputs.shape) == ((None, 6) if make in (PCA, PCAWhitening) else (None, 2, 3))


@pytest.mark.parametrize(
    ("x", "received"),
    [
        ([[1.0], [1.0, 2.0]], "inputs='lists of different lengths'"),
        (keras.KerasTensor((4, 2, 3), "complex64"), "inputs='complex64'"),
        (DATA.astype("complex64"), "inputs='ndarray of complex64'"),
        (tf.constant(["a", "b"]), "inputs='EagerTensor of object'"),
        (np.ma.masked_array(DATA, DATA > 3), "inputs='masked numbers'"),
    ],
)
def test_what_is_said_of_what_is_no_array(x, received):
    layer = adapted(MeanCentering, DATA)
    expected = "without a mask" if "masked" in received else "an array or a dense tensor of real numbers"
    with pytest.raises(InputError) as caught:
        layer(x)
    assert str(caught.value) == f"MeanCentering: `inputs` must be {expected}. Received: {received}."


def test_which_shape_is_wanted_and_given():
    for make, wanted in ((MeanCentering, "(None, None, 3)"), (PCA, "(None, 2, 3)"), (ZCAWhitening, "(None, 2, 3)")):
        layer = adapted(make, DATA)
        for x, given in ((DATA[..., :2], "(40, 2, 2)"), (DATA[:, 0], "(40, 3)")):
            with pytest.raises(InputError) as caught:
                layer(x)
            sentence = f"{make.__name__}: `inputs` must be of the shape {wanted} that the layer is built for. "
            assert str(caught.value) == f"{sentence}Received: inputs={given}."


@pytest.mark.parametrize("make", [PCA, PCAWhitening, ZCAWhitening])
@pytest.mark.parametrize("shape", [(None,), (None, None, 3), (None, 3, None)])
def test_each_size_of_an_example_must_be_known(make, shape):
    with pytest.raises(InputError) as caught:
        make().build(shape)
    assert str(caught.value) == (
        f"{make.__name__}: `input_shape` must be a batch of examples with fixed sizes. Received: input_shape={shape}."
    )


def test_numbers_that_are_added_by_default():
    for make, own in (
        (PCA, {"n_components": None}),
        (PCAWhitening, {"n_components": None, "epsilon": 1e-6}),
        (ZCAWhitening, {"epsilon": 1e-6}),
        (MinMaxScaling, {"feature_range": (0, 1), "invert": False}),
        (MeanCentering, {"invert": False}),
    ):
        config = make().get_config()
        assert {key: config[key] for key in own} == own


def test_whole_numbers_beyond_float32_and_sums_beyond_it():
    x = np.array([[2**24 + 1], [2**24 + 1]])
    for dtype in ("int32", "int64", "float64"):
        assert adapted(MeanCentering, x.astype(dtype)).get_weights()[0].tolist() == [2**24 + 1]
    large = MeanCentering()
    large.adapt(np.full((40, 1), 3e37, "float32"))
    np.testing.assert_array_equal(large.get_weights()[0], np.float32([3e37]))
