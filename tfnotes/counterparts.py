"""What stands here for what in Keras: by name, by config, by class, and back."""

import importlib
from typing import Any

import keras

from tfnotes import registry


def resolve(kind, identifier, fallback):
    """What Keras's `get` does, with the concepts of one kind before Keras's own.

    Args:
        kind: the folder to look in; "layers" for all three that hold layers.
        identifier: a name, a config that names a builtin with a counterpart here, or anything that `fallback`
            understands.
        fallback: Keras's `get` of that kind.
    """
    if isinstance(identifier, str):
        c = None if keras.saving.get_registered_object(identifier) else _named(kind, identifier)
        return fallback(identifier) if c is None else _made(c, identifier, None)
    if isinstance(identifier, dict) and _is_builtin(identifier):
        name, arguments = identifier.get("class_name"), identifier.get("config")
        name, arguments = (arguments, None) if name == "function" else (name, arguments)
        module = identifier.get("module", "builtins")
        c = _named(kind, name) if module == "builtins" else None
        if c is not None:
            return _made(c, name, arguments)
        if target := of("keras.layers" if (kind, module) == ("layers", "builtins") else module, name):
            return _instance(target, arguments)
    return fallback(identifier)


def of(module, name):
    """The class or function here that stands for a builtin, such as `keras.layers` and `Dense`; or None."""
    parts = str(module).split(".")
    if parts[0] == "keras" and "optimizers" in parts and "schedules" not in parts:
        # Some backends have optimizers of their own, which Keras makes and stores in place of its own.
        module = "keras.optimizers"
    for c in registry.registered():
        if c.twin == f"{module}.{name}":
            return c.target
    # Parts of recurrent layers are no concepts.
    part = keras.saving.get_registered_object(f"tfnotes>{name}") if module == "keras.layers" else None
    return part if part and part.__module__.startswith("tfnotes.layers.") else None


def twin_of(target):
    """The dotted name of the builtin that stands for a class here, or None."""
    for c in registry.registered():
        if c.target is target:
            return c.twin
        if c.kind == "losses" and target is getattr(importlib.import_module(c.module), c.name):
            return c.twin and f"keras.losses.{c.name}"
    name = getattr(target, "__name__", "")
    return f"keras.layers.{name}" if target is not None and of("keras.layers", name) is target else None


def translated(config):
    """A config of Keras's with every object in it that has a counterpart here named as that."""
    if isinstance(config, (list, tuple)):
        return type(config)(map(translated, config))
    if not isinstance(config, dict):
        return config
    config = {key: translated(value) for key, value in config.items()}
    if "config" not in config or not _is_builtin(config):
        return config
    function = config["class_name"] == "function"
    target = of(config.get("module"), config["config" if function else "class_name"])
    return config if target is None else {**config, **named_in_config(target)}


def named_in_config(target):
    """How a config names one of ours."""
    registered = keras.saving.get_registered_name(target)
    if isinstance(target, type):
        return {"module": target.__module__, "class_name": target.__name__, "registered_name": registered}
    return {"module": target.__module__, "config": registered, "registered_name": registered}


def _is_builtin(config):
    """Whether a config is of a class or function of Keras's; one without a module may be."""
    name, module, registered = config.get("class_name"), config.get("module", "keras"), config.get("registered_name")
    name = config.get("config") if name == "function" else name
    known = isinstance(name, str) and isinstance(module, str) and module.partition(".")[0] in ("keras", "builtins")
    known = known and registered in (None, name, config["class_name"])
    return known and keras.saving.get_registered_object(name) is None


def _named(kind, name):
    """The concept of a kind that Python, Keras or an alias spells so."""
    kinds = registry.LAYERS if kind == "layers" else (kind,)
    # Keras finds optimizers whatever the case.
    spelled = str.lower if kind == "optimizers" else str
    for c in registry.registered():
        if c.kind in kinds and spelled(name) in map(spelled, (c.name, c.target.__name__, *c.aliases)):
            return c
    return None


def _made(c, name, arguments):
    if c.kind == "losses" and name != c.target.__name__:
        # Beside a loss stands its function, of each example, which is what Keras means by such a name.
        return getattr(importlib.import_module(c.module), c.name)
    return _instance(c.target, arguments)


def _instance(target: Any, arguments):
    if not isinstance(target, type):
        return target
    return target.from_config(arguments) if arguments else target()  # type: ignore[attr-defined]
