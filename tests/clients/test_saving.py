"""Save, load, clone, rebuild: each way that people keep a model."""

import pickle

import numpy as np
import tensorflow as tf

from tests.clients.data import images, rows, sequences, words
from tests.clients.same import same


def small(keras):
    """A bit of everything that has weights, a state, or an argument that is an object."""
    image = keras.Input((8, 8, 1), name="image")
    x = keras.layers.Conv2D(4, 3, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01))(image)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Dropout(0.5)(keras.layers.Flatten()(x))
    x = keras.layers.Dense(6, keras.activations.tanh, kernel_constraint=keras.constraints.MaxNorm(2))(x)
    return keras.Model(image, keras.layers.Dense(3, activation="softmax", name="label")(x))


def fitted(keras):
    x, y = images()
    model = small(keras)
    model.layers[5].rate = 0.0
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    model.fit(x, y, batch_size=6, epochs=2, verbose=0)
    return model


@same
def test_whole_model_goes_on_after_loading(keras, folder):
    x, y = images()
    model = fitted(keras)
    model.save(folder / "model.keras")
    loaded = keras.saving.load_model(folder / "model.keras")
    assert [type(layer) for layer in loaded.layers] == [type(layer) for layer in model.layers]
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
    model.fit(x, y, batch_size=6, shuffle=False, verbose=0)
    loaded.layers[5].rate = 0.0
    loaded.fit(x, y, batch_size=6, shuffle=False, verbose=0)
    np.testing.assert_allclose(loaded.get_weights()[0], model.get_weights()[0], 1e-5, 1e-6)
    return loaded.get_weights(), loaded.optimizer.iterations.numpy()


@same
def test_weights_alone(keras, folder):
    model, other = fitted(keras), small(keras)
    model.save_weights(folder / "model.weights.h5")
    other.load_weights(folder / "model.weights.h5")
    return other(images()[0]), [weight.path.split("/")[-1] for weight in other.weights]


@same
def test_legacy_h5_file(keras, folder):
    x, _ = rows()
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(2)])
    model.save(folder / "model.h5")
    return model(x), keras.saving.load_model(folder / "model.h5", compile=False)(x)


@same
def test_exported_for_serving(keras, folder):
    x, _ = images()
    model = small(keras)
    model.export(folder / "served", verbose=False)
    served = tf.saved_model.load(folder / "served")
    return served.serve(x), model(x)


@same
def test_clone_is_independent(keras):
    x, _ = images()
    model = small(keras)
    clone = keras.models.clone_model(model)
    assert not set(map(id, model.weights)) & set(map(id, clone.weights))
    clone.set_weights(model.get_weights())
    return clone(x), [layer.get_config().get("activation") for layer in clone.layers]


@same
def test_clone_with_other_arguments(keras):
    def function(layer):
        config = layer.get_config()
        if isinstance(layer, keras.layers.Dense):
            config["use_bias"] = False
        return type(layer).from_config(config)

    return len(keras.models.clone_model(small(keras), clone_function=function).weights)


@same
def test_rebuilt_from_json(keras):
    model = small(keras)
    again = keras.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    return again(images()[0]), again.count_params()


@same
def test_rebuilt_from_config(keras):
    model = small(keras)
    again = keras.Model.from_config(model.get_config())
    return again.output_shape, [layer.name for layer in again.layers], [w.shape for w in again.weights]


@same
def test_pickled(keras):
    model = pickle.loads(pickle.dumps(small(keras)))
    return model(images()[0])


@same
def test_recurrent_model(keras, folder):
    x, _ = sequences()
    model = keras.Sequential(
        [
            keras.Input((None, 4)),
            keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True, kernel_regularizer="l2")),
            keras.layers.GRU(3, recurrent_initializer=keras.initializers.Orthogonal(0.5)),
        ]
    )
    model.save(folder / "model.keras")
    loaded = keras.models.load_model(folder / "model.keras")
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    return model(x), loaded(x), clone(x), len(loaded.losses)


@same
def test_text_model(keras, folder):
    tokens, _ = words()
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(11, 3, mask_zero=True),
            keras.layers.LSTM(4),
            keras.layers.Dense(1, "sigmoid"),
        ]
    )
    model.export(folder / "served", verbose=False)
    served = tf.saved_model.load(folder / "served")
    return served.serve(tokens), model(tokens)


@same
def test_optimizer_state_is_kept(keras, folder):
    x, y = rows()
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3)])
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    model.compile(keras.optimizers.RMSprop(schedule, momentum=0.9), "mse")
    model.fit(x, np.eye(3, dtype="float32")[y], verbose=0, shuffle=False)
    model.save(folder / "model.keras")
    loaded = keras.models.load_model(folder / "model.keras")
    return [variable.numpy() for variable in loaded.optimizer.variables], float(loaded.optimizer.learning_rate)


@same
def test_checkpoint_of_tensorflow(keras, folder):
    x, _ = rows()
    model, other = (keras.Sequential([keras.Input((5,)), keras.layers.Dense(3)]) for _ in range(2))
    path = tf.train.Checkpoint(model=model).save(folder / "checkpoint")
    tf.train.Checkpoint(model=other).restore(path).assert_existing_objects_matched()
    return other(x)


@same
def test_custom_objects_inside_a_custom_layer(keras, folder):
    @keras.saving.register_keras_serializable("clients", f"Head-{keras.layers.Dense.__module__}")
    class Head(keras.layers.Layer):
        def __init__(self, dense, **kwargs):
            super().__init__(**kwargs)
            self.dense = dense

        def call(self, inputs):
            return self.dense(inputs) * 2

        def get_config(self):
            return {**super().get_config(), "dense": keras.saving.serialize_keras_object(self.dense)}

        @classmethod
        def from_config(cls, config):
            dense = keras.saving.deserialize_keras_object(config.pop("dense"))
            return cls(dense, **config)

    model = keras.Sequential([keras.Input((5,)), Head(keras.layers.Dense(3, "elu", bias_regularizer="l1"))])
    model.save(folder / "model.keras")
    return keras.models.load_model(folder / "model.keras")(rows()[0])
