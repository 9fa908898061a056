import dataclasses
import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from tfnotes.data import prepared, watch
from tfnotes.errors import InputError
from tfnotes_tasks import sources


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return tmp_path_factory.mktemp("stored")


@pytest.fixture
def data_dir(small_sample, stored, tmp_path):
    if not any(stored.iterdir()):
        prepared.prepare(sources.MNIST_SAMPLE, stored)
    return shutil.copytree(stored, tmp_path / "data")


def shard(folder, split="train"):
    (path,) = folder.glob(f"*-{split}.tfrecord*")
    return path


def missing_shard(folder):
    shard(folder).unlink()


def truncated_shard(folder):
    path = shard(folder, "test")
    path.write_bytes(path.read_bytes()[:-100])


def empty_shard(folder):
    shard(folder).write_bytes(b"")


def one_example_less(folder):
    path = shard(folder)
    data = path.read_bytes()
    # A record: its length (8 bytes), the length's checksum (4), the data, their checksum (4).
    path.write_bytes(data[int.from_bytes(data[:8], "little") + 16 :])


def one_example_less_and_an_info_that_agrees(folder):
    one_example_less(folder)
    path = folder / "dataset_info.json"
    info = json.loads(path.read_text())
    info["splits"][0]["shardLengths"] = ["159"]
    path.write_text(json.dumps(info))


def flipped_byte(folder):
    path = shard(folder)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def broken_info(folder):
    path = folder / "dataset_info.json"
    path.write_text(path.read_text()[:-30])


def info_without_splits(folder):
    path = folder / "dataset_info.json"
    info = json.loads(path.read_text())
    info["splits"] = info["splits"][:1]
    path.write_text(json.dumps(info))


def missing_features(folder):
    (folder / "features.json").unlink()


def empty_folder(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def folder_for_info(folder):
    (folder / "dataset_info.json").unlink()
    (folder / "dataset_info.json").mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        missing_shard,
        truncated_shard,
        empty_shard,
        one_example_less,
        one_example_less_and_an_info_that_agrees,
        flipped_byte,
        broken_info,
        info_without_splits,
        missing_features,
        empty_folder,
        folder_for_info,
    ],
)
def test_damaged_data_are_said_to_be(data_dir, damage):
    sample = sources.MNIST_SAMPLE
    damage(sample.folder(data_dir))
    with pytest.raises(InputError) as raised:
        prepared.read(sample, data_dir)
    message = str(raised.value)
    assert "\n" not in message
    assert f"in {sample.folder(data_dir)} are damaged (" in message
    assert f"rebuild them with `tfnotes data prepare sample --data-dir {data_dir} --force`" in message


@pytest.mark.parametrize("damage", [broken_info, empty_folder])
def test_damaged_data_can_be_rebuilt(data_dir, damage):
    sample = sources.MNIST_SAMPLE
    before = prepared.read(sample, data_dir)
    damage(sample.folder(data_dir))
    prepared.prepare(sample, data_dir)
    after = prepared.read(sample, data_dir)
    np.testing.assert_array_equal(after["train"]["image"], before["train"]["image"])
    np.testing.assert_array_equal(after["test"]["label"], before["test"]["label"])


