"""An export's `metadata.json`: where the model comes from, its files with their sums, its ways in and out.

Its form is described by `metadata.schema.json` beside this module. Nothing here needs TensorFlow.
"""

import hashlib
import json
import re
import sys
from pathlib import Path, PurePosixPath

from tfnotes import files
from tfnotes.errors import InputError, first_line

SCHEMA = 1
"""The version of the form, as `schema` in each `metadata.json`; exports from before have none."""

NAME = "metadata.json"

_KEYS = {"task": str, "data": str, "labels": list, "endpoints": dict}
_SINCE_SCHEMA = {"files": dict, "formats": dict}
_ENDS = {"onnx": "onnx", "litert": "tflite"}
_BLOCK = 2**20
_said: set[str] = set()


def read(folder):
    """What `metadata.json` in an export's folder holds, checked.

    Args:
        folder: the version's folder.

    Returns:
        A dict as `metadata.schema.json` describes it. Exports from before the schema are brought into its form,
        with no outputs and no files.

    Raises:
        ValueError, KeyError, TypeError, OSError: it is damaged, or of a later version than this one.
    """
    found = json.loads((Path(folder) / NAME).read_text("utf-8"))
    _check(found, _KEYS)
    if "schema" not in found:
        endpoints = {name: {"inputs": inputs, "outputs": {}} for name, inputs in found["endpoints"].items()}
        found["formats"] = {"saved_model": {name: {} for name in endpoints}}
        return {**found, "endpoints": endpoints, "files": {}}
    if found["schema"] != SCHEMA:
        raise ValueError(f"{NAME} is of version {found['schema']!r}, and this tfnotes reads {SCHEMA}")
    _check(found, _SINCE_SCHEMA)
    for name, endpoint in found["endpoints"].items():
        for tensor in (*endpoint["inputs"].values(), *endpoint["outputs"].values()):
            if type(tensor["shape"]) is not list or type(tensor["dtype"]) is not str:
                raise ValueError(f"wrong type in the endpoint {name} in {NAME}")
    for name, digest in found["files"].items():
        # It came from somewhere, and must not lead out of the folder.
        inside = not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        if not inside or not re.fullmatch("[0-9a-f]{64}", str(digest)):
            raise ValueError(f"wrong entry {name!r} under `files` in {NAME}")
    unlisted = [name for name in _read_files(found["formats"]) if name not in found["files"]]
    if unlisted:
        raise ValueError(f"{NAME} has no sum of {unlisted[0]}")
    return found


def _read_files(formats):
    """The files that the runtimes read of an export's formats, as under `files`."""
    portable = [f"{kind}/{name}.{end}" for kind, end in _ENDS.items() for name in formats.get(kind, ())]
    return [*portable, *(["saved_model.pb"] if "saved_model" in formats else [])]


def write(folder, metadata):
    """Writes `metadata.json` with the sums of all files that stand in the folder; it appears whole.

    Args:
        folder: the version's folder, with all its files.
        metadata: a dict as `metadata.schema.json` describes it, without `schema` and `files`.
    """
    whole = {"schema": SCHEMA, **metadata, "files": sums(folder)}
    with files.write_aside(Path(folder) / NAME) as aside:
        aside.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", "utf-8")


def sums(folder):
    """The SHA-256 of each file below a folder, hidden ones and `metadata.json` left out, by its path in the folder."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(Path(folder).rglob("*")) if path.is_file()}
    return {
        name: _sum(path)
        for name, path in found.items()
        if name != NAME and not any(part.startswith(".") for part in PurePosixPath(name).parts)
    }


def verify(folder, metadata, names):
    """Compares files with the sums that `metadata.json` lists; an export from before the sums is told of once.

    Args:
        folder: the version's folder.
        metadata: as `read` gives it.
        names: of the files to look at, as under `files`.

    Raises:
        InputError: a file is missing or isn't what was exported.
    """
    if "schema" not in metadata:
        if str(folder) not in _said:
            _said.add(str(folder))
            sys.stderr.write(f"{folder} was exported before files had checksums: its files can't be checked.\n")
        return
    for name in names:
        try:
            received = _sum(Path(folder) / name)
        except OSError as error:
            raise damaged(folder, f"{name}: {error.strerror}") from error
        if received != metadata["files"][name]:
            raise damaged(folder, f"{name} isn't the file that was exported: its SHA-256 differs from {NAME}'s")


def format_of(name):
    """Which format a file belongs to, as under `files`: "onnx", "litert", "keras" or "saved_model"; None for all."""
    first = name.split("/")[0]
    if first in ("onnx", "litert", "keras"):
        return first
    return "saved_model" if first in ("saved_model.pb", "fingerprint.pb", "variables", "assets") else None


def damaged(folder, error):
    """The `InputError` for an export that can't be read."""
    reason = error if isinstance(error, str) else first_line(error)
    return InputError(f"Exported: {folder} is damaged ({reason}).")


def _sum(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _check(found, keys):
    if type(found) is not dict or (lacking := [key for key in keys if key not in found]):
        raise ValueError(f"{NAME} lacks {', '.join(lacking)}" if type(found) is dict else f"{NAME} holds no object")
    wrong = [key for key, kind in keys.items() if type(found[key]) is not kind]
    if wrong:
        raise ValueError(f"wrong type of {', '.join(wrong)} in {NAME}")
