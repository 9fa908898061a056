"""ONNX files in ONNX Runtime, one for each endpoint: no TensorFlow."""

import numpy as np

from tfnotes import extras


class Runtime:
    """See `tfnotes.serving.runtimes`."""

    def __init__(self, folder, metadata):
        onnxruntime = extras.needed("onnxruntime", "onnx", "--runtime onnx needs")
        self.damage = (ValueError, OSError, RuntimeError)
        self._session = lambda endpoint: open_session(onnxruntime, folder / "onnx" / f"{endpoint}.onnx")
        self.endpoints = dict.fromkeys(metadata["formats"]["onnx"])

    def names(self, endpoint):
        session = self._opened(endpoint)
        return [i.name for i in session.get_inputs()], [output.name for output in session.get_outputs()]

    def _opened(self, endpoint):
        # An endpoint that nobody asks needs no time and no memory.
        session = self.endpoints[endpoint] = self.endpoints[endpoint] or self._session(endpoint)
        return session

    def ask(self, endpoint, inputs):
        session = self._opened(endpoint)
        taken = {i.name: np.asarray(inputs[i.name], _dtype(i.type)) for i in session.get_inputs()}
        names = [output.name for output in session.get_outputs()]
        return dict(zip(names, session.run(names, taken), strict=True))


def _dtype(kind):
    """NumPy's dtype of an input, which ONNX Runtime calls such as "tensor(int32)"."""
    name = kind.removeprefix("tensor(").removesuffix(")")
    # NumPy's own "float" has 64 bits.
    return np.dtype("float32" if name == "float" else name)


def open_session(onnxruntime, path):
    """An ONNX Runtime session that keeps to itself: no warnings, and no telemetry."""
    options = onnxruntime.SessionOptions()
    # What it finds wrong with an input it raises; on standard error it would write the input's values.
    options.log_severity_level = 4
    # Its threads would wait in a loop for more work, and keep a processor from whoever has some.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
