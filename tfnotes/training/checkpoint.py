"""Checkpoints from which training goes on exactly: bit for bit as if nothing had happened.

checkpoints/epoch-0003/variables.npz   every variable of the model and the optimizer
                       state.json      epoch, history, callbacks' states, and the checksums of both files
"""

import hashlib
import io
import json
import shutil
import warnings
import zipfile
import zlib
from pathlib import Path

import keras
import numpy as np

from tfnotes import files
from tfnotes.errors import InputError, first_line
from tfnotes.training import stored


class ExactCheckpoint(keras.callbacks.Callback):
    """After each epoch writes all that the next epoch depends on, into a new folder.

    That is the model's variables, which include the state of every seed generator (dropout's, say),
    the optimizer's variables, the history, and the state of callbacks that have `get_state` and
    `set_state`. The order of the examples must be a function of the epoch, as that of
    `tfnotes.data.pipeline.training_batches` is: `fit` doesn't give its own shuffling away.

    A folder appears whole or not at all. The newest `keep` stay; a damaged one is passed over for
    the one before it. Put it behind the callbacks whose state it keeps.

    Args:
        folder: where the checkpoints go.
        callbacks: those that have `get_state()`, which gives a dict of JSON values and NumPy arrays,
            and `set_state(state)`, which is called after their `on_train_begin`.
        keep: how many checkpoints to keep.
        report: called with one sentence for each damaged checkpoint.

    Attributes:
        history: the figures of each finished epoch: dicts of "epoch" (from 1) and what `fit` logs.
        stopped: whether a callback has ended the training.

    Example:

        checkpoint = ExactCheckpoint("checkpoints", callbacks=[stopping])
        done = checkpoint.restore(model)
        model.fit(batches, initial_epoch=done, epochs=9, callbacks=[stopping, checkpoint])
    """

    def __init__(self, folder, callbacks=(), keep=2, report=warnings.warn):
        super().__init__()
        self.folder = Path(folder)
        self.callbacks = list(callbacks)
        self.keep = keep
        self.report = report
        self.history = []
        self.stopped = False
        self._states = None

    def restore(self, model):
        """Brings a compiled model to where the newest whole checkpoint was.

        Args:
            model: built and compiled as it was for the checkpoint.

        Returns:
            How many epochs are done: `initial_epoch` for `fit`. 0 if there is no checkpoint.

        Raises:
            InputError: all checkpoints are damaged, or they are of another model.
        """
        if self.folder.is_dir():
            files.sweep(self.folder)
        found = self._folders()
        for folder in reversed(found):
            try:
                state, arrays = _read(folder)
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
                self.report(f"Checkpoint {folder} is damaged ({first_line(error)}).")
                continue
            self._assign(folder, model, state, arrays)
            return state["epoch"]
        if found:
            raise InputError(
                "ExactCheckpoint: `folder` must hold a whole checkpoint. "
                f"Received: {str(self.folder)!r}, where all are damaged."
            )
        return 0

    def on_train_begin(self, logs=None):
        if self._states is not None:
            for callback, state in zip(self.callbacks, self._states, strict=True):
                callback.set_state(state)

    def on_epoch_end(self, epoch, logs=None):
        figures = {key: float(value) for key, value in (logs or {}).items()}
        self.history.append({"epoch": epoch + 1, **figures})
        self.stopped = bool(self.model.stop_training)
        states = [callback.get_state() for callback in self.callbacks]
        self.store(epoch, *self._described(self.model, epoch + 1, states))

    def packed(self, model):
        """What `restore` has brought a model to, or what a new one begins with, as bytes for other workers."""
        done = self.history[-1]["epoch"] if self.history else 0
        state, arrays = self._described(model, done, self._states or [])
        buffer = io.BytesIO()
        np.savez(buffer, state=np.frombuffer(json.dumps(state).encode(), "uint8"), **arrays)
        return buffer.getvalue()

    def unpack(self, model, data):
        """Brings a model to where the one was whose checkpoint was packed; gives the epochs that are done."""
        with np.load(io.BytesIO(data)) as stored:
            arrays = dict(stored)
        state = json.loads(arrays.pop("state").tobytes())
        self._assign("the chief", model, state, arrays)
        if not state["states"]:
            self._states = None
        return state["epoch"]

    def store(self, epoch, state, arrays):
        """Writes a checkpoint, and removes the oldest."""
        folder = self.folder / f"epoch-{epoch + 1:04d}"
        # From here on stand only damaged ones, which `restore` has passed over.
        for number, damaged in stored.checkpoints(self.folder).items():
            if number > epoch:
                shutil.rmtree(damaged)
        _write(folder, state, arrays)
        for old in self._folders()[: -self.keep]:
            shutil.rmtree(old)

    def _described(self, model, epochs, of_callbacks):
        variables = _variables(model)
        arrays, states = {_key(k): keras.ops.convert_to_numpy(v) for k, v in enumerate(variables)}, []
        for number, state in enumerate(of_callbacks):
            own = {key for key, value in state.items() if isinstance(value, np.ndarray)}
            arrays.update({f"callback-{number}/{key}": state[key] for key in own})
            states.append({key: value for key, value in state.items() if key not in own})
        state = {
            "epoch": epochs,
            "stopped": self.stopped,
            "history": self.history,
            "callbacks": [type(callback).__name__ for callback in self.callbacks],
            "states": states,
            "variables": [_describe(v) for v in variables],
        }
        return state, arrays

    def _folders(self):
        return list(stored.checkpoints(self.folder).values())

    def _assign(self, folder, model, state, arrays):
        variables = _variables(model)
        names = [type(callback).__name__ for callback in self.callbacks]
        if state["variables"] != [_describe(v) for v in variables] or state["callbacks"] != names:
            raise InputError(
                "ExactCheckpoint: `model` and `callbacks` must be as they were for the checkpoint. "
                f"Received: others than {folder} holds."
            )
        for k, variable in enumerate(variables):
            array = arrays[_key(k)]
            # NumPy's file format has no name for bfloat16 and keeps its bytes as void.
            variable.assign(array.view(variable.dtype) if array.dtype.kind == "V" else array)
        self._states = []
        for number, own in enumerate(state["states"]):
            prefix = f"callback-{number}/"
            own.update({k.removeprefix(prefix): a for k, a in arrays.items() if k.startswith(prefix)})
            self._states.append(own)
        self.history, self.stopped = state["history"], state["stopped"]


