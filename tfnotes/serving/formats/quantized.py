"""What quantizing costs: the accuracy on the test split before and after, refused if it falls too far."""

from tfnotes import _checks
from tfnotes.errors import InputError
from tfnotes.serving import evaluate
from tfnotes.serving.exported import Exported

KINDS = ("dynamic", "float16")


def check(quantize, most, wanted):
    """Refuses settings that can't be, or would change nothing."""
    if "litert" not in wanted:
        raise InputError(
            f"export: `quantize` must be for the format litert. Received: quantize={quantize!r} for "
            f"{', '.join(wanted)}."
        )
    _checks.choice("export", "quantize", quantize, KINDS)
    _checks.number("export", "accuracy_loss", most, low=0, high=1)


def refuse_standing(format, quantize, folder):
    """Refuses to take a format that stands for a quantized one."""
    if quantize and format == "litert":
        raise InputError(
            f"export: `quantize` must be for a format that isn't there yet. Received: {folder}, which holds {format}; "
            "export the run again."
        )


def measure(found, folder, exact, most, data_dir=None):
    """Measures the accuracy of quantized files, and notes it.

    Args:
        found: what `metadata.json` says of each endpoint in the format; the one that is measured gets `accuracy`.
        folder: of an export with the format litert, which may not have appeared yet.
        exact: the `tfnotes.serving.exported.Exported` that the files were made of.
        most: how far the accuracy may fall, from 0 to 1.
        data_dir: the data folder, None for TFDS's own.

    Raises:
        InputError: it falls further, the data aren't there, or the model isn't a classifier's.
    """
    outputs = exact.endpoint("serving_default")["outputs"]
    if "probabilities" not in outputs:
        raise InputError(
            "export: `quantize` must be for a classifier, whose accuracy says what it costs. "
            f"Received: a model that gives {', '.join(outputs)}."
        )
    exported, kind = Exported(folder, "litert"), next(iter(found.values()))["quantize"]
    before, after = (evaluate.evaluate_export(one, data_dir=data_dir)["accuracy"] for one in (exact, exported))
    if before - after > most:
        raise InputError(
            f"export: `accuracy_loss` must be at least what quantizing costs. Received: accuracy_loss={most:g}, but "
            f"{kind} takes the accuracy from {before:.4f} to {after:.4f}, so nothing was exported."
        )
    found[exported.answering("serving_default")]["accuracy"] = {"before": before, "after": after}
