"""Loops, losses, optimizers and data, as people feed and change them."""

import math

import numpy as np
import tensorflow as tf

from tests.clients.data import images, rows, sequences
from tests.clients.same import same


def classifier(keras):
    return keras.Sequential([keras.Input((5,)), keras.layers.Dense(6, "relu"), keras.layers.Dense(3)])


def compiled(keras, optimizer="sgd", **options):
    model = classifier(keras)
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True), **options)
    return model


@same
def test_weights_of_samples_and_classes(keras):
    x, y = rows()
    model = compiled(keras, keras.optimizers.SGD(0.1), weighted_metrics=["accuracy"])
    weighted = model.fit(x, y, sample_weight=np.linspace(0, 2, 16), verbose=0, shuffle=False)
    by_class = model.fit(x, y, class_weight={0: 1.0, 1: 3.0, 2: 0.5}, verbose=0, shuffle=False)
    return weighted.history, by_class.history, model.get_weights()


@same
def test_loop_by_hand(keras):
    x, y = rows()
    model = classifier(keras)
    optimizer, loss = keras.optimizers.Adam(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    metric = keras.metrics.SparseCategoricalAccuracy()

    @tf.function
    def step(inputs, targets):
        with tf.GradientTape() as tape:
            logits = model(inputs, training=True)
            value = loss(targets, logits) + sum(model.losses)
        optimizer.apply_gradients(
            zip(tape.gradient(value, model.trainable_weights), model.trainable_weights, strict=True)
        )
        metric.update_state(targets, logits)
        return value

    values = [step(*batch) for _ in range(2) for batch in tf.data.Dataset.from_tensor_slices((x, y)).batch(8)]
    return values, metric.result(), model.get_weights()


@same
def test_train_step_of_their_own(keras):
    class Model(keras.Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                value = self.compute_loss(y=y, y_pred=self(x, training=True))
            gradients = tape.gradient(value, self.trainable_variables)
            self.optimizer.apply(gradients, self.trainable_variables)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(value)
            return {metric.name: metric.result() for metric in self.metrics}

    x, y = rows()
    inputs = keras.Input((5,))
    model = Model(inputs, keras.layers.Dense(3)(keras.layers.Dense(4, "tanh")(inputs)))
    model.compile(keras.optimizers.RMSprop(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model.fit(x, y, epochs=2, batch_size=8, shuffle=False, verbose=0).history


@same
def test_gradients_gathered_over_batches(keras):
    x, y = rows()
    model = compiled(keras, keras.optimizers.SGD(0.1, momentum=0.9, gradient_accumulation_steps=2))
    model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    return model.get_weights()


@same
def test_options_of_every_optimizer(keras):
    x, y = rows()
    options = (
        keras.optimizers.SGD(0.1, nesterov=True, momentum=0.5, weight_decay=0.01, clipnorm=0.5),
        keras.optimizers.Adam(0.01, amsgrad=True, global_clipnorm=0.3, use_ema=True, ema_momentum=0.9),
        keras.optimizers.RMSprop(0.01, centered=True, clipvalue=0.1),
        keras.optimizers.Adagrad(0.1, weight_decay=0.1),
    )
    found = []
    for optimizer in options:
        model = compiled(keras, optimizer, run_eagerly=True)
        model.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0)
        found.append([model.get_weights(), [v.numpy() for v in optimizer.variables]])
    return found


@same
def test_weight_decay_that_spares_biases(keras):
    x, y = rows()
    optimizer = keras.optimizers.Adam(0.01, weight_decay=0.1)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model = compiled(keras, optimizer)
    model.fit(x, y, shuffle=False, verbose=0)
    return model.get_weights()


@same
def test_schedule_and_rate_by_hand(keras):
    x, y = rows()
    scheduled = compiled(keras, keras.optimizers.SGD(keras.optimizers.schedules.InverseTimeDecay(0.5, 2, 1.0)))
    scheduled.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    by_hand = compiled(keras, keras.optimizers.SGD(0.5))
    by_hand.optimizer.learning_rate = 0.25
    by_hand.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    rates = float(scheduled.optimizer.learning_rate), float(by_hand.optimizer.learning_rate)
    return rates, scheduled.get_weights(), by_hand.get_weights()


@same
def test_schedule_of_their_own(keras):
    class Warm(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 * keras.ops.minimum(1.0, (keras.ops.cast(step, "float32") + 1) / 5)

        def get_config(self):
            return {}

    x, y = rows()
    model = compiled(keras, keras.optimizers.Adam(Warm()))
    model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    return model.get_weights(), float(model.optimizer.learning_rate)


@same
def test_optimizers_and_losses_by_name(keras):
    x, y = rows()
    found = []
    for optimizer, loss in (
        ("adam", "mse"),
        ("rmsprop", "binary_crossentropy"),
        ("adagrad", "categorical_crossentropy"),
    ):
        model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, activation="softmax")])
        model.compile(optimizer, loss, metrics=["mae"])
        found.append(model.fit(x, np.eye(3)[y], verbose=0, shuffle=False).history)
    return found


@same
def test_losses_alone(keras):
    target = np.eye(3, dtype="float32")[rows()[1]]
    logits = rows(width=3)[0]
    weight = np.arange(16.0)
    found = []
    for reduction in ("sum_over_batch_size", "sum", "none", None):
        found += [
            keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1, reduction=reduction)(
                target, logits
            ),
            keras.losses.BinaryCrossentropy(from_logits=True, reduction=reduction)(target, logits, weight),
            keras.losses.MeanSquaredError(reduction=reduction)(target, logits, sample_weight=weight),
        ]
    functions = keras.losses.mean_squared_error(target, logits), keras.losses.get("mse")(target, logits)
    return found, functions, keras.losses.categorical_crossentropy(target, logits, from_logits=True)


