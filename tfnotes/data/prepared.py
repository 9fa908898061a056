"""TFDS datasets on the disk: prepared once, whole or not at all, and read without the network."""

import contextlib
import functools
import importlib
import io
import itertools
import os
import shlex
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from tfnotes import files
from tfnotes._split import Split, Splits
from tfnotes.data import sources, stream, watch
from tfnotes.errors import InputError, first_line


def read(source, data_dir=None):
    """Reads a prepared dataset into memory; never downloads.

    Args:
        source: a `tfnotes.data.sources.Source`.
        data_dir: the data folder, or None for TFDS's own.

    Returns:
        A dict from the split's name to a dict from the feature's name to an array with a row per
        example, in the order in which TFDS stored them.

    Raises:
        InputError: the dataset isn't prepared, its source says that it is a stream, or what stands there is damaged.
    """
    if source.stream:
        raise InputError(
            f"{source.task}: the data `{source.data}` must be read by `tfnotes.data.prepared.splits`, as their source "
            "says stream=True. Received: prepared.read, which reads them into memory."
        )
    with _opened(source, data_dir) as builder:
        return _in_memory(source, builder)


def splits(source, data_dir=None, x="image", y="label", of=lambda x: x, by=None, held=None):
    """A prepared dataset as a task takes it: in memory, or as a stream if it is large or its source says so.

    The stored split "test" is tested on. Validation has the stored split "validation", or if there is none a part
    of "train".

    Args:
        source: a `tfnotes.data.sources.Source`.
        data_dir: the data folder, or None for TFDS's own.
        x: the feature that is `Split.x`.
        y: the feature that is `Split.y`, a number.
        of: makes a batch of `x`, an array or a tensor, what `Split.x` shall be.
        by: the feature that `held` is given, a number or a string. Default: `y`.
        held: called with that feature of all training examples, in the order in which TFDS stored them; gives as a
            boolean array which of them are for validation. Default: `last_tenth`.

    Returns:
        `tfnotes.task.Splits`.

    Raises:
        InputError: the dataset isn't prepared, or what stands there is damaged.
    """
    by, held = by or y, held or last_tenth
    with _opened(source, data_dir) as builder:
        large = builder.info.dataset_size > sources.stream_above() if source.stream is None else source.stream
        if large:
            found = {name: _streamed(source, builder, name, x, y, of, by) for name in source.examples}
        else:
            stored = _in_memory(source, builder)
            found = {name: (Split(of(part[x]), part[y]), part[by]) for name, part in stored.items()}
    train, told = found["train"]
    if "validation" in found:
        return Splits(train, found["validation"][0], found["test"][0])
    out = held(told)
    return Splits(train.select(np.flatnonzero(~out)), train.select(np.flatnonzero(out)), found["test"][0])


