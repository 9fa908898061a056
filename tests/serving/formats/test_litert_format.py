"""LiteRT's files hold an endpoint for one example, of any length, with its names; what they can't hold is refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import layers
from tfnotes.errors import InputError
from tfnotes.serving import formats
from tfnotes.serving.formats import litert_format
from tfnotes.serving.formats.unsuited import Unsuited
from tfnotes.serving.runtimes.litert_runtime import Runtime


def signature(folder, function, *specs, holding=None):
    """As an export has it: loaded from a SavedModel."""
    module = tf.Module()
    module.held = holding
    module.f = tf.function(function, input_signature=specs)
    tf.saved_model.save(module, str(folder), signatures={"f": module.f})
    loaded = tf.saved_model.load(str(folder))
    loaded.signatures["f"].kept = loaded
    return loaded.signatures["f"]


def opened(folder, content):
    (folder / "litert").mkdir(exist_ok=True)
    (folder / "litert" / "f.tflite").write_bytes(content)
    return Runtime(folder, {"formats": {"litert": {"f": {}}}})


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A recurrent network over ids whose end is padding, with all its steps, as a signature."""
    keras.utils.set_random_seed(0)
    words, ids = keras.layers.Embedding(20, 4, mask_zero=True), keras.Input((None,), dtype="int32")
    last = layers.LSTM(5)(both := keras.layers.Bidirectional(layers.GRU(3, return_sequences=True))(words(ids)))
    model = keras.Model(ids, [both, last])

    def read(ids):
        steps, last = model(ids, training=False)
        return {"zeroth": tf.argmax(last, -1, output_type="int32"), "steps": steps, "last": last}

    spec = tf.TensorSpec((None, None), tf.int32, name="ids")
    return signature(tmp_path_factory.mktemp("reader"), read, spec, holding=model)


def test_a_recurrent_network_of_any_length(reader, tmp_path):
    runtime = opened(tmp_path, litert_format.convert(reader))
    rng = np.random.default_rng(0)
    for size, length in ((1, 7), (4, 12), (3, 1), (0, 5), (2, 40)):
        ids = rng.integers(1, 20, (size, length))
        ids[:1, length // 2 + 1 :] = 0
        got, wanted = runtime.ask("f", {"ids": ids}), reader(ids=tf.constant(ids, tf.int32))
        assert set(got) == {"zeroth", "steps", "last"}
        for name in wanted:
            assert got[name].dtype == wanted[name].dtype
            np.testing.assert_allclose(got[name], wanted[name], rtol=1e-5, atol=1e-6)
    # The second time it says no more, and then it answers as ever.
    for _ in range(2):
        with pytest.raises(InputError, match=r"^f: the inputs must be .* Received: gather index") as caught:
            runtime.ask("f", {"ids": ids * 0 + 20})
        assert str(caught.value).count("gather") == 1
    np.testing.assert_array_equal(runtime.ask("f", {"ids": ids})["last"], got["last"])


@pytest.mark.parametrize(("kind", "share", "off"), [("dynamic", 0.45, 0.05), ("float16", 0.6, 1e-3)])
def test_quantized_files_are_smaller_and_close(tmp_path, kind, share, off):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((64,)), layers.Dense(64, activation="tanh"), layers.Dense(64)])
    spec = tf.TensorSpec((None, 64), tf.float32, name="x")
    whole = signature(tmp_path, lambda x: {"y": model(x)}, spec, holding=model)
    content = litert_format.convert(whole, kind)
    assert len(content) < share * len(litert_format.convert(whole))
    x = np.random.default_rng(0).normal(size=(9, 64)).astype("float32")
    got = opened(tmp_path, content).ask("f", {"x": x})["y"]
    assert 0 < np.abs(got - whole(x=x)["y"]).max() < off


def test_what_needs_tensorflow_inside(tmp_path):
    spec = tf.TensorSpec((None, 8), tf.float32, name="x")
    lacking = signature(tmp_path / "1", lambda x: {"y": tf.cast(x, tf.int64) // 3}, spec)
    with pytest.raises(Unsuited, match=r"^needs FloorDiv, which LiteRT has only with TensorFlow inside$"):
        litert_format.convert(lacking)
    fine = signature(tmp_path / "2", lambda x: {"y": tf.nn.relu(x)}, spec)
    (tmp_path / "export").mkdir()
    np.savez(tmp_path / "export" / "examples.npz", **{"good/x": np.ones((3, 8), "float32")})
    said: list = []
    both = {"bad": lacking, "good": fine}
    assert list(formats.add(tmp_path / "export", "litert", both, list(both), said.append)) == ["good"]
    sentence = "litert: without the endpoint bad, which needs FloorDiv, which LiteRT has only with TensorFlow inside; "
    assert said == [f"{sentence}with good."]
    with pytest.raises(InputError, match=r"must suit an endpoint .* 'litert', but bad needs FloorDiv, which"):
        formats.add(tmp_path, "litert", both, ["bad"])
    assert not (tmp_path / "litert").exists()


def test_operations_that_litert_has_not_are_told_of_once(monkeypatch):
    class Converter:
        said = "cannot\nTF Select ops: Roll, Acosh\nCustom ops: Acosh, Zeta\nFlex ops: Betainc\n"

        def convert(self):
            raise RuntimeError(self.said)

    monkeypatch.setattr(litert_format, "_converter", lambda concrete, quantize: Converter())
    spec = tf.TensorSpec((None,), tf.float32, name="x")
    twice = tf.function(lambda *, x: {"y": 2 * x}).get_concrete_function(x=spec)
    with pytest.raises(Unsuited) as caught:
        litert_format.convert(twice)
    assert str(caught.value) == "needs Acosh, Betainc, Roll, Zeta, which LiteRT has only with TensorFlow inside"
    monkeypatch.setattr(Converter, "said", "out of memory")
    with pytest.raises(RuntimeError, match=r"^out of memory$"):
        litert_format.convert(twice)
