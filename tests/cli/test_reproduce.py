"""`tfnotes reproduce`: the recorded table, and training rows again."""

import json

import pytest
from click.testing import CliRunner

from tests.reproduce.test_table import result
from tfnotes.cli import main
from tfnotes.reproduce import results, run, summary, table

ROWS = table.rows()


@pytest.fixture
def reproduce(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["reproduce", *arguments])


@pytest.fixture
def trained(monkeypatch):
    """Stands for training: every seed gives an accuracy of its own; a list of those that were trained."""
    found = []

    def train(self, progress):
        others = {} if self.variation is None else {"split": "validation"}
        found.append((self.row.name, self.budget, self.seed) + ((self.variation,) if others else ()))
        value = 0.9 + self.seed / 100
        made = result(self.row, self.seed, value, budget=self.budget, command=self.command, **others)
        self._keep(made)
        return made

    monkeypatch.setattr(run.Seed, "train", train)
    return found


def test_without_rows_what_is_recorded_is_shown(reproduce, tmp_path, trained):
    shown = reproduce()
    assert (shown.exit_code, shown.stderr, trained) == (0, "", [])
    assert all(name in shown.stdout for name in ROWS)
    told = json.loads(reproduce("--json").stdout)
    assert [one["row"] for one in told] == list(ROWS)
    for one in told:
        row = ROWS[one["row"]]
        assert one["published"] == row.published
        assert one["mean"] == summary.of(row, "full", results.recorded()).mean
        assert one["seeds"] == len(one["results"])
    assert not list(tmp_path.iterdir())


def test_rows_are_trained_and_recorded_and_not_trained_again(reproduce, tmp_path, trained):
    arguments = ("softmax", "mlp", "--budget", "full", "--seeds", "2", "--record", "results.json", "--json")
    first = reproduce(*arguments)
    assert first.exit_code == 0, first.output
    assert trained == [("softmax", "full", 0), ("softmax", "full", 1), ("mlp", "full", 0), ("mlp", "full", 1)]
    assert reproduce(*arguments).stdout == first.stdout
    assert len(trained) == 4
    assert len(results.read(tmp_path / "results.json")) == 4
    told = {one["row"]: one for one in json.loads(first.stdout)}
    assert told["softmax"]["mean"] == pytest.approx(9.5)
    assert told["softmax"]["standard_deviation"] == pytest.approx(2**-0.5)
    assert told["softmax"]["standard_error"] == pytest.approx(0.5)
    assert told["softmax"]["reached"] is False
    # One seed more is trained alone.
    reproduce("softmax", "--budget", "full", "--seeds", "3")
    assert trained[4:] == [("softmax", "full", 2)]


def test_runs_stand_where_they_are_asked_for(reproduce, tmp_path, trained):
    assert reproduce("softmax", "--out", "there").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    # Found again there, and nowhere else.
    assert reproduce("softmax", "--out", "there").exit_code == reproduce("softmax").exit_code == 0
    assert len(trained) == 2


def test_what_was_trained_before_is_recorded_as_well(reproduce, tmp_path, trained):
    arguments = ("softmax", "--budget", "full", "--seeds", "2")
    assert reproduce(*arguments).exit_code == reproduce(*arguments, "--record", "results.json").exit_code == 0
    assert len(trained) == len(results.read(tmp_path / "results.json")) == 2


def test_the_quick_budget_is_the_default_and_compares_nothing(reproduce, trained):
    shown = reproduce("softmax")
    assert shown.exit_code == 0, shown.output
    assert trained == [("softmax", "quick", 0)]
    assert "not to be compared with the papers" in shown.stdout
    assert "softmax, seed 0: 10.00 % error" in shown.stderr
    assert json.loads(reproduce("softmax", "--json").stdout)[0]["reached"] is None
    assert "不能与论文比较" in reproduce("softmax", "--lang", "zh").stdout


