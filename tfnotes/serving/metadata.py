"""An export's `metadata.json`: where the model comes from, its files with their sums, its ways in and out.

Its form is described by `metadata.schema.json` beside this module. Nothing here needs TensorFlow.
"""

import hashlib
import json
import sys
from functools import lru_cache
from pathlib import Path, PurePosixPath

from tfnotes import documents, files
from tfnotes.errors import InputError, first_line

SCHEMA = 1
"""The version of the form, as `schema` in each `metadata.json`; exports from before have none."""

NAME = "metadata.json"

LIMIT = 8 * 2**20
"""Bytes of `metadata.json`; ours have some ten thousand."""

_ENDS = {"onnx": "onnx", "litert": "tflite"}
# What exports said before they said what they take.
_FORMERLY = {"tfnotes.serving.images:encode": "images", "tfnotes.serving.texts:decode": "texts"}
_BLOCK, _BLANK = 2**20, "0" * 64
_said: set[tuple[str, str]] = set()


def read(folder):
    """What `metadata.json` in an export's folder holds, checked against its own sum and the schema.

    Args:
        folder: the version's folder.

    Returns:
        A dict as `metadata.schema.json` describes it. Exports from before the schema are brought into its form,
        with no outputs and no files.

    Raises:
        ValueError, OSError: it is damaged, or of a later version than this one.
    """
    content = documents.content(Path(folder) / NAME, LIMIT)
    found = documents.parsed(content, NAME)
    if type(found) is not dict:
        raise ValueError(f"{NAME} holds no object")
    digest = found.get("sha256")
    # Of any other kind the schema refuses it.
    if type(digest) is str and len(digest) == len(_BLANK) and _own_sum(content, digest) != digest:
        raise ValueError(f"{NAME} isn't what was exported: its SHA-256 differs from the one in it")
    found = _of_now(found)
    if found["schema"] != SCHEMA:
        raise ValueError(f"{NAME} is of version {str(found['schema'])[:20]}, and this tfnotes reads {SCHEMA}")
    _check(found)
    return found


@lru_cache(maxsize=1)
def _schema():
    return documents.schemas(Path(__file__).with_name("metadata.schema.json"))[""]


def _own_sum(content, digest):
    return hashlib.sha256(content.replace(digest.encode(), _BLANK.encode())).hexdigest()


def _of_now(found):
    """Metadata of earlier exports in today's form."""
    if type(found.get("decode")) is str:
        found["decode"] = _FORMERLY.get(found["decode"], found["decode"])
    if "schema" in found or type(found.get("endpoints")) is not dict:
        return {"schema": SCHEMA, **found}
    endpoints = {name: {"inputs": inputs, "outputs": {}} for name, inputs in found["endpoints"].items()}
    formats: dict[str, dict] = {"saved_model": {name: {} for name in endpoints}}
    return {"schema": SCHEMA, "decode": None, **found, "formats": formats, "endpoints": endpoints, "files": {}}


def _check(found):
    """The schema; and what it can't say: what is spoken of in one place is there in the other."""
    _schema()(found, NAME)
    endpoints, listed = found["endpoints"], found["files"]
    for name in listed:
        # It came from somewhere, and must not lead out of the folder.
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise ValueError(f"wrong entry {name!r} under `files` in {NAME}")
    ways = [name for names in found["formats"].values() for name in names]
    needed = _read_files(found["formats"]) if listed else []
    for via in (about["via"] for about in endpoints.values() if "via" in about):
        known = via.get("known", {})
        ways += [via["endpoint"], *(known[key] for key in ("encode",) if key in known)]
        needed += [known[key] for key in ("vocabulary", "rules") if key in known]
    for name in ways:
        if name not in endpoints:
            raise ValueError(f"{NAME} has no endpoint {name}")
    for name in needed:
        if name not in listed:
            raise ValueError(f"{NAME} has no sum of {name}")


def _read_files(formats):
    """The files that the runtimes read of an export's formats, as under `files`."""
    portable = [f"{kind}/{name}.{end}" for kind, end in _ENDS.items() for name in formats.get(kind, ())]
    return [*portable, *(["saved_model.pb"] if "saved_model" in formats else [])]


def write(folder, metadata):
    """Writes `metadata.json` with the sums of all files that stand in the folder; it appears whole.

    Args:
        folder: the version's folder, with all its files.
        metadata: a dict as `metadata.schema.json` describes it, without `schema`, `files` and `sha256`.

    Raises:
        InputError: the schema refuses it, as what a task declares may be of any kind.
    """
    whole = {"schema": SCHEMA, **metadata, "files": sums(folder), "sha256": _BLANK}
    try:
        _check(whole)
    except ValueError as error:
        raise InputError(f"export: `endpoints` must be such as {NAME} can tell of. Received: {error}.") from None
    content = (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()
    # The last of them, for a note might hold as many zeros.
    before, _, after = content.rpartition(_BLANK.encode())
    with files.write_aside(Path(folder) / NAME) as aside:
        aside.write_bytes(before + hashlib.sha256(content).hexdigest().encode() + after)


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
    if not metadata["files"]:
        _tell(folder, "was exported before files had checksums: its files can't be checked.")
        return
    if "sha256" not in metadata:
        _tell(folder, f"has no checksum of its {NAME}, as exports had none before: it can't be checked.")
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
    return InputError(f"Exported: {folder} is damaged ({first_line(error)}).")


def _tell(folder, sentence):
    if (str(folder), sentence) not in _said:
        _said.add((str(folder), sentence))
        sys.stderr.write(f"{folder} {sentence}\n")


def _sum(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
