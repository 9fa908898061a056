"""`tfnotes predict`: lines, a table or JSON; standard input; bad files and their status."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
import tensorflow as tf
from click.testing import CliRunner
from PIL import Image

from tfnotes.cli import _tensorflow, _training, main
from tfnotes.cli import predict as command
from tfnotes.serving import predict as predicting
from tfnotes.serving import preparations, texts
from tfnotes.serving.metadata import write


@pytest.fixture
def export(trained):
    return trained / "saved_models" / "drawn"


@pytest.fixture
def folder(drawn, tmp_path):
    import drawn_task

    for digit in (2, 5, 7):
        picture = drawn_task.on_paper(drawn_task.ink(digit, 130))
        Image.fromarray(picture.astype("uint8")).save(tmp_path / f"{digit}.png")
    return tmp_path


def predict(*arguments, **options):
    return CliRunner().invoke(main, ["predict", *map(str, arguments)], **options)


def test_a_line_for_each_file(export, folder):
    (folder / "notes.txt").write_text("not an image")
    result = predict(export, folder)
    assert result.exit_code == 0
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert [line[:2] for line in lines] == [[str(folder / f"{digit}.png"), str(digit)] for digit in (2, 5, 7)]
    assert all(0.3 < float(line[2]) <= 1 for line in lines)
    assert result.stderr == f"{folder / 'notes.txt'}: skipped, its name isn't an image's.\n"


def test_json(export, folder):
    result = predict(export / "1", folder / "5.png", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (answer,) = json.loads(result.stdout)
    assert {key: answer[key] for key in ("file", "digit", "label")} == {
        "file": str(folder / "5.png"),
        "digit": 5,
        "label": "5",
    }
    assert set(answer) == {"file", "digit", "label", "probability"}


def test_a_doubt_is_a_warning_beside_the_answer(export, folder, monkeypatch):
    monkeypatch.setattr(preparations, "doubt", lambda exported, name, content: "it is blurred")
    result = predict(export, folder / "2.png")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{folder / '2.png'}\t2\t")
    assert result.stderr == f"Warning: {folder / '2.png'}: it is blurred.\n"


def test_bad_files_give_the_status_and_keep_the_others(export, folder):
    (folder / "empty.png").touch()
    for options in ([], ["--json"]):
        result = predict(export, folder, folder / "none.png", *options)
        assert result.exit_code == 1
        files = [a["file"] for a in json.loads(result.stdout)] if options else result.stdout.splitlines()
        assert len(files) == 3
        empty, missing = result.stderr.splitlines()
        assert empty.startswith(f"Error: {folder / 'empty.png'}: `file` must be an image")
        assert missing == f"Error: {folder / 'none.png'}: No such file or directory."


def test_an_export_that_is_none(folder):
    result = predict(folder, folder / "2.png")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "`export` must be the folder of an export" in result.stderr
    assert predict(folder).exit_code == 2


def test_a_table_shows_names_as_they_are(capsys):
    command._show([{"file": "a[bold]b.png", "label": "7", "probability": 0.98765}])
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "bold" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["a[bold]b.png", "7", "0.9877"]


def test_what_is_no_digit_has_no_label(capsys):
    answers = [{"file": "a.png", "digit": 1, "is_digit": False, "label": None, "probability": None}]
    assert command._cells(answers[0], "no digit") == ["a.png", "no digit", ""]
    command._show(answers, "no digit")
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "a.png" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["a.png", "no digit", ""]


def test_standard_input_without_the_task_and_without_noise(export, folder):
    """The child can't find the task `drawn`: the export alone is enough."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    child = subprocess.run(
        [sys.executable, "-c", "from tfnotes.cli import main; main()", "predict", str(export), "-"],
        input=(folder / "7.png").read_bytes(),
        capture_output=True,
        env=environment,
        check=False,
    )
    assert (child.returncode, child.stderr) == (0, b"")
    assert child.stdout.startswith(b"-\t7\t")


