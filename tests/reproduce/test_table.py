"""The table: rows that `tfnotes train` takes, results that are well-formed, and what is counted of them."""

import json
import math
import re
import shlex

import click
import pytest

from tfnotes import task as tasks
from tfnotes.cli import train
from tfnotes.errors import InputError
from tfnotes.language import LANGUAGES
from tfnotes.reproduce import page, results, summary, table
from tfnotes.training import config

ROWS = table.rows()
CHINESE = re.compile("[\u4e00-\u9fff]")


def result(row, seed, value, **others):
    """A result of a row that is shown, as results.json has it."""
    return {
        "row": row.name,
        "budget": "full",
        "seed": seed,
        "command": row.command("full", seed),
        "figures": {"loss": 0.5, row.measure: value},
        "cpu_seconds": 90.0,
        "date": "2026-01-01",
        "versions": {"tfnotes": "0.1.0", "keras": "3.15.0", "tensorflow": "2.20.0"},
        **others,
    }


VARIED = [(row, "full", variation) for row in ROWS.values() for variation in ("", *row.variations)]


@pytest.mark.parametrize(
    ("row", "budget", "variation"),
    [(row, budget, None) for row in ROWS.values() for budget in table.BUDGETS] + VARIED,
    ids=lambda part: getattr(part, "name", part),
)
def test_the_command_of_a_row_is_one_that_train_takes(row, budget, variation):
    with train.command.make_context("train", shlex.split(row.command(budget, 3, variation))) as context:
        given = dict(context.params)
    assert isinstance(train.command, click.Command)
    assert given["seed"] == 3
    task = tasks.load(given["task"])
    known = ("model", "data", "epochs", "batch_size", "learning_rate", "learning_rate_decay", "seed", "settings")
    made = config.configure(task, **{name: given[name] for name in known})
    assert made["data"] == given["data"] is not None, "a row says which data it is of"
    assert (given["path"], given["resume"], given["no_test"]) == (None, None, variation is not None)


def test_rows_are_in_both_languages_and_say_where_their_figures_stand():
    for row in ROWS.values():
        assert all(CHINESE.search(words.zh) for words in (row.what, row.notes) if words.en)
        assert not CHINESE.search(row.what.en + row.notes.en)
        assert row.paper is None or re.search(r"\b(19|20)\d\d\b", row.paper), row.name
        assert row.seeds >= 1


def test_what_is_recorded_is_well_formed_and_of_finite_figures():
    for found in results.recorded():
        assert found["budget"] == "full"
        assert all(math.isfinite(value) for value in found["figures"].values())
        assert f"--seed {found['seed']}" in found["command"]
        if "taken_from" not in found:
            assert set(found["versions"]) >= {"tfnotes", "keras", "tensorflow"}
            assert found["cpu_seconds"] is None or found["cpu_seconds"] > 1
    keys = [results._key(found) for found in results.recorded()]
    assert len(keys) == len(set(keys))


def test_mean_deviation_and_standard_error_by_hand():
    row = ROWS["softmax"]
    found = summary.of(row, "full", [result(row, k, a) for k, a in enumerate((0.92, 0.93, 0.91))])
    assert found.figures == pytest.approx([8, 7, 9])
    assert found.mean == pytest.approx(8)
    assert found.deviation == pytest.approx(1)
    assert found.error == pytest.approx(3**-0.5)
    assert found.cpu_seconds == 90


@pytest.mark.parametrize(
    ("name", "values", "reached"),
    [
        # Published 7.49: errors 8, 7, 9 have a standard error of 0.577, and 8 - 1.155 is below it.
        ("softmax", (0.92, 0.93, 0.91), True),
        ("softmax", (0.92, 0.92, 0.92), False),
        ("softmax", (0.9251,), True),
        ("softmax", (0.9250,), False),
        # Published 86.5 % accuracy: more is better. 86.3 with a standard error of 0.1 is within two of it.
        ("imdb-lstm", (0.862, 0.864), True),
        ("imdb-lstm", (0.861, 0.863), False),
        ("imdb-lstm", (0.9, 0.9), True),
        ("vae", (-86.0,), True),
        ("adding-100", (0.01,), True),
        ("gan", (10.0,), True),
        ("vae", (-87.0,), False),
    ],
)
def test_what_counts_as_reached(name, values, reached):
    row = ROWS[name]
    assert summary.of(row, "full", [result(row, k, value) for k, value in enumerate(values)]).reached is reached


def test_nothing_is_reached_without_results_or_on_the_sample():
    row = ROWS["softmax"]
    assert summary.of(row, "full", []).reached is None
    quick = result(row, 0, 0.99, budget="quick", command=row.command("quick", 0))
    assert summary.of(row, "quick", [quick]).reached is None
    assert summary.of(row, "full", [quick]).results == []


