"""A small network of Keras's layers, fitted with any callbacks."""

import keras
import numpy as np

X = np.random.default_rng(0).normal(size=(160, 8)).astype("float32")
Y = (X[:, 0] > 0).astype(int)
# Labels that nothing can be learned of.
NOISE = np.random.default_rng(1).integers(0, 2, 160)


def fitted(*callbacks, rate=0.05, activation="relu", depth=1, x=X, y=Y, loss=None, units=2):
    keras.utils.set_random_seed(0)
    hidden = [keras.layers.Dense(16, activation, name=f"hidden_{k + 1}") for k in range(depth)]
    model = keras.Sequential([keras.Input((8,)), *hidden, keras.layers.Dense(units, name="last")], name="network")
    loss = loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate, 0.9), loss, metrics=["accuracy"] if units == 2 else [], jit_compile=False)
    model.fit(x, y, batch_size=16, epochs=3, verbose=0, callbacks=list(callbacks))
    return model
