"""Versions come and go while requests run; a broken one is said and left out."""

import json
import shutil
import threading
import weakref

import numpy as np
import pytest
from fastapi.testclient import TestClient

from tfnotes.errors import InputError
from tfnotes.serving.exported import Exported
from tfnotes.serving.server import repository
from tfnotes.serving.server.app import create
from tfnotes.serving.server.settings import Settings

BODY = {"instances": np.zeros((1, 28, 28), int).tolist()}


@pytest.fixture
def task(export, tmp_path):
    shutil.copytree(export, tmp_path / "digits" / "1")
    return tmp_path / "digits"


def add(task, version, whole=True):
    """As an export does: written beside, then renamed."""
    aside = task / f".{version}.partial-1"
    shutil.copytree(task / "1", aside)
    if not whole:
        data = next(aside.glob("variables/variables.data*"))
        data.write_bytes(data.read_bytes()[:100])
    aside.rename(task / str(version))


def until(question, client=None):
    waiting = threading.Event()
    for _ in range(600):
        if question():
            return
        waiting.wait(0.05)
    raise AssertionError("it didn't come about in time")


def test_what_a_path_stands_for(task, tmp_path):
    add(task, 12)
    shutil.copytree(task, tmp_path / "others")
    (task / "notes").mkdir()
    (tmp_path / "empty").mkdir()
    both = {1: task / "1", 12: task / "12"}
    assert repository.scan([task]) == {"digits": both}
    assert repository.scan([task / "12"]) == {"digits": {12: task / "12"}}
    assert repository.scan([tmp_path]) == {"digits": both, "others": {n: tmp_path / "others" / str(n) for n in (1, 12)}}
    with pytest.raises(InputError, match="must name each model once"):
        repository.scan([task, tmp_path])


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_nothing_to_serve(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="serve: `path` must be an export"):
        create([tmp_path / name], Settings())


def test_a_broken_export_says_why(task):
    (task / "1" / "saved_model.pb").write_bytes(b"garbage")
    with pytest.raises(InputError, match=r"no good one stands.*damaged"):
        create([task], Settings())


def test_versions_come_and_go_under_load(task):
    said, wrong, answered, done = [], [], set(), threading.Event()
    pixels = np.random.default_rng(0).integers(0, 256, (2, 28, 28), "uint8")
    expected = Exported(task / "1").ask("pixels", pixels)["probabilities"]
    app = create([task], Settings(poll_seconds=0.05, versions=2), report=lambda sentence, facts: said.append(facts))
    first = weakref.ref(app.state.repository.find("digits"))
    with TestClient(app) as client:

        def load(k):
            while not done.is_set():
                answer = client.post("/v1/models/digits:predict", json={"inputs": pixels[k : k + 1].tolist()})
                got = answer.json()["outputs"]["probabilities"][0] if answer.status_code == 200 else np.nan
                if not np.allclose(got, expected[k], rtol=1e-4, atol=1e-6):
                    wrong.append(answer.text)

        def states():
            return {
                int(one["version"]): one["state"]
                for one in client.get("/v1/models/digits").json()["model_version_status"]
            }

        threads = [threading.Thread(target=load, args=(k,)) for k in range(2)]
        for thread in threads:
            thread.start()
        try:
            add(task, 2)
            until(lambda: states() == {2: "AVAILABLE", 1: "AVAILABLE"})
            add(task, 3, whole=False)
            until(lambda: states().get(3) == "END")
            assert states() == {3: "END", 2: "AVAILABLE", 1: "AVAILABLE"}
            add(task, 4)
            until(lambda: states() == {4: "AVAILABLE", 3: "END", 2: "AVAILABLE"})
            answered = {client.post(f"/v1/models/digits/versions/{n}:predict", json=BODY).status_code for n in (2, 4)}
            gone = client.post("/v1/models/digits/versions/1:predict", json=BODY).status_code
            until(lambda: {"event": "drained", "model": "digits", "version": 1} in said)
            # Its weights go with it.
            until(lambda: first() is None)
            figures = client.get("/metrics").text
            index = client.post("/v2/repository/index").json()
        finally:
            done.set()
            for thread in threads:
                thread.join()
    assert (wrong, answered, gone) == ([], {200}, 404)
    assert [facts["version"] for facts in said if facts["event"] == "refused"] == [3]
    assert 'tfnotes_model_version{model="digits"} 4.0' in figures
    assert 'tfnotes_requests_total{endpoint="pixels",model="digits",status="200",version="1"}' in figures
    assert 'tfnotes_batch_size_count{endpoint="pixels",model="digits"}' in figures
    assert 'tfnotes_queue{endpoint="pixels",model="digits"}' in figures
    assert {one["version"]: one["state"] for one in index} == {"2": "READY", "3": "UNAVAILABLE", "4": "READY"}


def test_a_version_that_is_mended_is_broken_no_more(task):
    add(task, 2, whole=False)
    with TestClient(create([task], Settings(poll_seconds=0.05, versions=2))) as client:

        def states():
            return sorted((one["version"], one["state"]) for one in client.post("/v2/repository/index").json())

        until(lambda: states() == [("1", "READY"), ("2", "UNAVAILABLE")])
        shutil.copytree(task / "1", task / ".whole")
        (task / "2").rename(task / ".broken")
        (task / ".whole").rename(task / "2")
        until(lambda: ("2", "READY") in states())
        assert states() == [("1", "READY"), ("2", "READY")]


def test_an_endpoint_that_gives_no_numbers_is_left_out(task, monkeypatch):
    from tfnotes.serving.server import served

    class Broken(served.Exported):
        def ask(self, *arguments, **named):
            return {key: value * np.nan for key, value in super().ask(*arguments, **named).items() if key != "digit"}

    monkeypatch.setattr(served, "Exported", Broken)
    with pytest.raises(InputError, match="must give finite numbers"):
        create([task], Settings())


def test_logs_hold_no_content(task, capsys):
    with TestClient(create([task], Settings(), log_requests=True)) as client:
        client.post("/v1/models/digits:predict", json={"instances": ["secret"]})
        client.get("/secret?secret=secret", headers={"Authorization": "secret"})
        client.post("/v1/models/digits:predict", json=BODY)
    lines = capsys.readouterr().err.splitlines()
    assert "secret" not in str(lines)
    facts = [json.loads(line) for line in lines]
    assert [one["status"] for one in facts] == [400, 404, 200]
    assert facts[2]["route"].endswith(":predict")
    assert {key: facts[2][key] for key in ("model", "version", "endpoint")} == {
        "model": "digits", "version": 1, "endpoint": "pixels",
    }
