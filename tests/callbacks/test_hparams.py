import json

import pytest
import tensorflow as tf
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2

from tfnotes.callbacks import HParams
from tfnotes.errors import InputError


def started(read):
    """The settings and the end of the session, as TensorBoard's plugin keeps them."""
    events = read()
    found = {}
    for tag, content in events.PluginTagToContent("hparams").items():
        found[tag.split("/")[-1]] = plugin_data_pb2.HParamsPluginData.FromString(content)
    return found


def test_settings_and_final_figures(fit, writer, read):
    history = fit(HParams(writer, {"model": "tiny", "rate": 0.5, "units": 3, "bias": True, "patience": None})).history
    found = started(read)
    settings = found["session_start_info"].session_start_info.hparams
    assert {name: value.WhichOneof("kind") for name, value in settings.items()} == {
        "model": "string_value",
        "rate": "number_value",
        "units": "number_value",
        "bias": "bool_value",
    }
    assert settings["rate"].number_value == 0.5
    assert found["session_end_info"].session_end_info.status == api_pb2.STATUS_SUCCESS
    events = read()
    for name, values in history.items():
        (figure,) = events.Tensors(f"final/{name}")
        assert (figure.step, float(tf.make_ndarray(figure.tensor_proto))) == (2, pytest.approx(values[-1]))


def test_zero_and_false_are_settings(fit, writer, read):
    fit(HParams(writer, {"pretrain": 0, "binarize": False, "dropout": 0.0, "units": "", "patience": None}))
    settings = started(read)["session_start_info"].session_start_info.hparams
    assert set(settings) == {"pretrain", "binarize", "dropout", "units"}


def test_a_resumed_training_adds_its_end_alone(fit, writer, read):
    fit(HParams(writer, {"rate": 0.5}), initial_epoch=1)
    assert set(started(read)) == {"session_end_info"}


def test_a_training_that_was_complete_writes_nothing(fit, writer, read):
    fit(HParams(writer, {"rate": 0.5}), initial_epoch=2)
    assert not read().Tags()["tensors"]


def test_tensorboard_has_a_row_for_each_run(fit, tmp_path, ask):
    for rate in (0.1, 0.2):
        callback = HParams(tmp_path / f"run-{rate}", {"rate": rate}, f"run {rate}")
        fit(callback)
        callback.tested({"accuracy": rate}, 2)
    columns = {"allowedStatuses": ["STATUS_SUCCESS"], "colParams": [], "sliceSize": 9}
    rows = json.loads(ask("plugin/hparams/session_groups", columns))["sessionGroups"]
    assert sorted(row["hparams"]["rate"] for row in rows) == [0.1, 0.2]
    assert sorted(row["name"] for row in rows) == ["run 0.1", "run 0.2"]
    values = [(row["name"], v["name"]["tag"], v["value"]) for row in rows for v in row["metricValues"]]
    tested = {name: value for name, tag, value in values if tag == "test/accuracy"}
    assert tested == {"run 0.1": pytest.approx(0.1), "run 0.2": pytest.approx(0.2)}
    figures = {value["name"]["tag"] for row in rows for value in row["metricValues"]}
    assert {"final/loss", "final/val_accuracy"} <= figures


def test_bad_arguments(writer):
    for arguments, said in ((([1],), "`settings` must be a dict of numbers"), (({}, 3), "`name` must be a text, or N")):
        with pytest.raises(InputError, match=f"^HParams: {said}"):
            HParams(writer, *arguments)
