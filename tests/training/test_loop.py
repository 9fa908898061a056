"""The loop: same seed, same bytes; whatever interrupts it, the rest ends where an undisturbed run ends."""

import dataclasses
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tfnotes import _share, task
from tfnotes import callbacks as cb
from tfnotes.errors import InputError
from tfnotes.training import loop
from tfnotes.training.checkpoint import ExactCheckpoint
from tfnotes.training.config import configure, describe_data
from tfnotes.training.followed import Followed
from tfnotes.training.run import Run
from tfnotes.training.setup import Setup
from tfnotes.training.signals import Interrupted

TOY = Path(__file__).parents[1] / "toy"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A run of three epochs by the defaults; to be looked at only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOY)
        toy = task.load("toy")
        splits = toy.source("patterns")(None)
        config = configure(toy, epochs=3) | describe_data(splits)
        run = Run.create(tmp_path_factory.mktemp("undisturbed") / "run", config)
        loop.train(run, toy, splits)
    return run


@pytest.fixture
def train(toy, tmp_path):
    """Trains a new run of that name with those options, and gives it."""
    splits = toy.source("patterns")(None)

    def train(name, callbacks=(), **options):
        config = configure(toy, **{"epochs": 3, **options}) | describe_data(splits)
        run = Run.create(tmp_path / name, config)
        loop.train(run, toy, splits, callbacks=callbacks)
        return run

    return train


def resume(toy, path, **options):
    run = Run.open(path)
    loop.train(run, toy, toy.source("patterns")(None), **options)
    return run


def weights(run):
    """Every variable of the model and the optimizer after the run's last epoch."""
    newest = max((run.path / "checkpoints").iterdir())
    with np.load(newest / "variables.npz") as arrays:
        return dict(arrays)


def assert_same_end(run, other):
    left, right = weights(run), weights(other)
    assert left.keys() == right.keys()
    assert all(np.array_equal(left[key], right[key]) for key in left)
    for name in ("metrics.jsonl", "test.json"):
        assert (run.path / name).read_bytes() == (other.path / name).read_bytes()
    left, right = run.model().get_weights(), other.model().get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))
    assert scalars(run) == scalars(other)
    assert not list(run.path.glob(".*"))


def scalars(run):
    """Each curve as TensorBoard reads it."""
    curves = {}
    for folder in ("train", "validation"):
        events = EventAccumulator(str(run.path / "events" / folder), size_guidance={"tensors": 0})
        events.Reload()
        for tag in events.Tags()["tensors"]:
            tensors = events.Tensors(tag)
            curves[folder, tag] = [
                (t.step, t.tensor_proto.tensor_content or list(t.tensor_proto.float_val)) for t in tensors
            ]
    return curves


def test_same_seed_same_bytes_and_another_seed_not(undisturbed, train):
    first, other = train("first"), train("other", seed=1)
    assert_same_end(first, undisturbed)
    assert (first.path / "metrics.jsonl").read_bytes() != (other.path / "metrics.jsonl").read_bytes()
    assert [row["epoch"] for row in first.metrics()] == [1, 2, 3]
    assert list(first.metrics()[0]) == [
        "epoch",
        "accuracy",
        "loss",
        "val_accuracy",
        "val_loss",
        "learning_rate",
    ]
    rates = [row["learning_rate"] for row in first.metrics()]
    assert rates == pytest.approx([0.02 * 0.95 ** (5 * epoch / 10) for epoch in (1, 2, 3)], rel=1e-6)
    assert first.test()["examples"] == 80
    assert sorted(p.name for p in first.path.iterdir()) == [
        "checkpoints",
        "config.json",
        "events",
        "metrics.jsonl",
        "model.keras",
        "test.json",
    ]


class Snapshots:
    """Copies a folder before each file operation of Python in it: what a `kill -9` there would leave."""

    def __init__(self, folder, to):
        self.folder, self.to = folder, to
        self.on = False
        self.taken = []
        sys.addaudithook(self._hook)

    def _hook(self, event, arguments):
        if not self.on or event not in (
            "open",
            "os.rename",
            "os.remove",
            "os.rmdir",
            "os.mkdir",
            "shutil.rmtree",
        ):
            return
        if str(self.folder) not in str(arguments[0]) or (event == "open" and "r" in str(arguments[1])):
            return
        self.on = False
        copy = self.to / f"{len(self.taken):03d}"
        shutil.copytree(self.folder, copy)
        self.taken.append(copy)
        self.on = True