def _write(folder, state, arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    state = {**state, "sha256": _sha256(buffer.getvalue())}
    text = json.dumps(state, sort_keys=True)
    with files.write_aside(folder) as aside:
        aside.mkdir()
        (aside / "variables.npz").write_bytes(buffer.getvalue())
        (aside / "state.json").write_text(json.dumps({"sha256": _sha256(text.encode()), "state": state}))


def _read(folder):
    content = stored.one(folder / "state.json", "checkpoint")
    state = content["state"]
    if _sha256(json.dumps(state, sort_keys=True).encode()) != content["sha256"]:
        raise ValueError("state.json has another checksum")
    data = (folder / "variables.npz").read_bytes()
    if _sha256(data) != state["sha256"]:
        raise ValueError("variables.npz has another checksum")
    with np.load(io.BytesIO(data)) as arrays:
        found = dict(arrays)
    for k, (shape, _) in enumerate(state["variables"]):
        if list(found[_key(k)].shape) != shape:
            raise ValueError("variables.npz has other shapes than state.json")
    return state, found


def _variables(model):
    # A model with a rule of its own may have several optimizers, and names them all.
    optimizers = getattr(model, "optimizers", None) or [model.optimizer]
    for optimizer in optimizers:
        if not optimizer.built:
            optimizer.build(model.trainable_variables)
    return [*model.variables, *(variable for optimizer in optimizers for variable in optimizer.variables)]


def _describe(variable):
    return [list(variable.shape), str(variable.dtype)]


def _key(k):
    return f"variable-{k:04d}"


def _sha256(data):
    return hashlib.sha256(data).hexdigest()
