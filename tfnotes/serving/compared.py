"""What an export is checked by: its answers are the model's own but for rounding, or nothing appears."""

import numpy as np

from tfnotes.errors import InputError


def largest(endpoint, where, got, wanted, allowed):
    """The largest difference of an endpoint's outputs from those that are wanted, all by name.

    Args:
        endpoint: its name.
        where: what gave the answers, for the error: "the SavedModel", "onnx".
        got, wanted: dicts of what `np.asarray` takes. Outputs of `got` alone aren't looked at.
        allowed: a function of an array that says how far each number may be off; None to measure only. What isn't a
            floating number must be the same.

    Raises:
        InputError: an output is off by more, or of another shape.
    """
    most = 0.0
    for name in wanted:
        a, b = np.asarray(got[name]), np.asarray(wanted[name])
        off = difference(a, b)
        if off is None or (allowed and not _within(a, b, allowed)):
            what = "of another shape, or NaN" if off is None else f"off by up to {off:g}" if off else "off"
            raise InputError(
                f"export: {where} must give the model's own answers. Received: `{name}` of the endpoint {endpoint} "
                f"{what}, so nothing was exported."
            )
        most = max(most, off)
    return most


def difference(got, wanted):
    """The largest absolute difference of two arrays, 0 of strings; None if their shapes differ or one has NaN."""
    if got.shape != wanted.shape:
        return None
    if not wanted.size or wanted.dtype.kind not in "biuf":
        return 0.0
    off = float(np.max(np.abs(got.astype("float64") - wanted.astype("float64"))))
    return off if np.isfinite(off) else None


def of_same_kernels(wanted):
    """How far each number may be off where the same operations run once more."""
    return 1e-6 + 1e-5 * np.abs(wanted)


def of_other_kernels(wanted):
    """The same where another program runs them: what is a sum of larger numbers is as exact as those."""
    return 1e-4 * max(1.0, float(np.max(np.abs(wanted), initial=0)))


def _within(got, wanted, allowed):
    if wanted.dtype.kind != "f":
        return np.array_equal(got, wanted)
    return bool((np.abs(got - wanted) <= allowed(wanted)).all())
