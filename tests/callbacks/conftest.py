"""A model of builtin layers trained for two epochs, and its events as TensorBoard reads them."""

import json
import time
import urllib.parse
import urllib.request

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard import program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


@pytest.fixture
def images():
    generator = np.random.default_rng(0)
    return generator.uniform(size=(48, 8, 8, 1)).astype("float32"), generator.integers(0, 3, 48)


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(5, 3, name="conv"),
            keras.layers.BatchNormalization(name="normalization"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(3, name="logits"),
        ]
    )
    model.compile(
        keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


@pytest.fixture
def writer(tmp_path):
    return tf.summary.create_file_writer(str(tmp_path / "events"))


@pytest.fixture
def fit(images, model):
    """Fits with callbacks, three steps an epoch, and gives the history."""

    def fit(*callbacks, epochs=2, initial_epoch=0):
        x, y = images
        return model.fit(
            x,
            y,
            batch_size=16,
            epochs=epochs,
            initial_epoch=initial_epoch,
            validation_data=(x[:8], y[:8]),
            callbacks=list(callbacks),
            verbose=0,
        )

    return fit


@pytest.fixture
def read(tmp_path):
    """What stands in a folder's events; without a name, in those of `writer`."""

    def read(name="events"):
        events = EventAccumulator(str(tmp_path / name), size_guidance={"tensors": 0})
        return events.Reload()

    return read


@pytest.fixture
def picture():
    """The images of one summary, decoded."""

    def picture(tensor):
        return [tf.io.decode_png(png).numpy() for png in tf.make_ndarray(tensor.tensor_proto)[2:]]

    return picture


@pytest.fixture
def ask(tmp_path):
    """Asks a running TensorBoard for what its page asks for."""
    board = program.TensorBoard()
    url = ""

    def request(path, body=None, **query):
        data = None if body is None else json.dumps(body).encode()
        address = f"{url}data/{path}?{urllib.parse.urlencode(query)}"
        headers = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(address, data, headers)) as answer:
            return answer.read()

    def ask(path, body=None, **query):
        nonlocal url
        if not url:
            board.configure(argv=["tensorboard", "--logdir", str(tmp_path), "--port", "0", "--load_fast", "false"])
            url = board.launch()
        # It reads the files in a thread of its own.
        while not json.loads(request("runs")):
            time.sleep(0.1)
        return request(path, body, **query)

    return ask
