"""Arrays in the page's JSON."""

import base64

import numpy as np


def packed(array, dtype="uint8"):
    """An array's bytes as numbers of a dtype, row after row, in base64."""
    return base64.b64encode(np.ascontiguousarray(array, dtype).tobytes()).decode()
