import gc
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import callbacks as cb
from tfnotes.callbacks._writers import folder_of
from tfnotes.errors import InputError

X, Y = np.random.default_rng(0).uniform(size=(48, 8, 8, 1)).astype("float32"), np.arange(48) % 3


def made(kind, where):
    """One callback of a kind, which writes there."""
    others = {
        "ActivationStatistics": (X,),
        "Baseline": (Y,),
        "Configuration": ({"a": 1},),
        "ConfusionMatrix": (X, Y),
        "DeadUnits": (X,),
        "Embeddings": (X,),
        "GradientNorms": (X, Y),
        "HParams": ({"a": 1},),
        "InputScale": (X,),
        "MistakenTexts": (X, Y, ["a text"] * 48, "abc"),
        "Mistakes": (X, Y),
        "Pictures": (lambda model: {"one": X[0]}, lambda model: {"last": X[0]}),
        "PrecisionRecall": (X, Y),
        "Reconstructions": (X, lambda model, x: x),
        "Saturation": (X,),
        "Scalars": (where,),
    }
    # The doctor takes no writer.
    first = X if kind == "Doctor" else where
    return getattr(cb, kind)(first, *others.get(kind, ()))


WRITE = sorted(
    set(cb.__all__) - {"Doctor", "EarlyStopping", "LearningRate", "Predictions", "Progress", "tiled", "trim"}
)


def test_a_folder_or_a_writer_alike(fit, tmp_path, read):
    ways = {
        "text": lambda path: str(path),
        "path": lambda path: path,
        "writer": lambda path: tf.summary.create_file_writer(str(path)),
    }
    fit(*(made(kind, way(tmp_path / name / kind)) for kind in WRITE for name, way in ways.items()), epochs=1)
    for kind in WRITE:
        found = []
        for name in ways:
            events, folder = read(f"{name}/{kind}"), tmp_path / name / kind
            files = {str(f.relative_to(folder)) for f in folder.rglob("*") if "tfevents" not in f.name}
            found.append((sorted(events.Tags()["tensors"]), events.Tags()["graph"], files))
        assert found[0] == found[1] == found[2], kind
        assert any(found[0]) or kind in ("DeadUnits", "Saturation", "FiniteLoss"), kind


@pytest.mark.parametrize("kind", WRITE)
@pytest.mark.parametrize("where", [5, "", None, ["logs"]])
def test_anything_else_is_refused_by_name(kind, where):
    if kind == "FiniteLoss" and where is None:
        return
    with pytest.raises(InputError, match=rf"^{kind}: `\w+` must be a folder, or a tf.summary.SummaryWriter. Rec"):
        made(kind, where)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"Graph: `writer` must be a folder.*that can be written"):
        cb.Graph(tmp_path / "file" / "logs")


def test_callbacks_share_the_writer_of_a_folder(tmp_path):
    first, second = cb.Graph(tmp_path), cb.Scalars(str(tmp_path), tmp_path / "other")
    assert first.writer is second.train
    assert second.train is not second.validation
    shutil.rmtree(tmp_path)
    assert cb.Graph(tmp_path).writer is not first.writer
    assert list(tmp_path.glob("*tfevents*"))


def test_the_folder_of_a_writer_of_ones_own(tmp_path):
    others = [tf.summary.create_file_writer(str(tmp_path / name)) for name in "ab"]
    assert [folder_of("test", "folder", w) for w in others] == [tmp_path / "a", tmp_path / "b"]
    with pytest.raises(InputError, match="test: `folder` must be a folder, as this writer doesn't tell"):
        folder_of("test", "folder", tf.summary.create_noop_writer())


def test_a_writer_nobody_holds_is_closed(tmp_path):
    cb.Graph(tmp_path)
    gc.collect()
    assert not [folder for folder in cb._writers._OPEN if folder == tmp_path]


SUBCLASSED = [name for name in cb.__all__ if name not in ("tiled", "trim", "Predictions")]


OPTIONS = {
    "EarlyStopping": {"monitor": "loss", "patience": 7},
    "FilterImages": {"writer": "logs", "most": 3},
    "DeadUnits": {"writer": "logs", "x": X, "limit": 0.75},
    "Mistakes": {"writer": "logs", "x": X, "y": Y, "most": 3},
}


def subclassed(kind):
    class Own(getattr(cb, kind)):
        """With an argument of its own, and a main method that adds to its base's."""

        def __init__(self, *args, gain=2.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.gain = gain
            self.epochs = []

        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            self.epochs.append(epoch)

    return Own


def test_a_subclass_keeps_what_it_passes_on(fit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    callbacks = {}
    for kind in SUBCLASSED:
        own = subclassed(kind)
        with pytest.MonkeyPatch.context() as patch:
            takes_nothing = kind in ("LearningRate", "Progress")
            patch.setattr(cb, kind, lambda *args, own=own, n=takes_nothing: own(*args[n:], gain=3.0))
            callbacks[kind] = own(gain=3.0, **OPTIONS[kind]) if kind in OPTIONS else made(kind, tmp_path / "logs")
        assert callbacks[kind].gain == 3.0
        for name, value in OPTIONS.get(kind, {}).items():
            assert name in ("writer", "x", "y") or getattr(callbacks[kind], name) == value
    fit(*callbacks.values())
    assert {kind: callback.epochs for kind, callback in callbacks.items()} == {kind: [0, 1] for kind in SUBCLASSED}


def test_early_stopping_takes_what_keras_takes():
    ours, theirs = (made("val_accuracy", 0.01, 3) for made in (cb.EarlyStopping, keras.callbacks.EarlyStopping))
    for name in ("monitor", "min_delta", "patience"):
        assert getattr(ours, name) == getattr(theirs, name)
