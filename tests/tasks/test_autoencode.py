"""Each model of the task trains, exports, and answers in a process with plain TensorFlow as it does in Python.

Of models alike one stands for the others, unless TFNOTES_ALL_MODELS is set (`make test-models`).
"""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from tfnotes import callbacks
from tfnotes.errors import InputError
from tfnotes.serving import evaluate
from tfnotes.serving.endpoints import arguments
from tfnotes.serving.export import export
from tfnotes.serving.exported import Exported
from tfnotes.task import Look
from tfnotes.training import config, loop
from tfnotes.training.run import Run
from tfnotes_tasks import autoencode

SMALL = {
    "ae": ["units=8"],
    "deep-ae": ["units=20-5", "activation=sigmoid", "pretrain=1"],
    "conv-ae": ["filters=2", "code=6"],
    "sparse-ae": ["units=20"],
    "denoising-ae": ["units=12"],
    "stacked-denoising": ["units=20-15", "pretrain=1"],
    "vae": ["latent=4", "units=20"],
    "gan": ["latent=5", "units=20-30"],
    "conv-gan": ["latent=5", "filters=2"],
    "rbm": ["units=16", "chains=10"],
    "dbn": ["units=20-15", "pretrain=1"],
    "ladder": ["units=20-15", "costs=10-1-0.1-0.1"],
}
CHOSEN = SMALL if os.environ.get("TFNOTES_ALL_MODELS") else ("ae", "vae", "gan", "rbm", "dbn", "ladder")
# At its own rate, one epoch leaves all chains of so small an RBM in one state.
RATES = {"rbm": 0.005}
CODING = {"reconstruct", "encode", "decode", "score", "layers"}
CLASSIFYING = {"classify", "encoded", "layers"}
DRAWING = {"sample", "decode", "score", "layers"}
WAYS = {
    **dict.fromkeys(("ae", "deep-ae", "conv-ae", "sparse-ae", "denoising-ae"), CODING),
    **dict.fromkeys(("vae", "rbm"), CODING | DRAWING),
    **dict.fromkeys(("gan", "conv-gan"), DRAWING),
    **{name: CLASSIFYING | {"encode", "decode"} for name in ("stacked-denoising", "dbn")},
    "ladder": CLASSIFYING | {"reconstruct"},
}

CHILD = """
import sys
sys.modules["tfnotes"] = sys.modules["tfnotes_tasks"] = sys.modules["keras"] = None
import json
import numpy as np
import tensorflow as tf
for path, names in json.load(open("exports.json")).items():
    served = tf.saved_model.load(path)
    given, answers = np.load(path + "/inputs.npz", allow_pickle=True), {}
    for name, inputs in names.items():
        signature = served.signatures[name]
        specs = signature.structured_input_signature[1]
        outputs = signature(**{n: tf.constant(given[f"{name}/{n}"].tolist(), specs[n].dtype) for n in inputs})
        answers.update({f"{name}/{key}": value.numpy() for key, value in outputs.items()})
    np.savez(path + "/answers.npz", **answers)
"""


