"""Imports TensorFlow without its start-up noise."""

import os
import sys

from tfnotes import _quiet


def load():
    """Imports TensorFlow and Keras with standard error held; replays what was held if that fails."""
    if "tensorflow" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow's gRPC now and then complains of its own threads when a process ends.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    failed = True
    with _quiet.held(lambda line: failed):
        import keras  # noqa: F401
        import tensorflow  # noqa: F401

        failed = False


def exported(path, runtime=None, trust=False):
    """Opens an export; TensorFlow is imported only if that is what runs it."""
    from tfnotes.serving.exported import Exported, runtime_of

    if runtime_of(path, runtime) == "tensorflow":
        load()
    return Exported(path, runtime, trust)