def test_names_that_the_terminal_cannot_take(export, folder):
    """And standard input closed, as some who start programs leave it."""
    names = ["数字.png".encode(), b"\xff.png"]
    for name in names:
        (folder / os.fsdecode(name)).write_bytes((folder / "7.png").read_bytes())
    program = "import os; os.close(0); os.execv({0!r}, [{0!r}, '-m', 'tfnotes', 'predict', *{1!r}])"
    arguments = [str(export), *(os.fsencode(folder) + b"/" + name for name in names), "-"]
    child = subprocess.run(
        [sys.executable, "-c", program.format(sys.executable, arguments)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=False,
    )
    rows = [line.split("\t")[:2] for line in child.stdout.decode("latin-1").splitlines()]
    assert rows == [[f"{folder}/\\u6570\\u5b57.png", "7"], [f"{folder}/\\udcff.png", "7"]]
    assert child.stderr.decode("latin-1").startswith("Error: -: `file` must be an image")
    assert child.stderr.count(b"\n") == 1


def test_a_text_that_begins_with_a_dash():
    result = predict("export", "-5 stars")
    assert result.exit_code == 2
    assert "predict EXPORT -- '-5 stars'" in result.stderr
    plain = predict("export", "--jsn")
    assert plain.exit_code == 2
    assert "--" not in plain.stderr.replace("--jsn", "").replace("--json", "").replace("--help", "")


@pytest.fixture
def sentiment(tmp_path):
    """An export that knows the words of `Weighed` in tests/serving/test_texts.py, made by plain TensorFlow."""
    words = tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(["good", "bad"], tf.constant([2.0, -3.0])), 0.0
    )

    class Model(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec((None,), tf.string, name="texts")])
        def texts(self, texts):
            weights = self.table.lookup(tf.strings.split(tf.strings.lower(texts)).to_tensor(""))
            p = tf.sigmoid(tf.reduce_sum(weights, axis=1))
            return {"sentiment": tf.cast(p > 0.5, tf.int64), "probabilities": tf.stack([1 - p, p], axis=1)}

    model = Model()
    model.table = words
    signatures = {"serving_default": model.texts, "texts": model.texts}
    tf.saved_model.save(model, str(tmp_path / "export"), signatures=signatures)
    metadata = {
        "task": "unheard of",
        "model": "none",
        "data": "none",
        "labels": ["negative", "positive"],
        "formats": {"saved_model": {"texts": {}}},
        "endpoints": {"texts": {"inputs": {"texts": {"shape": ["batch"], "dtype": "string"}}, "outputs": {}}},
        "decode": "texts",
    }
    write(tmp_path / "export", metadata)
    return tmp_path / "export"


def test_texts_files_and_lines(sentiment, tmp_path):
    (tmp_path / "review.txt").write_text("bad bad")
    long = "good " + "x" * 100
    result = predict(sentiment, long, tmp_path / "review.txt", "-", input=b"good\n\xff\nbad\n")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"good {'x' * 54}…\tpositive\t0.8808\tgood +2.00  {'x' * 100} +0.00",
        f"{tmp_path / 'review.txt'}\tnegative\t0.9975\tbad +6.00",
        "line 1 of standard input\tpositive\t0.8808\tgood +2.00",
        "line 3 of standard input\tnegative\t0.9526\tbad +3.00",
    ]
    (error,) = result.stderr.splitlines()
    assert error.startswith("Error: line 2 of standard input: `text` must be UTF-8")