@same
def test_loss_of_their_own(keras):
    class Focal(keras.losses.BinaryCrossentropy):
        def __init__(self, gamma=2.0, **kwargs):
            super().__init__(**kwargs)
            self.gamma = gamma

        def call(self, y_true, y_pred):
            return super().call(y_true, y_pred) * self.gamma

    x, y = rows()
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(1)])
    model.compile("sgd", Focal(3.0, from_logits=True))
    return model.fit(x, (y > 0).astype("float32")[:, None], verbose=0, shuffle=False).history


@same
def test_losses_added_inside(keras):
    class Penalty(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(0.1 * keras.ops.mean(inputs**2))
            return inputs

    x, y = rows()
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, kernel_regularizer="l1"), Penalty()])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    history = model.fit(x, y, epochs=2, verbose=0, shuffle=False).history
    return history, len(model.losses)


@same
def test_regularizer_of_their_own(keras):
    def orthogonal(weight):
        product = keras.ops.matmul(keras.ops.transpose(weight), weight)
        return keras.ops.sum((product - keras.ops.eye(product.shape[0])) ** 2)

    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, kernel_regularizer=orthogonal)])
    model(rows()[0])
    return model.losses


@same
def test_constraint_and_initializer_of_their_own(keras):
    class Centered(keras.constraints.Constraint):
        def __call__(self, weight):
            return weight - keras.ops.mean(weight, axis=0)

    def halves(shape, dtype=None):
        return keras.ops.full(shape, 0.5, dtype)

    x, y = rows()
    options = {"kernel_constraint": Centered(), "kernel_initializer": halves, "bias_constraint": "non_neg"}
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, **options)])
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y, verbose=0, shuffle=False)
    return model.get_weights()


@same
def test_weights_kept_small(keras):
    x, y = rows()
    for constraint in (keras.constraints.MaxNorm(0.5), keras.constraints.UnitNorm(axis=0), keras.constraints.NonNeg()):
        model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, kernel_constraint=constraint)])
        model.compile(keras.optimizers.SGD(1.0), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        model.fit(x, y, verbose=0, shuffle=False)
        yielded = model.get_weights()
    return yielded


@same
def test_data_as_a_pipeline(keras):
    x, y = rows()
    model = compiled(keras)
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(4).repeat()
    history = model.fit(data, steps_per_epoch=3, epochs=2, validation_data=data, validation_steps=1, verbose=0)
    return (
        history.history,
        model.predict(data.map(lambda a, b: a), steps=2, verbose=0),
        model.evaluate(data, steps=2, verbose=0),
    )


@same
def test_data_as_a_generator(keras):
    x, y = rows()

    def batches():
        for k in range(4):
            yield x[4 * k : 4 * k + 4], y[4 * k : 4 * k + 4]

    model = compiled(keras)
    return model.fit(batches(), verbose=0).history, model.predict(x, batch_size=3, verbose=0)


@same
def test_data_as_a_dataset_in_python(keras):
    x, y = rows()

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return math.ceil(len(x) / 5)

        def __getitem__(self, index):
            return x[5 * index : 5 * index + 5], y[5 * index : 5 * index + 5]

    model = compiled(keras)
    return model.fit(Batches(), shuffle=False, verbose=0).history


@same
def test_compiled_by_xla(keras):
    x, y = images()
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(3, 3, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(3),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, jit_compile=True, steps_per_execution=2)
    return model.fit(x, y, batch_size=3, shuffle=False, verbose=0).history


@same(tolerance=1e-4)
def test_recurrent_compiled_by_xla(keras):
    x, y = sequences()
    model = keras.Sequential([keras.Input((6, 4)), keras.layers.GRU(3), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=True)
    return model.fit(x, y, shuffle=False, verbose=0).history


@same
def test_batch_by_batch(keras):
    x, y = rows()
    model = compiled(keras, metrics=["accuracy"])
    return model.train_on_batch(x, y), model.test_on_batch(x, y), model.predict_on_batch(x), model.metrics_names


@same
def test_several_sizes_of_batch(keras):
    model = classifier(keras)
    return [model(rows(n)[0]) for n in (1, 3, 16)], model(np.zeros((0, 5), "float32"))


@same
def test_gradient_of_a_gradient(keras):
    x = tf.constant(rows()[0])
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            out = model(x)
        slope = inner.gradient(out, x)
        penalty = tf.reduce_mean((tf.norm(slope, axis=1) - 1) ** 2)
    return outer.gradient(penalty, model.trainable_weights[:-1])


@same
def test_weights_averaged(keras):
    """The optimizer's exponential mean overwrites the weights at the end."""
    x, y = rows()
    model = compiled(keras, keras.optimizers.Adam(0.05, use_ema=True, ema_momentum=0.5))
    model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    model.optimizer.finalize_variable_values(model.trainable_variables)
    return model.get_weights()


@same
def test_stateless_calls(keras):
    """The way that JAX users train: weights in, weights out."""
    x, _ = images()
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization()])
    weights = [w.value for w in model.trainable_variables], [w.value for w in model.non_trainable_variables]
    outputs, states = model.stateless_call(*weights, x, training=True)
    return outputs, states, model(x)
