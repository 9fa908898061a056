"""metadata.json: its schema, the sums of the files, and exports from before it had them."""

import json
import shutil

import jsonschema
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import metadata
from tfnotes.serving.exported import Exported

SCHEMA = json.loads((metadata.Path(metadata.__file__).with_name("metadata.schema.json")).read_text("utf-8"))


@pytest.fixture
def folder(trained, tmp_path):
    return shutil.copytree(trained / "saved_models" / "drawn" / "1", tmp_path / "1")


def changed(folder, change):
    path = folder / metadata.NAME
    found = json.loads(path.read_text("utf-8"))
    change(found)
    path.write_text(json.dumps(found), "utf-8")
    return found


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
        (lambda m: m.pop("task"), "metadata.json lacks task"),
        (lambda m: m.pop("formats"), "metadata.json lacks formats"),
        (lambda m: m["files"].pop("saved_model.pb"), "metadata.json has no sum of saved_model.pb"),
        (lambda m: m["formats"].update(onnx={"pixels": {}}), "metadata.json has no sum of onnx/pixels.onnx"),
    ],
)
def test_what_is_lacking_is_named(folder, change, reason):
    changed(folder, change)
    with pytest.raises(InputError) as caught:
        Exported(folder)
    assert str(caught.value).endswith(f"is damaged ({reason}).")


def test_a_list_is_no_metadata(folder):
    (folder / metadata.NAME).write_text("[]", "utf-8")
    with pytest.raises(InputError, match=r"damaged \(metadata.json holds no object\)"):
        Exported(folder)


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
