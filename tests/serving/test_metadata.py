"""metadata.json: its schema, the sums of the files, and exports from before it had them."""

import contextlib
import hashlib
import json
import shutil

import jsonschema
import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import exported, metadata
from tfnotes.serving.exported import Exported

SCHEMA = json.loads((metadata.Path(metadata.__file__).with_name("metadata.schema.json")).read_text("utf-8"))


@pytest.fixture
def folder(trained, tmp_path):
    return shutil.copytree(trained / "saved_models" / "drawn" / "1", tmp_path / "1")


def changed(folder, change):
    """As whoever changes metadata by hand does it: without the sum."""
    path = folder / metadata.NAME
    found = json.loads(path.read_text("utf-8"))
    del found["sha256"]
    change(found)
    path.write_text(json.dumps(found), "utf-8")
    return found


def test_the_newest_version_is_the_one_of_the_highest_number(tmp_path):
    assert exported.last_version(tmp_path / "nothing") == exported.last_version(tmp_path) == 0
    for name in ("2", "9", "10", "latest", "11.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "metadata.json").touch()
    assert exported.last_version(tmp_path) == 10
    assert exported.find(tmp_path) == tmp_path / "10"


def test_what_is_written_is_what_the_schema_says(folder):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    found = metadata.read(folder)
    jsonschema.validate(found, SCHEMA)
    assert SCHEMA["properties"]["schema"]["const"] == metadata.SCHEMA == found["schema"]
    assert set(found["files"]) == {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != metadata.NAME
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(schema=99),
        lambda m: m.update(labels="0123456789"),
        lambda m: m["labels"].append("\x1b[2J"),
        lambda m: m.pop("files"),
        lambda m: m.update(formats=["saved_model"]),
        lambda m: m["endpoints"].update(pixels=None),
        lambda m: m["endpoints"]["pixels"].pop("outputs"),
        lambda m: m["endpoints"]["pixels"]["inputs"]["pixels"].update(shape="28"),
        lambda m: m["files"].update({"saved_model.pb": "abc"}),
    ],
)
def test_what_the_schema_refuses_is_refused(folder, change):
    found = changed(folder, change)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)
    with pytest.raises(InputError, match=r"is damaged \(.+\)\.$"):
        Exported(folder)


def nodes(value):
    """Every place in metadata, as the keys that lead there."""
    yield ()
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from ((key, *rest) for rest in nodes(part))


def test_a_wrong_value_anywhere_is_a_sentence(folder):
    good = json.loads((folder / metadata.NAME).read_text("utf-8"))
    del good["sha256"]
    refused = 0
    for *way, last in list(nodes(good))[1:]:
        for wrong in (None, True, -1, 2.5, "x", [], {}, [{}], {"name": 3}):
            found = json.loads(json.dumps(good))
            place = found
            for key in way:
                place = place[key]
            place[last] = wrong
            (folder / metadata.NAME).write_text(json.dumps(found), "utf-8")
            with contextlib.suppress(ValueError):
                refused += 1
                metadata.read(folder)
                refused -= 1
    assert refused > 1000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[" * 100_000, "metadata.json is nested too deeply"),
        ("[]", "metadata.json holds no object"),
        ("{}", "metadata.json must contain"),
        ('{"schema": 1, "sha256": ""}', "metadata.json"),
        (" " * (metadata.LIMIT + 1), "metadata.json has more than 8 MiB"),
        ("\udcff", "'utf-8' codec can't decode"),
    ],
)
def test_what_is_no_metadata(folder, content, reason):
    (folder / metadata.NAME).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=rf"is damaged \({reason}.*\)\.$"):
        Exported(folder)


def test_a_change_in_metadata_itself_is_told_of(folder):
    path = folder / metadata.NAME
    path.write_bytes(path.read_bytes().replace(b'"3"', b'"4"', 1))
    with pytest.raises(InputError, match=r"damaged \(metadata.json isn't what was exported: its SHA-256 differs"):
        Exported(folder)


def test_metadata_without_a_sum_are_told_of_once(folder, capsys):
    changed(folder, lambda m: None)
    sentence = f"{folder} has no checksum of its metadata.json, as exports had none before: it can't be checked.\n"
    for expected in (sentence, ""):
        Exported(folder)
        assert capsys.readouterr().err == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["endpoints"]["pixels"]["inputs"].update(others=m["endpoints"]["pixels"]["inputs"].pop("pixels")),
        lambda m: m["endpoints"]["pixels"]["outputs"].update(more={"shape": ["batch"], "dtype": "int32"}),
    ],
)
def test_names_that_the_file_doesnt_have(folder, change):
    changed(folder, change)
    exported = Exported(folder)
    reason = r"damaged \(metadata.json tells of other inputs or outputs of the endpoint pixels than it has\)"
    with pytest.raises(InputError, match=reason):
        exported.ask("pixels", np.zeros((1, 28, 28), "uint8"))


def test_fewer_labels_than_the_model_has(folder):
    changed(folder, lambda m: m["labels"].pop())
    with pytest.raises(InputError, match=r"one for each of the 9 labels. Received: .*some of shape \[1, 10\]"):
        Exported(folder).classify("pixels", np.zeros((1, 28, 28), "uint8"))


def test_inputs_that_the_model_cant_read(folder):
    with pytest.raises(InputError, match=r"pixels: the inputs must be such as the model can read. Received: ."):
        Exported(folder).ask("pixels", np.zeros((1, 5, 28), "uint8"))


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "onnx/../../secret"])
def test_files_outside_of_the_folder_are_refused(folder, name):
    changed(folder, lambda m: m["files"].update({name: "0" * 64}))
    with pytest.raises(InputError, match="wrong entry"):
        Exported(folder)


