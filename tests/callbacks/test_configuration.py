import json

from tfnotes.callbacks import Configuration

CONFIG = {"task": "toy", "settings": {"dropout": 0.25, "名": "字"}, "freeze": []}


def test_the_text_is_the_configuration(fit, writer, read):
    fit(Configuration(writer, CONFIG))
    (text,) = read().Tensors("configuration")
    lines = text.tensor_proto.string_val[0].decode().splitlines()
    assert all(line.startswith("    ") for line in lines)
    assert json.loads("\n".join(lines)) == CONFIG
    assert lines[2:4] == ['      "settings": {', '        "dropout": 0.25,']
    assert '"名": "字"' in lines[4]
    assert text.step == 0
    assert read().SummaryMetadata("configuration").plugin_data.plugin_name == "text"


def test_a_resumed_training_does_not_write_it_again(fit, writer, read):
    fit(Configuration(writer, CONFIG), initial_epoch=1)
    assert not read().Tags()["tensors"]