def test_every_model_is_covered():
    assert set(SMALL) == set(WAYS) == set(autoencode.TASK.models)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A trained run of each chosen model on drawn digits, and its export."""
    from tests.conftest import DRAWN
    from tfnotes import task

    folder, made = tmp_path_factory.mktemp("codes"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DRAWN)
        drawn = task.load("drawn-codes")
        splits = drawn.source("drawn")(None)
        for name in CHOSEN:
            settings = SMALL[name]
            epochs = 3 if any(s.startswith("pretrain") for s in settings) else 1
            options = {"epochs": epochs, "learning_rate": RATES.get(name), "settings": settings}
            asked = config.configure(drawn, model=name, inspect="full", **options)
            run = Run.create(folder / "runs" / name, asked | config.describe_data(splits))
            loop.train(run, drawn, splits)
            made[name] = run, export(run, folder / name)
        yield splits, made


def test_a_process_with_plain_tensorflow_gives_every_endpoints_answers(runs, tmp_path):
    splits, made = runs
    x, asked, expected = splits.test.x[:7], {}, {}
    for name, (run, path) in made.items():
        recipe = run.setup().recipe
        ways = recipe.endpoints(run.model(), run.prepare(recipe))
        assert set(ways) == WAYS[name]
        inputs, asked[str(path)] = {}, {}
        for way, endpoint in ways.items():
            given = arguments(endpoint, x)
            asked[str(path)][way] = [spec.name for spec in endpoint.signature]
            inputs |= {f"{way}/{s.name}": v.numpy() for s, v in zip(endpoint.signature, given, strict=True)}
            expected[name, way] = {k: np.asarray(v) for k, v in endpoint.function(*given).items()}
        np.savez(path / "inputs.npz", **inputs)
    (tmp_path / "exports.json").write_text(json.dumps(asked))
    child = subprocess.run(
        [sys.executable, "-I", "-c", CHILD], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr[-2000:]
    for (name, way), outputs in expected.items():
        received = np.load(made[name][1] / "answers.npz")
        for key, value in outputs.items():
            assert len(value) == 7
            np.testing.assert_allclose(received[f"{way}/{key}"], value, rtol=1e-4, atol=1e-5, err_msg=f"{name} {way}")


def test_reconstructions_are_the_decoded_codes(runs):
    splits, made = runs
    x = splits.test.x[:5]
    for name in sorted({"ae", "deep-ae", "conv-ae", "vae", "rbm"} & set(made)):
        exported = Exported(made[name][1])
        codes = exported.ask("encode", x)["codes"]
        images = exported.ask("reconstruct", x)["images"]
        assert images.shape == (5, 28, 28)
        np.testing.assert_allclose(exported.ask("decode", codes)["images"], images, rtol=1e-3, atol=1e-4)
        if name != "rbm" and name != "vae":
            wanted = np.sum((x / 255 - images) ** 2, (1, 2))
            np.testing.assert_allclose(exported.ask("score", x)["squared_error"], wanted, rtol=1e-3)


def test_samples_repeat_with_their_seed(runs):
    _, made = runs
    for name in sorted({"vae", "gan", "conv-gan", "rbm"} & set(made)):
        exported = Exported(made[name][1])
        a, b, c = (exported.ask("sample", 4, seed)["images"] for seed in (1, 1, 2))
        np.testing.assert_array_equal(a, b)
        assert np.abs(a - c).max() > 1e-5
        with pytest.raises(InputError, match="`count` must be at most 10000"):
            exported.ask("sample", 1_000_000, 1)


def test_measured(runs):
    _, made = runs
    for name, keys in (
        ("ae", {"pca_squared_error", "squared_error_masked_0.25", "probe_of_codes", "probe_of_pixels"}),
        ("vae", {"log_likelihood_50_samples", "log_likelihood_5000_samples", "probe_of_codes"}),
        ("rbm", {"log_partition", "log_partition_error", "log_likelihood", "pseudo_likelihood"}),
        ("gan", {"digits_covered", "smallest_share", "frechet_distance", "parzen_log_likelihood"}),
        ("dbn", {"accuracy", "probe_of_codes"}),
        ("ladder", {"accuracy", "loss"}),
    ):
        measured = evaluate.evaluate_run(made[name][0])
        assert keys <= set(measured)
        assert all(np.isfinite(measured[key]) for key in keys)
        # Some models draw as they are measured.
        assert name != "rbm" or evaluate.evaluate_run(made[name][0]) == measured


def test_what_tensorboard_shows(runs):
    _, made = runs
    wanted = {
        "ae": {"reconstructions", "latent_map", "interpolations", "filters/code"},
        "vae": {"reconstructions", "samples", "latent_map", "interpolations"},
        "gan": {"samples", "interpolations"},
        "rbm": {"reconstructions", "samples", "filters/units"},
        "dbn": {"filters/hidden_1"},
    }
    for name, tags in wanted.items():
        seen = set()
        for path in (made[name][0].path / "events").rglob("*tfevents*"):
            for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
                seen |= {value.tag for value in tf.compat.v1.Event.FromString(record).summary.value}
        assert tags <= seen, name


def test_a_prepared_look_is_all_that_pictures_need(runs, tmp_path):
    splits, made = runs
    writer = tf.summary.create_noop_writer()
    for name, (run, _) in made.items():
        recipe = run.setup().recipe
        x = ops.convert_to_numpy(run.prepare(recipe)(splits.validation.x))
        for callback in recipe.shows(Look(writer, writer, tmp_path, splits.validation, x, callbacks.Predictions(x))):
            callback.set_model(run.model())
            callback.on_epoch_end(0)
        assert name
    assert float(ops.max(run.prepare(recipe)(splits.test.x[:1]))) <= 1