@pytest.mark.parametrize("name", ["saved_model.pb", "variables/variables.data-00000-of-00001", "examples.npz"])
def test_a_flipped_bit_is_told_of(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(InputError, match=rf"damaged \({name} isn't the file that was exported: its SHA-256 differs"):
        Exported(folder)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: m["formats"].update(onnx={"no such": {}}), "metadata.json has no endpoint no such"),
        (lambda m: m["files"].pop("saved_model.pb"), "metadata.json has no sum of saved_model.pb"),
        (lambda m: m["formats"].update(onnx={"pixels": {}}), "metadata.json has no sum of onnx/pixels.onnx"),
    ],
)
def test_what_is_lacking_is_named(folder, change, reason):
    changed(folder, change)
    with pytest.raises(InputError) as caught:
        Exported(folder)
    assert str(caught.value).endswith(f"is damaged ({reason}).")


def test_a_missing_file_is_told_of(folder):
    (folder / "fingerprint.pb").unlink()
    with pytest.raises(InputError, match=r"damaged \(fingerprint.pb: No such file"):
        Exported(folder)


def test_an_export_from_before_the_sums_is_told_of_once(folder, capsys):
    def older(m):
        del m["schema"], m["files"], m["formats"]
        m["endpoints"] = {name: endpoint["inputs"] for name, endpoint in m["endpoints"].items()}

    now = Exported(folder).endpoints
    changed(folder, older)
    capsys.readouterr()
    opened = Exported(folder)
    assert capsys.readouterr().err == f"{folder} was exported before files had checksums: its files can't be checked.\n"
    assert Exported(folder).runtime == "tensorflow"
    assert capsys.readouterr().err == ""
    for name, endpoint in opened.endpoints.items():
        assert {key: value["shape"] for key, value in endpoint["outputs"].items()} == {
            key: value["shape"] for key, value in now[name]["outputs"].items()
        }


def test_asking_by_name_and_with_too_much(trained, drawn):
    exported, x = Exported(trained / "saved_models" / "drawn"), drawn.source("drawn")(None).test.x[:3]
    assert exported.ask("pixels", pixels=x)["digit"].tolist() == exported.ask("serving_default", x)["digit"].tolist()
    for inputs, named in (((x, x), {}), ((), {}), ((), {"images": x}), ((x,), {"pixels": x})):
        with pytest.raises(InputError, match=r"pixels: `inputs` must be pixels. Received: "):
            exported.ask("pixels", *inputs, **named)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: m["endpoints"]["encoded"]["via"].update(endpoint="gone"), "has no endpoint gone"),
        (lambda m: m["endpoints"]["encoded"]["via"]["known"].update(encode="gone"), "has no endpoint gone"),
        (lambda m: m["endpoints"]["encoded"]["via"]["known"].update(vocabulary="v.json"), "has no sum of v.json"),
        (lambda m: m["endpoints"]["encoded"]["via"]["known"].update(rules="r.json"), "has no sum of r.json"),
        (lambda m: m["formats"].update(litert={"pixels": {}}), "has no sum of litert/pixels.tflite"),
        (lambda m: m.update(schema=2), "is of version 2, and this tfnotes reads 1"),
        (lambda m: m.update(schema="x" * 30), f"is of version {'x' * 20}, and this tfnotes reads 1"),
    ],
)
def test_what_is_spoken_of_is_there(folder, change, reason):
    changed(folder, change)
    with pytest.raises(ValueError, match=f"^metadata.json {reason}$"):
        metadata.read(folder)


TENSOR = {"x": {"shape": ["batch"], "dtype": "int32"}}
ABOUT = {
    "task": "t",
    "model": "m",
    "data": "d",
    "labels": ["0" * 64],
    "decode": None,
    "formats": {"onnx": {}, "keras": {}},
    "endpoints": {"pixels": {"inputs": TENSOR, "outputs": TENSOR}},
}


def test_which_files_have_sums(tmp_path):
    for name in ("a.txt", "inner/metadata.json", ".hidden", "inner/.part/b.txt", "inner/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    metadata.write(tmp_path, ABOUT)
    names = ("a.txt", "inner/c.txt", "inner/metadata.json")
    wanted = {name: hashlib.sha256(name.encode()).hexdigest() for name in names}
    assert list(metadata.sums(tmp_path).items()) == sorted(wanted.items())
    # Sixty-four zeros elsewhere are no place for its own sum.
    found = metadata.read(tmp_path)
    assert {key: found[key] for key in ABOUT} == ABOUT
    assert (found["files"], found["schema"]) == (wanted, 1)
    metadata.verify(tmp_path, found, ["a.txt"])


def test_what_a_task_declares_wrongly_is_its_error(tmp_path):
    endpoints = {"pixels": {"inputs": {"x": {"shape": ["batch"], "dtype": "complex64"}}, "outputs": TENSOR}}
    with pytest.raises(InputError, match=r"^export: `endpoints` must be such as metadata.json can tell of. Received: "):
        metadata.write(tmp_path, {**ABOUT, "endpoints": endpoints})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("onnx/a.onnx", "onnx"),
        ("litert/a.tflite", "litert"),
        ("keras/model.keras", "keras"),
        *((name, "saved_model") for name in ("saved_model.pb", "fingerprint.pb", "variables/a", "assets/a")),
        *((name, None) for name in ("examples.npz", "vocabulary.json", "a.onnx", "metadata.json")),
    ],
)
def test_which_format_a_file_is_of(name, kind):
    assert metadata.format_of(name) == kind
