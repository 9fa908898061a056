"""Ways to put layers together, and to look into what was put together."""

import numpy as np
import tensorflow as tf

from tests.clients.data import images, rows, words
from tests.clients.same import same


def convolutional(keras):
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="first"),
            keras.layers.AveragePooling2D(2, name="pool"),
            keras.layers.Conv2D(3, 2, strides=2, name="last"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3, name="logits"),
        ]
    )


@same
def test_summary_and_shapes(keras):
    lines = []
    model = convolutional(keras)
    model.summary(print_fn=lines.append)
    return lines, model.input_shape, model.output_shape, model.count_params()


@same
def test_layers_by_name_and_by_number(keras):
    model = convolutional(keras)
    config = model.layers[0].get_config()
    dtype = config.pop("dtype")["config"]["name"]
    names = ("filters", "kernel_size", "strides", "padding", "dilation_rate", "groups", "activation", "use_bias")
    first = model.get_layer("first")
    return (
        dtype,
        {name: config[name] for name in names},
        (first.filters, first.kernel_size, first.strides, first.padding, first.use_bias, first.data_format),
        (first.kernel.shape, first.bias.shape, first.activation.__name__, first.input.shape, first.output.shape),
        (model.get_layer(index=1).pool_size, model.get_layer("pool").strides, model.get_layer("logits").units),
    )


@same
def test_features_of_an_inner_layer(keras):
    model = convolutional(keras)
    inner = keras.Model(model.inputs, [model.get_layer("first").output, model.get_layer("pool").output])
    return inner.predict(images()[0], verbose=0)


@same
def test_where_a_class_looks(keras):
    """Grad-CAM: channels weighted by the gradient of the winner."""
    x, _ = images()
    model = convolutional(keras)
    inner = keras.Model(model.inputs, [model.get_layer("last").output, model.outputs[0]])
    with tf.GradientTape() as tape:
        maps, scores = inner(x)
        winner = tf.reduce_max(scores, axis=1)
    weights = tf.reduce_mean(tape.gradient(winner, maps), axis=(1, 2), keepdims=True)
    return tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1))


@same
def test_saliency_of_pixels(keras):
    x = tf.Variable(images()[0])
    model = convolutional(keras)
    with tf.GradientTape() as tape:
        score = model(x)[:, 1]
    return tape.gradient(score, x)


@same
def test_an_image_that_a_filter_likes(keras):
    """Gradient ascent on the input."""
    model = convolutional(keras)
    inner = keras.Model(model.inputs, model.get_layer("last").output)
    image = tf.Variable(images(1)[0])
    for _ in range(3):
        with tf.GradientTape() as tape:
            liked = tf.reduce_mean(inner(image)[..., 0])
        gradient = tape.gradient(liked, image)
        image.assign_add(0.5 * gradient / (tf.norm(gradient) + 1e-8))
    return image


@same
def test_two_inputs_and_two_outputs(keras):
    tokens, labels = words()
    table = rows(8)[0]
    text, numbers = keras.Input((7,), dtype="int32", name="text"), keras.Input((5,), name="numbers")
    a = keras.layers.Flatten()(keras.layers.Embedding(11, 3)(text))
    b = keras.layers.Dense(4, activation="relu")(numbers)
    joined = keras.layers.concatenate([a, b])
    outputs = {"label": keras.layers.Dense(1, name="label")(joined), "price": keras.layers.Dense(1, name="price")(b)}
    model = keras.Model([text, numbers], outputs)
    model.compile(
        keras.optimizers.SGD(0.1),
        {"label": keras.losses.BinaryCrossentropy(from_logits=True), "price": keras.losses.MeanSquaredError()},
        loss_weights={"label": 1.0, "price": 0.2},
    )
    targets = {"label": labels[:, None], "price": table[:, :1]}
    history = model.fit({"text": tokens, "numbers": table}, targets, epochs=2, verbose=0, shuffle=False)
    return history.history, model.get_weights()


@same
def test_one_layer_in_two_places(keras):
    left, right = keras.Input((5,)), keras.Input((5,))
    shared = keras.Sequential([keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(2)])
    distance = keras.layers.Lambda(lambda pair: keras.ops.norm(pair[0] - pair[1], axis=-1))
    model = keras.Model([left, right], distance([shared(left), shared(right)]))
    x = rows()[0]
    return model([x, x[::-1]]), len(model.weights)


@same
def test_residual_blocks_by_a_function(keras):
    def block(x, filters, stride):
        short = x
        if stride > 1 or x.shape[-1] != filters:
            short = keras.layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
        x = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
        x = keras.layers.BatchNormalization()(x)
        return keras.layers.ReLU()(keras.layers.Add()([keras.layers.Activation("relu")(x), short]))

    image = keras.Input((8, 8, 1))
    x = keras.layers.ZeroPadding2D(1)(image)
    for filters, stride in ((4, 1), (6, 2)):
        x = block(x, filters, stride)
    model = keras.Model(image, keras.layers.GlobalMaxPooling2D()(x))
    return model(images()[0], training=True), [w.numpy() for w in model.non_trainable_weights]


