"""The data, for `tfnotes data list` and `prepare`. This module imports nothing heavy."""

from tfnotes.data.sources import Source

STORED = Source(
    name="glyphs-stored",
    task="glyphs",
    about="signs of 8 x 8 characters, drawn",
    dataset="glyphs_stored",
    version="1.0.0",
    examples={"train": 240, "test": 60},
    module="glyphs.dataset",
)
SOURCES = (STORED,)
