"""A `state_dict` of PyTorch read by name, its faults said in one sentence."""

import numpy as np

from tfnotes import _checks


def read(owner, state, prefix, required, optional=(), known=lambda name: False):
    """The arrays of a state, by their names after the prefix.

    Args:
        owner: the function that reads.
        state: tensors or arrays by name.
        prefix: of the names; others are left alone. Without one, every name must be known.
        required: names that must be there.
        optional: names that may be there, all of them or none.
        known: whether a name may be there unread.

    Returns:
        A dict of the required arrays and those of the optional ones that are there, in the order of both.
    """
    if not isinstance(state, dict):
        _checks.refuse(owner, "state", "a state_dict: tensors or arrays by name", type(state).__name__)
    given = {name[len(prefix) :]: value for name, value in state.items() if name.startswith(prefix)}
    wanted = [*required, *optional]
    some = [name for name in optional if name in given]
    missing = [name for name in wanted if name not in given and (some or name in required)]
    extra = [name for name in given if name not in wanted and not known(name)]
    if missing or extra:
        names = " and ".join(f"{prefix}{name}" for name in required)
        names += f", with {' and '.join(prefix + name for name in optional)} or without" if optional else ""
        faults = [f"no {prefix}{name}" for name in missing] + [f"unknown {prefix}{name}" for name in extra]
        _checks.refuse(owner, "state", f"a state_dict of {names} ({', '.join(faults)})", sorted(state))
    return {name: array(given[name]) for name in wanted if name in given}


def array(value):
    """A copy in NumPy of a tensor or an array."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        # NumPy has no bfloat16.
        value = value.float() if str(value.dtype) == "torch.bfloat16" else value
    return np.array(value)


def refuse_shapes(owner, argument, expected, arrays):
    """Raises the sentence about shapes that don't fit."""
    shapes = {name: a.shape for name, a in arrays.items()} if isinstance(arrays, dict) else [a.shape for a in arrays]
    _checks.refuse(owner, argument, expected, shapes)
