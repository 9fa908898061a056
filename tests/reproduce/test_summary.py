"""What is told of a row: as JSON, in cells, in sentences; which rows are asked for; what a row is read from."""

import dataclasses

import pytest

from tests.reproduce.test_table import ROWS, result
from tfnotes.errors import InputError
from tfnotes.language import Words
from tfnotes.reproduce import page, results, summary, table


def test_a_row_as_json_values():
    row = ROWS["gan"]
    found = [result(row, k, value, cpu_seconds=60.0 * (k + 1)) for k, value in enumerate((9.0, 10.0))]
    for one, distance in zip(found, (3.0, 4.0), strict=True):
        one["figures"] |= dict.fromkeys(row.also, distance)
    earlier = result(row, 0, 8.0, command="autoencode --seed 0")
    told = summary.of(row, "full", [earlier, *found[::-1]]).as_dict()
    assert list(told) == [
        *("row", "budget", "published", "paper", "measure", "unit", "command", "seeds", "mean", "standard_deviation"),
        *("standard_error", "reached", "cpu_seconds", "looks", "also", "results", "earlier", "validation"),
    ]
    assert told == {
        "row": "gan", "budget": "full", "published": row.published, "paper": row.paper, "measure": row.measure,
        "unit": "digits of ten", "command": row.full, "seeds": 2, "mean": 9.5, "cpu_seconds": 90.0, "looks": 3,
        "standard_deviation": pytest.approx(0.5**0.5), "standard_error": pytest.approx(0.5), "reached": True,
        "also": dict.fromkeys(row.also, 3.5), "results": found, "earlier": [earlier], "validation": {},
    }
    assert summary.of(row, "quick", []).as_dict()["command"] == row.quick


def test_what_is_not_known_of_all_seeds_is_not_told():
    row = ROWS["gan"]
    found = [result(row, k, 10.0, cpu_seconds=seconds) for k, seconds in enumerate((60.0, None))]
    found[0]["figures"] |= dict.fromkeys(row.also, 1.0)
    one = summary.of(row, "full", found)
    assert (one.cpu_seconds, one.also) == (None, {})
    none = summary.of(row, "full", [])
    assert (none.mean, none.deviation, none.error, none.cpu_seconds, none.looks, none.also) == (None,) * 4 + (0, {})
    single = summary.of(row, "full", found[:1])
    assert (single.mean, single.deviation, single.error, single.cpu_seconds) == (10.0, None, None, 60.0)


def test_two_standard_errors_and_no_more():
    # Published 7.49: errors 7.74, 8 and 8.26 have a standard error of 0.15, and the mean is short by 0.51.
    row = ROWS["softmax"]
    found = [result(row, k, a) for k, a in enumerate((0.9226, 0.92, 0.9174))]
    assert summary.of(row, "full", found).reached is False


def test_the_cells_of_a_row():
    row = ROWS["softmax"]
    found = [result(row, k, a, cpu_seconds=s) for k, (a, s) in enumerate(((0.92, 66.0), (0.93, 60.0)))]
    earlier = result(row, 3, 0.5, command="mnist --seed 3")
    cells = page.cells(summary.of(row, "full", [*found, earlier]), "zh")
    assert cells == ("softmax", "softmax 回归，MNIST：错误率 %", "7.49", "7.50", "0.71", "0.50", "2", "是", "1.1", "3")
    assert len(cells) == len(page.heads("zh")) == len(page.heads("en"))
    assert page.heads("en")[:3] == ["row", "what", "published"]
    empty = page.cells(summary.of(row, "full", []), "en")
    assert empty == ("softmax", "softmax regression, MNIST: % error", "7.49", *[""] * 7)
    worse = page.cells(summary.of(row, "full", [result(row, 0, 0.9, cpu_seconds=None, taken_from="x")]), "en")
    assert worse[3:] == ("10.00", "", "", "1*", "no", "", "1")
    goal = dataclasses.replace(row, paper=None)
    assert page.cells(summary.of(goal, "full", []), "en")[2] == "(7.49)"


def test_variations_in_a_sentence():
    row = ROWS["bigram"]
    first, second = row.variations[:2]
    found = {"": result(row, 4, 0.91, split="validation")}
    one = summary.Summary(row, "full", [], [], {**found, first: result(row, 4, 0.92), second: result(row, 4, 0.9)})
    assert page.varied(one, "en") == [
        ("On the validation split, seed 4: 91.00 as it is; one thing changed: "
        f"92.00 with `{first}`; 90.00 with `{second}`.")
    ]
    assert page.varied(one, "zh") == [
        f"在验证集上，种子 4：设置不变时 91.00；每次只改一处：用 `{first}` 时 92.00；用 `{second}` 时 90.00。"
    ]
    # As it is, and nothing changed.
    assert page.varied(dataclasses.replace(one, varied=found), "en") == []


def test_of_several_seeds_of_a_variation_the_first_is_shown():
    row = ROWS["bigram"]
    found = [
        result(row, seed, 0.9, command=row.command("full", seed, row.variations[0]), split="validation")
        for seed in (5, 2)
    ]
    assert summary.of(row, "full", found).varied == {row.variations[0]: found[1]}


