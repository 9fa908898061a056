"""Walk the latent plane: for models whose `decode` makes a picture of any two numbers.

    {"reach": how far the plane goes from 0,  "examples": {"pixels": base64, "codes": [[x, y], ...]}}

The examples are digits of the test split, at the place that `encode` gives them; a model without it has none.
"""

import numpy as np

from tfnotes.play import digits
from tfnotes.play.packed import packed

# Where nearly all codes lie of a model that draws them from the normal distribution.
_NORMAL = 3.0


def data(source):
    """See `tfnotes.play.widgets`."""
    decode = source.about["endpoints"].get("decode")
    if not decode or not source.has("decode") or _shapes(decode) != ([2], [28, 28]):
        return None
    images = digits.of(source, "encode") if source.has("encode") else None
    if images is None:
        return {"reach": _NORMAL}
    codes = source.ask("encode", pixels=images)["codes"]
    drawn = (endpoint.get("via", {}).get("known", {}) for endpoint in source.about["endpoints"].values())
    normal = any(known.get("name") == "normal" for known in drawn)
    reach = _NORMAL if normal else float(np.ceil(np.abs(codes).max()))
    shown = [[round(float(value), 3) for value in code] for code in codes]
    return {"reach": reach, "examples": {"pixels": packed(images), "codes": shown}}


def _shapes(endpoint):
    """Those of codes and images, without their batch."""
    return tuple(endpoint[end].get(name, {"shape": []})["shape"][1:] for end, name in _NAMES)


_NAMES = (("inputs", "codes"), ("outputs", "images"))
