"""Models that draw, with losses and steps of their own."""

import tensorflow as tf

from tests.clients.data import images, rows
from tests.clients.same import same


@same
def test_variational_autoencoder(keras):
    class Sampling(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.seed_generator = keras.random.SeedGenerator(3)

        def call(self, inputs):
            mean, log_var = inputs
            noise = keras.random.normal(keras.ops.shape(mean), seed=self.seed_generator)
            return mean + keras.ops.exp(0.5 * log_var) * noise

    class Vae(keras.Model):
        def __init__(self, encoder, decoder, **kwargs):
            super().__init__(**kwargs)
            self.encoder, self.decoder = encoder, decoder
            self.tracker = keras.metrics.Mean(name="total")

        @property
        def metrics(self):
            return [self.tracker]

        def train_step(self, data):
            with tf.GradientTape() as tape:
                mean, log_var, code = self.encoder(data)
                drawn = self.decoder(code)
                error = keras.ops.mean(keras.losses.binary_crossentropy(data, drawn))
                divergence = -0.5 * keras.ops.mean(1 + log_var - mean**2 - keras.ops.exp(log_var))
                total = error + divergence
            gradients = tape.gradient(total, self.trainable_weights)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
            self.tracker.update_state(total)
            return {"total": self.tracker.result()}

    image = keras.Input((8, 8, 1))
    x = keras.layers.Flatten()(keras.layers.Conv2D(3, 3, strides=2, padding="same", activation="relu")(image))
    mean, log_var = keras.layers.Dense(2)(x), keras.layers.Dense(2)(x)
    encoder = keras.Model(image, [mean, log_var, Sampling()([mean, log_var])])
    code = keras.Input((2,))
    x = keras.layers.Reshape((4, 4, 2))(keras.layers.Dense(32, activation="relu")(code))
    decoder = keras.Model(code, keras.layers.Conv2DTranspose(1, 3, 2, padding="same", activation="sigmoid")(x))
    vae = Vae(encoder, decoder)
    vae.compile(optimizer=keras.optimizers.Adam(0.01))
    pixels = (images()[0] > 0).astype("float32")
    return vae.fit(pixels, epochs=2, batch_size=6, shuffle=False, verbose=0).history, encoder(pixels)[0]


@same
def test_two_networks_against_each_other(keras):
    class Gan(keras.Model):
        def __init__(self, critic, generator):
            super().__init__()
            self.critic, self.generator = critic, generator
            self.seed_generator = keras.random.SeedGenerator(5)

        def compile(self, critic_optimizer, generator_optimizer, loss_fn):
            super().compile()
            self.critic_optimizer, self.generator_optimizer = critic_optimizer, generator_optimizer
            self.loss_fn = loss_fn

        def train_step(self, real):
            noise = keras.random.normal((6, 2), seed=self.seed_generator)
            both = tf.concat([self.generator(noise), real], axis=0)
            labels = tf.concat([tf.ones((6, 1)), tf.zeros((6, 1))], axis=0)
            with tf.GradientTape() as tape:
                critic_loss = self.loss_fn(labels, self.critic(both))
            gradients = tape.gradient(critic_loss, self.critic.trainable_weights)
            self.critic_optimizer.apply(gradients, self.critic.trainable_weights)
            with tf.GradientTape() as tape:
                loss = self.loss_fn(tf.zeros((6, 1)), self.critic(self.generator(noise)))
            gradients = tape.gradient(loss, self.generator.trainable_weights)
            self.generator_optimizer.apply(gradients, self.generator.trainable_weights)
            return {"critic": critic_loss, "generator": loss}

    critic = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(3, 3, strides=2, padding="same"),
            keras.layers.LeakyReLU(negative_slope=0.2),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(1),
        ]
    )
    generator = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(32),
            keras.layers.Reshape((4, 4, 2)),
            keras.layers.UpSampling2D(),
            keras.layers.BatchNormalization(),
            keras.layers.Conv2D(1, 3, padding="same", activation="tanh"),
        ]
    )
    gan = Gan(critic, generator)
    adam = keras.optimizers.Adam(0.01, beta_1=0.5), keras.optimizers.Adam(0.01, beta_1=0.5)
    gan.compile(*adam, keras.losses.BinaryCrossentropy(from_logits=True))
    history = gan.fit(images()[0], epochs=2, batch_size=6, shuffle=False, verbose=0).history
    return history, generator.get_weights()


@same
def test_critic_with_a_penalty_on_its_gradient(keras):
    """WGAN-GP: the gradient of a gradient through convolutions."""
    x = tf.constant(images()[0])
    critic = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(3, 3, strides=2),
            keras.layers.LeakyReLU(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1),
        ]
    )
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            out = critic(x)
        norm = tf.sqrt(tf.reduce_sum(inner.gradient(out, x) ** 2, axis=[1, 2, 3]))
        penalty = tf.reduce_mean((norm - 1.0) ** 2)
    kernels = [w for w in critic.trainable_weights if w.name == "kernel"]
    return penalty, outer.gradient(penalty, kernels)


@same
def test_denoising_autoencoder(keras):
    x, _ = images()
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(4, 3, activation="relu", padding="same"),
            keras.layers.MaxPooling2D(2, padding="same"),
            keras.layers.UpSampling2D(),
            keras.layers.Conv2D(1, 3, padding="same"),
        ]
    )
    model.compile("adam", keras.losses.MeanSquaredError())
    return model.fit(x + 0.1, x, batch_size=6, shuffle=False, verbose=0).history, model.predict(x, verbose=0)


@same
def test_style_by_products_of_channels(keras):
    image = tf.Variable(images(2)[0])
    layer = keras.layers.Conv2D(3, 3, activation="relu")
    with tf.GradientTape() as tape:
        maps = layer(image)
        gram = tf.einsum("nhwa,nhwb->nab", maps, maps)
        loss = tf.reduce_mean((gram[0] - gram[1]) ** 2)
    return loss, tape.gradient(loss, image)


@same
def test_masked_convolution_of_a_pixel_model(keras):
    """PixelCNN's layer: a convolution whose kernel is masked after it was built."""

    class Masked(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__()
            self.conv = keras.layers.Conv2D(**kwargs)

        def build(self, input_shape):
            self.conv.build(input_shape)
            mask = [[[[1.0]], [[1.0]], [[1.0]]], [[[1.0]], [[0.0]], [[0.0]]], [[[0.0]], [[0.0]], [[0.0]]]]
            self.mask = keras.ops.convert_to_tensor(mask)

        def call(self, inputs):
            self.conv.kernel.assign(self.conv.kernel * self.mask)
            return self.conv(inputs)

    layer = Masked(filters=2, kernel_size=3, padding="same")
    return layer(images()[0]), layer.conv.kernel


@same
def test_teacher_and_student(keras):
    class Distiller(keras.Model):
        def __init__(self, student, teacher):
            super().__init__()
            self.student, self.teacher = student, teacher

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            soft = keras.ops.softmax(self.teacher(x, training=False) / 2)
            distance = keras.losses.kl_divergence(soft, keras.ops.softmax(y_pred / 2))
            return self.loss_fn(y, y_pred) + keras.ops.mean(distance)

        def call(self, x):
            return self.student(x)

    x, y = rows()
    student, teacher = (
        keras.Sequential([keras.Input((5,)), keras.layers.Dense(n), keras.layers.Dense(3)]) for n in (2, 9)
    )
    model = Distiller(student, teacher)
    model.loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam")
    model.fit(x, y, verbose=0, shuffle=False)
    return model.get_weights()
