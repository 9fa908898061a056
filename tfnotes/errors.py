"""The error for bad input: the command line prints its one sentence, and no traceback."""


class InputError(ValueError):
    """Something the user gave is wrong: says the owner, the argument, what was expected and received."""
