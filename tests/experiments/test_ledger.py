"""The recorded ledger: complete in itself, and what the experiments give today."""

import json
import re

import pytest

from tfnotes.errors import InputError
from tfnotes.experiments import _experiment, ledger, run

CLAIMS = {row["id"]: row for row in ledger.claims()}
RECORDED = ledger.recorded()
EXPERIMENTS = {e.name: e for e in _experiment.experiments()}
RERUN = [e for e in EXPERIMENTS.values() if e.kind in ("exact", "dynamics", "optimization")]


@pytest.mark.parametrize("experiment", RERUN, ids=lambda e: e.name)
def test_measured_again_it_is_as_recorded(experiment):
    for entry in run.entries(run.run(experiment)):
        before = RECORDED[entry["id"]]
        assert entry["verdict"] == before["verdict"], entry["condition"]
        assert entry["figures"].keys() == before["figures"].keys()
        for name, figure in entry["figures"].items():
            # Six digits are recorded, and what is nothing but rounding may be another on another machine.
            assert figure == pytest.approx(before["figures"][name], rel=1e-4, abs=1e-9), name


def test_every_claim_of_an_experiment_is_recorded_and_every_entry_has_its_experiment():
    settled = {claim: e.name for e in EXPERIMENTS.values() for claim in e.rules}
    assert {claim: entry["experiment"] for claim, entry in RECORDED.items()} == settled


def test_no_claim_is_settled_twice():
    claims = [claim for e in EXPERIMENTS.values() for claim in e.rules]
    assert len(claims) == len(set(claims))
    assert set(claims) <= set(CLAIMS)


@pytest.mark.parametrize("claim", RECORDED)
def test_entries_are_complete(claim):
    entry = RECORDED[claim]
    keys = ["id", "source", "statement_zh", "statement_en", "verdict", "condition", "figures", "experiment"]
    assert list(entry) == [*keys, "date", "versions"]
    assert {k: entry[k] for k in keys[:4]} == {k: v for k, v in CLAIMS[claim].items() if k != "topic"}
    assert (entry["condition"] == "") == (entry["verdict"] == "CONFIRMED")
    assert entry["figures"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["date"])
    assert {"tensorflow", "keras"} <= set(entry["versions"])


def test_claims_are_in_both_languages_with_lines_of_the_notes():
    for row in CLAIMS.values():
        assert all(re.fullmatch(r"00[0-4]:\d+(-\d+)?", source) for source in row["source"]), row
        assert re.search(r"[\u4e00-\u9fff]|=", row["statement_zh"]), row
        assert row["statement_en"].isascii(), row


def test_recording_replaces_and_keeps(tmp_path):
    path = tmp_path / "ledger.json"
    first, second = (dict(RECORDED[claim]) for claim in ("linear-collapse", "tanh-identity"))
    ledger.record([second], path)
    ledger.record([first], path)
    ledger.record([second | {"verdict": "REFUTED"}], path)
    written = json.loads(path.read_text("utf-8"))
    verdicts = {entry["id"]: entry["verdict"] for entry in written}
    assert list(verdicts.items()) == [("linear-collapse", "CONFIRMED"), ("tanh-identity", "REFUTED")]


def test_a_changed_verdict_is_seen():
    entry = dict(RECORDED["tanh-identity"])
    assert ledger.changed(entry) is None
    assert ledger.changed(entry | {"verdict": "REFUTED"}) == "CONFIRMED"


@pytest.mark.parametrize("text", ["{", "[1]", '[{"verdict": 1}]'])
def test_what_is_no_ledger_is_refused(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError, match="ledger: `path` must be a ledger's JSON file"):
        ledger.recorded(tmp_path / "x.json")
