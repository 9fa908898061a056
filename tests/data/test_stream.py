"""Examples on the disk: the same ones as in memory, each once an epoch, in an order of seed and epoch alone."""

import dataclasses
import hashlib
import shutil

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from tfnotes.data import buckets, pipeline, prepared, sources, stream
from tfnotes.errors import InputError
from tfnotes.task import Split
from tfnotes.training import sharing
from tfnotes.training.cluster import Cluster
from tfnotes.training.config import describe_data

N, SHARDS, WINDOW, BATCH = 430, 7, 50, 16


class Numbered(tfds.core.GeneratorBasedBuilder):
    """Example k: a picture and a text that say k, and one of three labels."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        image, label = tfds.features.Image(shape=(1, 3, 1)), tfds.features.ClassLabel(num_classes=3)
        features = {"image": image, "text": tfds.features.Text(), "label": label}
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples(N), "test": self._generate_examples(60)}

    def _generate_examples(self, count):
        for k in range(count):
            image = np.array([k % 256, k // 256, k % 3], "uint8").reshape(1, 3, 1)
            yield k, {"image": image, "text": " ".join([str(k)] * (k % 9)), "label": k % 3}


SOURCE = sources.Source(
    name="numbered",
    task="numbers",
    about="",
    dataset="numbered",
    version="1.0.0",
    examples={"train": N, "test": 60},
    stream=True,
    window=WINDOW,
)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    config = tfds.download.DownloadConfig(num_shards=SHARDS)
    Numbered(data_dir=folder).download_and_prepare(download_config=config)
    return folder


def read(data_dir, x="image", **options):
    return prepared.splits(dataclasses.replace(SOURCE, **options), data_dir, x, of=lambda x: x)


@pytest.fixture(scope="module")
def streamed(data_dir):
    return read(data_dir)


@pytest.fixture(scope="module")
def held(data_dir):
    """The same in memory."""
    return read(data_dir, stream=False)


def epochs(split, seed, first, last, batch_size=BATCH):
    """The numbers of the examples in each epoch's batches."""
    batches, steps = pipeline.training_batches(split, batch_size, seed, first, last, lambda x: x)
    found = []
    for x, y in batches.as_numpy_iterator():
        np.testing.assert_array_equal(x[:, 0, 2, 0], y)
        found.append(numbers(x))
    assert len(found) == len(batches) == steps * (last - first)
    return [found[k : k + steps] for k in range(0, len(found), steps)]


def numbers(x):
    return x[:, 0, 0, 0] + 256 * x[:, 0, 1, 0].astype(int)


def same(left, right):
    np.testing.assert_array_equal(left.x, right.x)
    np.testing.assert_array_equal(left.y, right.y)
    assert (left.x.dtype, left.y.dtype) == (right.x.dtype, right.y.dtype)


