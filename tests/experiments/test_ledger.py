"""The recorded ledger: complete in itself, and what the experiments give today."""

import json
import re

import pytest

from tfnotes.errors import InputError
from tfnotes.experiments import _experiment, ledger, page, run

CLAIMS = {row["id"]: row for row in ledger.claims()}
RECORDED = ledger.recorded()
EXPERIMENTS = {e.name: e for e in _experiment.experiments()}
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
RERUN = [e for e in EXPERIMENTS.values() if e.kind in ("exact", "dynamics", "optimization")]


@pytest.mark.parametrize("experiment", RERUN, ids=lambda e: e.name)
def test_measured_again_it_is_as_recorded(experiment):
    for entry in run.entries(run.run(experiment)):
        before = RECORDED[entry["id"]]
        assert entry["verdict"] == before["verdict"], ledger.condition(entry, "en")
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
    keys = [
        "id",
        "source",
        "statement_zh",
        "statement_en",
        "verdict",
        "condition_en",
        "condition_zh",
        "open",
        "figures",
    ]
    told = [key for key in ("power", "needed") if key in entry]
    after = ["history"] if "history" in entry else []
    assert list(entry) == [*keys, "experiment", "design", *told, "date", "versions", *after]
    assert entry["design"]["seeds"] == max(figure.get("n", 1) for figure in entry["figures"].values())
    assert entry["design"]["seeds"] in entry["design"].get("looks", [entry["design"]["seeds"]])
    for old in entry.get("history", ()):
        assert list(old) == ["date", "design", "verdict"]
        assert (old["design"], old["verdict"]) != (entry["design"], entry["verdict"])
    assert {k: entry[k] for k in keys[:4]} == {k: v for k, v in CLAIMS[claim].items() if k != "topic"}
    assert bool(entry["open"]) == (entry["verdict"] == "INCONCLUSIVE")
    assert entry["figures"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["date"])
    assert {"tensorflow", "keras"} <= set(entry["versions"])


@pytest.mark.parametrize("claim", RECORDED)
def test_a_condition_says_the_same_in_both_languages(claim):
    entry = RECORDED[claim]
    english, chinese = entry["condition_en"], entry["condition_zh"]
    if entry["verdict"] == "CONFIRMED":
        assert english == chinese == ""
        return
    assert english.endswith(".")
    assert chinese.endswith("。")
    assert re.search("[\u4e00-\u9fff]{4}", chinese)
    assert not re.search("[\u4e00-\u9fff]", english)
    # The numbers, however the sentences order them; words for small ones aside.
    assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(chinese))
    assert not re.search(r"e[+-]\d|to the power|nan|inf\b|[{}]", english + chinese)


def test_what_is_not_decided_says_what_would_decide_it():
    for entry in RECORDED.values():
        if entry["verdict"] == "INCONCLUSIVE":
            assert re.search("would (show|decide)|would be needed", entry["condition_en"]), entry["id"]
            assert re.search("能说明|能判定|可判定", entry["condition_zh"]), entry["id"]


def test_claims_are_in_both_languages_with_lines_of_the_notes():
    for row in CLAIMS.values():
        assert all(re.fullmatch(r"00[0-4]:\d+(-\d+)?", source) for source in row["source"]), row
        assert re.search(r"[\u4e00-\u9fff]|=", row["statement_zh"]), row
        assert row["statement_en"].isascii(), row


def test_recording_replaces_and_keeps(tmp_path):
    path = tmp_path / "ledger.json"
    kept = ledger.read(ledger.FOLDER / "ledger.json")
    first, second = (kept[claim] for claim in ("linear-collapse", "tanh-identity"))
    ledger.record([second], path)
    ledger.record([first], path)
    ledger.record([second | {"verdict": "REFUTED"}], path)
    written = json.loads(path.read_text("utf-8"))
    verdicts = {entry["id"]: entry["verdict"] for entry in written}
    assert list(verdicts.items()) == [("linear-collapse", "CONFIRMED"), ("tanh-identity", "REFUTED")]


def test_what_is_replaced_is_kept_where_design_or_verdict_differ(tmp_path):
    path = tmp_path / "ledger.json"
    first = ledger.read(ledger.FOLDER / "ledger.json")["tanh-identity"] | {"date": "2026-01-01"}
    ledger.record([first], path)
    ledger.record([first | {"date": "2026-01-02"}], path)
    assert "history" not in ledger.read(path)["tanh-identity"]
    ledger.record([first | {"date": "2026-01-03", "design": {"seeds": 16}}], path)
    ledger.record([first | {"date": "2026-01-04", "design": {"seeds": 16}, "verdict": "REFUTED"}], path)
    entry = ledger.read(path)["tanh-identity"]
    assert entry["history"] == [
        {"date": "2026-01-02", "design": {"seeds": 1}, "verdict": "CONFIRMED"},
        {"date": "2026-01-03", "design": {"seeds": 16}, "verdict": "CONFIRMED"},
    ]


