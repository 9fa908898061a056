"""Configurations: the defaults, the types of settings, and one sentence for each wrong value."""

import dataclasses
import os
import platform

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfnotes
from tfnotes.errors import InputError
from tfnotes.task import Defaults, Split, Splits
from tfnotes.training.config import configure, cores, describe_data, threads
from tfnotes.training.run import Run


def test_defaults_come_from_the_task(toy):
    config = configure(toy)
    assert {key: config[key] for key in ("task", "model", "data", "data_dir", "epochs", "batch_size", "seed")} == {
        "task": "toy",
        "model": "tiny",
        "data": "patterns",
        "data_dir": None,
        "epochs": 4,
        "batch_size": 64,
        "seed": 0,
    }
    assert config["settings"] == {"filters": 4, "dropout": 0.25, "momentum": 0.9, "decay": 0.95}
    assert configure(toy, model="linear")["settings"] == {"momentum": 0.9, "decay": 0.95}


def test_every_option_stands_in_the_configuration(toy, tmp_path):
    given = {"model": "linear", "data": "patterns", "data_dir": str(tmp_path), "epochs": 3, "batch_size": 7}
    given |= {"learning_rate": 0.3, "learning_rate_decay": 0.7, "seed": 5, "patience": 2, "inspect": "full"}
    config = configure(toy, settings=["momentum=0.1"], **given)
    assert {key: config[key] for key in given} == given
    assert config["settings"]["momentum"] == 0.1


def test_a_folder_of_data_is_found_from_anywhere(toy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert configure(toy, data_dir="data")["data_dir"] == str(tmp_path / "data")
    assert configure(toy, data_dir=tmp_path / "data")["data_dir"] == str(tmp_path / "data")


def test_settings_are_typed_after_their_defaults(toy):
    settings = configure(toy, settings=["filters=3", "dropout=0", "momentum=5e-1"])["settings"]
    assert settings == {"filters": 3, "dropout": 0.0, "momentum": 0.5, "decay": 0.95}
    assert [type(value) for value in settings.values()] == [int, float, float, float]


def test_settings_that_are_truth_values_or_text(toy):
    task = dataclasses.replace(toy, models={"m": lambda *, wide=False, activation="relu": None})
    settings = configure(task, model="m", settings=["wide=True", "activation=a=b"])["settings"]
    assert settings["wide"] is True
    assert settings["activation"] == "a=b"
    task = dataclasses.replace(toy, models={"m": lambda *, wide=True, deep=True: None})
    settings = configure(task, model="m", settings=["wide=FALSE"])["settings"]
    assert (settings["wide"], settings["deep"]) == (False, True)
    with pytest.raises(InputError, match="wide a value of type bool"):
        configure(task, model="m", settings=["wide=1"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"model": "huge"}, "toy: `model` must be one of tiny, linear. Received: 'huge'."),
        ({"model": ["tiny"]}, "toy: `model` must be one of tiny, linear. Received: ['tiny']."),
        ({"data": "none"}, "toy: `data` must be one of patterns. Received: 'none'."),
        ({"epochs": 0}, "toy: `epochs` must be a positive integer. Received: epochs=0."),
        ({"epochs": 10**20}, f"toy: `epochs` must be an integer of at most 1,000,000. Received: epochs={10**20}."),
        (
            {"settings": ["filters=" + "9" * 600]},
            "toy: `set` must be of at most 500 characters. Received: 'filters=999999999999' and 588 more.",
        ),
        ({"epochs": -1}, "toy: `epochs` must be a positive integer. Received: epochs=-1."),
        ({"batch_size": 0}, "toy: `batch_size` must be a positive integer. Received: batch_size=0."),
        ({"patience": 0}, "toy: `patience` must be a positive integer. Received: patience=0."),
        (
            {"learning_rate": 0.0},
            "`learning_rate` must be a finite number above 0. Received: learning_rate=0.0.",
        ),
        (
            {"learning_rate": -0.1},
            "`learning_rate` must be a finite number above 0. Received: learning_rate=-0.1.",
        ),
        (
            {"learning_rate": float("nan")},
            "`learning_rate` must be a finite number above 0. Received: learning_rate=nan.",
        ),
        (
            {"learning_rate": float("inf")},
            "`learning_rate` must be a finite number above 0. Received: learning_rate=inf.",
        ),
        ({"seed": -1}, "toy: `seed` must be an integer of at least 0. Received: seed=-1."),
        ({"seed": 2**32}, "toy: `seed` must be below 2 ** 32. Received: seed=4294967296."),
        (
            {"settings": ["units=3"]},
            "a key of tiny, whose defaults are filters=4, dropout=0.25, momentum=0.9, decay=0.95. Received: ",
        ),
        ({"settings": ["filters"]}, "Received: 'filters'."),
        (
            {"settings": ["filters=3.5"]},
            "toy: `set` must give filters a value of type int. Received: 'filters=3.5'.",
        ),
        (
            {"settings": ["dropout=nan"]},
            "toy: `set` must give dropout a value of type float. Received: 'dropout=nan'.",
        ),
        (
            {"settings": ["dropout="]},
            "toy: `set` must give dropout a value of type float. Received: 'dropout='.",
        ),
    ],
)
def test_bad_values(toy, options, sentence):
    with pytest.raises(InputError) as error:
        configure(toy, **options)
    assert sentence in str(error.value)