@pytest.mark.parametrize("name", ["train", "validation", "test"])
def test_the_same_examples_in_the_same_order_as_in_memory(streamed, held, name):
    wanted = getattr(held, name)
    for split in (getattr(streamed, name), wanted):
        parts = list(split.chunks(33))
        assert [len(part) for part in parts[:-1]] == [33] * (len(wanted) // 33)
        same(Split(*(np.concatenate([getattr(part, a) for part in parts]) for a in "xy")), wanted)


def test_some_in_an_order_of_choice(streamed, held):
    for rows in ([7, 3, 300, 3], slice(5)):
        same(streamed.train.take(rows), held.train.take(rows))
    assert streamed.train.take([]).x.shape == (0, 1, 3, 1)


def test_an_epoch_gives_each_example_once_in_batches_of_one_size(streamed, held):
    wanted = sorted(numbers(held.train.x))
    for batches in epochs(streamed.train, 3, 0, 3):
        assert [len(batch) for batch in batches[:-1]] == [BATCH] * (len(wanted) // BATCH)
        assert sorted(np.concatenate(batches)) == wanted


def test_the_order_is_a_function_of_seed_and_epoch(streamed):
    whole = epochs(streamed.train, 3, 0, 4)
    tf.random.set_seed(99)
    assert str(epochs(streamed.train, 3, 2, 4)) == str(whole[2:])
    orders = [str(batches) for seed in (0, 2, 2**32 - 1) for batches in epochs(streamed.train, seed, 0, 3)]
    assert len({*orders, *map(str, whole)}) == 13


@pytest.mark.parametrize("made", ["shuffled", "in order"])
def test_workers_share_each_batch_out(streamed, made):
    def batches(prepare=lambda x: x, part=None):
        if made == "shuffled":
            return pipeline.training_batches(streamed.train, BATCH, 3, 0, 1, prepare, part)[0]
        return pipeline.evaluation_batches(streamed.train, BATCH, prepare, part)

    def own(rank):
        seen = tf.Variable(0)

        def prepare(x):
            seen.assign_add(tf.shape(x)[0])
            return x

        parts = list(batches(prepare, sharing.part(Cluster(["a", "b"], rank))).as_numpy_iterator())
        for x, y, _ in parts:
            np.testing.assert_array_equal(x[:, 0, 2, 0], y)
        return [numbers(x[: part["mine"]]) for x, y, part in parts], int(seen)

    (first, first_seen), (second, second_seen) = own(0), own(1)
    whole = [numbers(x) for x, y in batches().as_numpy_iterator()]
    assert str([np.concatenate(parts) for parts in zip(first, second, strict=True)]) == str(whole)
    assert [len(part) for part in first[:-1]] == [BATCH // 2] * (len(whole) - 1)
    # Each prepares its own rows, and none of the other's.
    assert max(first_seen, second_seen) <= len(streamed.train) / 2 + len(whole)


def test_no_more_than_a_window_is_shuffled(streamed):
    """Of one shard: what leaves in window w came in window w, and in another order."""
    shards = streamed.train.x.shards
    count = int(shards.counts[0])
    assert count > WINDOW
    one = dataclasses.replace(shards, paths=shards.paths[:1], counts=shards.counts[:1])
    column = dataclasses.replace(streamed.train.x, shards=one, kept=np.ones(count, bool))
    split = dataclasses.replace(streamed.train, x=column, y=np.zeros(count, int))
    stored = numbers(split.take(slice(None)).x)
    found = numbers(next(iter(pipeline.training_batches(split, count, 0, 0, 1, lambda x: x)[0]))[0].numpy())
    for start in range(0, count, WINDOW):
        window = slice(start, start + WINDOW)
        assert set(found[window]) == set(stored[window])
    assert not np.array_equal(found[:WINDOW], stored[:WINDOW])


def test_shards_come_in_another_order_each_epoch(streamed, held):
    ends = np.cumsum(streamed.train.x.shards.counts)
    shard = np.searchsorted(ends, np.flatnonzero(streamed.train.x.kept), "right")
    of = dict(zip(numbers(held.train.x), shard, strict=True))
    first = [{of[k] for k in np.concatenate(batches)[:WINDOW]} for batches in epochs(streamed.train, 0, 0, 5)]
    assert len(set.union(*first)) > 2


def test_a_window_of_everything_leaves_no_trace_of_the_stored_order(data_dir, held):
    """Where an example comes doesn't depend on where it was stored."""
    split = read(data_dir, window=10**6).train
    stored = {k: row for row, k in enumerate(numbers(held.train.x))}
    places = np.zeros((40, len(split)))
    for epoch, batches in enumerate(epochs(split, 0, 0, 40, batch_size=len(split))):
        for place, k in enumerate(np.concatenate(batches)):
            places[epoch, stored[k]] = place
    correlation = np.corrcoef(places.mean(0), np.arange(len(split)))[0, 1]
    assert abs(correlation) < 5 / np.sqrt(len(split))
    deviation = np.sqrt((len(split) ** 2 - 1) / 12)
    assert np.all(np.abs(places.mean(0) - (len(split) - 1) / 2) < 5 * deviation / np.sqrt(40))


def test_selected_joined_and_relabelled(streamed, held):
    rows = np.flatnonzero(held.train.y != 1)
    same(streamed.train.select(rows).select([0, 5, 9]).take(slice(None)), held.train.select(rows).take([0, 5, 9]))
    both = streamed.train.select(rows).joined(streamed.validation)
    wanted = held.train.select(rows).joined(held.validation)
    assert dict(zip(numbers(both.take(slice(None)).x), both.y, strict=True)) == dict(
        zip(numbers(wanted.x), wanted.y, strict=True)
    )
    hidden = dataclasses.replace(streamed.train, y=-streamed.train.y)
    same(hidden.take([7, 2]), dataclasses.replace(held.train, y=-held.train.y).take([7, 2]))
    with pytest.raises(InputError, match="can be joined with what was held out of them"):
        streamed.train.joined(streamed.test)


def to_ids(texts):
    """Each word's number, 0 behind the last."""
    words = tf.strings.split(texts)
    return tf.strings.to_number(words, tf.int64).to_tensor() + tf.cast(tf.sequence_mask(words.row_lengths()), tf.int64)


def test_texts_of_like_length(data_dir):
    split, memory = (read(data_dir, "text", stream=stream).train for stream in (True, False))
    wanted = sorted((text.decode(), int(y)) for text, y in zip(memory.x, memory.y, strict=True))
    batches, steps = buckets.training_batches(split, 4, 5, 0, 2, to_ids)
    found = list(batches.as_numpy_iterator())
    assert len(found) == len(batches) == 2 * steps
    resumed = buckets.training_batches(split, 4, 5, 1, 2, to_ids)[0]
    assert list(map(str, resumed.as_numpy_iterator())) == list(map(str, found[steps:]))
    evaluated = list(buckets.evaluation_batches(split, 4, to_ids).as_numpy_iterator())
    for part in (found[:steps], found[steps:], evaluated):
        told = [(ids, int(y)) for batch in part for ids, y in zip(*batch, strict=True)]
        assert sorted((" ".join(str(k - 1) for k in ids if k), y) for ids, y in told) == wanted
        assert all(ids.dtype == "int32" and ids.shape[1] == max(1, (ids != 0).sum(1).max()) for ids, _ in part)
        # 0 to 8 words a text: in batches of chance half of the ids would be padding.
        assert sum((ids == 0).sum() for ids, _ in part) / sum(ids.size for ids, _ in part) < 0.15
    lengths = [ids.shape[1] for ids, _ in found[: buckets.POOL]]
    assert lengths != sorted(lengths)


def test_the_size_decides_where_the_source_says_nothing(data_dir, monkeypatch):
    def is_streamed(**options):
        return describe_data(read(data_dir, **options))["streamed"]

    assert not is_streamed(stream=None)
    monkeypatch.setenv("TFNOTES_STREAM_ABOVE", "0")
    assert is_streamed(stream=None)
    assert not is_streamed(stream=False)
    monkeypatch.setenv("TFNOTES_STREAM_ABOVE", "0.5")
    assert not is_streamed(stream=None)
    for wrong in ("much", "-1", "nan"):
        monkeypatch.setenv("TFNOTES_STREAM_ABOVE", wrong)
        with pytest.raises(InputError, match="`TFNOTES_STREAM_ABOVE` must be a number of megabytes"):
            read(data_dir, stream=None)


def test_the_fingerprint_is_of_records_rows_and_labels(streamed, data_dir):
    own = describe_data(streamed)
    assert own["examples"] == {name: len(getattr(streamed, name)) for name in ("train", "validation", "test")}
    assert describe_data(read(data_dir))["fingerprint"] == own["fingerprint"]
    y = streamed.train.y.copy()
    y[5] += 1
    others = [
        dataclasses.replace(streamed, train=streamed.train.joined(streamed.validation)),
        dataclasses.replace(streamed, train=dataclasses.replace(streamed.train, y=y)),
    ]
    prints = [describe_data(splits)["fingerprint"] for splits in others]
    assert len({own["fingerprint"], *prints}) == 3


@pytest.mark.parametrize("take", [np.asarray, tf.constant, len, lambda x: x[:3]])
def test_who_takes_it_for_an_array_is_refused(streamed, take):
    with pytest.raises(InputError, match=r"^numbers: the data `numbered` must fit in memory .* Received: a stream"):
        take(streamed.train.x)


def test_arrays_are_refused_where_a_source_says_stream(data_dir):
    with pytest.raises(InputError, match=r"must be read by `tfnotes\.data\.prepared\.splits`"):
        prepared.read(SOURCE, data_dir)
    with pytest.raises(InputError, match="`window` must be a positive integer"):
        dataclasses.replace(SOURCE, window=0)


@pytest.fixture
def copied(data_dir, tmp_path):
    return shutil.copytree(data_dir, tmp_path / "data")


def first_shard(folder):
    return min((folder / "numbered" / "1.0.0").glob("*train*"))


@pytest.mark.parametrize("damage", ["flipped", "shorter", "gone", "one less"])
def test_damaged_shards_are_found_before_training(copied, damage):
    path = first_shard(copied)
    data = bytearray(path.read_bytes())
    if damage == "flipped":
        data[len(data) // 2] ^= 1
    if damage == "shorter":
        data = data[:-5]
    if damage == "one less":
        data = data[int.from_bytes(data[:8], "little") + 16 :]
    path.write_bytes(data)
    if damage == "gone":
        path.unlink()
    with pytest.raises(InputError, match=r"numbers: the data `numbered` in .* are damaged \(") as error:
        read(copied)
    assert "\n" not in str(error.value)


def test_shards_that_go_while_they_are_read(copied):
    split = read(copied).train
    first_shard(copied).unlink()
    with pytest.raises(InputError, match=r"^numbers: the data `numbered` can't be read to their end"):
        split.take([0])


LONG = (250, 240, 130)


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    """Of records that are their own number, more in a shard than are read at once; those that end in 3 are no part."""
    folder, number, paths = tmp_path_factory.mktemp("long"), iter(range(sum(LONG))), []
    for count in LONG:
        paths.append(str(folder / f"{len(paths)}"))
        with tf.io.TFRecordWriter(paths[-1]) as writer:
            for _ in range(count):
                writer.write(np.int64(next(number)).tobytes())
    shards = stream.Shards(
        data="numbers: the data `long`",
        paths=tuple(paths),
        counts=np.array(LONG),
        digest="all",
        decode=lambda record: tf.io.decode_raw(record, tf.int64)[0],
        spec=tf.TensorSpec((), tf.int64),
        of=lambda x: 10 * x,
        window=150,
    )
    column = stream.Column(shards, np.arange(sum(LONG)) % 10 != 3)
    return stream.Streamed(column, np.flatnonzero(column.kept) % 7)


def test_shards_longer_than_what_is_read_at_once(numbered):
    rows = np.flatnonzero(numbered.x.kept)
    batches = numbered.batches(64, lambda x: x + 1)
    found = list(batches.as_numpy_iterator())
    assert len(batches) == len(found) == 9
    np.testing.assert_array_equal(np.concatenate([x for x, _ in found]), 10 * rows + 1)
    np.testing.assert_array_equal(np.concatenate([y for _, y in found]), rows % 7)
    same(numbered.take([557, 0, 300]), Split(10 * rows[[557, 0, 300]], rows[[557, 0, 300]] % 7))
    np.testing.assert_array_equal(numbered.labels[rows], rows % 7)


def test_several_shards_are_read_in_turns(numbered):
    """So that a window holds of several what one shard alone would fill."""
    ends, firsts = np.cumsum(LONG), set()
    for x, y in numbered.shuffled(150, 5, 0, 4, lambda x: x).as_numpy_iterator():
        np.testing.assert_array_equal(x // 10 % 7, y)
        if len(firsts) % 4 == 0:
            assert len(set(np.searchsorted(ends, x // 10, "right"))) > 1
        firsts.add(tuple(x))


def test_what_is_told_of_a_split_tells_it_from_others(numbered):
    def told(split, name="train"):
        digest = hashlib.sha256()
        split.describe(name, digest)
        return digest.hexdigest()

    x = numbered.x
    others = [
        dataclasses.replace(numbered, x=dataclasses.replace(x, shards=dataclasses.replace(x.shards, digest="more"))),
        dataclasses.replace(numbered, x=dataclasses.replace(x, kept=np.roll(x.kept, 1))),
        dataclasses.replace(numbered, y=numbered.y[::-1].copy()),
    ]
    assert told(numbered) == told(dataclasses.replace(numbered))
    assert len({told(numbered), told(numbered, "test"), *map(told, others)}) == 5


def examples_of(folder, *files):
    """TFRecords of the labels of each file, or of records as they are given."""

    def record(label):
        feature = {"label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label]))}
        return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()

    paths = [str(folder / f"{k}") for k in range(len(files))]
    for path, labels in zip(paths, files, strict=True):
        with tf.io.TFRecordWriter(path) as writer:
            for label in labels:
                writer.write(b"".join(map(record, label)) if isinstance(label, tuple) else record(label))
    return paths


def test_one_pass_counts_each_file_and_reads_its_labels(tmp_path):
    features, told = tfds.features.FeaturesDict({"label": tfds.features.ClassLabel(num_classes=300)}), []
    paths = examples_of(tmp_path, range(250), [], [7])
    counts, digest, found = stream.index("data", paths, features, {"label"}, told.append)
    assert counts.tolist() == [250, 0, 1]
    assert told == [100, 200, 250, 251]
    assert (found["label"].tolist(), found["label"].dtype) == ([*range(250), 7], np.int64)
    assert stream.index("data", examples_of(tmp_path, [1], [2]), features, ["label"])[1] != digest
    # The same bytes, of two records and of one.
    apart, together = (
        stream.index("data", examples_of(tmp_path, records), features, ["label"]) for records in ([1, 2], [(1, 2)])
    )
    assert (apart[0].tolist(), together[0].tolist()) == ([2], [1])
    assert apart[1] != together[1]
    assert stream.index("data", examples_of(tmp_path, []), features, ["label"])[2]["label"].shape == (0,)


def test_labels_are_numbers_or_strings(data_dir):
    wanted = r"^numbers: the data `numbered` must have a number or a string as the feature image\. Received: "
    with pytest.raises(InputError, match=wanted):
        prepared.splits(SOURCE, data_dir, y="image")
    by_text = prepared.splits(SOURCE, data_dir, by="text", held=lambda texts: texts == b"")
    assert len(by_text.validation) == len(range(0, N, 9))
    assert set(numbers(by_text.validation.take(slice(None)).x) % 9) == {0}


def test_shards_that_are_damaged_while_they_are_read(copied):
    split = read(copied).train
    data = bytearray(first_shard(copied).read_bytes())
    data[len(data) // 2] ^= 1
    first_shard(copied).write_bytes(data)
    for reads in (lambda: split.take(slice(None)), lambda: list(split.chunks(50))):
        with pytest.raises(InputError, match=r"^numbers: the data `numbered` can't be read to their end \(.+\)\.$"):
            reads()


@pytest.mark.parametrize("stream", [True, False])
def test_fewer_or_more_examples_than_the_source_says(data_dir, stream):
    for wrong in (N - 1, N + 1):
        with pytest.raises(InputError, match=rf"damaged \(the split train holds {N} of {wrong} examples\); rebuild"):
            read(data_dir, stream=stream, examples={"train": wrong, "test": 60})


def test_a_size_at_the_limit_is_held_in_memory(data_dir, monkeypatch):
    size = tfds.builder_from_directory(SOURCE.folder(data_dir)).info.dataset_size
    for limit, streamed in ((size, False), (size - 1, True)):
        monkeypatch.setattr(sources, "stream_above", lambda limit=limit: limit)
        assert describe_data(read(data_dir, stream=None))["streamed"] is streamed


def test_a_window_is_shuffled_by_the_seed_the_epoch_and_its_number(numbered):
    shards = dataclasses.replace(numbered.x.shards, paths=numbered.x.shards.paths[:1], counts=np.array(LONG[:1]))
    one = stream.Streamed(stream.Column(shards, np.ones(250, bool)), np.zeros(250, int))
    for seed, epoch in ((5, 2), (2, 5)):
        batches = one.shuffled(64, seed, epoch, epoch + 1, lambda x: x).as_numpy_iterator()
        found = np.concatenate([x for x, _ in batches])
        wanted = []
        for k, rows in enumerate((np.arange(150), np.arange(150, 250))):
            drawn = tf.constant([seed, epoch], tf.int64)
            own = tf.random.experimental.stateless_fold_in(drawn, tf.constant(k, tf.int64))
            wanted += rows[tf.random.experimental.stateless_shuffle(tf.range(len(rows)), seed=own)].tolist()
        assert (found // 10).tolist() == wanted


def test_what_lies_behind_the_last_example_is_not_read(numbered):
    shards = dataclasses.replace(numbered.x.shards, paths=(numbered.x.shards.paths[0], "gone", "gone"))
    split = stream.Streamed(stream.Column(shards, np.arange(sum(LONG)) < 100), np.arange(100))
    assert (split.take(slice(None)).x // 10).tolist() == list(range(100))
    with pytest.raises(InputError, match=r"^numbers: the data `long` can't be read to their end"):
        stream.Streamed(stream.Column(shards, np.ones(sum(LONG), bool)), np.zeros(sum(LONG))).take([0])


def lengthy(x):
    """Of number k a text of k % 7 words, each of them k + 1."""
    return tf.cast(tf.sequence_mask(x // 10 % 7), tf.int64) * (x[:, None] // 10 + 1)


def test_batches_of_like_length_come_in_an_order_of_seed_and_stretch(numbered):
    numbered = numbered.select(np.arange(215))
    batches, steps = buckets.training_batches(numbered, 4, 5, 1, 2, lengthy)
    found, wanted = [(ids.tolist(), y.tolist()) for ids, y in batches.as_numpy_iterator()], []
    assert steps == len(found) == 54
    stretches = numbered.shuffled(200, 5, 1, 2, lengthy).as_numpy_iterator()
    # The epoch before had two stretches, too.
    for number, (ids, y) in enumerate(stretches, 2):
        rows = np.argsort((ids != 0).sum(1), kind="stable")
        own = tf.random.experimental.stateless_fold_in(tf.constant([5, -1], tf.int64), tf.constant(number, tf.int64))
        for k in tf.random.experimental.stateless_shuffle(tf.range(-(-len(rows) // 4)), own).numpy():
            chosen = rows[4 * k : 4 * k + 4]
            wanted.append((ids[chosen, : max(1, (ids[chosen] != 0).sum(1).max())].tolist(), y[chosen].tolist()))
    assert number == 3
    assert found == wanted
    evaluated = buckets.evaluation_batches(numbered, 4, lengthy)
    lengths = [(ids != 0).sum(1).tolist() for ids, _ in evaluated.as_numpy_iterator()]
    assert (len(evaluated), [len(part) for part in lengths[:-1]]) == (54, [4] * 53)
    for stretch in (lengths[:50], lengths[50:]):
        assert (np.diff(np.concatenate(stretch)) >= 0).all()
