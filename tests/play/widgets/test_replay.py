"""What a run tells of each epoch, as the page replays it."""

import base64
import io
import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfnotes.callbacks import MistakenTexts
from tfnotes.callbacks._drawn import CAPTION
from tfnotes.callbacks._histograms import histograms
from tfnotes.callbacks._images import images
from tfnotes.callbacks.mistakes import DESCRIBED
from tfnotes.play.widgets import replay
from tfnotes.training.run import Run


@pytest.fixture(scope="module")
def run(trained):
    return Run.open(trained / "runs" / "drawn")


def of(run):
    return replay.data(SimpleNamespace(run=run))


def opened(address):
    return Image.open(io.BytesIO(base64.b64decode(address.split(",")[1])))


def test_an_export_has_nothing_to_replay_and_so_has_a_run_before_its_first_epoch(run, tmp_path):
    assert of(None) is None
    assert of(Run.create(tmp_path / "new", run.config)) is None


def test_epochs_of_a_run(run):
    found, rows = of(run), run.metrics()
    assert found["epochs"] == [1, 2, 3, 4, 5]
    assert found["curves"]["loss"]["train"] == [row["loss"] for row in rows]
    assert found["curves"]["accuracy"]["validation"] == [row["val_accuracy"] for row in rows]
    assert found["curves"]["learning_rate"]["validation"] == [None] * 5
    json.dumps(found, allow_nan=False)


def test_weights_and_filters_of_a_run(run, drawn):
    found = of(run)
    model = run.model()
    for (name, epochs), weight in zip(found["weights"].items(), model.weights, strict=True):
        assert name.endswith(weight.path)
        values = weight.numpy()
        low, high, counts = epochs[-1]
        np.testing.assert_allclose([low, high], [values.min(), values.max()], rtol=1e-3)
        assert sum(counts) == values.size
    (filters,) = found["pictures"].values()
    assert [opened(one).format for one in filters] == ["WEBP"] * 5


def test_mistakes_of_a_run(run):
    first = of(run)["mistakes"][0]
    assert first
    for mistake in first:
        assert mistake["label"] != mistake["prediction"]
        # Each pixel five times as large, without the line of text above.
        assert opened(mistake["picture"]).size == (140, 140)


def test_mistaken_texts(run, tmp_path):
    folder = tmp_path / "texts"
    texts = Run.create(folder, run.config)
    texts.write_metrics([{"epoch": 1, "loss": float("nan"), "val_loss": 2.0}])
    x, y = np.eye(2, dtype="float32"), np.array([1, 1])
    callback = MistakenTexts(folder / "events", x, y, ["good | or", "bad"], ["no", "yes"])
    callback.set_model(keras.Sequential([keras.Input((2,)), keras.layers.Activation("linear")]))
    callback.on_epoch_end(0)
    found = of(texts)
    assert found["mistakes"] == [[{"label": "yes", "prediction": "no", "text": "good | or"}]]
    assert found["curves"] == {"loss": {"train": [None], "validation": [2.0]}}


def test_of_a_long_training_the_first_epoch_and_the_last_are_kept(run, tmp_path):
    long = Run.create(tmp_path / "long", run.config)
    long.write_metrics([{"epoch": k, "loss": 1 / k} for k in range(1, 201)])
    found = of(long)
    assert len(found["epochs"]) == replay.LONGEST
    assert (found["epochs"][0], found["epochs"][-1]) == (1, 200)
    assert set(np.diff(found["epochs"])) == {5, 6}


def test_what_of_the_events_is_replayed(run, tmp_path):
    """Histograms of weights and pictures of the epochs that are kept; not of gradients, nor what covers mistakes."""
    made = Run.create(tmp_path / "made", run.config)
    rows = [{"epoch": 1, "stage": 0, "loss": 1, "val_loss": 2}, {"epoch": 2, "loss": float("inf"), "late": 0}]
    made.write_metrics(rows)
    writer = tf.summary.create_file_writer(str(made.path / "events" / "train"))
    described = {"mistakes/1": DESCRIBED.format("an a", "a, b"), "filters/a": "label of something"}
    for step in (0, 1, 2, 3):
        with writer.as_default(step=step):
            histograms(
                {"layer/kernel": np.array([0.0, 1.23456]), "gradients/layer": np.ones(2), "alone": np.ones(2)}, 2
            )
            images({"filters/a": np.full((1, 2, 3, 1), step / 4), "mistakes/2": np.ones((1, 20, 2, 3))}, described)
            if step == 1:
                images({"mistakes/1": np.ones((1, CAPTION + 4, 5, 3))}, described)
    writer.close()
    found = of(made)
    assert found["epochs"] == [1, 2]
    assert found["curves"] == {
        "loss": {"train": [1, None], "validation": [2, None]},
        "late": {"train": [None, 0], "validation": [None, None]},
    }
    assert found["weights"] == {"layer/kernel": [[0.0, 1.235, [1, 1]]] * 2}
    assert list(found["pictures"]) == ["filters/a"]
    shown = [opened(address) for address in found["pictures"]["filters/a"]]
    assert [(one.format, one.size) for one in shown] == [("WEBP", (3, 2))] * 2
    assert [round(np.asarray(one).mean() / 255, 1) for one in shown] == [0.3, 0.5]
    assert found["pictures"]["filters/a"][0].startswith("data:image/webp;base64,")
    (mistake,), nothing = found["mistakes"]
    assert (mistake["label"], mistake["prediction"], nothing) == ("an a", "a, b", [])
    assert mistake["picture"].startswith("data:image/png;base64,")
    assert opened(mistake["picture"]).size == (5, 4)


def test_how_many_epochs_a_slider_holds(run, tmp_path):
    assert replay.LONGEST == 40
    for count, kept in ((40, list(range(1, 41))), (1, [1])):
        made = Run.create(tmp_path / f"of-{count}", run.config)
        made.write_metrics([{"epoch": k, "loss": 1} for k in range(1, count + 1)])
        assert of(made)["epochs"] == kept