@same
def test_frozen_base_then_fine_tuned(keras):
    x, y = images()
    base = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization(), keras.layers.Flatten()]
    )
    base.trainable = False
    image = keras.Input((8, 8, 1))
    model = keras.Model(image, keras.layers.Dense(3)(base(image, training=False)))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    counts = [len(model.trainable_weights)]
    model.compile(keras.optimizers.SGD(0.1), loss)
    before = [w.numpy() for w in base.weights]
    model.fit(x, y, verbose=0, shuffle=False)
    for a, b in zip(before, base.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    base.trainable = True
    counts.append(len(model.trainable_weights))
    model.compile(keras.optimizers.SGD(0.01), loss)
    model.fit(x, y, verbose=0, shuffle=False)
    return counts, model.get_weights()


@same
def test_head_replaced(keras):
    trained = convolutional(keras)
    model = keras.Sequential([*trained.layers[:-1], keras.layers.Dense(7)])
    for layer in model.layers[:-1]:
        layer.trainable = False
    return model(images()[0]), [layer.trainable for layer in model.layers]


@same
def test_subclassed_with_training_flag(keras):
    class Network(keras.Model):
        def __init__(self):
            super().__init__()
            self.blocks = [(keras.layers.Conv2D(3, 3), keras.layers.BatchNormalization()) for _ in range(2)]
            self.flatten = keras.layers.Flatten()
            self.head = keras.layers.Dense(3)

        def call(self, x, training=False):
            for convolution, normalization in self.blocks:
                x = keras.activations.relu(normalization(convolution(x), training=training))
            return self.head(self.flatten(x))

    x, _ = images()
    network = Network()
    return network(x, training=True), network(x), [w.path.split("/")[-1] for w in network.weights]


@same
def test_sequential_grown_and_shrunk(keras):
    model = keras.Sequential()
    model.add(keras.Input((5,)))
    model.add(keras.layers.Dense(4, "sigmoid"))
    model.add(keras.layers.Dropout(0.2))
    model.add(keras.layers.Dense(9))
    model.pop()
    model.add(keras.layers.Softmax())
    return model(rows()[0]), [layer.__class__.__name__ for layer in model.layers]


@same
def test_built_late(keras):
    model = keras.Sequential([keras.layers.Dense(4), keras.layers.LeakyReLU(), keras.layers.Dense(2)])
    before = model.built, [layer.built for layer in model.layers]
    outputs = model(rows()[0])
    return before, outputs, model.built, [layer.built for layer in model.layers]


@same
def test_autoencoder_in_two_models(keras):
    x, _ = rows()
    encoder = keras.Sequential([keras.Input((5,)), keras.layers.Dense(2, activation="elu", activity_regularizer="l1")])
    decoder = keras.Sequential([keras.Input((2,)), keras.layers.Dense(5)])
    image = keras.Input((5,))
    model = keras.Model(image, decoder(encoder(image)))
    model.compile(keras.optimizers.Adam(0.05), keras.losses.MeanSquaredError())
    history = model.fit(x, x, epochs=3, batch_size=8, shuffle=False, verbose=0)
    return history.history, encoder.predict(x, verbose=0)


@same
def test_weights_moved_by_hand(keras):
    dense = keras.layers.Dense(2)
    dense.build((None, 5))
    kernel, bias = dense.get_weights()
    dense.set_weights([kernel * 2, bias + 1])
    dense.kernel.assign(dense.kernel / 4)
    return dense(rows()[0]), [w.name for w in dense.weights], [w.path for w in dense.weights]


@same
def test_nested_model_as_a_layer(keras):
    inner = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4), keras.layers.PReLU()], name="inner")
    outer = keras.Sequential([inner, keras.layers.Dense(2, name="outer")])
    outer.build((None, 5))
    return outer(rows()[0]), [layer.name for layer in outer.layers], len(outer.get_layer("inner").weights)


@same
def test_symbolic_shapes(keras):
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(4, (3, 2), strides=(2, 1), padding="same")(image)
    y = keras.layers.MaxPooling2D((2, 3), padding="valid")(x)
    return (
        x.shape,
        y.shape,
        keras.layers.Conv2D(4, 3).compute_output_shape((None, 9, 8, 3)),
        keras.layers.LSTM(5, return_sequences=True, return_state=True).compute_output_shape((2, 3, 4)),
        keras.layers.Embedding(9, 4).compute_output_shape((None, 3)),
    )
