"""Every concept leaves as a SavedModel that plain TensorFlow runs, in a process without tfnotes."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from tests.contracts.cases import LAYERS, contract
from tests.contracts.test_parity import made
from tfnotes import parity, registry

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="a SavedModel is TensorFlow's; other backends export nothing"
)

KINDS = ("activations", *LAYERS)

# It must not find tfnotes, whichever way that is installed, and plain TensorFlow is all that it imports.
CHILD = """
import sys
sys.modules["tfnotes"] = sys.modules["keras"] = None
import numpy as np
import tensorflow as tf
for name in sys.argv[2:]:
    folder = f"{sys.argv[1]}/{name}"
    serve = tf.saved_model.load(folder).signatures["serving_default"]
    given = np.load(f"{folder}/inputs.npz")
    outputs = {}
    for key, x in given.items():
        (y,) = serve(**{list(serve.structured_input_signature[1])[0]: tf.constant(x)}).values()
        outputs[key] = y.numpy()
    np.savez(f"{folder}/outputs.npz", **outputs)
"""


def key(concept, sample):
    return f"{concept.kind}.{concept.name}.{concept.samples.index(sample)}"


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """Exports all samples of all concepts, and runs them in one child process."""
    root, names = tmp_path_factory.mktemp("exports"), []
    for concept in registry.concepts():
        if concept.kind in KINDS and "export" not in concept.exempt:
            for sample in concept.samples:
                write(concept, sample, root / key(concept, sample))
                names.append(key(concept, sample))
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(root), *names], capture_output=True, text=True, cwd=root, check=False
    )
    assert child.returncode == 0, child.stderr[-2000:]
    return root


def write(concept, sample, folder):
    """A SavedModel with unknown batch size, inputs at three of them, and the layer's own outputs."""
    if concept.kind in LAYERS:
        call = made(concept.target, sample, "float32")
    else:
        call = keras.layers.Lambda(lambda x: concept.target(x, **sample.arguments))
    dtype = "int32" if sample.integers else "float32"
    inputs = keras.Input(batch_shape=(None, *sample.shape[1:]), dtype=dtype, name="x")
    model = keras.Model(inputs, call(inputs))
    model.export(folder, verbose=False)
    rng = np.random.default_rng(0)
    given = {f"batch{n}": parity.sample_input(sample, rng, "float32", n) for n in (1, 2, 5)}
    np.savez(folder / "inputs.npz", **given)
    expected = {k: keras.ops.convert_to_numpy(model(x)) for k, x in given.items()}
    np.savez(folder / "expected.npz", **expected)
    (folder / "concept.json").write_text(json.dumps({"name": concept.name}))


@contract("export", KINDS)
def test_plain_tensorflow_runs_it_without_tfnotes(concept, sample, exported):
    folder = exported / key(concept, sample)
    outputs, expected = np.load(folder / "outputs.npz"), np.load(folder / "expected.npz")
    assert sorted(outputs) == sorted(expected) == ["batch1", "batch2", "batch5"]
    for name in expected:
        # Of the largest value, as a graph may sum in another order what cancels.
        tolerance = 1e-6 * np.abs(expected[name]).max()
        np.testing.assert_allclose(outputs[name], expected[name], rtol=1e-6, atol=tolerance)
