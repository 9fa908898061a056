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
        _, dtypes, outputs = self._opened(endpoint)
        return list(dtypes), list(outputs)

    def _opened(self, endpoint):
        """An endpoint's session, its inputs' dtypes by their names, and its outputs' names."""
        # An endpoint that nobody asks needs no time and no memory; asked for anew, the names take longer than a digit.
        if self.endpoints[endpoint] is None:
            session = self._session(endpoint)
            dtypes = {i.name: _dtype(i.type) for i in session.get_inputs()}
            self.endpoints[endpoint] = session, dtypes, [output.name for output in session.get_outputs()]
        return self.endpoints[endpoint]

    def ask(self, endpoint, inputs):
        session, dtypes, outputs = self._opened(endpoint)
        taken = {name: np.asarray(inputs[name], dtype) for name, dtype in dtypes.items()}
        return dict(zip(outputs, session.run(outputs, taken), strict=True))


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
