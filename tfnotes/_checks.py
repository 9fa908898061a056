"""Argument checks: each returns the value, or says owner, argument, expected and received in one sentence."""

import math
from numbers import Integral, Real
from typing import NoReturn

from tfnotes.errors import InputError

# What fits the 64 bits that generators are given.
LARGEST_SEED = 2**63 - 1


def name_of(owner):
    """What an owner is called in errors: a layer's cell speaks for the layer, whose argument it was."""
    return owner if isinstance(owner, str) else getattr(owner, "speaks_for", type(owner).__name__)


def refuse(owner, argument, expected, received) -> NoReturn:
    """Raises the one sentence that every check ends in."""
    raise InputError(f"{name_of(owner)}: `{argument}` must be {expected}. Received: {argument}={received!r}.")


def integer(owner, argument, value, minimum=1, maximum=None):
    """A Python int of at least `minimum` (None: any), and of at most `maximum`, if there is one; a bool isn't one."""
    if isinstance(value, bool) or not isinstance(value, Integral) or (minimum is not None and value < minimum):
        any_or_bounded = "an integer" if minimum is None else f"an integer of at least {minimum}"
        refuse(owner, argument, "a positive integer" if minimum == 1 else any_or_bounded, value)
    if maximum is not None and value > maximum:
        refuse(owner, argument, f"an integer of at most {maximum:,}", value)
    return int(value)


def axis(owner, argument, value):
    """An axis number, which may count from the end."""
    return integer(owner, argument, value, minimum=None)


def number(owner, argument, value, low=-math.inf, high=math.inf, exclusive=False):
    """A finite real number between `low` and `high`, both allowed unless `exclusive`."""
    inside = not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)
    if inside:
        inside = low < value < high if exclusive else low <= value <= high
    if not inside:
        bounds = [f"{'above' if exclusive else 'at least'} {low:g}"] if low > -math.inf else []
        bounds += [f"{'below' if exclusive else 'at most'} {high:g}"] if high < math.inf else []
        refuse(owner, argument, " ".join(["a finite number", " and ".join(bounds)]).strip(), value)
    return value


def share(owner, argument, value):
    """The share of a moving average kept at each step: from 0 to below 1."""
    inside = not isinstance(value, bool) and isinstance(value, Real) and 0 <= float(value) < 1
    return value if inside else refuse(owner, argument, "a number from 0 to below 1", value)


def boolean(owner, argument, value):
    """True or False."""
    try:
        known = value in (True, False)
    except ValueError:  # Of an array NumPy can't say.
        known = False
    if not known:
        refuse(owner, argument, "True or False", value)
    return bool(value)


def choice(owner, argument, value, options):
    """One of a few values."""
    if not any(value is option or (isinstance(value, str) and value == option) for option in options):
        refuse(owner, argument, "one of " + ", ".join(map(repr, options)), value)
    return value


def one_of(owner, argument, value, options):
    """A string among `options`, whatever its case."""
    if not isinstance(value, str) or value.lower() not in options:
        refuse(owner, argument, "one of " + ", ".join(map(repr, options)), value)
    return value.lower()


def pair(owner, argument, value, minimum=1):
    """Two ints, from two of any kind of sequence (as an array) or from one that stands for both."""
    try:
        values = (value, value) if isinstance(value, Integral) else tuple(value)
    except TypeError:
        values = ()
    ok = len(values) == 2
    ok = ok and all(isinstance(v, Integral) and not isinstance(v, bool) and v >= minimum for v in values)
    if not ok:
        kind = "positive integer" if minimum == 1 else f"integer of at least {minimum}"
        refuse(owner, argument, f"one {kind} or a pair of them", value)
    return tuple(int(v) for v in values)


def seed(owner, argument, value):
    """None, an int, or a `keras.random.SeedGenerator`."""
    import keras

    if value is not None and not isinstance(value, keras.random.SeedGenerator):
        return integer(owner, argument, value, minimum=0, maximum=LARGEST_SEED)
    return value


def data_format(owner, value):
    """Keras's default for None, else "channels_last" or "channels_first"."""
    import keras

    if value is None:
        return keras.config.image_data_format()
    return one_of(owner, "data_format", value, ("channels_last", "channels_first"))


def padding2d(owner, argument, value):
    """`((top, bottom), (left, right))`, from one int, one for height and width each, or all four."""
    sides = (value, value) if isinstance(value, Integral) and not isinstance(value, bool) else value
    if isinstance(sides, (tuple, list)) and len(sides) == 2:
        pairs = [(s, s) if isinstance(s, Integral) else s for s in sides]
        flat = [n for p in pairs if isinstance(p, (tuple, list)) and len(p) == 2 for n in p]
        if len(flat) == 4 and all(type(n) is int and n >= 0 for n in flat):
            return (int(flat[0]), int(flat[1])), (int(flat[2]), int(flat[3]))
    return refuse(owner, argument, "one integer of at least 0, a pair of them, or a pair of pairs", value)