def test_of_other_settings_only_the_look_counts():
    row = ROWS["softmax"]
    other = result(row, 0, 0.99, command="mnist --model softmax --data full --seed 0")
    found = summary.of(row, "full", [other, result(row, 1, 0.92), result(row, 0, 0.93)])
    assert [one["seed"] for one in found.results] == [0, 1]
    assert found.mean == pytest.approx(7.5)
    assert found.looks == 3
    told = page.page([other, result(row, 1, 0.92)], "en")
    assert "Tried before: 1.00 by `mnist --model softmax --data full --seed 0`." in told


def test_what_was_seen_on_the_validation_split_is_no_look_at_the_test_split():
    row = ROWS["bigram"]
    split = {"split": "validation"}
    changed = row.variations[1]
    found = [
        result(row, 0, 0.90),
        result(row, 0, 0.91, command=row.command("full", 0, ""), **split),
        result(row, 0, 0.92, command=row.command("full", 0, changed), **split),
        result(row, 0, 0.99, command=row.command("full", 0, "--set of=yore"), **split),
    ]
    one = summary.of(row, "full", found)
    assert (one.looks, one.mean, one.earlier) == (1, pytest.approx(90), [])
    assert one.varied == {"": found[1], changed: found[2]}
    assert one.as_dict()["validation"] == one.varied
    said = f"On the validation split, seed 0: 91.00 as it is; one thing changed: 92.00 with `{changed}`."
    assert said in page.page(found, "en")
    assert f"设置不变时 91.00；每次只改一处：用 `{changed}` 时 92.00。" in page.page(found, "zh")
    # A change without what it changes tells nothing.
    assert "validation split, seed" not in page.page([found[0], found[2]], "en")


def test_recording_adds_replaces_the_same_and_keeps_the_rest(tmp_path):
    path, row = tmp_path / "results.json", ROWS["softmax"]
    other = result(row, 0, 0.5, command="mnist --model softmax --data full --seed 0")
    results.record([result(ROWS["mlp"], 0, 0.98)], path)
    results.record([other, result(row, 1, 0.92)], path)
    results.record([result(row, 1, 0.93)], path)
    found = results.read(path)
    assert [one["row"] for one in found] == ["softmax", "softmax", "mlp"], "in the order of the rows"
    assert other in found
    assert [one["figures"]["accuracy"] for one in found] == [0.93, 0.5, 0.98]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        "[1]",
        "[" * 100_000,
        '[{"row": "softmax"}]',
        "\xff",
        # All that it needs, but not what it is measured by; a command that no shell takes; NaN for a time.
        json.dumps([result(ROWS["softmax"], 0, 0.9, figures={"loss": 1.0})]),
        json.dumps([result(ROWS["softmax"], 0, 0.9, command="mnist 'softmax")]),
        json.dumps([result(ROWS["softmax"], 0, 0.9, cpu_seconds=-1)]),
        json.dumps([result(ROWS["softmax"], "0", 0.9)]),
        json.dumps([result(ROWS["softmax"], 0, "good")]),
        json.dumps([result(ROWS["softmax"], 0, float("nan"))]),
    ],
)
def test_a_file_of_no_results(tmp_path, text):
    path = tmp_path / "results.json"
    path.write_text(text, "latin-1")
    with pytest.raises(InputError, match="reproduce: `record` must be a file of results"):
        results.read(path)
    with pytest.raises(InputError):
        results.record([result(ROWS["softmax"], 0, 0.9)], path)
    assert path.read_text("latin-1") == text, "what can't be read isn't written over"


def test_a_row_that_is_no_more_stays_in_the_file(tmp_path):
    path = tmp_path / "results.json"
    path.write_text(json.dumps([result(ROWS["softmax"], 0, 0.9) | {"row": "perceptron"}]))
    results.record([result(ROWS["mlp"], 0, 0.98)], path)
    assert [one["row"] for one in results.read(path)] == ["mlp", "perceptron"]


def test_the_page_shows_further_figures_and_what_was_taken_over():
    row = ROWS["gan"]
    found = [result(row, k, 10.0) for k in range(2)]
    for one, distance in zip(found, (3.0, 4.0), strict=True):
        one["figures"] |= {"frechet_distance": distance}
    text = page.page([found[0], found[1] | {"taken_from": "a page", "versions": {}}], "en")
    assert "Measured beside it: `frechet_distance` 3.5." in text
    (line,) = (line for line in text.splitlines() if line.startswith("| gan |"))
    assert " | 2* | yes | " in line
    assert "Made with tfnotes 0.1.0, keras 3.15.0, tensorflow 2.20.0." in text


def test_the_page_shows_what_is_in_the_file():
    row = ROWS["softmax"]
    seeds = [result(row, k, a) for k, a in enumerate((0.92, 0.93, 0.91))]
    for language in LANGUAGES:
        lines = page.page(seeds, language).splitlines()
        (line,) = (line for line in lines if line.startswith("| softmax |"))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        reached = {"en": "yes", "zh": "是"}[language]
        assert cells[2:] == ["7.49", "8.00", "1.00", "0.58", "3", reached, "1.5", "3"]
        assert f"tfnotes train {row.full}" in lines
    # A goal of ours stands in brackets.
    assert any("| (98.90) |" in line for line in lines)
