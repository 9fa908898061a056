"""A model as `tfnotes play` reads it of an export, without the export: the endpoint `layers` in ONNX, and examples."""

from types import SimpleNamespace

import numpy as np
import onnxruntime
import tensorflow as tf

from tfnotes.serving import inside
from tfnotes.serving.formats import onnx_format


def source(folder, model, forward, spec, examples):
    """What stands for a `tfnotes.play.source.Source`, of a model that may be untrained."""
    endpoint = inside.endpoint(model, forward, (spec,))

    @tf.function
    def function(**inputs):
        return endpoint.function(*inputs.values())

    signature = function.get_concrete_function(**{spec.name: spec})
    (folder / "onnx").mkdir()
    (folder / "onnx" / "layers.onnx").write_bytes(onnx_format.convert(signature))
    np.savez(folder / "examples.npz", **{f"layers/{spec.name}": examples})
    session = onnxruntime.InferenceSession(folder / "onnx" / "layers.onnx", providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]

    def ask(endpoint, **inputs):
        return dict(zip(names, session.run(names, inputs), strict=True))

    return SimpleNamespace(folder=folder, ask=ask, model=model, has=lambda endpoint: True)
