"""ExactCheckpoint in any `fit`: what is put back is all that the next epoch depends on."""

import json
import shutil

import keras
import numpy as np
import pytest

from tfnotes.callbacks import EarlyStopping
from tfnotes.data.pipeline import training_batches
from tfnotes.errors import InputError
from tfnotes.training.checkpoint import ExactCheckpoint, _write
from tfnotes.training.followed import FollowedCheckpoint


@pytest.fixture
def data(toy):
    return toy.source("patterns")(None)


def compiled(toy, seed=0, optimizer="adam", **settings):
    keras.utils.set_random_seed(seed)
    model = toy.recipe("tiny").build(**settings)
    model.compile(optimizer, toy.loss(), jit_compile=False)
    return model


def fit(toy, data, model, folder, epochs, callbacks=(), **options):
    kept = [c for c in callbacks if hasattr(c, "get_state")]
    checkpoint = ExactCheckpoint(folder, callbacks=kept, **options)
    done = checkpoint.restore(model)
    batches, steps = training_batches(data.train, 64, 3, done, epochs, toy.prepare)
    validation = toy.prepare(data.validation.x), data.validation.y
    model.fit(
        batches,
        steps_per_epoch=steps,
        initial_epoch=done,
        epochs=epochs,
        validation_data=validation,
        shuffle=False,
        verbose=0,
        callbacks=[*callbacks, checkpoint],
    )
    return checkpoint


def variables(model):
    return [keras.ops.convert_to_numpy(v) for v in [*model.variables, *model.optimizer.variables]]


def assert_same(left, right):
    assert len(left) == len(right)
    assert all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))


def test_goes_on_bit_for_bit_from_any_epoch(toy, data, tmp_path):
    whole = compiled(toy)
    history = fit(toy, data, whole, tmp_path / "whole", 3).history
    # Another seed each time: all that counts must come from the checkpoint.
    for epoch in (1, 2, 3):
        resumed = compiled(toy, seed=epoch - 1)
        assert fit(toy, data, resumed, tmp_path / "parts", epoch).history == history[:epoch]
    assert_same(variables(resumed), variables(whole))


def test_a_dropout_state_left_out_would_show(toy, data, tmp_path):
    """The comparison above has teeth: without the seed generator's state the weights differ."""
    whole = compiled(toy)
    fit(toy, data, whole, tmp_path / "whole", 2)
    fit(toy, data, compiled(toy), tmp_path / "part", 1)
    resumed = compiled(toy)
    seeds = [v for v in resumed.variables if "seed_generator" in v.path]
    fresh = [v.numpy() for v in seeds]
    ExactCheckpoint(tmp_path / "part").restore(resumed)
    assert seeds
    assert not np.array_equal(fresh[0], seeds[0].numpy())
    for v, value in zip(seeds, fresh, strict=True):
        v.assign(value)
    batches, steps = training_batches(data.train, 64, 3, 1, 2, toy.prepare)
    resumed.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)
    assert not np.array_equal(variables(resumed)[0], variables(whole)[0])


def test_callbacks_continue(toy, data, tmp_path):
    def stopping():
        return EarlyStopping(monitor="loss", mode="max", patience=3, restore_best_weights=True)

    whole, whole_stopping = compiled(toy), stopping()
    checkpoint = fit(toy, data, whole, tmp_path / "whole", 9, [whole_stopping])
    # Worse each epoch by `mode`, so the first epoch is the best and patience ends after the fourth.
    assert [row["epoch"] for row in checkpoint.history] == [1, 2, 3, 4]
    assert checkpoint.stopped
    fit(toy, data, compiled(toy), tmp_path / "part", 2, [stopping()])
    resumed, resumed_stopping = compiled(toy), stopping()
    resumed_checkpoint = fit(toy, data, resumed, tmp_path / "part", 9, [resumed_stopping])
    assert resumed_checkpoint.history == checkpoint.history
    assert resumed_checkpoint.stopped
    assert_same(variables(resumed), variables(whole))
    left, right = resumed_stopping.get_state(), whole_stopping.get_state()
    assert left.keys() == right.keys()
    assert left["best_epoch"] == 0
    assert left["wait"] == 3
    for key, value in left.items():
        np.testing.assert_array_equal(value, right[key])


