import os
import struct

import pytest
import tensorflow as tf

from tfnotes.callbacks import trim


def write(folder, steps, value):
    writer = tf.summary.create_file_writer(str(folder))
    with writer.as_default():
        for step in steps:
            tf.summary.scalar("figure", value, step=step)
    writer.close()


def steps(events):
    return [(t.step, float(tf.make_ndarray(t.tensor_proto))) for t in events.Tensors("figure")]


def test_what_is_later_goes(tmp_path, read):
    write(tmp_path / "events" / "train", range(1, 5), 0.5)
    trim(tmp_path / "events", 2)
    assert steps(read("events/train")) == [(1, 0.5), (2, 0.5)]
    write(tmp_path / "events" / "train", range(3, 5), 0.25)
    assert steps(read("events/train")) == [(1, 0.5), (2, 0.5), (3, 0.25), (4, 0.25)]


def test_a_record_cut_short_goes(tmp_path, read):
    write(tmp_path / "events", range(1, 4), 0.5)
    (path,) = (tmp_path / "events").iterdir()
    path.write_bytes(path.read_bytes()[:-5])
    trim(tmp_path / "events", 3)
    assert len(list(tf.data.TFRecordDataset(str(path)))) == 3
    assert steps(read()) == [(1, 0.5), (2, 0.5)]


def test_before_the_first_step_nothing_stays(tmp_path):
    write(tmp_path / "events", [0], 0.5)
    trim(tmp_path / "events", 0)
    assert not list((tmp_path / "events").iterdir())


def test_a_folder_that_is_not_there(tmp_path):
    trim(tmp_path / "none", 3)
    assert not list(tmp_path.iterdir())


def starts(path):
    """Where each record of a file begins."""
    data, found, at = path.read_bytes(), [], 0
    while at < len(data):
        found.append(at)
        at += 12 + struct.unpack_from("<Q", data, at)[0] + 4
    return found


# In a record's length, its checksum, its bytes, and their checksum.
@pytest.mark.parametrize("where", [0, 9, 15, -2])
def test_one_flipped_byte_costs_one_record_and_is_told_of(tmp_path, read, where):
    write(tmp_path / "events", range(1, 7), 0.5)
    (path,) = (tmp_path / "events").iterdir()
    data, begins = bytearray(path.read_bytes()), starts(path)
    # The first record is the file's version; this is the one of step 3.
    data[begins[3] + where if where >= 0 else begins[4] + where] ^= 4
    path.write_bytes(data)
    said = []
    trim(tmp_path / "events", 5, said.append)
    lost = begins[4] - begins[3]
    assert said == [f"{path} is damaged: {lost:,} of {len(data):,} bytes can't be read; the rest stays."]
    assert steps(read()) == [(k, 0.5) for k in (1, 2, 4, 5)]


@pytest.mark.parametrize("noise", [b"no events at all, but a text", b""])
def test_what_has_no_record_is_told_of(tmp_path, noise):
    write(tmp_path / "events", range(1, 4), 0.5)
    (path,) = (tmp_path / "events").iterdir()
    path.write_bytes(noise)
    said = []
    trim(tmp_path / "events", 3, said.append)
    assert said == ([f"{path} is damaged: 28 of 28 bytes can't be read; the rest stays."] if noise else [])


# Of its bytes some are missing, or all, or some of its length.
@pytest.mark.parametrize("left", [-5, 12, 11, 1])
def test_a_killed_writers_last_record_is_nothing_to_tell_of(tmp_path, left):
    write(tmp_path / "events", range(1, 4), 0.5)
    (path,) = (tmp_path / "events").iterdir()
    path.write_bytes(path.read_bytes()[: left if left < 0 else starts(path)[-1] + left])
    said = []
    trim(tmp_path / "events", 3, said.append)
    assert said == []


def test_what_a_killed_trim_left_is_no_event_file_and_goes(tmp_path, monkeypatch):
    write(tmp_path / "events" / "train", range(1, 4), 0.5)

    def killed(path):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("tfnotes.files._sync", killed)
        patch.setattr("tfnotes.files._remove", lambda path: None)
        with pytest.raises(SystemExit):
            trim(tmp_path / "events", 2)
    folder = tmp_path / "events" / "train"
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 2
    assert sum("tfevents" in name for name in left) == 1
    # Whoever goes on is another process, and the number of the killed one may be some other's by now.
    (name,) = (name for name in left if "tfevents" not in name)
    (folder / name).rename(folder / name.replace(str(os.getpid()), str(os.getppid())))
    trim(tmp_path / "events", 2)
    assert len(list(folder.iterdir())) == 1


def test_a_record_that_is_no_event_goes_and_is_told_of(tmp_path, read):
    write(tmp_path / "events", range(1, 4), 0.5)
    (path,) = (tmp_path / "events").iterdir()
    whole = list(tf.data.TFRecordDataset(str(path)).as_numpy_iterator())
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in (*whole[:2], b"\xff no event", *whole[2:]):
            writer.write(record)
    said = []
    trim(tmp_path / "events", 3, said.append)
    assert said == [f"{path} holds a record that is no event."]
    assert steps(read()) == [(1, 0.5), (2, 0.5), (3, 0.5)]


def test_behind_a_damaged_record_too_what_is_no_event_goes(tmp_path, read):
    write(tmp_path / "events", range(1, 4), 0.5)
    (path,) = (tmp_path / "events").iterdir()
    whole = list(tf.data.TFRecordDataset(str(path)).as_numpy_iterator())
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in (*whole[:2], whole[2], b"\xff no event", whole[3]):
            writer.write(record)
    data = bytearray(path.read_bytes())
    data[starts(path)[2] + 15] ^= 4
    path.write_bytes(data)
    said = []
    trim(tmp_path / "events", 3, said.append)
    assert len(said) == 1
    assert steps(read()) == [(1, 0.5), (3, 0.5)]
