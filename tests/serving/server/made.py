"""Exports that are made up: a folder that holds next to nothing, and endpoints that are functions."""

import json

import numpy as np

from tfnotes.serving.server import served
from tfnotes.serving.server.app import create
from tfnotes.serving.server.settings import Settings


def spec(dtype, *shape):
    return {"dtype": dtype, "shape": list(shape)}


ENDPOINTS = {
    # Two inputs, one of them of strings, in an order that isn't the alphabet's.
    "pair": (
        {"t": spec("string", None), "a": spec("int32", None, 2)},
        {"sum": spec("int64", None), "same_bytes": spec("string", None)},
    ),
    "half": ({"x": spec("float32", None, -1)}, {"y": spec("float32", None, "length")}),
    "draw": ({"count": spec("int32"), "seed": spec("int32")}, {"y": spec("float32", None), "of": spec("int32")}),
    "encoded": ({"images": spec("string", None)}, {"size": spec("int32", None)}),
    "texts": ({"texts": spec("string", None)}, {"size": spec("int32", None)}),
    "truth": ({"x": spec("bool", None)}, {"y": spec("bool", None)}),
}


def answer(endpoint, inputs):
    if endpoint == "pair":
        if (inputs["a"] == 13).any():
            raise RuntimeError("broken inside")
        return {"sum": inputs["a"].sum(1).astype("int64"), "same_bytes": inputs["t"]}
    if endpoint == "draw":
        return {"y": np.full(inputs["count"], inputs["seed"], "float32"), "of": np.int32(inputs["count"])}
    if endpoint in ("encoded", "texts"):
        (given,) = inputs.values()
        return {"size": np.array([len(data) for data in given], "int32")}
    return {"y": inputs["x"] / np.float32(2) if endpoint == "half" else ~inputs["x"]}


class Made:
    """In place of `tfnotes.serving.exported.Exported`; `asked` has what each was asked."""

    asked: list = []

    def __init__(self, path, runtime=None, trust=False):
        self.path, self.runtime, self.trust = path, runtime or "litert", trust
        said = json.loads((path / "metadata.json").read_text())
        if "broken" in said:
            raise RuntimeError(said["broken"])
        self.metadata = {"decode": None, "labels": ["no", "yes"], "model": "tiny"} | said
        names = said.get("endpoints", ["pair", "half", "draw", "truth"])
        self.endpoints = {name: {"inputs": ENDPOINTS[name][0], "outputs": ENDPOINTS[name][1]} for name in names}

    def ask(self, endpoint, *arguments, **named):
        inputs = dict(zip(ENDPOINTS[endpoint][0], arguments, strict=False)) | named
        self.asked.append((endpoint, inputs))
        outputs = answer(endpoint, inputs)
        # As a runtime may, in another order.
        return dict(reversed(outputs.items()))


def write(folder, **said):
    """A made-up export in this folder; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps(said))
    return folder


def application(monkeypatch, *paths, report=None, log_requests=False, **limits):
    monkeypatch.setattr(served, "Exported", Made)
    monkeypatch.setattr(Made, "asked", [])
    return create(paths, Settings(**limits), log_requests, report)