def test_killed_at_any_file_operation(undisturbed, toy, train, tmp_path):
    ends = {0: []}
    snapshots = Snapshots(tmp_path / "watched", tmp_path / "snapshots")

    class Record(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            snapshots.on = True

        def on_epoch_end(self, epoch, logs=None):
            ends[epoch + 1] = [v.numpy() for v in [*self.model.variables, *self.model.optimizer.variables]]

    watched = train("watched", callbacks=[Record()])
    snapshots.on = False
    assert_same_end(watched, undisturbed)
    assert len(snapshots.taken) > 30
    model = Setup(watched.config, toy).build()
    seen = []
    for copy in snapshots.taken:
        published = len(Run(copy, watched.config).metrics())
        checkpoint = ExactCheckpoint(copy / "checkpoints", report=pytest.fail)
        done = checkpoint.restore(model)
        assert published <= done <= published + 1
        variables = [v.numpy() for v in [*model.variables, *model.optimizer.variables]]
        assert all(np.array_equal(a, b) for a, b in zip(variables, ends[done], strict=False))
        assert done == 0 or len(variables) == len(ends[done])
        seen.append((done, published))
    assert {(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3)} <= set(seen)
    # Nothing done, twice ahead of the published files, all but tested.
    for moment in ((0, 0), (2, 1), (3, 2), (3, 3)):
        copy = snapshots.taken[seen.index(moment)]
        assert_same_end(resume(toy, copy), undisturbed)


def test_early_stopping_goes_on(toy, train, tmp_path):
    # So much dropout that the validation loss rises again after epoch 2.
    options = {"epochs": 9, "patience": 2, "learning_rate": 0.01, "settings": ["dropout=0.9"]}
    undisturbed = train("undisturbed", **options)
    assert len(undisturbed.metrics()) == 4
    losses = [row["val_loss"] for row in undisturbed.metrics()]
    assert losses.index(min(losses)) == 1

    class Kill(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("killed", callbacks=[Kill()], **options)
    resumed = resume(toy, tmp_path / "killed")
    assert_same_end(resumed, undisturbed)
    # The model is the best epoch's, and the run stays stopped when it may go on.
    best = resumed.model()
    splits = toy.source("patterns")(None)
    assert best.evaluate(toy.prepare(splits.validation.x), splits.validation.y, verbose=0)[0] == pytest.approx(
        min(losses), rel=1e-5
    )
    resumed.extend(12)
    assert not resumed.complete
    assert_same_end(resume(toy, tmp_path / "killed"), undisturbed)


def test_more_epochs_are_as_if_asked_for_at_once(undisturbed, toy, train):
    run = train("short", epochs=1)
    run.extend(3)
    assert_same_end(resume(toy, run.path), undisturbed)


def test_a_damaged_checkpoint_costs_one_epoch(undisturbed, toy, tmp_path):
    shutil.copytree(undisturbed.path, tmp_path / "copy")
    (tmp_path / "copy" / "test.json").unlink()
    (tmp_path / "copy" / "checkpoints" / "epoch-0003" / "variables.npz").write_bytes(b"")
    said = []
    assert_same_end(resume(toy, tmp_path / "copy", report=said.append), undisturbed)
    assert len(said) == 1
    assert "epoch-0003 is damaged" in said[0]


def test_a_run_without_its_checkpoints_is_left_as_it_is(undisturbed, toy, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(undisturbed.path, copy)
    (copy / "test.json").unlink()
    shutil.rmtree(copy / "checkpoints")
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match=r"must have a checkpoint to go on from\. Received: .*, with metrics.jsonl"):
        resume(toy, copy)
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_a_folder_that_goes_while_it_is_trained(toy, train, tmp_path, how):
    class Gone(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1 and how == "renamed":
                (tmp_path / "gone").rename(tmp_path / "kept")
            elif epoch == 1:
                shutil.rmtree(tmp_path / "gone")

    with pytest.raises(FileNotFoundError, match="deleted or renamed while it was trained") as caught:
        train("gone", callbacks=[Gone()])
    assert caught.value.filename == str(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()
    if how == "renamed":
        assert resume(toy, tmp_path / "kept").complete


def test_a_flipped_byte_in_the_events_costs_one_record(undisturbed, toy, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(undisturbed.path, copy)
    (copy / "test.json").unlink()
    path = next((copy / "events" / "train").glob("*tfevents*"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    said = []
    resume(toy, copy, report=said.append)
    assert [sentence.partition(": ")[0] for sentence in said] == [f"{path} is damaged"]
    whole = next((undisturbed.path / "events" / "train").glob("*tfevents*"))
    kept, before = (len(list(tf.data.TFRecordDataset(str(p)))) for p in (path, whole))
    assert kept == before - 1


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_between_two_batches(toy, train, tmp_path, request, signum):
    class Signal(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                os.kill(os.getpid(), signum)

    # Whoever runs the tests in the background ignores SIGINT.
    outside = signal.signal(signum, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signum, outside))
    with pytest.raises(Interrupted) as error:
        train("run", callbacks=[Signal()])
    assert error.value.signum == signum
    assert signal.getsignal(signum) is signal.default_int_handler
    run = Run.open(tmp_path / "run")
    assert [row["epoch"] for row in run.metrics()] == [1, 2]
    kept = run.model().get_weights()
    model = Setup(run.config, toy).build()
    assert ExactCheckpoint(run.path / "checkpoints").restore(model) == 2
    assert all(np.array_equal(a, b) for a, b in zip(kept, model.get_weights(), strict=True))


def test_divergence_keeps_the_last_good_epoch(toy, train, tmp_path):
    class Explode(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                self.model.get_layer("logits").bias.assign([np.nan] * 10)

    with pytest.raises(
        InputError, match=r"toy: `learning_rate` must .* loss became nan in epoch 2\. .* keeps epoch 1\."
    ):
        train("run", callbacks=[Explode()])
    run = Run.open(tmp_path / "run")
    assert [row["epoch"] for row in run.metrics()] == [1]
    assert all(np.isfinite(w).all() for w in run.model().get_weights())
    with pytest.raises(InputError, match="keeps no epoch"):
        train("hot", learning_rate=1e30)
    assert not (tmp_path / "hot" / "model.keras").exists()


def test_a_full_disk_is_one_sentence_and_costs_one_epoch(undisturbed, toy, train, tmp_path):
    class Full(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                message = "{{function_node flush}} run/events/e; No space left on device\n\tFailed to flush"
                raise tf.errors.ResourceExhaustedError(None, None, message)

    with pytest.raises(OSError, match=r"^run/events/e; No space left on device$"):
        train("run", callbacks=[Full()])
    assert [row["epoch"] for row in Run.open(tmp_path / "run").metrics()] == [1, 2]
    assert_same_end(resume(toy, tmp_path / "run"), undisturbed)


@pytest.mark.parametrize("error", [tf.errors.DataLossError, tf.errors.NotFoundError])
def test_data_that_change_while_they_are_read(toy, train, tmp_path, error):
    class Changes(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            raise error(None, None, "a.tfrecord; corrupted\nmore")

    with pytest.raises(InputError) as raised:
        train("run", callbacks=[Changes()], model="linear", epochs=1, inspect="off")
    assert str(raised.value) == (
        "toy: the data 'patterns' must stay as they are while they are read. Received: a.tfrecord; corrupted. "
        f"{tmp_path / 'run'} keeps no epoch."
    )


def test_what_was_trained_without_its_test_is_tested_by_another_call(undisturbed, toy, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(loop.inspection, "tested", lambda callbacks, *told: shown.append(told))
    copy = tmp_path / "copy"
    shutil.copytree(undisturbed.path, copy)
    (copy / "test.json").unlink()
    (copy / "model.keras").unlink()
    run = Run.open(copy)
    assert loop.train(run, toy, toy.source("patterns")(None), test=False) is None
    assert not run.complete
    assert (copy / "model.keras").is_file()
    figures = loop.train(run, toy, toy.source("patterns")(None))
    assert figures == run.test() == undisturbed.test()
    assert list(figures) == ["loss", "accuracy", "examples"]
    assert shown == [(figures, 3)]


def test_other_data_are_refused(toy, train, tmp_path):
    run = train("run", epochs=1)
    (tmp_path / "seed").write_text("1")
    with pytest.raises(InputError, match=r"`data` must be what .* began with"):
        loop.train(run, toy, toy.source("patterns")(tmp_path))


def test_other_versions_are_reported(toy, train):
    run = train("run", epochs=1)
    config = json.loads((run.path / "config.json").read_text())
    config["versions"]["keras"] = "3.0"
    config |= {"threads": 1000, "workers": 2}
    (run.path / "config.json").write_text(json.dumps(config))
    said = []
    resume(toy, run.path, report=said.append)
    assert len(said) == 3
    assert f"began with keras 3.0, this is {keras.__version__}" in said[0]
    assert "began with threads 1000" in said[1]
    assert said[2].startswith(f"{run.path} began with workers 2, this is 1: its figures may differ")


def test_a_run_is_trained_by_one_process_alone(toy, train):
    run = train("run", epochs=1)
    with run.locked(), pytest.raises(InputError, match="must not be in training already"):
        resume(toy, run.path)
    resume(toy, run.path)


def test_a_setting_that_the_model_refuses(toy):
    with pytest.raises(InputError, match="toy: the options must suit"):
        Setup(configure(toy, settings=["dropout=7"]), toy).build()


def test_the_learning_rate_decays_by_epoch(toy, train, tmp_path):
    plain = dataclasses.replace(toy, optimizer=lambda learning_rate: keras.optimizers.SGD(learning_rate))
    splits = toy.source("patterns")(None)
    config = configure(plain, epochs=1, learning_rate=0.1, learning_rate_decay=0.5) | describe_data(splits)
    run = Run.create(tmp_path / "run", config)
    loop.train(run, plain, splits)
    run.extend(3)
    loop.train(run, plain, splits)
    assert [row["learning_rate"] for row in run.metrics()] == pytest.approx([0.1, 0.05, 0.025])


def test_every_setting_reaches_its_place(toy):
    config = configure(toy, settings=["filters=3", "momentum=0.5"], learning_rate=0.25)
    model = Setup(config, toy).build()
    assert model.get_layer("conv").kernel.shape[-1] == 3
    assert model.optimizer.momentum == 0.5
    assert float(model.optimizer.learning_rate) == 0.25


def test_the_loop_stands_in_no_task():
    tasks = Path(__file__).parents[2] / "tasks"
    assert not [path for path in tasks.rglob("*.py") if ".fit(" in path.read_text("utf-8")]


def test_a_signal_ends_the_test_as_well(undisturbed, toy, tmp_path, monkeypatch, request):
    outside = signal.signal(signal.SIGTERM, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGTERM, outside))
    shutil.copytree(undisturbed.path, tmp_path / "copy")
    (tmp_path / "copy" / "test.json").unlink()
    check, checked = Run.check, []

    def signalled(run):
        checked.append(check(run))
        os.kill(os.getpid(), signal.SIGTERM)

    # All epochs are done: the folder is looked at before the test alone.
    monkeypatch.setattr(Run, "check", signalled)
    with pytest.raises(Interrupted):
        resume(toy, tmp_path / "copy")
    assert len(checked) == 1
    assert not (tmp_path / "copy" / "test.json").exists()


class One:
    """A cluster of one process: what it adds up is its own, and what the chief gives the other finds here."""

    size, rank, wait = 1, 0, 5

    def __init__(self, chief, given):
        self.chief, self.given, self.gathered, self.rooms = chief, given, 0, 0

    def broadcast(self, data=None):
        assert (data is not None) == self.chief
        if self.chief:
            self.given.append(data)
            return data
        return self.given.pop(0)

    def room(self):
        self.rooms += 1
        return self.rooms << 16

    def gather(self):
        self.gathered += 1


def test_the_chief_of_a_cluster_and_its_followers_train_what_one_process_does(toy, train, tmp_path, monkeypatch):
    summed, given = [], []
    monkeypatch.setattr(_share, "all_reduce", lambda x, *given: summed.append(given) or x)
    splits = toy.source("patterns")(None)
    options = {"model": "linear", "epochs": 2, "inspect": "off"}
    alone = train("alone", **options)
    run = Run.create(tmp_path / "chief", configure(toy, **options) | describe_data(splits))
    chief, other = One(True, given), One(False, given)
    figures = loop.train(run, toy, splits, cluster=chief)
    # The steps of training and of measuring have their keys.
    assert {(workers, key >> 16, wait) for workers, key, wait in summed} == {(1, 1, 5), (1, 2, 5)}
    assert (run.metrics(), figures) == (alone.metrics(), alone.test())
    followed = Followed(tmp_path / "nowhere", run.config, other)
    assert loop.train(followed, toy, splits, cluster=other) == figures
    assert (given, chief.gathered, other.gathered, chief.rooms) == ([], 1, 1, other.rooms)
    assert not (tmp_path / "nowhere").exists()


def test_what_prepares_is_learned_once_and_shown_or_taken_from_where_the_weights_are(monkeypatch, tmp_path):
    asked, given = [], []
    (tmp_path / "preparation.keras").write_bytes(b"learned")
    run = SimpleNamespace(path=tmp_path, config={"from": None}, kept=None, prepare=lambda recipe: run.kept)
    run.write_model = lambda model, name: asked.append((model, name))
    recipe = SimpleNamespace(fit=len)
    setup = SimpleNamespace(recipe=recipe, fitted=lambda split, progress: asked.append((split, progress)) or "fitted")
    progress = cb.Progress()
    others = [keras.callbacks.Callback(), progress]
    assert loop._prepare(run, setup, "split", None, others) == "fitted"
    assert loop._prepare(run, setup, "split", One(True, given), []) == "fitted"
    written = ("fitted", "preparation.keras")
    assert asked == [("split", progress.learning), written, ("split", None), written]
    assert given == [b"learned"]
    asked.clear()
    monkeypatch.setattr(Run, "open", lambda path: SimpleNamespace(prepare=lambda recipe: ("of", path, recipe)))
    run.config = {"from": "before"}
    found = loop._prepare(run, setup, "split", One(False, given), others)
    assert (found, asked) == (("of", "before", recipe), [(found, "preparation.keras")])
    run.kept = "kept"
    recipe.fit = None
    assert loop._prepare(run, setup, "split", One(True, given), others) == "kept"
    assert (len(asked), given) == (1, [b"learned"])


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ({}, {"streamed": False}, " with other examples than then."),
        ({"streamed": True}, {"streamed": True}, " with other examples than then."),
        ({"streamed": True}, {"streamed": False}, ", which was a stream then and is held in memory now."),
        ({}, {"streamed": True}, ", which was held in memory then and is a stream now."),
    ],
)
def test_how_the_data_are_others(then, now, said):
    run = SimpleNamespace(path="run", config={"fingerprint": "a", "data": "sample", **then})
    loop._refuse_other({"fingerprint": "a", **now}, run, "toy")
    with pytest.raises(InputError) as raised:
        loop._refuse_other({"fingerprint": "b", **now}, run, "toy")
    assert str(raised.value) == f"toy: `data` must be what run began with. Received: 'sample'{said}"


def test_the_state_of_a_callback_is_kept_from_one_call_to_the_next(toy, train):
    class Counts(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.seen = 0

        def on_epoch_end(self, epoch, logs=None):
            self.seen += 1

        def get_state(self):
            return {"seen": self.seen}

        def set_state(self, state):
            self.seen = state["seen"]

    run = train("run", callbacks=[Counts()], model="linear", epochs=1, inspect="off")
    run.extend(2)
    counts = Counts()
    loop.train(run, toy, toy.source("patterns")(None), callbacks=[counts])
    assert counts.seen == 2
