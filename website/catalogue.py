"""What the site tells of the library, read from it once: concepts, public classes and functions, experiments.

    python -m website.catalogue FILE

writes it as JSON; the rest of the builder reads that, and so needs no TensorFlow.
"""

import importlib
import inspect
import json
import os
import sys

from tfnotes.files import write_aside
from website.cells import child, digest
from website.chapters import ROOT, BookError

KEPT = ROOT / "build" / "catalogue.json"

# Packages with a page of the reference, beside the registry's kinds.
OTHERS = ("models", "callbacks", "backprop")


def load():
    """The catalogue as a dict, made anew where the library has changed."""
    if KEPT.exists():
        kept = json.loads(KEPT.read_text("utf-8"))
        if kept["sources"] == _sources():
            return kept
    made = child("website.catalogue", KEPT)
    if made.returncode:
        raise BookError(f"website: the library couldn't be read. {made.stderr.strip()[-2000:]}")
    return json.loads(KEPT.read_text("utf-8"))


def make(path):
    """Writes the catalogue."""
    from tfnotes import registry
    from tfnotes.experiments import _experiment

    concepts = {f"{c.kind}.{c.name}": _concept(c) for c in registry.concepts()}
    reference = {package: _members(package) for package in (*registry.KINDS, *OTHERS)}
    experiments = {e.name: _measured(e) for e in _experiment.experiments()}
    found = {"concepts": concepts, "reference": reference, "experiments": experiments}
    with write_aside(path) as aside:
        aside.write_text(json.dumps({"sources": _sources(), **found}, ensure_ascii=False), "utf-8")


def _sources():
    """What the catalogue is made of: a dict from file to digest."""
    paths = [*sorted((ROOT / "tfnotes").rglob("*.py")), ROOT / "website" / "catalogue.py"]
    return {str(path.relative_to(ROOT)): digest(path) for path in paths}


def _concept(c):
    return {
        "name": c.name,
        "kind": c.kind,
        "public": f"tfnotes.{c.kind}.{c.target.__name__}",
        "file": _file(c.target),
        "en": c.en,
        "zh": c.zh,
        "aliases": list(c.aliases),
        "twin": c.twin,
        "notes": list(c.notes),
        "differences": c.differences,
        "slower": c.slower,
    }


def _members(package):
    module = importlib.import_module(f"tfnotes.{package}")
    named = {}
    for name in module.__all__:
        target = getattr(module, name)
        if callable(target) and (inspect.getdoc(target) or "").strip():
            named.setdefault(id(target), []).append(name)
    found = []
    for names in named.values():
        target = getattr(module, names[0])
        name = target.__name__ if target.__name__ in names else names[0]
        also = [n for n in names if n != name]
        found.append({"name": f"tfnotes.{package}.{name}", "also": also, **_described(target)})
    return {"about": inspect.getdoc(module) or "", "members": sorted(found, key=lambda m: m["name"].lower())}


def _described(target):
    methods = []
    if isinstance(target, type):
        own = [n for n, m in vars(target).items() if inspect.isfunction(m) and not n.startswith("_") and m.__doc__]
        found = {n: getattr(target, n) for n in own}
        methods = [{"name": n, "signature": _signature(m), "doc": inspect.getdoc(m)} for n, m in found.items()]
    return {
        "class": isinstance(target, type),
        "signature": _signature(target),
        "arguments": _arguments(target),
        "doc": inspect.getdoc(target),
        "file": _file(target),
        "methods": methods,
    }


def _arguments(target):
    try:
        return [str(parameter) for parameter in inspect.signature(target).parameters.values()]
    except (TypeError, ValueError):
        return ["..."]


def _signature(target):
    try:
        return str(inspect.signature(target))
    except (TypeError, ValueError):
        return "(...)"


def _measured(e):
    return {
        "about": e.about,
        "kind": e.kind,
        "seeds": e.seeds,
        "parameters": e.parameters(),
        "file": _file(e.measure),
        "measure": inspect.getsource(e.measure),
        "rules": {claim: inspect.getsource(rule) for claim, rule in e.rules.items()},
    }


def _file(target):
    return os.path.relpath(inspect.getsourcefile(inspect.unwrap(target)), ROOT)


if __name__ == "__main__":
    make(sys.argv[1])