def test_pages_show_designs_and_what_they_replaced():
    planned = {"seeds": 16, "looks": [8, 16], "minimum": 0.01, "first": 100}
    old = {"date": "2026-01-02", "design": {"seeds": 6}, "verdict": "INCONCLUSIVE"}
    power = {"1 hidden layer": 0.00512, "5 hidden layers": 0.0123}
    entry = RECORDED["tanh-identity"] | {"design": planned, "power": power, "history": [old]}
    entries = [entry, RECORDED["sigmoid-half"]]
    told = {language: page.page(entries, [], language).splitlines() for language in ("en", "zh")}
    row = "| `tanh-identity` | 16 | 8, 16 | 0.01 | 1 hidden layer: 0.0051{stop}5 hidden layers: 0.012 | {before} |"
    assert told["en"][-1] == row.format(stop="; ", before="2026-01-02: INCONCLUSIVE from 6 seeds")
    assert told["zh"][-1] == row.format(stop="；", before="2026-01-02：6 个种子，尚无定论")
    # What looked once, without seeds to speak of, has no row.
    assert not any(line.startswith("| `sigmoid-half` | 1 ") for line in told["en"])


def test_a_changed_verdict_is_seen():
    entry = dict(RECORDED["tanh-identity"])
    assert ledger.changed(entry) is None
    assert ledger.changed(entry | {"verdict": "REFUTED"}) == "CONFIRMED"


@pytest.mark.parametrize("text", ["{", "[1]", '[{"verdict": 1}]'])
def test_what_is_no_ledger_is_refused(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError, match="ledger: `path` must be a ledger's JSON file"):
        ledger.read(tmp_path / "x.json")


@pytest.mark.parametrize("content", ["[" * 100_000, "[]]", '[{"id": "a"}]', "[1]", '{"a": 1}', '[{"id": ["a"]}]'])
def test_a_file_that_is_no_ledger(tmp_path, content):
    path = tmp_path / "ledger.json"
    path.write_text(content)
    with pytest.raises(InputError, match="`path` must be a ledger's JSON file"):
        ledger.read(path)


def test_claims_are_selected():
    measured, missing = ledger.select()
    assert ([entry["id"] for entry in measured], missing) == ([claim for claim in CLAIMS if claim in RECORDED], [])
    of_topic, _ = ledger.select("convolution")
    assert {entry["id"] for entry in of_topic} == {k for k, row in CLAIMS.items() if row["topic"] == "convolution"}
    for spelling in ("refuted", "REFUTED", "不成立"):
        found, none = ledger.select("convolution", spelling)
        assert (none, {entry["verdict"] for entry in found}) == ([], {"REFUTED"})
        assert found == [entry for entry in ledger.select("convolution")[0] if entry["verdict"] == "REFUTED"]
    both, _ = ledger.select(words=("LSTM", "gate"))
    assert both == [e for e in ledger.select(words=("lstm",))[0] if e in ledger.select(words=("gate",))[0]]
    assert both


def test_claims_without_an_entry_are_told_apart(monkeypatch):
    monkeypatch.setattr(ledger, "recorded", lambda: {k: v for k, v in RECORDED.items() if k != "conv-429"})
    measured, missing = ledger.select("convolution")
    assert [row["id"] for row in missing] == ["conv-429"]
    assert "conv-429" not in {entry["id"] for entry in measured}
    assert ledger.select("convolution", "refuted")[1] == []
    assert ledger.changed(RECORDED["conv-429"] | {"verdict": "REFUTED"}) is None


def test_selections_that_are_refused():
    topics = ", ".join(dict.fromkeys(row["topic"] for row in CLAIMS.values()))
    for given, says in (
        (("nets",), f"`topic` must be one of {topics}. Received: 'nets'."),
        ((None, "true"), "`verdict` must be one of CONFIRMED, QUALIFIED, REFUTED, INCONCLUSIVE. Received: 'true'."),
        (
            ("convolution", None, ("zebra", "pool")),
            "`words` must stand in a claim, all of them. Received: 'zebra pool'.",
        ),
    ):
        with pytest.raises(InputError) as error:
            ledger.select(*given)
        assert str(error.value) == f"claims: {says}"
    with pytest.raises(ValueError, match=r"ledger: `claim` must stand in claims.json. Received: 'zebra'\."):
        ledger.topic("zebra")


def test_a_claim_s_own_words():
    row = CLAIMS["tanh-identity"]
    assert ledger.topic("tanh-identity") == row["topic"]
    assert ledger.statement("tanh-identity") == {key: value for key, value in row.items() if key != "topic"}
    assert {name: (words.en, words.zh) for name, words in ledger.VERDICTS.items()} == {
        "CONFIRMED": ("CONFIRMED", "成立"),
        "QUALIFIED": ("QUALIFIED", "有条件成立"),
        "REFUTED": ("REFUTED", "不成立"),
        "INCONCLUSIVE": ("INCONCLUSIVE", "尚无定论"),
    }


def test_a_ledger_stands_in_the_order_of_claims_with_its_signs(tmp_path):
    path = tmp_path / "ledger.json"
    kept = ledger.read(ledger.FOLDER / "ledger.json")
    order = [claim for claim in CLAIMS if claim in kept][:3]
    ledger.record([kept[claim] for claim in reversed(order)], path)
    text = path.read_text("utf-8")
    assert [entry["id"] for entry in json.loads(text)] == order
    assert text.endswith("]\n")
    assert kept[order[0]]["statement_zh"] in text
    path.write_text("[1]")
    with pytest.raises(InputError) as error:
        ledger.read(path)
    assert str(error.value) == f"ledger: `path` must be a ledger's JSON file. Received: {str(path)!r}."