def test_full_takes_the_seeds_that_the_row_says(reproduce, trained):
    reproduce("softmax", "gan", "--budget", "full")
    assert len(trained) == ROWS["softmax"].seeds + ROWS["gan"].seeds


def test_variations(reproduce, tmp_path, trained):
    arguments = ("bigram", "--budget", "full", "--vary", "--record", "results.json")
    shown = reproduce(*arguments)
    assert shown.exit_code == 0, shown.output
    variations = ROWS["bigram"].variations
    assert trained == [("bigram", "full", 0, variation) for variation in ("", *variations)]
    assert f"bigram {variations[0]}, seed 0: 90.00 % accuracy" in shown.stderr
    assert f"90.00 with `{variations[-1]}`" in shown.stdout
    assert reproduce(*arguments).stdout == shown.stdout
    assert len(trained) == len(results.read(tmp_path / "results.json")) == 1 + len(variations)


def test_interrupted_it_says_how_to_go_on(reproduce, monkeypatch):
    def interrupted(self, progress):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.Seed, "train", interrupted)
    stopped = reproduce("softmax")
    assert stopped.exit_code == 130
    assert stopped.stderr.endswith("Stopped; the same command goes on where it was.\n")


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ("softmix", 1, "reproduce: `row` must be one of softmax, mlp"),
        ("--seeds 3", 2, "--seeds and --record belong to training"),
        ("softmax --seeds 0", 2, "0 is not in the range"),
        ("--record results.json", 2, "--seeds and --record belong to training"),
        ("softmax --record results.json", 2, "give --budget full"),
        ("softmax --budget full --record taken.json", 1, "`record` must be a file of results. Received: 'taken.json'"),
        ("softmax --budget full --record taken.json/r.json", 1, "be in a folder that can be written. Received: 'ta"),
        ("--out there", 2, "--out is where runs are trained: give a ROW, or --budget."),
        ("softmax --markdown", 2, "--markdown is the page of what is recorded"),
        ("--markdown --json", 2, "--markdown is the page of what is recorded"),
        ("bigram --vary", 2, "--vary trains one seed on all data: give --budget full"),
        ("bigram --vary --budget full --seeds 2", 2, "--vary trains one seed on all data"),
        ("softmax --vary --budget full", 1, "reproduce: `row` must have variations, as "),
        ("--budget half", 2, "'half' is not one of"),
    ],
)
def test_bad_input(reproduce, tmp_path, trained, arguments, status, sentence):
    (tmp_path / "taken.json").write_text('{"a": 1}')
    answer = reproduce(*arguments.split())
    assert (answer.exit_code, answer.stdout) == (status, ""), answer.output
    assert sentence in answer.stderr
    assert trained == []
    assert (tmp_path / "taken.json").read_text() == '{"a": 1}'
    assert len(list(tmp_path.iterdir())) == 1


def test_without_the_full_data_it_says_how_to_get_them(reproduce, tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "none"))
    answer = reproduce("softmax", "--budget", "full", "--seeds", "1")
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1
    assert "get them with `tfnotes data prepare full`" in answer.stderr
    assert not list((tmp_path / "runs" / "reproduce").iterdir())


def test_a_row_on_the_sample(reproduce, tmp_path):
    answer = reproduce("softmax", "--json")
    assert answer.exit_code == 0, answer.output
    (told,) = json.loads(answer.stdout)
    assert told["budget"] == "quick"
    assert 5 < told["mean"] < 20
    assert told["cpu_seconds"] > 1
    before = (tmp_path / "runs/reproduce/quick-softmax-0/test.json").stat().st_mtime_ns
    assert json.loads(reproduce("softmax", "--json").stdout) == [told]
    assert (tmp_path / "runs/reproduce/quick-softmax-0/test.json").stat().st_mtime_ns == before


def test_rows_are_completed():
    from tfnotes.cli import reproduce as command

    assert command._names(None, None, "soft") == [name for name in ROWS if name.startswith("soft")]
    assert command._names(None, None, "") == list(ROWS)
