"""Which data there are, and where they stand once prepared. No TensorFlow: the command line reads this."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tfnotes import _checks, plugins
from tfnotes.errors import InputError, first_line

GROUP = "tfnotes.sources"


@dataclass(frozen=True)
class Source:
    """A TFDS dataset under the name that the command line gives it.

    Attributes:
        name: as in `tfnotes data prepare NAME`: the name of the task's data, best with the task's name and a hyphen
            before it, as in "imdb-sample", for all packages share these names.
        task: the task that it belongs to.
        about: one line for people.
        dataset: TFDS's name of it.
        version: the one version of the dataset that is used.
        examples: how many examples each stored split holds.
        module: where its builder stands, if not in TFDS itself; imported when it is prepared.
        stream: whether `tfnotes.data.prepared.splits` leaves the examples on the disk and reads them as a stream; None
            for those that TFDS says to be larger than `stream_above` alone.
        window: how many examples of a stream are shuffled at a time; so many are in memory, as they are stored.
    """

    name: str
    task: str
    about: str
    dataset: str
    version: str
    examples: Mapping[str, int]
    module: str | None = None
    stream: bool | None = None
    window: int = 10_000

    def __post_init__(self):
        _checks.integer(f"Source {self.name}", "window", self.window)

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


def stream_above():
    """From how many bytes on the disk, as TFDS states them, a dataset is read as a stream: a gigabyte.

    `TFNOTES_STREAM_ABOVE` gives another number, in megabytes.
    """
    text = os.environ.get("TFNOTES_STREAM_ABOVE") or "1000"
    try:
        return 10**6 * _checks.number("tfnotes", "TFNOTES_STREAM_ABOVE", float(text), low=0)
    except ValueError:
        raise InputError(
            f"tfnotes: `TFNOTES_STREAM_ABOVE` must be a number of megabytes of at least 0. Received: {text!r}."
        ) from None


def installed(report=lambda sentence: None):
    """The sources that installed packages declare, by name, without importing TensorFlow.

    A package declares those of a task by an entry point in the group `tfnotes.sources`, named as the task: its
    `Source`s, or a function that gives them, in a module that imports nothing heavy.

    Args:
        report: called with one sentence for each declaration that is wrong.

    Returns:
        A dict. A name that two sources have is left out.
    """
    found: dict[str, Source] = {}
    twice = set()
    for task in plugins.names(GROUP):
        try:
            declared = _declared(task)
        except InputError as error:
            report(str(error))
            continue
        for source in declared:
            if source.name in found:
                twice.add(source.name)
                report(
                    f"tfnotes: the data `{source.name}` must be declared once. "
                    f"Received: those of the tasks {found[source.name].task} and {source.task}."
                )
            found[source.name] = source
    return {name: source for name, source in found.items() if name not in twice}


def _declared(task):
    declare = plugins.load(GROUP, task, "data")
    try:
        sources = list(declare() if callable(declare) else declare)
    except InputError:
        raise
    # It is a function of somebody else's.
    except Exception as error:
        reason = f"{type(error).__name__}: {first_line(error)}"
        raise InputError(f"tfnotes: the data of the task `{task}` can't be listed: {reason}.") from error
    wrong = [source for source in sources if not isinstance(source, Source) or source.task != task]
    if wrong:
        raise InputError(
            f"tfnotes: the data of the task `{task}` must be tfnotes.data.sources.Source of that task. "
            f"Received: {wrong[0]!r}."
        )
    return sources
