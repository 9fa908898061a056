"""Writes the page: what `make play` built, the models, and what their widgets need of each."""

import json
import shutil
from pathlib import Path

from tfnotes import files
from tfnotes.errors import InputError
from tfnotes.play import widgets
from tfnotes.serving import metadata

BUILT = Path(__file__).parent / "page"
SCHEMA = 1


def check():
    """Refuses to go on without the page's code.

    Raises:
        InputError: it isn't built.
    """
    if not (BUILT / "play.js").is_file():
        raise InputError(
            "play: the page's code must be built once, by `make play` in a checkout (it needs Node 20). "
            f"Received: no {BUILT / 'play.js'}."
        )


def write(sources, out, language=""):
    """Writes a page of models; the folder appears whole or not at all.

    Args:
        sources: a list of `tfnotes.play.source.Source`; without any, the page has the widgets that need none.
        out: the folder to make.
        language: "en" or "zh", which a reader may change; "" for what the browser is set to.

    Returns:
        A dict from each model's name to a list of its widgets.

    Raises:
        InputError: the page's code isn't built, or something stands at `out`.
        OSError: it can't be written.
    """
    check()
    refuse_standing(out)
    with files.write_aside(out) as aside:
        shutil.copytree(BUILT, aside)
        index = aside / "index.html"
        index.write_text(index.read_text("utf-8").replace('<html lang="">', f'<html lang="{language}">'), "utf-8")
        entries = [_add(source, aside / "models" / source.name) for source in sources]
        prepared = sorted(path.stem for path in (aside / "data").glob("*.json"))
        _write_json(aside / "models" / "index.json", {"schema": SCHEMA, "models": entries, "prepared": prepared})
    return {entry["name"]: list(entry["widgets"]) for entry in entries}


def refuse_standing(out):
    """Refuses a folder that holds something already."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise InputError(f"play: `out` must be a new folder. Received: {str(out)!r}, which exists.")


def _add(source, folder):
    """Copies what a browser reads of an export; gives the model's entry in the index."""
    (folder / "onnx").mkdir(parents=True)
    about, found, asked = source.about, {}, set()
    for widget in widgets.NAMES:
        data = widgets.load(widget).data(source)
        if data is None:
            continue
        found[widget] = f"{widget}.json" if data else None
        asked |= {*widgets.ENDPOINTS[widget], data.get("endpoint")}
        if data:
            _write_json(folder / f"{widget}.json", data)
    vias = (endpoint.get("via", {}).get("files", ()) for endpoint in about["endpoints"].values())
    models = [f"onnx/{name}.onnx" for name in about["formats"]["onnx"] if name in asked]
    for name in [metadata.NAME, *models, *(name for via in vias for name in via)]:
        shutil.copy(source.folder / name, folder / name)
    return {"name": source.name, "folder": source.name, "title": source.title, "widgets": found}


def _write_json(path, content):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n", "utf-8")
