import json
import shutil
import subprocess
import sys
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
