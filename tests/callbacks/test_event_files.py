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
