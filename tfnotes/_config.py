"""Configs taken from constructors, so that no class lists its arguments twice."""

import inspect


def argument_names(made):
    """The names of the constructor's arguments."""
    parameters = inspect.signature(type(made).__init__).parameters
    return [n for n, p in parameters.items() if n != "self" and p.kind is not p.VAR_KEYWORD]


class ConfigFromSignature:
    """A class whose config is its constructor's arguments, kept under their names."""

    def get_config(self):
        return {name: getattr(self, name) for name in argument_names(self)}
