"""Recurrent layers leave as SavedModels that plain TensorFlow runs: any batch and length, masks, options."""

import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import ops

from tfnotes import layers, parity

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="a SavedModel is TensorFlow's; other backends export nothing"
)

SIZES = ((1, 5), (1, 37), (2, 9), (4, 1))

CHILD = """
import sys
sys.modules["tfnotes"] = sys.modules["keras"] = None
import numpy as np
import tensorflow as tf
for name in sys.argv[2:]:
    folder = f"{sys.argv[1]}/{name}"
    serve = tf.saved_model.load(folder).signatures["serving_default"]
    given, outputs = np.load(f"{folder}/inputs.npz"), {}
    for size in sorted({key.split("|")[0] for key in given}):
        arguments = {key.split("|")[1]: tf.constant(x) for key, x in given.items() if key.startswith(size + "|")}
        for k, y in enumerate(value for _, value in sorted(serve(**arguments).items())):
            outputs[f"{size}|{k}"] = y.numpy()
    np.savez(f"{folder}/outputs.npz", **outputs)
"""


def masked(layer):
    """A model from inputs and a mask to all that a layer gives."""
    x, mask = keras.Input((None, 3), name="x"), keras.Input((None,), dtype="bool", name="mask")
    y = keras.tree.flatten(layer(x, mask=mask))
    return keras.Model([x, mask], {f"y{k}": t for k, t in enumerate(y)})


def given_states(layer):
    """A model that takes states and gives them back, so that a process can go on with a sequence."""
    x = keras.Input((None, 3), name="x")
    states = [keras.Input((4,), name=f"state{k}") for k in range(len(layer.state_size))]
    y = layer(x, initial_state=states)
    return keras.Model([x, *states], {f"y{k}": t for k, t in enumerate(y)})


def texts():
    ids = keras.Input((None,), dtype="int32", name="ids")
    h = layers.Embedding(9, 3, mask_zero=True)(ids)
    h = layers.Bidirectional(layers.LSTM(2, return_sequences=True))(h)
    h = layers.Bidirectional(layers.GRU(2, dropout=0.2, recurrent_dropout=0.2), merge_mode="ave")(h)
    return keras.Model(ids, {"y0": h})


ALL = {"return_sequences": True, "return_state": True}
MODELS = {
    "simple": lambda: masked(layers.SimpleRNN(4, **ALL, activation="relu", go_backwards=True)),
    "lstm": lambda: masked(layers.LSTM(4, **ALL, zero_output_for_mask=True)),
    "gru": lambda: masked(layers.GRU(4, **ALL, update_gate="replaces")),
    "gru-before": lambda: masked(layers.GRU(4, go_backwards=True, reset_after=False, use_bias=False)),
    "stack": lambda: masked(layers.RNN(layers.StackedRNNCells([layers.LSTMCell(2), layers.GRUCell(3)]), **ALL)),
    "states": lambda: given_states(layers.LSTM(4, **ALL)),
    "texts": texts,
}


def inputs(model, batch, steps, rng):
    drawn = {
        "x": rng.normal(size=(batch, steps, 3)).astype("float32"),
        "mask": rng.uniform(size=(batch, steps)) > 0.4,
        "ids": rng.integers(9, size=(batch, steps)).astype("int32"),
    }
    drawn |= {f"state{k}": rng.normal(size=(batch, 4)).astype("float32") for k in range(2)}
    return {t.name: drawn[t.name] for t in model.inputs}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    root, rng = tmp_path_factory.mktemp("recurrent"), np.random.default_rng(0)
    for name, build in MODELS.items():
        model = build()
        parity.draw_weights(model, rng)
        model.export(root / name, verbose=False)
        given, expected = {}, {}
        for size in SIZES:
            now = inputs(model, *size, rng)
            given |= {f"{size}|{key}": x for key, x in now.items()}
            outputs = model(now if len(now) > 1 else now["ids"])
            expected |= {f"{size}|{key[1:]}": ops.convert_to_numpy(y) for key, y in outputs.items()}
        np.savez(root / name / "inputs.npz", **given)
        np.savez(root / name / "expected.npz", **expected)
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(root), *MODELS], capture_output=True, text=True, cwd=root, check=False
    )
    assert child.returncode == 0, child.stderr[-2000:]
    return root


@pytest.mark.parametrize("name", MODELS)
def test_plain_tensorflow_gives_the_same_at_any_batch_and_length(name, exported):
    outputs, expected = (np.load(exported / name / f"{what}.npz") for what in ("outputs", "expected"))
    assert sorted(outputs) == sorted(expected)
    assert len(expected) >= len(SIZES)
    for key in expected:
        tolerance = 1e-5 * np.abs(expected[key]).max(initial=1e-30)
        np.testing.assert_allclose(outputs[key], expected[key], rtol=1e-5, atol=tolerance, err_msg=key)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_a_stateful_layer_goes_on_in_a_saved_model_where_it_was(kind, tmp_path):
    import tensorflow as tf

    x = keras.Input(batch_shape=(2, 3, 2), name="x")
    layer = getattr(layers, kind)(4, stateful=True)
    model = keras.Model(x, layer(x))
    first, second = np.random.default_rng(0).normal(size=(2, 2, 3, 2)).astype("float32")
    expected = [ops.convert_to_numpy(model(part)) for part in (first, second)]
    layer.reset_state()
    model.export(tmp_path / "model", verbose=False)
    serve = tf.saved_model.load(tmp_path / "model").signatures["serving_default"]
    for part, y in zip((first, second), expected, strict=True):
        (found,) = serve(x=tf.constant(part)).values()
        np.testing.assert_allclose(found, y, rtol=1e-5, atol=1e-6)
    assert np.abs(expected[1] - ops.convert_to_numpy(model(second))).max() > 1e-4
