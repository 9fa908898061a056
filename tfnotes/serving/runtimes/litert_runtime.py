"""LiteRT files, one for each endpoint, which take an example at a time: no TensorFlow."""

import threading

import numpy as np

from tfnotes import _quiet, extras
from tfnotes.errors import InputError, first_line


class Runtime:
    """See `tfnotes.serving.runtimes`."""

    damage = (ValueError, OSError, RuntimeError)

    def __init__(self, folder, metadata):
        self._interpreter = extras.needed("ai_edge_litert.interpreter", "litert", "--runtime litert needs").Interpreter
        self._path = lambda endpoint: folder / "litert" / f"{endpoint}.tflite"
        self.endpoints = dict.fromkeys(metadata["formats"]["litert"])
        # An interpreter has one place for its inputs.
        self._turn = threading.Lock()

    def ask(self, endpoint, inputs):
        with self._turn:
            run = self._opened(endpoint)
            taken = run.get_input_details()
            arrays = {name: np.asarray(value, taken[name]["dtype"]) for name, value in inputs.items()}
            count = max((len(value) for value in arrays.values() if value.ndim), default=1)
            if not count:
                # The shapes of no answers are those of one.
                arrays = {name: np.zeros((1, *value.shape[1:]), value.dtype) for name, value in arrays.items()}
            ones = ({n: v[k : k + 1] if v.ndim else v for n, v in arrays.items()} for k in range(count or 1))
            try:
                found = [run(**one) for one in ones]
            except RuntimeError as error:
                # It would say the same of the next inputs once more.
                self.endpoints[endpoint] = None
                raise InputError(
                    f"{endpoint}: the inputs must be such as the model can read. Received: {first_line(error)}"
                ) from error
            return {name: np.concatenate([one[name] for one in found])[:count] for name in found[0]}

    def names(self, endpoint):
        with self._turn:
            run = self._opened(endpoint)
            return list(run.get_input_details()), list(run.get_output_details())

    def _opened(self, endpoint):
        # An endpoint that nobody asks needs no time and no memory.
        run = self.endpoints[endpoint] = self.endpoints[endpoint] or self._open(endpoint)
        return run

    def _open(self, endpoint):
        # It says on standard error which processor it takes.
        with _quiet.held(lambda line: not line.startswith(b"INFO: ")):
            interpreter = self._interpreter(str(self._path(endpoint)), num_threads=1)
            interpreter.allocate_tensors()
            return interpreter.get_signature_runner()
