"""A whole model of Keras's objects made anew of ours, or of ours of Keras's.

A model's config names each object that it is made of. The config of the converted model is the same with other
names, wherever an object has a counterpart that takes its arguments; then the weights are copied.
"""

import collections
import logging
import re

import keras

from tfnotes import _checks
from tfnotes.convert._configs import converted, reason_of

log = logging.getLogger("tfnotes.convert")


def model(given, to="tfnotes", strict=False):
    """The same model made of our layers, or of Keras's.

    Names, dtypes, seeds, weights, what is trainable, and what it was compiled with (loss, optimizer and its state,
    metrics) stay the same. Models in models, wrappers, cells, and shared layers are converted, too. Layers that have
    no counterpart, and those whose arguments it doesn't take, stay what they are: one logged line counts them,
    `report` lists them. A subclass of a layer has no counterpart.

    Args:
        given: a functional or Sequential model, with its weights.
        to: "tfnotes", or "keras" for the way back. Default "tfnotes".
        strict: whether to refuse a model of which anything would stay. Default False.

    Returns:
        A new model; the given one stays as it is.

    Raises:
        ValueError: the model is subclassed (its own code makes its layers), hasn't been built, holds a layer that
            can't be made from its config, or with `strict` one that has no counterpart.

    >>> theirs = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Activation("relu")])
    >>> ours = model(theirs)
    >>> type(ours.layers[0]).__module__
    'tfnotes.layers.dense'
    >>> [kept.name for kept in report(theirs)] == [theirs.layers[1].name]
    True
    """
    _checks.choice("convert.model", "to", to, ("tfnotes", "keras"))
    _check(given, "convert.model")
    config, kept = converted(given, to, _custom(given))
    if kept and strict:
        names = ", ".join(f"{one.name} ({one.cls}: {one.reason})" for one in kept)
        _checks.refuse("convert.model", "given", f"a model whose every part has a counterpart, as not {names}", given)
    try:
        made = keras.saving.deserialize_keras_object(config, custom_objects=_custom(given), safe_mode=False)
    except (TypeError, ValueError, NotImplementedError) as error:
        _checks.refuse(
            "convert.model", "given", f"a model that can be made from its config ({reason_of(error)})", given
        )
    _copy_weights(given, made)
    _copy_trainable(given, made)
    _copy_optimizer(given, made)
    if kept:
        counts = collections.Counter((one.cls, one.reason) for one in kept)
        stays = "; ".join(f"{n} {cls} ({reason})" for (cls, reason), n in counts.items())
        log.warning("convert.model: what stays as it is: %s", stays)
    return made


def report(given, to="tfnotes"):
    """What `model` would leave as it is.

    Args:
        given: a functional or Sequential model.
        to: "tfnotes" or "keras". Default "tfnotes".

    Returns:
        A list of `Kept(name, cls, reason)`.

    Raises:
        ValueError: as `model` does.
    """
    _checks.choice("convert.report", "to", to, ("tfnotes", "keras"))
    _check(given, "convert.report")
    return converted(given, to, _custom(given))[1]


def _check(given, owner):
    if not isinstance(given, keras.Model):
        _checks.refuse(owner, "given", "a model of Keras", given)
    # Only such models have their layers in their config.
    if not (isinstance(given, keras.Sequential) or "input_layers" in _config_of(given)):
        expected = "functional or Sequential, as a subclassed model's own code makes its layers"
        _checks.refuse(owner, "given", expected, given)
    if not given.built:
        _checks.refuse(owner, "given", "built, so that it has weights: call it once, or begin with an Input", given)


def _config_of(given):
    try:
        return given.get_config()
    except (NotImplementedError, TypeError, ValueError):
        return {}


def _custom(given):
    """The classes of all layers in a model that aren't Keras's or ours, by their names."""
    classes = {type(layer) for layer in _all_layers(given)}
    own = {cls for cls in classes if cls.__module__.partition(".")[0] not in ("keras", "tfnotes")}
    return {cls.__name__: cls for cls in own}


def _all_layers(layer):
    """A layer and the layers in it."""
    yield layer
    for part in _parts(layer).values():
        yield from _all_layers(part)


def _parts(layer):
    """The layers that a layer holds, by where it holds them."""
    if isinstance(layer, keras.Model):
        return dict(enumerate(layer.layers))
    parts: dict = {}
    for name, value in vars(layer).items():
        if not name.startswith("_") and isinstance(value, (keras.layers.Layer, list, tuple)):
            several = value if isinstance(value, (list, tuple)) else [value]
            parts |= {(name, k): one for k, one in enumerate(several) if isinstance(one, keras.layers.Layer)}
    return parts


def _copy_weights(given, made):
    """Weights, then the states of what draws: both in the same order in both models."""
    for of in (lambda m: m.weights, _seeds):
        sources, sinks = of(given), of(made)
        if _outline(sources) != _outline(sinks):
            _checks.refuse("convert.model", "given", "a model whose converted weights are as many and as large", given)
        for source, sink in zip(sources, sinks, strict=True):
            sink.assign(source)
    for layer in _all_layers(made):
        if isinstance(layer, keras.layers.Normalization):
            # It computes with copies of its weights.
            layer.finalize_state()


def _outline(variables):
    """Names and shapes; what Keras adds to names that no one gave is a running number."""
    return [(re.sub(r"_\d+$", "", v.name), tuple(v.shape)) for v in variables]


def _seeds(model):
    return [v for v in model.variables if v.name == "seed_generator_state"]


def _copy_trainable(given, made):
    """Whether each layer is trainable; a container first, as it hands it on to what it holds."""
    made.trainable = given.trainable
    sinks = _parts(made)
    for where, source in _parts(given).items():
        if where in sinks:
            _copy_trainable(source, sinks[where])


def _copy_optimizer(given, made):
    if not (given.compiled and getattr(given, "optimizer", None) is not None and given.optimizer.built):
        return
    made.optimizer.build(made.trainable_variables)
    sources, sinks = given.optimizer.variables, made.optimizer.variables
    if [tuple(v.shape) for v in sources] != [tuple(v.shape) for v in sinks]:
        _checks.refuse(
            "convert.model", "given", "a model whose optimizer's state is as large as its counterpart's", given
        )
    for source, sink in zip(sources, sinks, strict=True):
        sink.assign(source)
