"""Gibbs sampling step by step: for models whose metadata say that drawings come of turns of two endpoints.

    {"decode": the endpoint of pixels' chances,  "encode": that of hidden units' chances,  "units": how many there are,
     "pixels": digits to begin with, in base64}
"""

from tfnotes.play import digits
from tfnotes.play.packed import packed


def data(source):
    """See `tfnotes.play.widgets`."""
    for endpoint in source.about["endpoints"].values():
        via = endpoint.get("via", {})
        known = via.get("known", {})
        if known.get("name") != "gibbs" or not (source.has(via["endpoint"]) and source.has(known["encode"])):
            continue
        decode = source.about["endpoints"][via["endpoint"]]
        images = digits.of(source, known["encode"])
        if images is not None and decode["outputs"]["images"]["shape"][1:] == [28, 28]:
            units = decode["inputs"]["codes"]["shape"][-1]
            names = {"decode": via["endpoint"], "encode": known["encode"]}
            return {**names, "units": units, "pixels": packed(images)}
    return None
