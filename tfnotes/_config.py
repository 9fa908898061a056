"""Configs taken from constructors, so that no class lists its arguments twice."""

import inspect

PACKAGE = __name__.partition(".")[0]


def argument_names(made):
    """The names of the constructor's arguments: of the nearest class of this package.

    A user's subclass has a constructor and a config of its own, which say nothing of what is kept here.
    """
    ours = next(cls for cls in type(made).__mro__ if cls.__module__.partition(".")[0] == PACKAGE)
    parameters = inspect.signature(ours.__init__).parameters.values()  # type: ignore[misc]
    return [p.name for p in parameters if p.name != "self" and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def left_out_at(config, **defaults):
    """The config without arguments that only we have, where they are at their defaults: the twin reads it then."""
    return {name: value for name, value in config.items() if name not in defaults or value != defaults[name]}


class ConfigFromSignature:
    """A class whose config is its constructor's arguments, kept under their names."""

    def get_config(self):
        return {name: getattr(self, name) for name in argument_names(self)}
