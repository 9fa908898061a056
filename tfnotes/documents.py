"""JSON from files that anyone may have written: its size and depth are limited, and a schema says what it must hold."""

import json
from pathlib import Path

import fastjsonschema

DEPTH = 64
"""How deep objects and lists may lie in each other."""


def content(path, limit):
    """The bytes of a file.

    Args:
        path: of the file.
        limit: how many bytes it may have.

    Raises:
        ValueError: it has more.
        OSError: it can't be read.
    """
    with open(path, "rb") as file:
        found = file.read(limit + 1)
    if len(found) > limit:
        raise ValueError(f"{Path(path).name} has more than {limit // 2**20} MiB")
    return found


def parsed(text, name):
    """The value that JSON stands for.

    Args:
        text: a str, or bytes in UTF-8.
        name: of the file, for errors.

    Raises:
        ValueError: it is no JSON, or nested too deeply.
    """
    try:
        found = json.loads(text)
        if _depth(found) > DEPTH:
            raise RecursionError
    except RecursionError:
        raise ValueError(f"{name} is nested too deeply") from None
    return found


def schemas(path):
    """The schemas in a file, by name, each as a function that raises a `ValueError` for what it refuses.

    Args:
        path: of a JSON object of schemas, or of one schema alone, whose name is "".
    """
    found = json.loads(Path(path).read_text("utf-8"))
    if "$schema" in found:
        found = {"": found}
    return {name: _checking(fastjsonschema.compile(schema)) for name, schema in found.items()}


def _checking(validate):
    def check(value, name):
        try:
            validate(value, name_prefix=name)
        except fastjsonschema.JsonSchemaValueException as error:
            raise ValueError(error.message) from None

    return check


def _depth(value):
    level, depth = [value], 0
    while level := [inner for one in level if isinstance(one, (dict, list)) for inner in _parts(one)]:
        depth += 1
    return depth


def _parts(value):
    return value.values() if isinstance(value, dict) else value
