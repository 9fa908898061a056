import numpy as np
import pytest
import tensorflow as tf

from tfnotes.callbacks._images import images

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_as_tensorflow_writes_them(writer, read, picture, channels, dtype):
    pictures = RANDOM.integers(0, 256, (2, 3, 5, channels)).astype("uint8")
    pictures = pictures if dtype == "uint8" else (pictures / 255).astype("float32")
    with writer.as_default(step=7):
        images({"one": pictures, "other": pictures[:1]}, {"one": "two of them"})
        tf.summary.image("theirs", pictures, description="two of them")
    writer.flush()
    events = read()
    (ours,), (theirs,) = events.Tensors("one"), events.Tensors("theirs")
    assert ours.step == 7
    np.testing.assert_array_equal(picture(ours), picture(theirs))
    # Width and height.
    assert tf.make_ndarray(ours.tensor_proto)[:2].tolist() == [b"5", b"3"]
    about = [events.SummaryMetadata(tag) for tag in ("one", "theirs", "other")]
    assert about[0].plugin_data.plugin_name == about[1].plugin_data.plugin_name == "images"
    assert [a.summary_description for a in about] == ["two of them", "two of them", ""]
    assert len(picture(events.Tensors("other")[0])) == 1


def test_what_lies_beyond_0_and_1_is_cut_off(writer, read, picture):
    with writer.as_default(step=1):
        images({"one": np.array([-0.5, 0.25, 2.0]).reshape(1, 1, 3, 1)})
    writer.flush()
    np.testing.assert_array_equal(np.ravel(picture(read().Tensors("one")[0])), [0, 64, 255])