def test_texts_as_json(sentiment):
    result = predict(sentiment, "good film", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (answer,) = json.loads(result.stdout)
    assert answer["probability"] == pytest.approx(1 / (1 + 2.718281828**-2))
    assert {key: answer[key] for key in ("file", "text", "label")} == {
        "file": "",
        "text": "good film",
        "label": "positive",
    }
    assert [word for word, _ in answer["words"]] == ["good", "film"]


def test_an_image_for_a_model_of_texts_and_a_text_for_one_of_images(sentiment, export, folder):
    result = predict(sentiment, folder / "5.png")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {folder / '5.png'}: `text` must be UTF-8")
    (folder / "review.txt").write_text("a good film")
    result = predict(export, folder / "review.txt", "a good film")
    assert (result.exit_code, result.stdout) == (1, "")
    first, second = result.stderr.splitlines()
    assert "`file` must be an image" in first
    assert second == "Error: a good film: No such file or directory."


def test_a_table_of_texts(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    words = [("bad", 2.5), ("but", -0.25)]
    command._show([{"file": "", "text": "a\n[bold]bad", "label": "negative", "probability": 0.75, "words": words}])
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "bold" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "a [bold]bad",
        "negative",
        "0.7500",
        "bad +2.50  but -0.25",
    ]


@pytest.mark.parametrize(
    ("takes", "reject", "called"), [("images", {"label": "no digit"}, "no digit"), ("files", {}, "")]
)
def test_what_is_asked_and_how_what_a_model_does_not_know_is_called(monkeypatch, takes, reject, called):
    metadata = {"decode": takes} | ({"reject": reject} if reject else {})
    exported, asked = SimpleNamespace(metadata=metadata), []

    def expand(inputs, takes, skipped, report):
        asked.append((inputs, takes))
        skipped("b.txt: skipped.")
        report("c.png: bad.")
        return ["a.png"]

    def answer(about, found, stdin, report, warn):
        asked.append((about, found, stdin.read(), warn))
        report("d.png: bad.")
        return [{"file": "a.png", "label": None, "probability": None}, {"file": "e", "label": "7", "probability": 0.5}]

    monkeypatch.setattr(_tensorflow, "exported", lambda *given: asked.append(given) or exported)
    monkeypatch.setattr(predicting, "expand", expand)
    monkeypatch.setattr(predicting, "predict", answer)
    result = CliRunner().invoke(main, ["predict", "there", "a", "b", "--runtime", "onnx", "--trust"], input=b"given")
    assert result.stdout == f"a.png\t{called}\t\ne\t7\t0.5000\n"
    assert result.stderr == "b.txt: skipped.\nError: c.png: bad.\nError: d.png: bad.\n"
    assert result.exit_code == 1
    (path, *options), *rest = asked
    assert (str(path), options) == ("there", ["onnx", True])
    assert rest == [(("a", "b"), takes), (exported, ["a.png"], b"given", _training.warn)]


def test_texts_are_asked_as_texts(monkeypatch):
    answers = [{"file": "", "text": "good", "label": "positive", "probability": 0.5, "words": [("good", 2.0)]}]
    asked = []
    monkeypatch.setattr(_tensorflow, "exported", lambda *_: SimpleNamespace(metadata={"decode": "texts"}))
    monkeypatch.setattr(texts, "gather", lambda inputs, stdin, report: asked.append((inputs, stdin.read())) or "found")
    monkeypatch.setattr(texts, "predict", lambda exported, found: asked.append(found) or iter(answers))
    result = CliRunner().invoke(main, ["predict", "there", "good"], input=b"given")
    assert (result.exit_code, result.stdout) == (0, "good\tpositive\t0.5000\tgood +2.00\n")
    assert asked == [(("good",), b"given"), "found"]
    result = CliRunner().invoke(main, ["predict", "there", "good", "--json"])
    assert json.loads(result.stdout) == [{**answers[0], "words": [["good", 2.0]]}]


@pytest.mark.parametrize(("length", "shown"), [(60, "y" * 60), (61, "y" * 59 + "…")])
def test_a_long_text_is_cut_to_a_line(length, shown):
    answer = {"file": "", "text": "y" * length, "label": "a", "probability": 0.5, "words": [("a", -0.5)]}
    assert command._cells(answer) == [shown, "a", "0.5000", "a -0.50"]
    assert command._cells({**answer, "file": "f.txt"})[0] == "f.txt"
    assert command._shortened("two\n  words") == "two words"