def test_keeps_the_newest_two(toy, data, tmp_path):
    fit(toy, data, compiled(toy), tmp_path, 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-0003", "epoch-0004"]


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def edit(path):
    content = json.loads(path.read_text())
    content["state"]["history"][0]["loss"] = 0.0
    path.write_text(json.dumps(content))


@pytest.fixture
def two(toy, data, tmp_path):
    """A folder with checkpoints of epochs 1 and 2, and the model after them."""
    model = compiled(toy)
    fit(toy, data, model, tmp_path / "two", 2)
    return tmp_path / "two", model


def test_a_damaged_one_is_passed_over(toy, data, two, tmp_path):
    folder, whole = two
    harms = [
        ("variables.npz", flip),
        ("variables.npz", cut),
        ("variables.npz", lambda path: path.unlink()),
        ("state.json", edit),
        ("state.json", cut),
        ("state.json", lambda path: path.write_text("[]")),
        ("state.json", lambda path: path.unlink()),
    ]
    for number, (name, harm) in enumerate(harms):
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        harm(copy / "epoch-0002" / name)
        said = []
        assert ExactCheckpoint(copy, report=said.append).restore(compiled(toy)) == 1
        assert len(said) == 1
        assert "epoch-0002 is damaged" in said[0]
        assert "\n" not in said[0]
    resumed = compiled(toy)
    fit(toy, data, resumed, copy, 2, report=said.append)
    assert_same(variables(resumed), variables(whole))
    assert ExactCheckpoint(copy).restore(compiled(toy)) == 2


def test_no_whole_one_is_an_error(toy, two):
    folder, _ = two
    for path in folder.glob("*/state.json"):
        cut(path)
    with pytest.raises(InputError, match="must hold a whole checkpoint"):
        ExactCheckpoint(folder, report=lambda sentence: None).restore(compiled(toy))


def test_another_model_or_other_callbacks_are_refused(toy, two):
    folder, _ = two
    with pytest.raises(InputError, match="must be as they were"):
        ExactCheckpoint(folder).restore(compiled(toy, filters=5))
    with pytest.raises(InputError, match="must be as they were"):
        ExactCheckpoint(folder).restore(compiled(toy, optimizer="sgd"))
    with pytest.raises(InputError, match="must be as they were"):
        ExactCheckpoint(folder, callbacks=[EarlyStopping()]).restore(compiled(toy))


def test_a_folder_without_checkpoints_is_a_new_start(toy, tmp_path):
    assert ExactCheckpoint(tmp_path / "none").restore(compiled(toy)) == 0


def test_bfloat16_variables(toy, data, tmp_path):
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("bfloat16")
    try:
        whole, resumed = compiled(toy), compiled(toy, seed=1)
    finally:
        keras.config.set_dtype_policy(policy)
    fit(toy, data, whole, tmp_path, 1)
    assert ExactCheckpoint(tmp_path).restore(resumed) == 1
    assert "bfloat16" in {str(v.dtype) for v in resumed.variables}
    assert_same(variables(resumed), variables(whole))


def test_other_workers_get_what_the_chief_has_restored(toy, data, tmp_path):
    def stopping():
        return EarlyStopping(monitor="loss", patience=2, restore_best_weights=True)

    fit(toy, data, compiled(toy), tmp_path / "chiefs", 2, [stopping()])
    model, other = compiled(toy), compiled(toy, seed=1)
    chief = ExactCheckpoint(tmp_path / "chiefs", callbacks=[stopping()])
    assert chief.restore(model) == 2
    kept = stopping()
    follower = FollowedCheckpoint(tmp_path / "none", callbacks=[kept])
    assert follower.restore(other) == 0
    assert follower.unpack(other, chief.packed(model)) == 2
    assert_same(variables(other), variables(model))
    assert (follower.history, follower.stopped) == (chief.history, False)
    assert [row["epoch"] for row in follower.history] == [1, 2]
    follower.on_train_begin()
    chief.on_train_begin()
    (theirs,) = chief.callbacks
    for key, value in theirs.get_state().items():
        np.testing.assert_array_equal(kept.get_state()[key], value)
    # It keeps the history, and writes nothing.
    follower.set_model(other)
    other.stop_training = True
    follower.on_epoch_end(2, {"loss": np.float32(0.5)})
    assert (follower.history[2], follower.stopped) == ({"epoch": 3, "loss": 0.5}, True)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("stopped", [True, False])
def test_a_training_that_was_ended_stays_so_when_it_is_restored_and_on_other_workers(toy, tmp_path, stopped):
    model = compiled(toy)
    ended = ExactCheckpoint(tmp_path)
    ended.set_model(model)
    model.stop_training = stopped
    ended.on_epoch_end(0, {"loss": 0.5})
    restored = ExactCheckpoint(tmp_path)
    assert restored.restore(model) == 1
    follower = FollowedCheckpoint(tmp_path / "none")
    assert follower.unpack(model, restored.packed(model)) == 1
    for checkpoint in (ended, restored, follower):
        assert (checkpoint.history, checkpoint.stopped) == ([{"epoch": 1, "loss": 0.5}], stopped)


def test_a_new_training_begins_on_all_workers_as_on_the_chief(toy, tmp_path):
    model, other = compiled(toy), compiled(toy, seed=1)
    chief = ExactCheckpoint(tmp_path / "none", callbacks=[EarlyStopping()])
    assert chief.restore(model) == 0
    follower = FollowedCheckpoint(tmp_path / "none", callbacks=[EarlyStopping()])
    assert follower.unpack(other, chief.packed(model)) == 0
    assert_same(variables(other), variables(model))
    assert follower.history == []
    # There is no state to be set.
    follower.on_train_begin()


def test_variables_of_other_shapes_than_the_state_says_are_damaged(toy, two):
    folder, _ = two
    path = folder / "epoch-0002"
    content = json.loads((path / "state.json").read_text())
    with np.load(path / "variables.npz") as stored:
        arrays = dict(stored)
    _write(path.with_name("epoch-0003"), content["state"], {**arrays, "variable-0000": arrays["variable-0000"][1:]})
    said = []
    assert ExactCheckpoint(folder, report=said.append).restore(compiled(toy)) == 2
    assert said == [
        f"Checkpoint {folder / 'epoch-0003'} is damaged (variables.npz has other shapes than state.json)."
    ]


def test_as_many_are_kept_as_is_asked_for_and_damaged_later_ones_go(toy, data, tmp_path):
    fit(toy, data, compiled(toy), tmp_path, 3, keep=3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-0001", "epoch-0002", "epoch-0003"]
    for name in ("epoch-0002", "epoch-0003"):
        cut(tmp_path / name / "state.json")
    (tmp_path / "epoch-0009").mkdir()
    fit(toy, data, compiled(toy), tmp_path, 2, keep=3, report=lambda sentence: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-0001", "epoch-0002"]


def test_what_a_killed_writer_left_goes_before_anything_is_read(tmp_path):
    (tmp_path / ".epoch-0003.partial-1").mkdir()
    (tmp_path / "notes").mkdir()
    assert ExactCheckpoint(tmp_path).restore(None) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