def test_nothing_prepared(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    with pytest.raises(InputError) as raised:
        prepared.read(sources.MNIST_FULL)
    assert str(raised.value) == (
        f"mnist: the data `full` are not prepared in {tmp_path}; get them with `tfnotes data prepare full`, "
        "or use the data `sample`: `tfnotes data prepare sample`."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_host_out_of_reach(tmp_path, monkeypatch):
    # Python keeps the opener, and with it the proxies, of the first request for all that follow.
    monkeypatch.setattr(urllib.request, "_opener", None)
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(
        InputError, match=r"the data `full` could not be fetched, as https.*check the network"
    ):
        prepared.prepare(sources.MNIST_FULL, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_failed_rebuild_leaves_what_was_there(data_dir, monkeypatch):
    monkeypatch.delenv("PIP_FIND_LINKS")
    with pytest.raises(InputError, match="could not be fetched"):
        prepared.prepare(sources.MNIST_SAMPLE, data_dir)
    assert len(prepared.read(sources.MNIST_SAMPLE, data_dir)["test"]["label"]) == 40
    assert [path.name for path in data_dir.iterdir()] == ["mnist_sample"]


def test_the_data_folder_is_a_file(small_sample, tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(OSError, match="data"):
        prepared.prepare(sources.MNIST_SAMPLE, tmp_path / "data")


KILLED = """
import os, signal, sys
from tfnotes.data import prepared, watch
from tfnotes_tasks.mnist import sample as mnist_sample
from tfnotes_tasks import sources

mnist_sample.SHA256 = sys.argv[2]

def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "writing":
    def generate(self, examples, whole=mnist_sample.MnistSample._generate_examples):
        for number, example in enumerate(whole(self, examples)):
            yield example
            if number == 20:
                die()
    mnist_sample.MnistSample._generate_examples = generate
else:
    os.replace = die
prepared.prepare(sources.MNIST_SAMPLE, sys.argv[1])
"""


@pytest.mark.parametrize("moment", ["writing", "renaming"])
def test_a_killed_preparation_counts_as_none(small_sample, tmp_path, moment):
    from tfnotes_tasks.mnist import sample as mnist_sample

    sample, data_dir = sources.MNIST_SAMPLE, tmp_path / "data"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, data_dir, mnist_sample.SHA256, moment], capture_output=True, text=True
    )
    assert killed.returncode == -9, killed.stderr
    assert any(Path(data_dir).rglob("*.tfrecord*")) or moment == "writing"
    assert not sample.is_prepared(data_dir)
    with pytest.raises(InputError, match="not prepared"):
        prepared.read(sample, data_dir)
    assert any(data_dir.rglob(".*.partial-*"))
    prepared.prepare(sample, data_dir)
    assert len(prepared.read(sample, data_dir)["train"]["label"]) == 160
    assert not any(data_dir.rglob(".*.partial-*"))


@pytest.mark.parametrize("error", [PermissionError, MemoryError])
def test_what_is_no_damage_is_not_called_so(data_dir, monkeypatch, error):
    def fails(*arguments, **options):
        raise error("no")

    monkeypatch.setattr(prepared.tfds, "builder_from_directory", fails)
    with pytest.raises(error, match=r"^no$"):
        prepared.read(sources.MNIST_SAMPLE, data_dir)


def test_how_far_it_is(small_sample, tmp_path):
    told = []
    prepared.prepare(sources.MNIST_SAMPLE, tmp_path / "data", lambda done, total: told.append((done, total)))
    assert told == [(100, 200), (200, 200)]


@pytest.mark.parametrize("limit", [str(2**30), "0.0001"], ids=["in memory", "a stream"])
def test_how_far_reading_is(data_dir, monkeypatch, limit):
    monkeypatch.setenv("TFNOTES_STREAM_ABOVE", limit)
    told = []
    with watch.watched(lambda done, total: told.append((done, total))):
        splits = prepared.splits(sources.MNIST_SAMPLE, data_dir)
    stored = sources.MNIST_SAMPLE.examples
    assert [pair for pair in told if pair[0] == pair[1]] == [(n, n) for n in stored.values()]
    assert len(splits.train) + len(splits.validation) == stored["train"]
    before = list(told)
    prepared.splits(sources.MNIST_SAMPLE, data_dir)
    assert told == before, "nobody watches any more"


def test_of_each_label_the_last_tenth_is_held_out():
    labels = np.repeat([0, 1, 2, 3], [5, 9, 10, 25])
    labels = np.concatenate([labels, [0]])
    held = prepared.last_tenth(labels)
    assert np.flatnonzero(held).tolist() == [23, 47, 48]


KINDS = """
import numpy as np
import tensorflow_datasets as tfds

class KindsOfSplits(tfds.core.GeneratorBasedBuilder):
    VERSION = tfds.core.Version("1.0.0")
    failure, told = None, []

    def _info(self):
        features = {"x": tfds.features.Scalar(np.int32), "any": tfds.features.Image(shape=(None, None, 1))}
        features |= {"y": tfds.features.Scalar(np.uint8), "of": tfds.features.Text()}
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        self.told.append(dl_manager.download_dir)
        return {name: self._generate_examples(n) for name, n in (("train", 150), ("validation", 7), ("test", 60))}

    def _generate_examples(self, count):
        if self.failure:
            raise self.failure
        for k in range(count):
            yield k, {"x": k, "any": np.zeros((1, 2, 1), "uint8"), "y": k % 3, "of": f"film {k % 5}"}
"""
EXAMPLES = {"train": 150, "validation": 7, "test": 60}
KINDS_SOURCE = sources.MNIST_FULL.__class__(
    "kinds", "kinds", "", "kinds_of_splits", "1.0.0", EXAMPLES, module="kinds_of_splits"
)


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    """The module of a dataset that has a validation split of its own; it is imported when it is prepared."""
    folder = tmp_path_factory.mktemp("module")
    (folder / "kinds_of_splits.py").write_text(KINDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        assert "kinds_of_splits" not in sys.modules
        told: list = []
        prepared.prepare(KINDS_SOURCE, folder / "data", lambda *done: told.append(done))
        assert told == [(100, 217), (200, 217)]
        yield folder / "data", sys.modules["kinds_of_splits"].KindsOfSplits


@pytest.mark.parametrize("stream", [True, False])
def test_a_stored_validation_split_is_the_validation_split(kinds, stream):
    source, held = dataclasses.replace(KINDS_SOURCE, stream=stream), []
    found = prepared.splits(source, kinds[0], "x", "y", of=lambda x: -x, by="of", held=held.append)
    assert held == []
    assert [len(part) for part in (found.train, found.validation, found.test)] == [150, 7, 60]
    whole = found.validation.take(slice(None))
    assert sorted(whole.x) == [-6, -5, -4, -3, -2, -1, 0]
    np.testing.assert_array_equal(-whole.x % 3, whole.y)
    without = dataclasses.replace(source, examples={name: EXAMPLES[name] for name in ("train", "test")})
    seen = []

    def films(told):
        seen.append(told)
        return told == b"film 2"

    found = prepared.splits(without, kinds[0], "x", "y", by="of", held=films)
    assert sorted(found.validation.take(slice(None)).x) == list(range(2, 150, 5))
    assert len(found.train) == 120
    (told,) = seen
    train = prepared.splits(without, kinds[0], "x", "y", held=lambda y: seen.append(y) or y < 0).train
    np.testing.assert_array_equal(seen[1], train.y)
    assert [f"film {x % 5}".encode() for x in train.take(slice(None)).x] == told.tolist()


def test_examples_of_several_shapes_are_no_stream(kinds):
    with pytest.raises(InputError) as caught:
        prepared.splits(dataclasses.replace(KINDS_SOURCE, stream=True), kinds[0], "any", "y")
    assert str(caught.value) == (
        "kinds: the examples of the data `kinds` must be of one shape. Received: any of (None, None, 1)."
    )


def test_who_prepares_is_told_of_no_fewer_than_are_done(kinds, tmp_path):
    told: list = []
    few = dataclasses.replace(KINDS_SOURCE, examples={"train": 150})
    prepared.prepare(few, tmp_path, lambda *done: told.append(done))
    assert told == [(100, 150), (200, 200)]
    watched: list = []
    with watch.watched(lambda *done: watched.append(done)):
        watch.tell(3, 9)
        watch.tell(10, 9)
    watch.tell(4, 9)
    assert watched == [(3, 9), (10, 10)]


@pytest.mark.parametrize(
    ("failure", "raised", "said"),
    [
        (ValueError("first\nsecond"), InputError, "kinds: the data `kinds` could not be prepared: first."),
        (OSError("no number"), InputError, "kinds: the data `kinds` could not be prepared: no number."),
        (OSError(28, "No space left"), OSError, "[Errno 28] No space left"),
        (InputError("said already"), InputError, "said already"),
    ],
)
def test_what_keeps_data_from_being_prepared(kinds, tmp_path, monkeypatch, failure, raised, said):
    monkeypatch.setattr(kinds[1], "failure", failure)
    with pytest.raises(raised) as caught:
        prepared.prepare(KINDS_SOURCE, tmp_path)
    assert str(caught.value) == said
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_where_downloads_are_kept(kinds, tmp_path, monkeypatch):
    _, builder = kinds
    prepared.prepare(KINDS_SOURCE, tmp_path / "none")
    assert Path(builder.told[-1]).name == "downloads"
    assert Path(builder.told[-1]).parent.parent == tmp_path / "none", "with the rest of what is half done"
    assert [path.name for path in (tmp_path / "none").iterdir()] == ["kinds_of_splits"]
    (tmp_path / "there").touch()
    asked = []

    def opened(request, timeout):
        asked.append((request.full_url, request.method, timeout))
        raise urllib.error.HTTPError(request.full_url, 405, "no HEAD", {}, None)

    urls = [(tmp_path / name).as_uri() for name in ("there", "gone")]
    monkeypatch.setattr(builder, "url_infos", dict.fromkeys(urls))
    prepared.prepare(KINDS_SOURCE, tmp_path / "kept")
    assert Path(builder.told[-1]) == tmp_path / "kept" / "downloads"
    monkeypatch.setattr(urllib.request, "urlopen", opened)
    prepared.prepare(KINDS_SOURCE, tmp_path / "kept")
    assert asked == [(urls[0], "HEAD", 10)], "a server that answers is in reach"

    def unheard(request, timeout):
        raise urllib.error.URLError("nobody there")

    monkeypatch.setattr(urllib.request, "urlopen", unheard)
    with pytest.raises(InputError) as caught:
        prepared.prepare(KINDS_SOURCE, tmp_path / "never")
    assert str(caught.value) == (
        f"kinds: the data `kinds` could not be fetched, as {urls[0]} can't be reached (nobody there); "
        "check the network and the proxy settings."
    )
    assert not (tmp_path / "never").exists()


def test_a_folder_whose_name_a_shell_would_cut(tmp_path):
    with pytest.raises(InputError) as caught:
        prepared.splits(KINDS_SOURCE, tmp_path / "a b")
    where = f"--data-dir '{tmp_path}/a b'"
    assert str(caught.value) == (
        f"kinds: the data `kinds` are not prepared in {tmp_path}/a b; get them with "
        f"`tfnotes data prepare kinds {where}`."
    )
