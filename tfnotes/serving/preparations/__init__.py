"""What stands before a portable endpoint, in NumPy: for runtimes without TensorFlow's strings, files and random draws.

`metadata.json` says of an endpoint that can't leave TensorFlow how another answers in its place: under `via`, in words
for all clients, and as `known`, for this one: the name of a preparation that stands here, with its settings. A
preparation is called with `ask`, the settings and the endpoint's inputs, and gives the endpoint's outputs.
"""

from importlib import import_module

import numpy as np

from tfnotes.serving import metadata

# Metadata are a file that came from somewhere: it may only choose among these.
_FILES, _DRAWN = {"images": 1}, {"count": 0, "seed": 0}
KNOWN = {
    "digits": (_FILES, set()),
    "gibbs": (_DRAWN, {"turns", "encode"}),
    "normal": (_DRAWN, set()),
    "resized": (_FILES, set()),
    "words": ({"texts": 1}, {"length", "vocabulary", "rules"}),
}
"""Of each preparation the inputs of the endpoint that it stands for, with their numbers of axes, and its settings."""


def known(endpoint, there):
    """Whether an endpoint can be answered for by others.

    Args:
        endpoint: its description, as in `metadata.json`, or None.
        there: the endpoints that the runtime has, as in `metadata.json`.
    """
    via = (endpoint or {}).get("via", {})
    settings = via.get("known", {})
    if settings.get("name") not in KNOWN or via["endpoint"] not in there:
        return False
    taken, needed = KNOWN[settings["name"]]
    axes = {key: len(about["shape"]) for key, about in endpoint["inputs"].items()}
    return axes == taken and needed <= settings.keys()


def doubt(exported, name, content):
    """Why an endpoint's answer to a file may be wrong, as the preparation that is known of it tells, or None."""
    settings = exported.endpoints.get(name, {}).get("via", {}).get("known", {})
    if settings.get("name") not in KNOWN:
        return None
    preparation = import_module(f"{__name__}.{settings['name']}")
    return preparation.doubt(content) if hasattr(preparation, "doubt") else None


def length_of_codes(exported, endpoint):
    """How many numbers a code has of which an endpoint makes an image."""
    about = exported.endpoint(endpoint)
    shape = about["inputs"].get("codes", {}).get("shape", ())
    if len(shape) != 2 or type(shape[1]) is not int or "images" not in about["outputs"]:
        raise metadata.damaged(exported.path, f"the endpoint {endpoint} makes no images of codes in {metadata.NAME}")
    return shape[1]


def generator(seed):
    """NumPy's random generator; a seed is an int32, and may be below 0."""
    return np.random.default_rng(int(seed) % 2**32)


def answer(exported, name, inputs):
    """What an endpoint would answer, by asking another one.

    Args:
        exported: a `tfnotes.serving.exported.Exported`.
        name: of an endpoint that is `known`.
        inputs: the endpoint's, by name.

    Returns:
        A dict of arrays.
    """
    via = exported.metadata["endpoints"][name]["via"]
    settings = dict(via["known"])
    preparation = import_module(f"{__name__}.{settings.pop('name')}")
    return preparation.answer(exported, via["endpoint"], settings, **inputs)