def test_the_fingerprint_sees_every_split_and_the_labels():
    x, y = np.arange(12, dtype="uint8").reshape(3, 4), np.array([0, 1, 2])
    same = Splits(Split(x, y), Split(x, y), Split(x, y))
    reference = describe_data(same)
    assert reference["examples"] == {"train": 3, "validation": 3, "test": 3}
    assert describe_data(same) == reference
    others = [
        Splits(Split(x + 1, y), Split(x, y), Split(x, y)),
        Splits(Split(x, y), Split(x, y[::-1]), Split(x, y)),
        Splits(Split(x, y), Split(x, y), Split(x, y[::-1])),
        Splits(Split(x, y), Split(x + 1, y), Split(x, y)),
        Splits(Split(x, y), Split(x, y), Split(x + 1, y)),
        Splits(Split(x, y), Split(x, y), Split(x[:2], y[:2])),
        Splits(Split(x.reshape(3, 2, 2), y), Split(x, y), Split(x, y)),
        Splits(Split(x.view("int8"), y), Split(x, y), Split(x, y)),
    ]
    assert len({describe_data(s)["fingerprint"] for s in [same, *others]}) == 9
    assert reference["streamed"] is False
    assert describe_data(others[5])["examples"] == {"train": 3, "validation": 3, "test": 2}
    # Of what lies in memory otherwise, only the numbers count.
    turned = Split(np.asfortranarray(x), y)
    assert describe_data(Splits(turned, turned, turned)) == reference


def test_the_fingerprint_tells_where_texts_end():
    def of(*texts):
        part = Split(np.array(texts, object), np.zeros(len(texts), int))
        return describe_data(Splits(part, part, part))["fingerprint"]

    assert of(b"ab", b"c") == of(b"ab", b"c")
    assert len({of(b"ab", b"c"), of(b"a", b"bc"), of(b"abc", b""), of(b"", b"abc"), of(b"abc")}) == 5


def test_the_largest_numbers_that_are_taken(toy):
    largest = {"epochs": 10**6, "batch_size": 2**31 - 1, "patience": 2**31 - 1, "seed": 2**32 - 1}
    found = configure(toy, **largest, settings=["filters=" + "0" * 491 + "3"])
    assert {key: found[key] for key in largest} == largest
    assert found["settings"]["filters"] == 3
    for key, value in largest.items():
        with pytest.raises(InputError, match=f"^toy: `{key}` must be "):
            configure(toy, **{key: value + 1})
    with pytest.raises(InputError, match=r"of at most 500 characters\..* and 481 more"):
        configure(toy, settings=["filters=" + "0" * 492 + "3"])


def test_what_is_left_out_is_as_the_task_says(toy):
    task = dataclasses.replace(toy, defaults=Defaults("linear", "patterns", 7, 9, 0.5, 0.25))
    found = configure(task)
    names = ("model", "data", "epochs", "batch_size", "learning_rate", "learning_rate_decay")
    assert [found[name] for name in names] == ["linear", "patterns", 7, 9, 0.5, 0.25]


def test_what_else_is_kept_of_a_run(toy):
    found = configure(toy, inspect="FULL", freeze=())
    assert (found["inspect"], configure(toy)["inspect"]) == ("full", "basic")
    assert (found["layers"], found["from"], found["freeze"], found["patience"]) == ("tfnotes", None, [], None)
    assert (found["learning_rate"], found["learning_rate_decay"]) == (0.02, 1.0)
    assert type(configure(toy, learning_rate=1)["learning_rate"]) is float
    assert found["versions"] == {
        "tfnotes": tfnotes.__version__,
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
    with pytest.raises(InputError, match=r"^toy: `inspect` must be one of 'off', 'basic', 'full'\."):
        configure(toy, inspect="some")


@pytest.mark.parametrize(("said", "number"), [("3", 3), ("0", 1), ("", None), ("-1", None), ("many", None)])
def test_threads_are_what_the_environment_says_or_the_cores(toy, monkeypatch, said, number):
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", said)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 3, 5, 6, 7}, raising=False)
    assert cores() == 5
    assert threads() == configure(toy)["threads"] == (number or 5)
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 9)
    assert cores() == 9
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1


def test_a_run_that_weights_come_from_is_found_from_anywhere(toy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Run.create("before", configure(toy) | describe_data(toy.source("patterns")(None)))
    (tmp_path / "before" / "model.keras").touch()
    found = configure(toy, source="before", freeze=("conv", "norm*"))
    assert (found["from"], found["freeze"]) == (str(tmp_path / "before"), ["conv", "norm*"])
