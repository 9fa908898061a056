"""A model's config with every object in it named as its counterpart, and what has none."""

import contextlib
import copy
from dataclasses import dataclass

import keras

from tfnotes import augmentation, counterparts, layers, losses, optimizers, preprocessing, schedules

assert all((augmentation, layers, losses, optimizers, preprocessing, schedules)), "what is imported is registered"


@dataclass(frozen=True)
class Kept:
    """An object that stays what it was.

    Attributes:
        name: of the layer, or its class's where it has none.
        cls: dotted name of its class.
        reason: why.
    """

    name: str
    cls: str
    reason: str


def converted(given, to, custom):
    """The config of the converted model, and what stays.

    Args:
        given: the model.
        to: "tfnotes" or "keras".
        custom: the user's own classes in it, by their names.

    Returns:
        `(config, kept)`: a config for `deserialize_keras_object`, and a list of `Kept`.
    """
    kept: list[Kept] = []
    config = keras.saving.serialize_keras_object(given)
    compiled = config.pop("compile_config", None)
    with keras.saving.custom_object_scope(custom):
        config = _walk(config, to, kept)
        if compiled:
            compiled = {name: _named(name, value) if to == "tfnotes" else value for name, value in compiled.items()}
            config["compile_config"] = _walk(compiled, to, kept)
    return config, kept


def _walk(config, to, kept):
    """The config with its objects named as their counterparts, the inner ones first."""
    if isinstance(config, (list, tuple)):
        return type(config)(_walk(one, to, kept) for one in config)
    if not isinstance(config, dict):
        return config
    if "config" not in config or not isinstance(config.get("class_name"), str):
        return {key: _walk(value, to, kept) for key, value in config.items()}
    # Without shapes to build from each layer is built where the model calls it, under the names that it had.
    inner = {key: value for key, value in config.items() if key != "build_config"}
    inner["config"] = _walk(config["config"], to, kept)
    names = _counterpart(config, to)
    if names is None:
        _keep(kept, config, to, "no counterpart")
        return inner
    if to == "keras" and config["class_name"] == "function":
        # The name alone, as Keras takes one of ours that is registered for a function of the same name.
        return names["class_name"]
    try:
        # A copy, of which Keras's wrappers take out what they wrap.
        made = keras.saving.deserialize_keras_object(copy.deepcopy({**inner, **names}), safe_mode=False)
        if shape := (config.get("build_config") or {}).get("input_shape"):
            # Some arguments, such as numbers for a padding, are only looked at here; cells have no such method.
            with contextlib.suppress(NotImplementedError):
                made.compute_output_shape(tuple(shape))
    except (TypeError, ValueError, NotImplementedError) as error:
        _keep(kept, config, to, reason_of(error))
        return inner
    return {**inner, **names}


def reason_of(error):
    return str(error).strip().splitlines()[-1].removeprefix("Exception encountered: ").rstrip(".")


def _counterpart(config, to):
    """How a config names the counterpart of what it names, or None."""
    registered = config.get("registered_name")
    if to == "tfnotes":
        target = counterparts.of(config.get("module"), config["class_name"])
        return counterparts.named_in_config(target) if target and registered in (None, config["class_name"]) else None
    if config["class_name"] == "function":
        registered = config["config"]
    twin = counterparts.twin_of(keras.saving.get_registered_object(registered)) if registered else None
    if twin is None:
        return None
    module, _, name = twin.rpartition(".")
    return {"module": module, "class_name": name, "registered_name": None}


# The models themselves, and what is no part of their maths.
_NEUTRAL = ("Functional", "Sequential", "InputLayer")


def _keep(kept, config, to, reason):
    """Notes a layer, a loss or an optimizer that stays; others, such as initializers, where they are refused."""
    module, name, inner = str(config.get("module")), config["class_name"], config["config"]
    inner = inner if isinstance(inner, dict) else {}
    if to == "tfnotes":
        layer = "trainable" in inner and "input_layers" not in inner
        noted = layer or module.startswith(("keras.optimizers", "keras.losses"))
    else:
        noted = module.startswith("tfnotes.")
    if name not in _NEUTRAL and (noted or reason != "no counterpart"):
        kept.append(Kept(inner.get("name", name), f"{module}.{name}", reason))


def _named(argument, value):
    """What a model is compiled with, names such as "adam" and functions replaced by ours where there is one."""
    package = {"optimizer": optimizers, "loss": losses}.get(argument)
    if isinstance(value, (list, tuple)):
        return [_named(argument, one) for one in value]
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _named(argument, one) for key, one in value.items()}
    if package is None or not (isinstance(value, str) or (value and value["class_name"] == "function")):
        return value
    made = package.get(value)
    ours = getattr(made, "__module__", type(made).__module__).startswith("tfnotes.")
    return keras.saving.serialize_keras_object(made) if ours else value
