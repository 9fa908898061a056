"""What stands before a portable endpoint, in NumPy: for runtimes without TensorFlow's strings, files and random draws.

`metadata.json` says of an endpoint that can't leave TensorFlow how another answers in its place: under `via`, in words
for all clients, and as `known`, for this one: the name of a preparation that stands here, with its settings. A
preparation is called with `ask`, the settings and the endpoint's inputs, and gives the endpoint's outputs.
"""

from importlib import import_module

# Metadata are a file that came from somewhere: it may only choose among these.
NAMES = ("digits", "gibbs", "normal", "words")


def known(endpoint, there):
    """Whether an endpoint can be answered for by others.

    Args:
        endpoint: its description, as in `metadata.json`, or None.
        there: the names of the endpoints that the runtime has.
    """
    via = (endpoint or {}).get("via", {})
    return via.get("known", {}).get("name") in NAMES and via["endpoint"] in there


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
