"""`concepts`, `show`, `compare`, `completion`, and what the command line says of itself."""

import json
import subprocess
import sys

import keras
import pytest
from click.testing import CliRunner
from PIL import Image

import tfnotes
from tfnotes import registry
from tfnotes.cli import main


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    return lambda *arguments: CliRunner().invoke(main, arguments)


def assert_one_sentence(result, text):
    assert result.exit_code != 0
    assert not result.stdout
    assert text in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("Error: ") == 1


def test_concepts_lists_every_concept(run):
    result = run("concepts")
    assert result.exit_code == 0
    for c in registry.concepts():
        (line,) = [
            line for line in result.stdout.splitlines() if f"│ {c.name} " in line and f"│ {c.kind} " in line
        ]
        assert c.zh in line
        assert (c.twin or "none") in line


def test_concepts_of_one_kind_as_json(run):
    rows = json.loads(run("concepts", "--kind", "initializers", "--json").stdout)
    assert [row["name"] for row in rows] == [c.name for c in registry.concepts("initializers")]
    (row,) = [row for row in rows if row["name"] == "he_normal"]
    assert row == {
        "name": "he_normal",
        "kind": "initializers",
        "en": "He normal initialization",
        "zh": "He 正态初始化",
        "twin": "keras.initializers.HeNormal",
        "notes": ["004:243"],
    }


def test_concepts_as_a_page(run):
    lines = run("concepts", "--markdown").stdout.splitlines()
    assert lines[0].startswith("# ")
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == len(registry.concepts())
    (row,) = [line for line in rows if line.startswith("| `layers.dense` ")]
    assert row.split(" | ")[1:3] == ["全连接层", "`keras.layers.Dense`"]
    assert "no LoRA" in row


def test_an_unknown_kind_is_refused(run):
    assert_one_sentence(run("concepts", "--kind", "layer"), "concepts: `kind` must be one of activations, ")


def test_show_prints_names_and_code(run):
    result = run("show", "dense")
    assert result.exit_code == 0
    for text in (
        "全连接层",
        "keras.layers.Dense",
        "003:13-26",
        "y = activation(x @ kernel + bias)",
        "class Dense(Layer):",
    ):
        assert text in result.stdout


def test_show_without_the_code(run):
    result = run("show", "Conv2D", "--no-source")
    assert result.exit_code == 0
    assert "class Conv2D" not in result.stdout
    # Square brackets are text here, not a style.
    assert "z[n, i, j, o] = bias[o] + sum_{a, b, c} x[n, i * stride + a, j * stride + b, c]" in result.stdout


@pytest.mark.parametrize(
    "spelling", ["batch_normalization", "BatchNormalization", "bn", "layers.batch_normalization"]
)
def test_show_understands_every_spelling(run, spelling):
    assert "批量归一化" in run("show", spelling, "--no-source").stdout


