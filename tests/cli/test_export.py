"""`tfnotes export`: says where the export stands, or in a sentence why it doesn't."""

import inspect
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.serving import add_format as adding
from tfnotes.serving import export as module
from tfnotes.training.run import Run


@pytest.fixture
def export(drawn):
    return lambda *arguments: CliRunner().invoke(main, ["export", *map(str, arguments)])


def test_says_where_and_what_next(export, trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = export(trained / "runs" / "drawn")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "saved_models/drawn/1 holds the SavedModel. Next:",
        "  tfnotes predict saved_models/drawn/1 IMAGE",
    ]
    assert (tmp_path / "saved_models" / "drawn" / "1" / "saved_model.pb").is_file()


def test_bad_runs_and_outputs(export, trained, tmp_path):
    run = trained / "runs" / "drawn"
    (tmp_path / "file").write_text("in the way")
    Run.create(tmp_path / "fresh", Run.open(run).config)
    broken = Run.create(tmp_path / "broken", Run.open(run).config)
    (broken.path / "model.keras").write_bytes(b"no archive")
    (tmp_path / "garbage").mkdir()
    (tmp_path / "garbage" / "config.json").write_text("{")
    other = {**Run.open(run).config, "task": "unheard of"}
    Run.create(tmp_path / "other", other)
    for arguments, sentence in (
        ([tmp_path / "nowhere"], "`run` must be a run folder, with a config.json"),
        ([tmp_path / "fresh"], "`run` must have finished an epoch"),
        ([tmp_path / "broken"], "model.keras is damaged"),
        ([tmp_path / "garbage"], "config.json is damaged"),
        ([tmp_path / "other"], "`task` must be one of"),
        ([run, "--to", tmp_path / "file"], "Not a directory."),
    ):
        result = export("--to", tmp_path / "to", *arguments)
        assert (result.exit_code, result.stdout) == (1, ""), arguments
        assert sentence in result.stderr
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert not (tmp_path / "to").exists()


def test_every_option_reaches_the_export(export, trained, tmp_path, monkeypatch):
    asked = {}

    def noted(function):
        def write(*given, **options):
            bound = inspect.signature(function).bind(*given, **options)
            asked[function.__name__] = {k: v for k, v in bound.arguments.items() if k not in ("report", "progress")}
            raise InputError("asked")

        return write

    for place in (module, adding):
        name = place.__name__.rpartition(".")[2]
        monkeypatch.setattr(place, name, noted(getattr(place, name)))
    given = ["--quantize", "float16", "--accuracy-loss", "0.2", "--data-dir", tmp_path / "data"]
    run, old = trained / "runs" / "drawn", tmp_path / "old"
    assert "asked" in export(run, "--to", tmp_path / "to", "--format", "litert", "--format", "onnx", *given).stderr
    assert "asked" in export(old, "--add-format", "litert", "--trust", *given).stderr
    expected = {"quantize": "float16", "accuracy_loss": 0.2, "data_dir": tmp_path / "data"}
    assert asked["export"].pop("run").path == run
    assert asked["export"] == {**expected, "to": tmp_path / "to", "wanted": ["litert", "onnx"]}
    assert asked["add_format"] == {**expected, "path": old, "wanted": ["litert"], "trust": True}


def test_options_that_would_do_nothing(export, trained, tmp_path):
    run = trained / "runs" / "drawn"
    for arguments, sentence in (
        (["--accuracy-loss", "0.5"], "--accuracy-loss is for --quantize."),
        (["--add-format", "onnx", "--format", "litert"], "--format and --to are for a run"),
        (["--add-format", "onnx", "--to", tmp_path], "--format and --to are for a run"),
    ):
        result = export(run, *arguments)
        assert (result.exit_code, result.stdout) == (2, ""), arguments
        assert sentence in result.stderr


def test_a_full_disk_in_a_sentence(export, trained, tmp_path, monkeypatch):
    import tensorflow as tf

    def full(folder, *rest):
        folder.mkdir()
        (folder / "half").write_text(json.dumps([1]))
        raise tf.errors.ResourceExhaustedError(None, None, f"{folder}; No space left on device [Op:SaveV2]")

    monkeypatch.setattr(module, "_write", full)
    result = export(trained / "runs" / "drawn", "--to", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {tmp_path / 'drawn'}: No space left on device.\n"
    assert list((tmp_path / "drawn").iterdir()) == []


@pytest.fixture
def exported(monkeypatch, tmp_path):
    """Exports with such metadata of a task that takes files, or none; gives the formats that were asked for."""
    asked = []

    def of(endpoints, decode, takes=len):
        (tmp_path / "metadata.json").write_text(json.dumps({"endpoints": dict.fromkeys(endpoints), "decode": decode}))
        monkeypatch.setattr(Run, "open", lambda path: SimpleNamespace(task=lambda: SimpleNamespace(decode=takes)))
        monkeypatch.setattr(module, "export", lambda run, to, data, wanted, *rest: asked.append(wanted) or tmp_path)
        return asked

    return of


@pytest.mark.parametrize(
    ("endpoints", "decode", "takes", "next_"),
    [
        (["sample", "encoded"], "images", len, "tfnotes sample {0}"),
        (["encoded"], "images", len, "tfnotes predict {0} IMAGE"),
        (["pixels", "encoded"], None, len, "tfnotes predict {0} FILE"),
        (["texts"], "texts", len, "tfnotes predict {0} TEXT"),
        (["words"], "texts", len, "tfnotes evaluate run"),
        (["pixels"], "images", len, "tfnotes evaluate run"),
        (["encoded"], "images", None, "tfnotes evaluate run"),
    ],
)
def test_what_is_done_next_is_what_the_export_can(export, exported, tmp_path, endpoints, decode, takes, next_):
    exported(endpoints, decode, takes)
    assert export("run").stdout.splitlines()[1] == f"  {next_.format(tmp_path)}"


@pytest.mark.parametrize(
    ("given", "wanted", "holds"),
    [
        ([], ["saved_model"], "the SavedModel"),
        (["all"], ["saved_model", "onnx", "litert", "keras"], "the SavedModel and onnx and litert and keras"),
        (["onnx", "all"], ["saved_model", "onnx", "litert", "keras"], "the SavedModel and onnx and litert and keras"),
        (["keras", "onnx", "keras"], ["keras", "onnx"], "keras and onnx"),
    ],
)
def test_formats(export, exported, tmp_path, given, wanted, holds):
    asked = exported(["pixels"], None)
    result = export("run", *(word for name in given for word in ("--format", name)))
    assert asked == [wanted]
    assert result.stdout.splitlines()[0] == f"{tmp_path} holds {holds}. Next:"


def test_formats_that_are_added_are_said(export, monkeypatch):
    monkeypatch.setattr(adding, "add_format", lambda path, wanted, *rest: f"{path}/{len(wanted)}")
    options = ["--add-format", "onnx", "--add-format", "litert", "--add-format", "onnx"]
    assert export("old", *options).stdout == "old/2 holds onnx, litert too.\n"


def test_trust_is_for_what_loads_an_export(export):
    result = export("run", "--trust")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--trust is for --add-format." in result.stderr
