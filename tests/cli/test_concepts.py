"""`concepts`, `show`, `compare`, `completion`, and what the command line says of itself."""

import dataclasses
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest
from click.testing import CliRunner
from PIL import Image

import tfnotes
from tfnotes import glossary, models, registry
from tfnotes.cli import _terminal, concepts, main


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
        cells = [cell.strip() for cell in line.strip("│").split("│")]
        assert cells == [c.name, c.kind, c.en, c.zh, c.twin or "none", " ".join(c.notes)]


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


def test_a_page_of_one_kind(run):
    rows = [line for line in run("concepts", "--kind", "losses", "--markdown").stdout.splitlines() if "| `" in line]
    assert [row.split("`")[1] for row in rows] == [f"losses.{c.name}" for c in registry.concepts("losses")]
    assert "`keras.losses." in rows[0]


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


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("丢弃", "tfnotes.layers.dropout.Dropout"),
        ("PCA 白化", "tfnotes.preprocessing.pca_whitening.PCAWhitening"),
        ("卷积最大输出", "tfnotes.layers.maxout_conv2d.MaxoutConv2D"),
        ("ZCA 白", "tfnotes.preprocessing.zca_whitening.ZCAWhitening"),
        ("long short", "tfnotes.layers.lstm.LSTM"),
        ("RBM", "tfnotes.models.rbm.RBM"),
        ("受限玻尔兹曼机", "tfnotes.models.rbm.rbm"),
        ("vae", "tfnotes.models.vae.VAE"),
        ("ladder", "tfnotes.models.ladder.Ladder"),
        ("convolutional gan", "tfnotes.models.gan.convolutional_gan"),
    ],
)
def test_show_finds_by_any_name_and_by_a_part_of_one(run, name, shown):
    result = run("show", name, "--no-source")
    assert result.exit_code == 0, result.stderr
    assert shown in result.stdout


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("白化", "must say which is meant, preprocessing.pca_whitening or preprocessing.zca_whitening. "),
        ("lsmt", "must be a concept; did you mean lstm? `tfnotes concepts` lists them. Received: 'lsmt'."),
        ("xyzzy", "must be a concept; `tfnotes concepts` lists them. Received: 'xyzzy'."),
        ("", "must be a concept; `tfnotes concepts` lists them. Received: ''."),
    ],
)
def test_a_name_that_is_near_or_not_clear_gets_the_names_that_may_be_meant(run, name, says):
    assert_one_sentence(run("show", name), says)


def test_a_part_that_many_share_gets_a_few_of_them(run):
    result = run("show", "initializ")
    assert_one_sentence(result, "others. Received: 'initializ'.")
    assert result.stderr.count(" or ") == 5
    all_ = [c for c in registry.concepts() if any("initializ" in said for said in registry._spellings(c))]
    assert f" or {len(all_) - 5} others" in result.stderr


@pytest.mark.parametrize(("name", "equation"), [("lstm", "c' = f * c + i * g"), ("gru", "h' = ")])
def test_show_has_the_equations_of_a_step(run, name, equation):
    assert equation in run("show", name, "--no-source").stdout


@pytest.mark.parametrize("width", [40, 80])
def test_what_is_piped_is_whole_at_any_width(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    result = CliRunner().invoke(main, ["concepts"])
    assert "…" not in result.stdout
    assert "│ keras.layers.GlobalAveragePooling2D " in result.stdout
    source = Path(tfnotes.__file__).with_name("layers") / "lstm.py"
    assert source.read_text() in CliRunner().invoke(main, ["show", "lstm"]).stdout


def test_a_narrow_terminal_folds_and_cuts_no_name():
    from rich.console import Console

    out = io.StringIO()
    made = _terminal.table("name", "twin")
    made.add_row("global_average_pooling2d", "keras.layers.GlobalAveragePooling2D")
    Console(file=out, width=50, force_terminal=True).print(made)
    assert "global_average_pooling2d" in out.getvalue()
    assert "…" not in out.getvalue()


def test_names_are_completed_without_tensorflow(monkeypatch):
    child = subprocess.run(
        [sys.executable, "-c", "import sys; from tfnotes.cli import main; main(prog_name='tfnotes')"],
        env={**os.environ, "_TFNOTES_COMPLETE": "bash_complete", "COMP_WORDS": "tfnotes show l", "COMP_CWORD": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = [line.partition(",")[2] for line in child.stdout.splitlines()]
    assert {"lstm", "leaky_relu", "ladder", "lenet", "l1", "linear"} <= set(found)
    known = {c.name for c in registry.concepts()} | set(models.__all__)
    assert set(found) == {name for name in known if name.startswith("l")}


@pytest.mark.parametrize("command", ["show", "compare"])
def test_an_unknown_name_gets_one_sentence(run, command):
    assert_one_sentence(run(command, "no_such"), "tfnotes: `name` must be a concept; ")


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
    assert child.stderr.startswith("Error: tfnotes: `name` must be a concept; ")
    assert child.stderr.rstrip().count("\n") == 0


def test_concepts_and_show_in_chinese(run):
    said = run("show", "dropout", "--no-source", "--lang", "zh").stdout
    assert said.startswith("暂退法  dropout\n每个训练步随机关掉一部分单元。\n")
    assert "Keras 里的对应物：keras.layers.Dropout\n与它的不同：同一个种子丢弃的输入不同。\n笔记：003:116" in said
    assert run("show", "dropout", "--no-source").stdout.startswith("dropout  暂退法\nSwitching off a random part")
    table = run("concepts", "--kind", "clipping", "--lang", "zh").stdout
    assert all(word in table for word in ("名称", "中文名", "按值裁剪梯度", " 无 "))


def test_a_header_says_all_that_is_known():
    concept = dataclasses.replace(registry.find("dropout"), notes=("003:1", "004:2"))
    term = next(term for term in glossary.terms() if term.concept == "dropout")
    target, rest = "tfnotes.layers.dropout.Dropout, twin: ", "notes: 003:1 004:2"
    difference = f"differences: {concept.differences}"
    lines = ["dropout  暂退法", term.definition_en, f"{target}keras.layers.Dropout", difference, rest]
    assert concepts._header(concept, "en").splitlines() == lines
    alone = dataclasses.replace(concept, twin=None, name="unheard_of")
    assert concepts._header(alone, "en").splitlines() == ["dropout  暂退法", f"{target}none", rest]


@pytest.mark.parametrize(
    ("name", "found"), [("rbm", "RBM"), ("Deep-Autoencoder", "deep_autoencoder"), ("text cnn", "text_cnn"), ("x", None)]
)
def test_a_model_is_found_by_its_function_or_its_class(name, found):
    assert getattr(concepts._model(name), "__name__", None) == found
