"""Histograms for TensorBoard."""

import numpy as np

from tfnotes.callbacks._summaries import write


def histograms(arrays, buckets=30):
    """Writes the histograms of arrays to the default writer; what is no finite number is left out.

    `tf.summary.histogram` writes a row of 30 numbers for each value on the way, which for the weights of LeNet
    takes a tenth of the training.

    Args:
        arrays: by their tags.
        buckets: of each histogram. Default 30.
    """
    from tensorboard.plugins.histogram import metadata

    about, tables = metadata.create_summary_metadata(display_name=None, description=None), []
    for tag, values in arrays.items():
        values = np.asarray(values)
        finite = values[np.isfinite(values)]
        counts, edges = np.histogram(finite, buckets, _range(finite, buckets))
        tables.append((tag, about, np.stack([edges[:-1], edges[1:], counts], axis=1)))
    write(tables, "float64")


def _range(values, buckets):
    """Where the buckets lie, None for the values' own range; as NumPy does for equal values, about those that differ
    by so little that there are no numbers between the buckets."""
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    largest = np.asarray(max(-low, high), values.dtype if values.dtype.kind == "f" else "float64")
    least = buckets * float(np.spacing(largest))
    half = max(0.5, least)
    return (low - half, high + half) if high - low <= least else None
