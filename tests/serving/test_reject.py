"""An export says what is nothing of its kind, the same in each runtime, and how well it was measured to."""

import dataclasses
import io
import json
from pathlib import Path

import keras
import numpy as np
import pytest
from click.testing import CliRunner
from keras import ops
from PIL import Image

from tfnotes import task as tasks
from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.serving import predict
from tfnotes.serving.export import export
from tfnotes.serving.exported import Exported
from tfnotes.serving.reject import learned
from tfnotes.task import Reject
from tfnotes.training.run import Run
from tfnotes.training.setup import Setup


def reject(splits):
    """Digits have more ink than a quarter of the least one's."""
    least = splits.validation.x.mean((1, 2)).min() / 4
    return Reject(
        output="is_digit",
        label="no digit",
        score=lambda pixels: ops.mean(ops.cast(pixels, "float32"), axis=(1, 2)),
        threshold=float(least),
        refused={"validation": 0.0},
        found={"blank": 1.0},
    )


@pytest.fixture(scope="module")
def path(trained, tmp_path_factory):
    """An export with a `reject`, in two formats."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).with_name("drawn"))
        import drawn_task

        patch.setattr(drawn_task, "TASK", dataclasses.replace(drawn_task.TASK, reject=reject))
        assert tasks.load("drawn").reject is reject
        run = Run.open(trained / "runs" / "drawn")
        return export(run, tmp_path_factory.mktemp("rejecting"), wanted=("saved_model", "onnx"))


def test_each_runtime_says_the_same(drawn, path):
    pixels = np.concatenate([drawn.source("drawn")(None).test.x[:5], np.zeros((2, 28, 28), "uint8")])
    files = []
    for image in pixels:
        files.append(io.BytesIO())
        Image.fromarray(image).save(files[-1], "PNG")
    for runtime in ("tensorflow", "onnx"):
        exported = Exported(path, runtime)
        for endpoint, inputs in (("pixels", pixels), ("encoded", [file.getvalue() for file in files])):
            answer = exported.ask(endpoint, inputs)["is_digit"]
            assert answer.dtype == bool
            assert answer.tolist() == [True] * 5 + [False] * 2


def test_metadata_tell_how(drawn, path):
    metadata = json.loads((path / "metadata.json").read_text("utf-8"))
    splits = drawn.source("drawn")(None)
    assert metadata["reject"] == reject(splits).described()
    assert metadata["endpoints"]["pixels"]["outputs"]["is_digit"]["dtype"] == "bool"
    assert "no digit" in metadata["endpoints"]["encoded"]["outputs"]["is_digit"]["note"]


def test_predict_gives_no_label(drawn, path, tmp_path):
    images = {"blank.png": np.full((60, 50), 240, "uint8"), "digit.png": drawn.source("drawn")(None).test.x[7]}
    for name, pixels in images.items():
        Image.fromarray(pixels).save(tmp_path / name)
    blank, digit = predict.predict(Exported(path), [tmp_path / name for name in images])
    assert (blank["is_digit"], blank["label"], blank["probability"]) == (False, None, None)
    assert (digit["is_digit"], digit["label"]) == (True, "7")
    result = CliRunner().invoke(main, ["predict", str(path), str(tmp_path / "blank.png")])
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'blank.png'}\tno digit\t\n")


def test_it_learns_of_the_examples_that_the_run_chose(trained, drawn, tmp_path, monkeypatch):
    import drawn_task

    seen, select = [], Setup.selected

    def noted(splits):
        seen.append(len(splits.train))
        raise InputError("seen")

    def selected(setup, splits):
        whole = select(setup, splits)
        return dataclasses.replace(whole, train=whole.train.take(slice(7)))

    run = Run.open(trained / "runs" / "drawn")
    monkeypatch.setattr(Setup, "selected", selected)
    monkeypatch.setattr(drawn_task, "TASK", dataclasses.replace(drawn, reject=noted))
    with pytest.raises(InputError, match="seen"):
        export(run, tmp_path)
    assert seen == [7]


def test_its_rate_falls_to_nothing_at_the_last_step():
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    found = learned(network, np.zeros((20, 2)), np.zeros(20, int), epochs=3, batch_size=5, learning_rate=0.1)
    for value, weight in zip(found, network.trainable_weights, strict=True):
        assert isinstance(value, np.ndarray)
        np.testing.assert_array_equal(value, weight)
    assert (found[1][0] > 0) & (found[1][1] < 0)
    assert network.loss.get_config()["from_logits"] is True
    assert int(network.optimizer.iterations) == 12
    rate = keras.optimizers.schedules.deserialize(network.optimizer.get_config()["learning_rate"])
    np.testing.assert_allclose([rate(step) for step in (0, 6, 12)], [0.1, 0.05, 0], atol=1e-7)
