import tensorflow as tf

from tfnotes.callbacks import LearningRate, Scalars


def test_every_figure_by_epoch_under_one_name(fit, read, tmp_path):
    train, validation = (tf.summary.create_file_writer(str(tmp_path / name)) for name in ("train", "validation"))
    history = fit(LearningRate(), Scalars(train, validation)).history
    for folder, prefix, tags in (
        ("train", "", {"loss", "accuracy", "learning_rate"}),
        ("validation", "val_", {"loss", "accuracy"}),
    ):
        events = read(folder)
        assert set(events.Tags()["tensors"]) == tags
        for tag in tags:
            written = [(t.step, float(tf.make_ndarray(t.tensor_proto))) for t in events.Tensors(tag)]
            assert written == list(enumerate(history[prefix + tag], start=1))
