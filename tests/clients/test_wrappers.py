"""Our layers inside Keras's wrappers, and subclassed as Keras's guides and examples do."""

import numpy as np

from tests.clients.data import images, rows, sequences
from tests.clients.same import same


@same
def test_spectral_normalization(keras):
    conv = keras.layers.SpectralNormalization(keras.layers.Conv2D(3, 3), power_iterations=2)
    dense = keras.layers.SpectralNormalization(keras.layers.Dense(4))
    x, _ = images()
    return conv(x, training=True), conv(x), dense(rows()[0], training=True), len(dense.weights)


@same
def test_wrapper_of_their_own(keras):
    class Doubled(keras.layers.Wrapper):
        def call(self, inputs):
            return 2 * self.layer(inputs)

    layer = Doubled(keras.layers.Dense(3, kernel_regularizer="l2"))
    return layer(rows()[0]), layer.losses, len(layer.trainable_weights)


@same
def test_weight_normalization_by_a_property(keras):
    """A kernel that is computed of other weights."""

    class Normalized(keras.layers.Dense):
        def build(self, input_shape):
            super().build(input_shape)
            self.gain = self.add_weight(shape=(self.units,), initializer="ones", name="gain")

        def call(self, inputs):
            kernel = self.kernel * self.gain / keras.ops.norm(self.kernel, axis=0)
            return self.activation(keras.ops.matmul(inputs, kernel) + self.bias)

    layer = Normalized(3, activation="tanh")
    return layer(rows()[0]), [w.name for w in layer.weights]


@same
def test_standardized_convolution(keras):
    class Standardized(keras.layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            mean = keras.ops.mean(kernel, axis=(0, 1, 2), keepdims=True)
            deviation = keras.ops.std(kernel, axis=(0, 1, 2), keepdims=True)
            return super().convolution_op(inputs, (kernel - mean) / (deviation + 1e-5))

    x, _ = images()
    return Standardized(3, 3, activation="relu", strides=2)(x), Standardized(2, 2, padding="same", use_bias=False)(x)


@same
def test_arguments_and_files_of_a_subclass(keras, folder):
    @keras.saving.register_keras_serializable(f"clients-{keras.layers.Dense.__module__}")
    class Scaled(keras.layers.Dense):
        def __init__(self, units, gain=1.0, **kwargs):
            super().__init__(units, **kwargs)
            self.gain = gain

        def call(self, inputs):
            return self.gain * super().call(inputs)

        def get_config(self):
            return {**super().get_config(), "gain": self.gain}

    model = keras.Sequential([keras.Input((5,)), Scaled(3, gain=2.0, activation="relu", kernel_constraint="max_norm")])
    model.save(folder / "model.keras")
    loaded = keras.models.load_model(folder / "model.keras")
    layer = keras.models.clone_model(model).layers[0]
    x, _ = rows()
    return model(x), loaded(x), layer.gain, layer.activation.__name__, type(layer.kernel_constraint).__name__


@same
def test_layer_made_of_layers(keras):
    class Block(keras.layers.Layer):
        def __init__(self, filters, **kwargs):
            super().__init__(**kwargs)
            self.filters = filters

        def build(self, input_shape):
            self.convolutions = [keras.layers.Conv2D(self.filters, 3, padding="same") for _ in range(2)]
            self.by_name = {"norm": keras.layers.BatchNormalization(), "act": keras.layers.PReLU(shared_axes=[1, 2])}
            for convolution in self.convolutions:
                convolution.build(input_shape)
                input_shape = convolution.compute_output_shape(input_shape)
            for layer in self.by_name.values():
                layer.build(input_shape)

        def call(self, inputs, training=False):
            for convolution in self.convolutions:
                inputs = convolution(inputs)
            return self.by_name["act"](self.by_name["norm"](inputs, training=training))

    block = Block(3)
    x, _ = images()
    return block(x, training=True), block(x), len(block.weights), len(block.trainable_weights)


@same
def test_activations_given_in_every_way(keras):
    x, _ = rows()
    ways = ("relu", None, keras.activations.tanh, keras.layers.LeakyReLU(), lambda z: z**2, keras.ops.softplus, "gelu")
    return [keras.layers.Dense(3, activation=way)(x) for way in ways]


@same
def test_objects_given_in_every_way(keras):
    x, _ = rows()
    found = []
    for initializer in ("zeros", "HeNormal", keras.initializers.Constant(0.5), {"class_name": "Ones", "config": {}}):
        layer = keras.layers.Dense(
            3, kernel_initializer=initializer, kernel_regularizer=keras.regularizers.l1_l2(0.1, 0.2)
        )
        found += [layer(x), layer.losses]
    return found


@same
def test_dead_arguments_are_as_dead(keras):
    """What Keras refuses, ours refuses with an error of the same kind."""
    tries = (
        lambda: keras.layers.Dense(-1),
        lambda: keras.layers.Dense(3, activation="no such"),
        lambda: keras.layers.Dense(3, no_such=1),
        lambda: keras.layers.Conv2D(4, 0),
        lambda: keras.layers.Conv2D(4, 3, padding="circular"),
        lambda: keras.layers.Dropout(1.5),
        lambda: keras.layers.LSTM(0),
        lambda: keras.layers.Embedding(5, 2)(),
        lambda: keras.layers.Dense(2)(np.ones(())),
        lambda: keras.optimizers.SGD(0.1, momentum=2),
        lambda: keras.layers.Dense(3, kernel_initializer="no such"),
    )
    found = []
    for attempt in tries:
        try:
            found.append(attempt().__class__.__name__)
        except Exception as error:
            kind = next(k for k in (ValueError, TypeError, Exception) if isinstance(error, k))
            found.append(kind.__name__)
    return found


@same
def test_flags_are_switched_later(keras):
    layer = keras.layers.Dense(3, activation="relu")
    x, _ = rows()
    before = layer(x)
    layer.activation = None
    plain = layer(x)
    layer.trainable = False
    dropout = keras.layers.Dropout(0.5)
    dropout.rate = 0.0
    normalization = keras.layers.BatchNormalization()
    normalization(x, training=True)
    normalization.trainable = False
    return before, plain, len(layer.trainable_weights), dropout(x, training=True), normalization(x, training=True)


@same
def test_layers_in_a_pipeline_of_data(keras):
    import tensorflow as tf

    x, _ = images()
    padding, pool = keras.layers.ZeroPadding2D(1), keras.layers.MaxPooling2D(2)
    data = tf.data.Dataset.from_tensor_slices(x).batch(4).map(lambda batch: pool(padding(batch)))
    return list(data)


@same
def test_sequences_through_conv_and_rnn(keras):
    x, _ = sequences()
    model = keras.Sequential(
        [
            keras.Input((6, 4)),
            keras.layers.Conv1D(3, 2),
            keras.layers.LayerNormalization(),
            keras.layers.LSTM(4, recurrent_regularizer="l2", dropout=0.0),
            keras.layers.RepeatVector(2),
            keras.layers.GRU(2, return_sequences=True, reset_after=False),
        ]
    )
    return model(x), model.losses
