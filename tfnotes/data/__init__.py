"""Data: fetched once, prepared by TFDS, held in memory, given to `fit` in batches."""
