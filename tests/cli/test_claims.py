"""`tfnotes claims` and `tfnotes experiment`."""

import json
import re

import pytest
from click.testing import CliRunner

from tfnotes.cli import main
from tfnotes.experiments import ledger


def invoke(*arguments):
    return CliRunner().invoke(main, arguments)


def test_json_is_the_ledger():
    result = invoke("claims", "--json")
    assert result.exit_code == 0
    assert json.loads(result.output) == list(ledger.recorded().values())


def test_topic_and_verdict_select():
    found = json.loads(invoke("claims", "--topic", "convolution", "--verdict", "refuted", "--json").output)
    assert "pool-of-4x4" in {entry["id"] for entry in found}
    assert {entry["verdict"] for entry in found} == {"REFUTED"}
    assert {ledger.topic(entry["id"]) for entry in found} == {"convolution"}


def test_words_select(monkeypatch):
    def ids(*words):
        return {entry["id"] for entry in json.loads(invoke("claims", *words, "--json").output)}

    recorded = ledger.recorded()
    assert {k for k in recorded if "lstm" in k} < ids("LSTM") < set(recorded)
    assert ids("池化", "refuted") == {claim for claim in ids("池化") if recorded[claim]["verdict"] == "REFUTED"}
    result = invoke("claims", "lstm", "zebra")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: claims: `words` must stand in a claim, all of them. Received: 'lstm zebra'.\n"


def test_ids_are_whole_at_any_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    output = invoke("claims").output
    assert "…" not in output
    assert all(claim in output for claim in ledger.recorded())


def test_counts_and_what_is_missing_are_told(monkeypatch):
    recorded = ledger.recorded()
    monkeypatch.setattr(ledger, "recorded", lambda: {k: v for k, v in recorded.items() if k != "conv-429"})
    output = " ".join(invoke("claims", "--topic", "convolution").output.split())
    refuted = sum(ledger.topic(k) == "convolution" and v["verdict"] == "REFUTED" for k, v in recorded.items())
    assert f"REFUTED {refuted}" in output
    assert "Not yet measured" in output
    assert "conv-429" in output.split("Not yet measured")[1]


@pytest.mark.parametrize("option", ["--topic", "--verdict"])
def test_unknown_selections_are_refused(option):
    result = invoke("claims", option, "nonsense")
    assert result.exit_code == 1
    assert "must be one of" in result.output
    assert "'nonsense'" in result.output


def test_list_names_experiments_claims_and_parameters():
    output = CliRunner().invoke(main, ["experiment", "list"], env={"COLUMNS": "250"}).output
    assert "variance-by-depth" in output
    assert "he-halves" in output
    assert "depth=10" in output


def test_run_prints_saves_and_records(tmp_path):
    path = tmp_path / "ledger.json"
    result = invoke("experiment", "run", "mlp-parameter-count", "--out", str(tmp_path / "out"), "--record", str(path))
    assert result.exit_code == 0, result.output
    assert "REFUTED" in result.output
    assert "11,935" in result.output
    assert re.search(r"mlp-parameter-count took \d+\.\d s\.", result.output)
    assert {p.name for p in (tmp_path / "out" / "mlp-parameter-count").iterdir()} == {
        "results.json",
        "figure-light.png",
        "figure-dark.png",
    }
    (entry,) = json.loads(path.read_text("utf-8"))
    assert entry["figures"]["counted"] == {"value": 11935}


def test_a_changed_verdict_is_flagged(tmp_path, monkeypatch):
    entry = ledger.recorded()["conv-429"] | {"verdict": "REFUTED"}
    monkeypatch.setattr(ledger, "recorded", lambda path=None: {"conv-429": entry})
    result = invoke("experiment", "run", "conv-429", "--no-figures", "--out", str(tmp_path))
    assert "CHANGED: the recorded ledger says REFUTED" in result.output
    assert "1 verdicts differ" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["conv-429", "--all"],
        ["--all", "--set", "side=3"],
        ["conv-429", "--quick", "--record", "x.json"],
        ["conv-429", "--seeds", "3", "--record", "x.json"],
    ],
)
def test_arguments_that_contradict_are_refused(arguments):
    assert invoke("experiment", "run", *arguments).exit_code == 2


def test_unknown_names_and_settings_are_one_sentence():
    for arguments in (["nonsense"], ["conv-429", "--set", "side=3"]):
        result = invoke("experiment", "run", *arguments)
        assert result.exit_code == 1
        assert result.output.startswith("Error: experiment")
        assert "Traceback" not in result.output


def test_claims_in_chinese():
    said = CliRunner().invoke(main, ["claims", "pool-of-4x4", "--lang", "zh"], env={"COLUMNS": "300"}).output
    assert "不成立" in said
    assert "(2,2) 池化取每个 2x2 块（4 个像素）的最大值" in said
    assert "REFUTED" not in said
    chosen = json.loads(invoke("claims", "--verdict", "不成立", "--json").output)
    assert chosen == json.loads(invoke("claims", "--verdict", "refuted", "--json").output)


def test_an_experiment_reports_in_chinese(tmp_path):
    result = invoke("experiment", "run", "pool-of-4x4", "--no-figures", "--out", str(tmp_path), "--lang", "zh")
    assert result.exit_code == 0
    assert "pool-of-4x4  不成立" in result.output
    assert "8x8 的图像得到 16 个最大值" in result.output
    assert "pool-of-4x4 用时" in result.output
    assert not re.search("took|Raw results|figure", result.output)


def test_the_experiments_as_json():
    result = CliRunner().invoke(main, ["experiment", "list", "--json"])
    listed = {e["name"]: e for e in json.loads(result.output)}
    assert len(listed) > 50
    pools = listed["pool-of-4x4"]
    assert set(pools) == {"name", "topic", "kind", "seeds", "measures", "settles", "parameters"}
    assert pools["seeds"] >= 1
    assert pools["settles"]
    assert isinstance(pools["parameters"], dict)
