"""Which data there are, and where they stand once prepared. No TensorFlow: the command line reads this."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """A TFDS dataset under the name that the command line gives it.

    Attributes:
        name: as in `tfnotes data prepare NAME`.
        task: the task that it belongs to.
        about: one line for people.
        dataset: TFDS's name of it.
        version: the one version of the dataset that is used.
        module: where its builder stands, if not in TFDS itself.
        examples: how many examples each stored split holds.
    """

    name: str
    task: str
    about: str
    dataset: str
    version: str
    module: str | None
    examples: Mapping[str, int]

    @property
    def data(self):
        """The name that `tfnotes train --data` knows it by."""
        return self.name.removeprefix(f"{self.task}-")

    def folder(self, data_dir=None):
        """The folder where TFDS keeps this dataset, below `data_dir` or else TFDS's own data folder."""
        return root(data_dir) / self.dataset / self.version

    def is_prepared(self, data_dir=None):
        """Whether the dataset stands there. What it holds is checked when it is read."""
        return (self.folder(data_dir) / "dataset_info.json").is_file()


def root(data_dir=None):
    """The data folder: `data_dir` if given, else `TFDS_DATA_DIR`, else TFDS's default in the home folder."""
    return Path(data_dir or os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()


_ALL = (
    Source(
        name="full",
        task="mnist",
        about="MNIST as TFDS stores it",
        dataset="mnist",
        version="3.0.1",
        module=None,
        examples={"train": 60_000, "test": 10_000},
    ),
    Source(
        name="sample",
        task="mnist",
        about="MNIST digits that need only the package index",
        dataset="mnist_sample",
        version="1.0.0",
        module="tfnotes.data.mnist_sample",
        examples={"train": 4_000, "test": 1_000},
    ),
    Source(
        name="imdb-full",
        task="imdb",
        about="IMDB reviews as TFDS stores them",
        dataset="imdb_reviews/plain_text",
        version="1.0.0",
        module=None,
        examples={"train": 25_000, "test": 25_000},
    ),
    Source(
        name="imdb-sample",
        task="imdb",
        about="snippets of film reviews that need only the package index",
        dataset="imdb_sample",
        version="1.0.0",
        module="tfnotes.data.imdb_sample",
        examples={"train": 10_229, "test": 2_523},
    ),
)
SOURCES = {source.name: source for source in _ALL}