@pytest.mark.parametrize("command", ["show", "compare"])
def test_an_unknown_name_gets_one_sentence(run, command):
    assert_one_sentence(run(command, "no_such"), "tfnotes: `name` must be a concept, one of ")


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("dense", "keras.layers.Dense"),
        ("tanh", "keras.activations.tanh"),
        ("he_uniform", "keras.initializers.HeUniform"),
        ("categorical_crossentropy", "keras.losses.CategoricalCrossentropy"),
        ("sgd", "keras.optimizers.SGD"),
    ],
)
def test_compare_as_json(run, name, twin):
    result = run("compare", name, "--cases", "2", "--pairs", "4", "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    concept = registry.find(name)
    assert (report["name"], report["kind"], report["twin"]) == (name, concept.kind, twin)
    assert report["cases"] == 2 * len(concept.samples)
    assert report["differences"]
    assert all(0 <= difference < 1e-9 for difference in report["differences"].values())
    assert report["ratios"]
    for ratio in report["ratios"].values():
        assert 0 < ratio["low"] <= ratio["median"] <= ratio["high"]
        assert min(ratio["ours_ms"], ratio["theirs_ms"]) > 0


def test_compare_needs_a_twin(run):
    name = next(f"{c.kind}.{c.name}" for c in registry.concepts() if c.twin is None)
    assert_one_sentence(run("compare", name), "compare: `name` must be a concept that Keras has too. ")


def test_compare_names_what_it_compares(run):
    result = run("compare", "dense", "--cases", "1", "--pairs", "4")
    assert result.exit_code == 0
    for text in (
        "layers.dense and keras.layers.Dense",
        "values",
        "gradient of kernel",
        "forward",
        "training step",
    ):
        assert text in result.stdout


@pytest.mark.parametrize(("name", "gates"), [("lstm", ("input", "forget", "output")), ("gru", ("update", "reset"))])
def test_compare_shows_the_gates_of_both(run, tmp_path, name, gates):
    picture = tmp_path / "gates.png"
    result = run("compare", name, "--cases", "1", "--pairs", "4", "--gates", str(picture))
    assert result.exit_code == 0, result.output
    rows = {line.split("│")[1].strip(): line.split("│")[2:5] for line in result.stdout.splitlines() if "│" in line}
    assert {*gates, "candidate", "h"} <= set(rows)
    for gate in gates:
        ours, theirs, difference = rows[gate]
        assert 0 < float(ours) < 1
        assert float(theirs) == pytest.approx(float(ours), abs=1e-4)
        assert float(difference) < 1e-12
    with Image.open(picture) as image:
        assert image.size[0] > 800


def test_compare_has_no_gates_of_a_dense_layer(run, tmp_path):
    result = run("compare", "dense", "--gates", str(tmp_path / "gates.png"))
    assert_one_sentence(result, "compare: `gates` must go with simple_rnn, lstm or gru. Received: 'dense'.")
    assert not list(tmp_path.iterdir())


def test_the_gates_picture_names_the_extra_that_it_needs(run, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = run("compare", "gru", "--cases", "1", "--pairs", "4", "--gates", str(tmp_path / "gates.png"))
    assert_one_sentence(result, "pip install 'tfnotes[figures]'")


def test_compare_sees_a_difference(run, monkeypatch):
    concept = registry.find("tanh")
    monkeypatch.setattr(keras.activations, "tanh", lambda x: 1.001 * keras.ops.tanh(x))
    assert concept.twin_target() is keras.activations.tanh
    report = json.loads(run("compare", "tanh", "--cases", "1", "--pairs", "4", "--json").stdout)
    assert report["differences"]["values"] == pytest.approx(0.001, rel=0.01)
    assert report["differences"]["input gradient"] == pytest.approx(0.001, rel=0.01)


@pytest.mark.parametrize(
    "arguments", [("--cases", "0"), ("--pairs", "3"), ("--seed", "-1"), ("--cases", "many")]
)
def test_compare_refuses_numbers_out_of_range(run, arguments):
    result = run("compare", "dense", *arguments)
    assert result.exit_code == 2
    assert f"Invalid value for '{arguments[0]}'" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_shells_script(run, shell):
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_TFNOTES_COMPLETE=" + shell + "_complete" in result.stdout
    assert run("completion", "cmd").exit_code == 2


def test_completion_completes_commands(monkeypatch):
    monkeypatch.setenv("COMP_WORDS", "tfnotes con")
    monkeypatch.setenv("COMP_CWORD", "1")
    result = CliRunner().invoke(main, prog_name="tfnotes", env={"_TFNOTES_COMPLETE": "bash_complete"})
    assert result.stdout.strip() == "plain,concepts"


def test_version_and_help(run):
    assert run("--version").stdout == f"tfnotes, version {tfnotes.__version__}\n"
    for option in ("--help", "-h"):
        result = run(option)
        assert result.exit_code == 0
        for name, command in main.commands.items():
            assert name in result.stdout
            assert command.get_short_help_str(100)
    assert run("no_such").exit_code == 2


def test_the_installed_command_answers_without_a_traceback_or_noise():
    child = subprocess.run(
        [sys.executable, "-c", "from tfnotes.cli import main; main()", "show", "no_such"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 1
    assert not child.stdout
    assert child.stderr.startswith("Error: tfnotes: `name` must be a concept, one of ")
    assert child.stderr.rstrip().count("\n") == 0
