"""What is searched: texts and files made into choices and ranges, or refused in one sentence."""

import optuna
import pytest

from tfnotes.errors import InputError
from tfnotes.sweep import space
from tfnotes.sweep.space import Choices, Range


def test_texts():
    found = space.of_texts(["units=100,300", "activation=relu", "rate=0.1,1e-3"])
    assert found == {
        "units": Choices(("100", "300")),
        "activation": Choices(("relu",)),
        "rate": Choices(("0.1", "1e-3")),
    }


@pytest.mark.parametrize("texts", [["units"], ["=1"], ["units="], ["units=1,,2"], ["a=1", "a=2"]])
def test_other_texts_are_refused(texts):
    with pytest.raises(InputError, match=r"sweep: `set` must be KEY=A,B,C, each key once\. Received: "):
        space.of_texts(texts)


def test_a_file(tmp_path):
    file = tmp_path / "space.toml"
    file.write_text(
        'units = [100, 300]\nhold_out = [true, false]\nactivation = ["relu"]\n'
        "learning_rate = { low = 1e-4, high = 0.1, log = true }\ndepth = { low = 1, high = 4 }\n"
    )
    assert space.of_file(file) == {
        "units": Choices(("100", "300")),
        "hold_out": Choices(("true", "false")),
        "activation": Choices(("relu",)),
        "learning_rate": Range(1e-4, 0.1, True),
        "depth": Range(1, 4, False),
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("units = 100", "`units` must be a list of values, or a table of low, high and perhaps log"),
        ("units = []", "`units` must be a list of values"),
        ("units = [[1]]", "`units` must be a list of values"),
        ("units = [1, 1]", "`units` must be values that differ"),
        ("units = { low = 1 }", "`units` must be a list of values"),
        ("units = { low = 1, high = 2, step = 3 }", "`units` must be a list of values"),
        ("units = { low = 2, high = 1 }", "`units` must be a range with low below high"),
        ("units = { low = 2, high = 2 }", "`units` must be a range with low below high"),
        ("units = { low = 0, high = 2, log = true }", "`units` must be a finite number above 0"),
        ("units = { low = 1, high = inf }", "`units` must be a finite number"),
        ("units = { low = 1, high = 2, log = 1 }", "log true or false"),
        ("units = ", "`space` must be a TOML file"),
    ],
)
def test_other_files_are_refused(tmp_path, text, sentence):
    file = tmp_path / "space.toml"
    file.write_text(text)
    with pytest.raises(InputError) as refused:
        space.of_file(file)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("name", ["missing.toml", "binary.toml", "."])
def test_what_is_no_text_is_refused(tmp_path, name):
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="`space` must be a TOML file"):
        space.of_file(tmp_path / name)


def test_a_grid_is_every_combination_and_a_range_has_none():
    found = {"a": Choices(("1", "2")), "b": Choices(("x", "y", "z"))}
    grid = space.grid(found)
    assert len(grid) == 6
    assert grid[:2] == [{"a": "1", "b": "x"}, {"a": "1", "b": "y"}]
    assert space.grid({**found, "c": Range(0, 1)}) is None


def test_examples_hold_every_value_and_both_ends():
    found = {"a": Choices(("1", "2")), "b": Choices(("x", "y", "z")), "c": Range(0.5, 2)}
    seen = space.examples(found)
    assert len(seen) == 3
    assert {row["a"] for row in seen} == {"1", "2"}
    assert {row["b"] for row in seen} == {"x", "y", "z"}
    assert {row["c"] for row in seen} == {"0.5", "2"}


@pytest.mark.parametrize(
    ("low", "high", "whole"), [(1, 4, True), (0, 0.5, False), (0.5, 2, False), (0.1, 0.5, False)]
)
def test_between_whole_numbers_whole_ones_are_searched_and_else_any(low, high, whole):
    trial = optuna.trial.FixedTrial({"x": low})
    assert Range(low, high).suggested(trial, "x") == low
    assert isinstance(trial.distributions["x"], optuna.distributions.IntDistribution) == whole
    assert (trial.distributions["x"].low, trial.distributions["x"].high) == (low, high)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(("low", "high"), [(1e-4, 0.1), (1, 64)])
def test_a_range_is_drawn_by_its_logarithm_if_it_says_so(low, high, log):
    trial = optuna.trial.FixedTrial({"x": low})
    Range(low, high, log).suggested(trial, "x")
    assert trial.distributions["x"].log is log
