"""What a command takes where nothing is said: each option's default, as its function gets it, and its bounds."""

import click
import pytest
from click.testing import CliRunner

from tests.fuzz.commands import commands
from tfnotes.cli import _language, main

# Options whose default is None, False or empty say nothing here.
DEFAULTS = {
    "backprop": {"updates": 1000},
    "compare": {"cases": 10, "pairs": 30, "seed": 0},
    "data extract": {"split": "test", "index": 0},
    "evaluate": {"split": "test"},
    "experiment run": {"out": "runs/experiments", "figures": True, "engine": "local"},
    "export": {"to": "saved_models", "formats": ("saved_model",), "accuracy_loss": 0.01},
    "latency": {"batches": (1, 8, 64), "seconds": 2.0},
    "play": {"port": 8502},
    "reproduce": {"out": "runs/reproduce"},
    "sample": {"count": 64, "seed": 0, "out": "samples.png"},
    "serve": {"host": "127.0.0.1", "port": 8501, "engine": "uvicorn", "versions": 1, "poll_seconds": 2.0}
    | {"max_batch": 128, "max_wait_ms": 0.0, "max_queue": 256, "max_body": 32 * 2**20, "max_pixels": 16_000_000}
    | {"max_text": 100_000, "seconds": 30.0, "body_seconds": 30.0},
    "show": {"source": True},
    "sweep": {"jobs": 1, "engine": "local", "seed": 0},
    "tensorboard": {"runs": "runs", "host": "localhost", "port": 6006},
    "train": {"seed": 0, "workers": 1, "engine": "local", "wait": 60.0},
}
COMMANDS = {" ".join(words): command for words, command in commands(main)}


def required(command):
    """The least that a command line must hold."""
    for param in command.params:
        if param.required:
            value = param.type.choices[0] if isinstance(param.type, click.Choice) else "sample"
            yield from ([value] if isinstance(param, click.Argument) else [param.opts[0], value])


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_takes_where_nothing_is_said(name, monkeypatch):
    found = {}
    monkeypatch.setattr(COMMANDS[name], "callback", lambda *_, **options: found.update(options))
    given = list(required(COMMANDS[name]))
    COMMANDS[name].main(given, standalone_mode=False)
    needed = {param.name for param in COMMANDS[name].params if param.required}
    nothing = (None, False, ())
    said = {k: v for k, v in found.items() if k not in needed and not any(v is empty for empty in nothing)}
    said = {key: str(value) if hasattr(value, "joinpath") else value for key, value in said.items()}
    assert {key: value for key, value in said.items() if key != "lang"} == DEFAULTS.get(name, {})
    assert said.get("lang", "en") == "en"


@pytest.mark.parametrize(
    ("command", "option", "right", "wrong"),
    [
        ("backprop", "updates", (1, 1_000_000), (0, 1_000_001)),
        ("compare", "cases", (1,), (0,)),
        ("compare", "pairs", (4,), (3,)),
        ("experiment run", "seeds", (1,), (0,)),
        ("export", "accuracy_loss", (0, 1), (-0.1, 1.1)),
        ("latency", "batches", (1,), (0,)),
        ("latency", "seconds", (0.01,), (0,)),
        ("play", "port", (0, 65535), (-1, 65536)),
        ("serve", "port", (0, 65535), (-1, 65536)),
        ("serve", "max_wait_ms", (0,), (-0.1,)),
        ("serve", "max_queue", (1,), (0,)),
        ("serve", "max_body", (1,), (0,)),
        ("serve", "max_pixels", (1,), (0,)),
        ("serve", "max_text", (1,), (0,)),
        ("serve", "body_seconds", (0.1,), (0,)),
        ("serve", "versions", (1,), (0,)),
        ("serve", "poll_seconds", (0.1,), (0,)),
        ("serve", "replicas", (1,), (0,)),
        ("serve", "max_replicas", (1,), (0,)),
        ("sweep", "trials", (1,), (0,)),
        ("sweep", "jobs", (1,), (0,)),
        ("tensorboard", "port", (0, 65535), (-1, 65536)),
        ("train", "workers", (1, 512), (0, 513)),
        ("train", "wait", (0.1,), (0, -1)),
    ],
)
def test_both_sides_of_each_bound(command, option, right, wrong):
    (param,) = (p for p in COMMANDS[command].params if p.name == option)
    ctx = click.Context(COMMANDS[command])
    for value in right:
        assert param.type.convert(str(value), param, ctx) == value
    for value in wrong:
        with pytest.raises(click.BadParameter, match="is not in the range"):
            param.type.convert(str(value), param, ctx)


def test_what_is_chosen_from():
    found = {}
    for name, command in COMMANDS.items():
        for param in command.params:
            if isinstance(param.type, click.Choice) and param.name not in ("lang", "runtime"):
                found[name, param.name] = " ".join(param.type.choices)
    layers = {(name, "layers"): "tfnotes keras" for name in ("train", "sweep")}
    engines = {(name, "engine"): "local ray" for name in ("train", "sweep", "experiment run")}
    assert found == {
        **layers,
        **engines,
        ("completion", "shell"): "bash zsh fish",
        ("data extract", "split"): "train validation test",
        ("evaluate", "split"): "test validation",
        ("export", "formats"): "saved_model onnx litert keras all",
        ("export", "added"): "onnx litert",
        ("export", "quantize"): "dynamic float16",
        ("reproduce", "budget"): "quick full",
        ("serve", "engine"): "uvicorn ray",
        ("train", "inspect"): "off basic full",
    }


def test_the_language_is_the_environments_unless_it_is_given(monkeypatch):
    @click.command()
    @_language.option
    def speaks(lang):
        click.echo(lang)

    for said in ("en", "zh"):
        monkeypatch.setenv("TFNOTES_LANG", said)
        assert CliRunner().invoke(speaks).output == f"{said}\n"
        for given in ("en", "zh"):
            assert CliRunner().invoke(speaks, ["--lang", given]).output == f"{given}\n"
    assert CliRunner().invoke(speaks, ["--lang", "de"]).exit_code == 2