def test_the_page_tells_of_each_row():
    row, other = ROWS["softmax"], ROWS["mlp"]
    made = {"tfnotes": "0.2", "keras": "3"}
    found = [
        result(row, 0, 0.92, command="mnist --x --seed 0"),
        result(row, 1, 0.93, command="mnist --y --seed 1"),
        result(row, 2, 0.94),
        result(other, 0, 0.98, versions=made),
        result(other, 1, 0.98, versions={}, taken_from="x"),
    ]
    lines = page.page(found, "en").splitlines()
    assert (
        f"`softmax`: Paper: {row.paper}. {row.notes.en} Tried before: 8.00 by `mnist --x --seed 0`. "
        "Tried before: 7.00 by `mnist --y --seed 1`."
    ) in lines
    assert lines[-1] == (
        "Made with tfnotes 0.1.0, keras 3.15.0, tensorflow 2.20.0; tfnotes 0.2, keras 3, tensorflow ?."
    )
    chinese = page.page(found, "zh").splitlines()
    told = f"`softmax`：论文：{row.paper}。{row.notes.zh}此前试过：`mnist --x --seed 0`，8.00。"
    assert any(line.startswith(told) for line in chinese)
    assert chinese[-1].startswith("所用版本：tfnotes 0.1.0, keras 3.15.0")
    assert not any(line.startswith("Made with") for line in page.page([], "en").splitlines())


def test_rows_that_are_asked_for():
    assert [row.name for row in table.chosen(("mlp", "softmax", "mlp"))] == ["mlp", "softmax"]
    assert table.chosen(()) == list(ROWS.values())
    assert table.varied(("bigram",)) == [ROWS["bigram"]]
    assert table.varied(()) == [row for row in ROWS.values() if row.variations]
    with pytest.raises(InputError) as error:
        table.chosen(("mlp", "softmix"))
    assert str(error.value) == f"reproduce: `row` must be one of {', '.join(ROWS)}. Received: 'softmix'."
    with pytest.raises(InputError) as error:
        table.varied(("bigram", "softmax", "mlp"))
    have = ", ".join(name for name, row in ROWS.items() if row.variations)
    assert str(error.value) == f"reproduce: `row` must have variations, as {have}. Received: 'softmax'."


def test_a_row_is_read_with_all_its_fields():
    stored = {
        "what_en": "a", "what_zh": "甲", "published": 1.5, "paper": "b", "unit": "nats", "measure": "m",
        "evaluated": True, "also": ["n", "o"], "seeds": 7, "full": " x  y\nz ", "quick": "q  r",
        "notes_en": "c", "notes_zh": "乙", "variations": ["v", "w"],
    }
    assert table._row("r", stored) == table.Row(
        *("r", Words("a", "甲"), 1.5, "b", table.UNITS["nats"], "m", True, ("n", "o"), 7, "x y z", "q r"),
        *(Words("c", "乙"), ("v", "w")),
    )
    least = {key: stored[key] for key in ("what_en", "what_zh", "unit", "measure", "full", "quick")}
    row = table._row("r", least | {"goal": 2.5})
    assert (row.published, row.paper, row.evaluated, row.also, row.seeds, row.variations) == (
        *(2.5, None, False, (), 3, ()),
    )
    assert row.notes == Words("", "")
    assert (row.command("full", 2), row.command("quick", 0)) == ("x y z --seed 2", "q r --seed 0")
    assert row.command("full", 2, "") == "x y z --no-test --seed 2"
    assert row.command("full", 2, "--set a=1") == "x y z --set a=1 --no-test --seed 2"


def test_units():
    shown = {name: (unit.name.en, unit.lower, unit.digits, unit.of(0.25)) for name, unit in table.UNITS.items()}
    assert shown == {
        "error": ("% error", True, 2, 75.0),
        "accuracy": ("% accuracy", False, 2, 25.0),
        "squared error": ("squared error", True, 2, 0.25),
        "mean squared error": ("mean squared error", True, 4, 0.25),
        "nats": ("nats", False, 2, 0.25),
        "digits": ("digits of ten", False, 1, 0.25),
    }


def test_recorded_results_stand_in_the_order_of_rows_budgets_commands_and_seeds(tmp_path):
    path, row = tmp_path / "results.json", ROWS["softmax"]
    other = [result(row, seed, 0.5, command=f"a --seed {seed}") for seed in (1, 0)]
    quick = result(row, 2, 0.5, budget="quick", command=row.command("quick", 2))
    results.record([quick, *other, result(ROWS["mlp"], 0, 0.98), result(row, 0, 0.9)], path)
    assert path.read_text("utf-8").endswith("]\n")
    assert [(r["row"], r["budget"], r["command"].split()[0], r["seed"]) for r in results.read(path)] == [
        *(("softmax", "full", "a", 0), ("softmax", "full", "a", 1), ("softmax", "full", "mnist", 0)),
        *(("softmax", "quick", "mnist", 2), ("mlp", "full", "mnist", 0)),
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"figures": {"loss": 0.5}}, "x.json has a result of softmax without accuracy"),
        ({"figures": {"accuracy": float("inf")}}, "x.json has a figure that isn't finite"),
        ({"command": "mnist 'a"}, "No closing quotation"),
    ],
)
def test_results_that_are_refused(change, says):
    row = ROWS["softmax"]
    with pytest.raises(ValueError, match=says):
        results.check(result(row, 0, 0.9) | change, "x.json", row)
    results.check(result(row, 0, 0.9), "x.json", row)
    # Of a row that is no more, which figures it had isn't known.
    results.check(result(row, 0, 0.9, figures={"loss": 0.5}), "x.json", None)