def last_tenth(labels):
    """Which examples validation may have: of each label's, in their order, the last tenth, as a boolean array."""
    held = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        held[rows[len(rows) - len(rows) // 10 :]] = True
    return held


def prepare(source, data_dir=None, progress=lambda done, total: None):
    """Fetches a dataset and stores it, in place of what may stand there; at failure that stays.

    Args:
        source: a `tfnotes.data.sources.Source`.
        data_dir: the data folder, or None for TFDS's own.
        progress: called with the examples that are stored, and how many there are, once they are fetched.

    Raises:
        InputError: the dataset can't be fetched.
        OSError: the data folder can't be written.
    """
    if source.module:
        importlib.import_module(source.module)
    folder, root = source.folder(data_dir), sources.root(data_dir)
    urls = tfds.builder_cls(source.dataset.split("/")[0]).url_infos
    if urls:
        _reach(source, next(iter(urls)))
    root.mkdir(parents=True, exist_ok=True)
    for swept in (root, folder.parent):
        files.sweep(swept, locked=False)
    with files.scratch(root, "prepare") as scratch:
        downloads = root / "downloads" if urls else Path(scratch, "downloads")
        built = _build(source, scratch, downloads, progress)
        with files.write_aside(folder) as aside:
            os.rename(built, aside)
            if folder.exists():
                os.rename(folder, Path(scratch, "replaced"))


@contextlib.contextmanager
def _opened(source, data_dir):
    """The builder of a prepared dataset; within it, an error is one of damaged data."""
    folder = source.folder(data_dir)
    if not folder.is_dir():
        others = [s for s in sources.installed().values() if s.task == source.task and s.name != source.name]
        instead = "".join(f", or use the data `{s.data}`: `{_command(s, data_dir)}`" for s in others)
        raise InputError(
            f"{source.task}: the data `{source.data}` are not prepared in {sources.root(data_dir)}; "
            f"get them with `{_command(source, data_dir)}`{instead}."
        )
    try:
        yield tfds.builder_from_directory(folder)
    except (MemoryError, PermissionError, InputError):
        raise
    # Each part of TFDS, protobuf and TensorFlow has its own error for a damaged file.
    except Exception as error:
        raise InputError(
            f"{source.task}: the data `{source.data}` in {folder} are damaged ({first_line(error)}); "
            f"rebuild them with `{_command(source, data_dir)} --force`."
        ) from error


def _in_memory(source, builder):
    return {split: _arrays(builder, split, n) for split, n in source.examples.items()}


def _streamed(source, builder, split, x, y, of, by):
    """A stored split as a stream, and the feature `by` of its examples."""
    features, paths = builder.info.features, tuple(map(str, builder.info.splits[split].filepaths))
    spec = features[x].get_tensor_spec()
    if not spec.shape.is_fully_defined():
        raise InputError(
            f"{source.task}: the examples of the data `{source.data}` must be of one shape. "
            f"Received: {x} of {spec.shape}."
        )
    data = f"{source.task}: the data `{source.data}`"
    n = source.examples[split]
    counts, digest, columns = stream.index(data, paths, features, {y, by}, lambda done: watch.tell(done, n))
    _check_count(split, counts.sum(), n)
    only = tfds.features.FeaturesDict({x: features[x]})
    shards = stream.Shards(
        data=data,
        paths=paths,
        counts=counts,
        digest=digest,
        decode=lambda record: only.deserialize_example(record)[x],
        spec=spec,
        of=of,
        window=source.window,
    )
    column = stream.Column(shards, np.ones(len(columns[y]), bool))
    return stream.Streamed(column, columns[y]), columns[by]


def _check_count(split, received, n):
    if received != n:
        raise ValueError(f"the split {split} holds {received} of {n} examples")


def _arrays(builder, split, n):
    # One shard after the other, as a stream gives them.
    config = tfds.ReadConfig(try_autocache=False, interleave_cycle_length=1)
    dataset = builder.as_dataset(split=split, batch_size=1000, shuffle_files=False, read_config=config)
    batches, done = [], 0
    for batch in dataset.as_numpy_iterator():
        batches.append(batch)
        done += len(next(iter(batch.values())))
        watch.tell(done, n)
    _check_count(split, done, n)
    return {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}


def _build(source, data_dir, download_dir, progress):
    tfds.disable_progress_bar()
    try:
        # TFDS prints sentences about the scratch folder.
        with contextlib.redirect_stdout(io.StringIO()):
            builder = tfds.builder(f"{source.dataset}:{source.version}", data_dir=data_dir, try_gcs=False)
            _count(builder, sum(source.examples.values()), progress)
            builder.download_and_prepare(
                download_dir=download_dir,
                download_config=tfds.download.DownloadConfig(try_download_gcs=False),
            )
    except InputError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InputError(
            f"{source.task}: the data `{source.data}` could not be prepared: {first_line(error)}."
        ) from error
    return builder.data_dir


def _count(builder, total, progress):
    """Has a builder tell of the examples that it makes; there may be splits of them that nobody asks for."""
    make, done = builder._generate_examples, itertools.count(1)

    @functools.wraps(make)
    def counted(*args, **kwargs):
        for example in make(*args, **kwargs):
            number = next(done)
            if number % 100 == 0:
                progress(number, max(number, total))
            yield example

    builder._generate_examples = counted


def _reach(source, url):
    """Fails in seconds where TFDS would try for minutes."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=10):
            pass
    except urllib.error.HTTPError:
        pass
    except OSError as error:
        raise InputError(
            f"{source.task}: the data `{source.data}` could not be fetched, as {url} can't be reached "
            f"({getattr(error, 'reason', None) or error}); check the network and the proxy settings."
        ) from error


def _command(source, data_dir):
    where = f" --data-dir {shlex.quote(str(data_dir))}" if data_dir else ""
    return f"tfnotes data prepare {source.name}{where}"
