"""Imports TensorFlow without its start-up noise."""

import os
import sys
import tempfile


def load():
    """Imports TensorFlow and Keras with file descriptor 2 held; replays what was held if that fails.

    TensorFlow's native code writes to the descriptor itself, so replacing `sys.stderr` hides nothing.
    """
    if "tensorflow" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow's gRPC now and then complains of its own threads when a process ends.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        failed = True
        try:
            import keras  # noqa: F401
            import tensorflow  # noqa: F401

            failed = False
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
            if failed:
                held.seek(0)
                os.write(2, held.read())


def exported(path, runtime=None):
    """Opens an export; TensorFlow is imported only if that is what runs it."""
    from tfnotes.serving.exported import Exported, runtime_of

    if runtime_of(path, runtime) == "tensorflow":
        load()
    return Exported(path, runtime)


RUNTIMES = ("tensorflow", "onnx")
