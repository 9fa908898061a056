"""What is read of a run's files: a wrong value anywhere is refused, and stray names are nobody's."""

import json

import pytest

from tfnotes.training import stored

CONFIG = {
    "task": "toy",
    "model": "tiny",
    "data": "patterns",
    "data_dir": None,
    "epochs": 4,
    "batch_size": 64,
    "learning_rate": 0.02,
    "learning_rate_decay": 1.0,
    "seed": 0,
    "inspect": "basic",
    "patience": None,
    "layers": "tfnotes",
    "from": None,
    "freeze": ["conv*"],
    "settings": {"filters": 4, "dropout": 0.25},
    "versions": {"keras": "3"},
    "threads": 2,
    "examples": {"train": 320},
    "fingerprint": "ab",
}


def read(tmp_path, content):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(content))
    return stored.config(path)


def test_a_config(tmp_path):
    assert read(tmp_path, CONFIG) == CONFIG
    old = {key: CONFIG[key] for key in CONFIG if key not in ("inspect", "patience", "layers", "from", "freeze")}
    assert read(tmp_path, old) == old


@pytest.mark.parametrize("key", CONFIG)
def test_a_wrong_value_is_refused(tmp_path, key):
    for wrong in ([], {"a": []}, -1, 1e999, float("nan"), 10**301, True):
        with pytest.raises(ValueError, match=key):
            read(tmp_path, {**CONFIG, key: [wrong] if key == "freeze" else wrong})
    if key in ("task", "epochs", "threads", "fingerprint", "examples"):
        with pytest.raises(ValueError, match=key):
            read(tmp_path, {k: v for k, v in CONFIG.items() if k != key})


@pytest.mark.parametrize("key", ["epochs", "batch_size", "seed", "threads"])
def test_whole_numbers_are_whole(tmp_path, key):
    with pytest.raises(ValueError, match=rf"^{key} is 4\.0$"):
        read(tmp_path, {**CONFIG, key: 4.0})


@pytest.mark.parametrize("row", ["[1]", '{"loss": 1}', '{"epoch": 0}', '{"epoch": 1, "loss": "low"}', "{", "[" * 9000])
def test_rows(tmp_path, row):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"epoch": 1, "loss": NaN}\n')
    assert stored.rows(path)[0]["epoch"] == 1
    path.write_text(f'{{"epoch": 1, "loss": 0.5}}\n{row}\n')
    with pytest.raises(ValueError, match=r"line 2|Expecting"):
        stored.rows(path)


@pytest.mark.parametrize("found", [[], {"loss": None}, {"loss": {"a": 1}}])
def test_figures(tmp_path, found):
    path = tmp_path / "test.json"
    path.write_text('{"loss": 0.5, "examples": 80}')
    assert stored.one(path, "test") == {"loss": 0.5, "examples": 80}
    path.write_text(json.dumps(found))
    with pytest.raises(ValueError, match=r"^test\.json"):
        stored.one(path, "test")


def test_checkpoints(tmp_path):
    for name in ("epoch-0010", "epoch-10000", "epoch-0009", "epoch-0001.bak", "epoch-x", "epoch-٠٠١١"):
        (tmp_path / name).mkdir()
    (tmp_path / "epoch-0012").write_text("a file")
    assert list(stored.checkpoints(tmp_path)) == [9, 10, 10000]
    assert stored.checkpoints(tmp_path)[9] == tmp_path / "epoch-0009"
    assert not stored.checkpoints(tmp_path / "none")
