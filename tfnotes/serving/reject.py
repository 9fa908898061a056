"""What a task's `reject` learns with, at an export: a small network, in seconds."""

import keras


def learned(network, x, y, *, epochs, batch_size, learning_rate):
    """Teaches a network classes, at a rate that falls to nothing as a cosine.

    Args:
        network: a Keras model that gives logits, with a seed of its own in each layer that draws.
        x: examples in random order, shape (n, ...).
        y: their classes, integers of shape (n,).
        epochs: how often each is seen.
        batch_size: examples in a step.
        learning_rate: of Adam, in the first step.

    Returns:
        A list of what was learned, NumPy arrays in the order of `network.trainable_weights`.
    """
    rate = keras.optimizers.schedules.CosineDecay(learning_rate, epochs * len(x) // batch_size)
    network.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit(x, y, batch_size, epochs, shuffle=False, verbose=0)
    return [keras.ops.convert_to_numpy(value) for value in network.trainable_weights]
