"""Two languages: no text without its twin, the same figures in both, and the environment that chooses."""

import ast
import re
import string
from pathlib import Path

import pytest

from tfnotes import language, registry, task
from tfnotes.cli import _words, main
from tfnotes.cli.tasks import describe
from tfnotes.experiments import _experiment
from tfnotes.language import Words

ROOT = Path(__file__).resolve().parents[1]
CHINESE = re.compile("[\u4e00-\u9fff]")


def written():
    """Every `Words("...", "...")` in the package whose two texts stand there."""
    for path in sorted((ROOT / "tfnotes").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words"
            if made and all(isinstance(part, ast.Constant) for part in node.args):
                yield pytest.param(*(part.value for part in node.args), id=f"{path.stem}:{node.lineno}")


def fields(text):
    return sorted((name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize(("en", "zh"), list(written()))
def test_each_text_has_its_twin(en, zh):
    assert fields(en) == fields(zh)
    if re.search("[A-Za-z]", re.sub(r"{.*?}", "", en)):
        assert CHINESE.search(zh)
    if en.strip().endswith("."):
        assert zh.strip().endswith("。"), "punctuation of full width"


def test_none_of_the_command_lines_words_is_missing():
    named = {name: value for name, value in vars(_words).items() if name.isupper()}
    found = [words for value in named.values() for words in (value.values() if isinstance(value, dict) else [value])]
    assert all(isinstance(words, Words) for words in found)
    assert len(found) > 40


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "de_DE"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LC_MESSAGES": "zh_TW", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
        ({"LC_ALL": "zh_CN", "TFNOTES_LANG": "en"}, "en"),
        ({"LC_ALL": "C", "TFNOTES_LANG": "ZH"}, "zh"),
    ],
)
def test_the_first_variable_that_says_something_decides(monkeypatch, environment, expected):
    for name in ("TFNOTES_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language.default() == expected


def test_what_docstrings_and_tasks_say_has_its_chinese_and_nothing_else_has():
    concepts = {concept.differences for concept in registry.concepts()} - {""}
    described = [describe(task.load(name)) for name in ("adding", "autoencode", "imdb", "mnist")]
    models = [model for one in described for model in one["models"].values()]
    meanings = {setting["meaning"] for model in models for setting in model["settings"].values()}
    experiments = {experiment.about for experiment in _experiment.experiments()}
    assert set(language.chinese()) == concepts | meanings | {one["title"] for one in described} | experiments
    for en, zh in language.chinese().items():
        assert CHINESE.search(zh)
        assert zh.endswith("。") == en.endswith("."), zh
        assert set(re.findall("`.*?`", zh)) == set(re.findall("`.*?`", en)), zh


def test_what_another_package_says_stays_english():
    assert language.words("Glyphs: which of two")["zh"] == "Glyphs: which of two"


def test_words_are_filled_with_words():
    inner = Words("two", "两")
    assert Words("{n} of {m:.1f}", "{m:.1f} 之 {n}").format(n=inner, m=3) == Words("two of 3.0", "3.0 之 两")


def test_commands_that_speak_take_a_language():
    names = ("book", "claims", "concepts", "doctor", "find", "reproduce", "show", "tasks", "train")
    commands = [main.commands[name] for name in names]
    commands += main.commands["experiment"].commands.values()
    for command in commands:
        assert "--lang" in {option for p in command.params for option in p.opts}, command.name
