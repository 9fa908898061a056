"""The error for bad input: the command line prints its one sentence, and no traceback."""


class InputError(ValueError):
    """Something the user gave is wrong: says the owner, the argument, what was expected and received."""


def first_line(error):
    """What an error says, cut to one line; its type if it says nothing."""
    said = next(iter(str(error).strip().splitlines()), type(error).__name__)
    # What it quotes from a file may be of any length, and of characters that a terminal obeys.
    return "".join(character if character.isprintable() else "?" for character in said[:300])


def reason(error):
    """The end of what TensorFlow says of a failed write: "...; No space left on device [Op:SaveV2]"."""
    return error.message.split("}} ")[-1].split("; ")[-1].split("[Op:")[0].splitlines()[0].strip()
