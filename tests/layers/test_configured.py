"""What Keras's settings and a first call fix: the format of images, and the sizes that a layer then expects."""

import keras
import numpy as np
import pytest

from tfnotes import layers

FORMATTED = {
    "AveragePooling2D": (2,),
    "Conv2D": (2, 3),
    "Flatten": (),
    "GlobalAveragePooling2D": (),
    "GlobalMaxPooling2D": (),
    "MaxPooling2D": (2,),
    "MaxoutConv2D": (2, 3),
    "MinPooling2D": (2,),
    "ZeroPadding2D": (),
}


@pytest.fixture
def channels_first():
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format(before)


@pytest.mark.parametrize("name", FORMATTED)
def test_without_a_format_it_is_that_of_the_settings(name, channels_first):
    cls, given = getattr(layers, name), FORMATTED[name]
    assert cls(*given).data_format == cls(*given, data_format=None).data_format == "channels_first"
    assert cls(*given, data_format="Channels_Last").data_format == "channels_last"
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 6)).astype("float32")
    configured, told = cls(*given), cls(*given, data_format="channels_first")
    told.build(x.shape)
    configured.build(x.shape)
    told.set_weights(configured.get_weights())
    np.testing.assert_array_equal(configured(x), told(x))


@pytest.mark.parametrize(
    ("layer", "shape", "axis"),
    [
        (lambda: layers.Conv2D(2, 2), (2, 4, 4, 3), -1),
        (lambda: layers.Conv2D(2, 2, data_format="channels_first"), (2, 3, 4, 4), 1),
        (lambda: layers.MaxoutConv2D(2, 2), (2, 4, 4, 3), -1),
        (lambda: layers.Maxout(2), (2, 3), -1),
        (lambda: layers.Perceptron(2), (2, 3), -1),
        (lambda: layers.BatchNormalization(axis=1), (2, 3, 4), 1),
        (lambda: layers.BatchNormalization(), (2, 4, 3), -1),
        (lambda: layers.PReLU(shared_axes=[1]), (2, 4, 3), 2),
        (lambda: layers.PReLU(shared_axes=[2]), (2, 3, 4), 1),
    ],
)
def test_another_size_than_the_weights_is_refused_once_built_and_that_of_other_axes_may_change(layer, shape, axis):
    layer = layer()
    layer(np.ones(shape, "float32"))
    changed = [n + (k > 0 and k != axis % len(shape)) for k, n in enumerate(shape)]
    layer(np.ones(changed, "float32"))
    changed[axis] += 1
    with pytest.raises(ValueError, match=f"expected axis {axis} of input shape to have value 3"):
        layer(np.ones(changed, "float32"))
    with pytest.raises(ValueError, match=r"expected (min_)?ndim="):
        layer(np.ones(shape[:1], "float32"))


@pytest.mark.parametrize("layer", [layers.Maxout, layers.Perceptron])
def test_a_mask_passes_on(layer):
    x = np.ones((2, 3, 4), "float32")
    x[0, 1:] = -1
    masked = keras.layers.Masking(-1.0)(x)
    np.testing.assert_array_equal(layer(2)(masked)._keras_mask, [[True, False, False], [True] * 3])


def test_min_pooling_names_what_it_takes_of_a_window():
    modes = [cls().pool_mode for cls in (layers.MinPooling2D, layers.MaxPooling2D, layers.AveragePooling2D)]
    assert modes == ["min", "max", "average"]


@pytest.mark.parametrize(
    ("cls", "given", "name"),
    [
        (layers.Perceptron, {"units": 2, "activation": "relu"}, "activation"),
        (layers.MaxoutConv2D, {"filters": 2, "kernel_size": 3, "activation": "relu"}, "activation"),
        (layers.MaxoutConv2D, {"filters": 2, "kernel_size": 3, "groups": 2}, "groups"),
    ],
)
def test_what_would_not_be_heeded_is_refused(cls, given, name):
    with pytest.raises(TypeError, match=f"multiple values for argument '{name}'"):
        cls(**given)


@pytest.mark.parametrize("weight", ["kernel", "embeddings"])
def test_a_weight_that_is_not_there_yet_is_said_to_be_so(weight):
    layer = layers.Dense(2) if weight == "kernel" else layers.Embedding(3, 2)
    sentence = rf"^{type(layer).__name__}: `{weight}` must be read once the layer is built\.$"
    with pytest.raises(AttributeError, match=sentence):
        getattr(layer, weight)


def test_symbolic_outputs_have_the_dtype_of_the_numbers_to_come():
    ids = keras.Input((4,), dtype="int32")
    assert layers.Flatten()(ids).dtype == "int32"
    assert layers.Embedding(3, 2, dtype="mixed_float16")(ids).dtype == "float16"
    for dtype in ("mixed_bfloat16", "float64"):
        assert layers.Dense(2, dtype=dtype)(keras.Input((4,))).dtype == layers.Dense(2, dtype=dtype).compute_dtype


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sizes may be unknown there")
def test_a_mask_of_unknown_size_may_be_given_to_a_softmax_of_a_known_one():
    import tensorflow as tf

    layer, signature = layers.Softmax(), [tf.TensorSpec((2, 3)), tf.TensorSpec((None, 3), "bool")]
    call = tf.function(lambda x, mask: layer(x, mask=mask), input_signature=signature, autograph=False)
    np.testing.assert_allclose(call(tf.zeros((2, 3)), tf.constant([[True, False, True]] * 2)), [[0.5, 0, 0.5]] * 2)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="ranks may be unknown there")
@pytest.mark.parametrize("layer", [lambda: layers.ReLU(), lambda: layers.Dropout(0.5)], ids=["relu", "dropout"])
def test_inputs_of_unknown_rank_are_taken_where_the_rank_says_nothing(layer):
    import tensorflow as tf

    layer = layer()
    call = tf.function(lambda x: layer(x), input_signature=[tf.TensorSpec(None)], autograph=False)
    for shape in ((2,), (2, 3)):
        np.testing.assert_array_equal(call(tf.ones(shape)), np.ones(shape))
