"""Holds back what native code writes to standard error."""

import os
import sys
import tempfile
from contextlib import contextmanager


@contextmanager
def held(shown=lambda line: False):
    """Holds file descriptor 2; TensorFlow writes to it itself, so replacing `sys.stderr` hides nothing.

    Args:
        shown: which lines, of bytes, are written after all when the block has ended.
    """
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
            aside.seek(0)
            for line in aside:
                if shown(line):
                    os.write(2, line)
