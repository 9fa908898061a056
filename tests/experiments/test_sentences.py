"""Sentences of verdicts: how figures are written, and templates that ask for figures which there are."""

import string

import numpy as np
import pytest

from tfnotes.experiments import _experiment, ledger, sentences

RECORDED = ledger.recorded()
TEMPLATES = [(claim, kind) for claim, kinds in sentences._templates().items() if claim != "*" for kind in kinds]


def fields(template):
    return sorted({name for _, name, _, _ in string.Formatter().parse(template) if name})


def told(monkeypatch, template, language="en", verdict="QUALIFIED", **figures):
    """What a template says of figures; one with bounds is given as (value, low, high)."""
    monkeypatch.setattr(sentences, "_templates", lambda: {"made-up": {"qualified": {language: template}}})
    found = {
        k: dict(zip(("value", "low", "high"), np.atleast_1d(v).tolist(), strict=False)) for k, v in figures.items()
    }
    return sentences.sentence({"id": "made-up", "verdict": verdict, "open": [], "figures": found}, language)


@pytest.mark.parametrize(
    ("spec", "value", "en", "zh"),
    [
        ("points", (0.089, 0.077, 0.1014), "8.9 points (7.7 to 10.1)", "8.9 个百分点（7.7 至 10.1）"),
        ("points", -0.006, "-0.6 points", "-0.6 个百分点"),
        ("share0", (0.61, 0.46, 0.76), "61 % (46 to 76)", "61 %（46 至 76）"),
        ("share1", 0.6, "60.0 %", "60.0 %"),
        ("interval.2f", (0.91, 0.8, 1.02), "0.91 (0.80 to 1.02)", "0.91（0.80 至 1.02）"),
        (".1%", 0.023, "2.3 %", "2.3 %"),
        (",.0f", 11935, "11,935", "11,935"),
        ("thousands", 508352, "508", "508"),
        ("tiny", 0.0, "0", "0"),
        ("tiny", 6.3e-16, "6 × 10⁻¹⁶", "6 × 10⁻¹⁶"),
        ("tiny", 1e-16, "10⁻¹⁶", "10⁻¹⁶"),
        ("tiny", 0.0213, "0.02", "0.02"),
        ("tiny", 5.1e17, "5 × 10¹⁷", "5 × 10¹⁷"),
        ("times", -5.66, "2.2 × 10⁻⁶", "2.2 × 10⁻⁶"),
        ("times", -0.1, "0.79", "0.79"),
        ("times", 2.29, "190", "190"),
        ("times", 5.64, "440,000", "440,000"),
        ("times", 400.0, "inf", "inf"),
    ],
)
def test_figures_as_they_are_written(monkeypatch, spec, value, en, zh):
    assert told(monkeypatch, f"{{x:{spec}}}.", x=value) == f"{en}."
    assert told(monkeypatch, f"{{x:{spec}}}。", "zh", x=value) == f"{zh}。"


def test_chinese_has_no_space_behind_its_own_signs(monkeypatch):
    said = told(monkeypatch, "领先 {x:points} 和 {y:interval.1f} 倍", "zh", x=0.01, y=(2.0, 1.0, 3.0))
    assert said == "领先 1.0 个百分点和 2.0（1.0 至 3.0）倍"


def test_a_difference_is_taken_seed_by_seed(monkeypatch):
    template = {"made-up": {"qualified": {"en": "{a - b:points}, {a / b:.2f}", "zh": "{a - b:points}"}}}
    monkeypatch.setattr(sentences, "_templates", lambda: template)
    samples = {"a": np.array([1.0, 2.0, 4.0]), "b": np.array([0.5, 1.5, 3.5])}
    found = _experiment.figures(samples, ["made-up"])
    assert list(found) == ["a", "b", "a - b", "a / b"]
    assert (found["a - b"]["value"], found["a - b"]["low"], found["a - b"]["high"]) == (0.5, 0.5, 0.5)
    assert found["a / b"]["value"] == pytest.approx((2 + 4 / 3 + 8 / 7) / 3, rel=1e-5)


def test_a_difference_that_was_not_recorded_is_that_of_the_means(monkeypatch):
    assert told(monkeypatch, "{a - b:points}", a=(0.9, 0.8, 1.0), b=(0.85, 0.8, 0.9)) == "5.0 points"


@pytest.mark.parametrize(("claim", "kind"), TEMPLATES)
def test_templates_ask_in_both_languages_for_the_same_figures_which_there_are(claim, kind):
    template = sentences._templates()[claim][kind]
    assert set(template) == {"en", "zh"}
    assert fields(template["en"]) == fields(template["zh"])
    known = set(RECORDED[claim]["figures"])
    for name in fields(template["en"]):
        assert name in known or {*name.split(" - ")} <= known or {*name.split(" / ")} <= known, name


def test_what_has_no_template_of_its_own_names_what_is_open():
    entry = {"id": "tanh-identity", "verdict": "INCONCLUSIVE", "open": ["a", "b, too"], "figures": {}}
    assert ledger.condition(entry, "en") == "Left open by these numbers: a; b, too. More seeds narrow the intervals."
    assert "a; b, too" in ledger.condition(entry, "zh")


def test_what_a_plan_leaves_open_says_how_many_seeds_would_decide_it(monkeypatch):
    template = {"made-up": {"undecided": {"en": "It is {a:.0f}.", "zh": "是 {a:.0f}。"}}}
    known = template | {"*": sentences._templates()["*"]}
    monkeypatch.setattr(sentences, "_templates", lambda: known)
    entry = {"id": "made-up", "verdict": "INCONCLUSIVE", "open": ["x"], "figures": {"a": {"value": 3.0}}}
    more = "More seeds would show on which side of what counts this lies."
    assert sentences.sentence(entry, "en") == f"It is 3. {more}"
    entry |= {"design": {"seeds": 32}, "needed": {"x": 50, "y": 70}}
    english = "After 32 seeds this shows neither a difference nor that there is none of the least size that counts; "
    assert sentences.sentence(entry, "en") == f"It is 3. {english}about 70 seeds would decide it."
    assert sentences.sentence(entry, "zh").startswith("是 3。32 个随机种子")
    assert "70" in sentences.sentence(entry, "zh")


def test_too_few_seeds_are_told():
    experiment = _experiment.find("tanh-beats-sigmoid")
    found = _experiment.judge(experiment, {"tanh_1": np.ones(3)})["tanh-beats-sigmoid"]
    figures = _experiment.figures({"tanh_1": np.ones(3)})
    entry = {"id": "tanh-beats-sigmoid", "verdict": found.verdict, "open": list(found.open), "figures": figures}
    assert ledger.condition(entry, "en") == "Measured with 3 seeds, too few for a verdict."
    assert ledger.condition(entry, "zh") == "只用了 3 个随机种子，不足以判定。"
