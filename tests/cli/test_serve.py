"""`tfnotes serve` as a process of its own, on this machine alone."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import numpy as np
import pytest
from click.testing import CliRunner

from tfnotes.cli import main
from tfnotes.serving.server import on_ray, repository, run
from tfnotes.serving.server.settings import Settings

COMMAND = (sys.executable, "-m", "tfnotes", "serve", "--port", "0")


def ask(address, path, body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(address + path, data, headers), timeout=60) as answer:
        return answer.read()


def test_a_server_from_its_start_to_its_end(trained, tmp_path):
    (tmp_path / "tokens").write_text("right\n")
    arguments = [trained / "saved_models", "--tokens", tmp_path / "tokens", "--body-seconds", "1", "--log-json"]
    child = subprocess.Popen([*COMMAND, *map(str, arguments)], stderr=subprocess.PIPE, text=True)
    try:
        events = []
        while not events or events[-1]["event"] != "listening":
            events.append(json.loads(child.stderr.readline()))
        address = events[-1]["message"].split()[-1]
        assert address.startswith("http://127.0.0.1:")
        host, port = address.removeprefix("http://").split(":")

        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(address, "/models")
        assert b"page/page.js" in ask(address, "/")
        docs = ask(address, "/docs").decode()
        assert "/static-offline-docs/swagger-ui-bundle.js" in docs
        assert "https://" not in docs
        assert ask(address, "/static-offline-docs/swagger-ui-bundle.js")

        # Two that never finish, one in its head and one in its body, and one that leaves: the others are answered.
        slow = [socket.create_connection((host, int(port)), timeout=30) for _ in range(3)]
        slow[0].sendall(b"POST /v1/models/drawn:predict HTTP/1.1\r\nHost: x\r\n")
        for one in slow[1:]:
            one.sendall(b"POST /v1/models/drawn:predict HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer right\r\n")
            one.sendall(b"Content-Length: 1000\r\n\r\n{")
        slow[2].close()
        body = {"instances": np.zeros((3, 28, 28), int).tolist()}
        assert len(json.loads(ask(address, "/v1/models/drawn:predict", body, "right"))["predictions"]) == 3
        assert slow[0].recv(1000).startswith(b"HTTP/1.1 408")
        assert slow[1].recv(1000).startswith(b"HTTP/1.1 408")

        # What was asked before the signal is answered after it.
        last = socket.create_connection((host, int(port)), timeout=30)
        data = json.dumps(body).encode()
        head = "POST /v1/models/drawn:predict HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer right\r\n"
        last.sendall(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data[:-1])
        threading.Timer(0.5, last.sendall, (data[-1:],)).start()
        time.sleep(0.2)
        child.send_signal(signal.SIGTERM)
        assert last.recv(1000).startswith(b"HTTP/1.1 200")
        assert child.wait(30) == 0
        ended = [json.loads(line) for line in child.stderr.read().splitlines()]
        assert ended[-1]["event"] == "stopped"
        assert [one["status"] for one in ended if one["event"] == "request"].count(408) == 1
    finally:
        child.kill()
        child.wait()
        child.stderr.close()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "must be an export, a task's folder"),
        (["--tokens", "nowhere"], "No such file"),
        (["--max-batch", "0"], "--max-batch"),
        (["--seconds", "0"], "--seconds"),
    ],
)
def test_what_is_refused(tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["serve", ".", "--port", "0", *arguments])
    assert result.exit_code != 0
    assert expected in result.output


@pytest.mark.parametrize("engine", ["uvicorn", "ray"])
def test_every_option_reaches_the_server(tmp_path, monkeypatch, engine):
    asked = []

    def noted(paths, settings, host, port, log_json, say, *rest):
        asked.extend((list(map(str, paths)), settings, host, port, log_json, *rest))

    monkeypatch.setattr(run, "run", noted)
    monkeypatch.setattr(on_ray, "run", noted)
    monkeypatch.setattr(repository, "runtimes_of", lambda paths, runtime: {"onnx"})
    (tmp_path / "tokens").write_text("secret\n")
    limits = {"max_batch": 2, "max_wait_ms": 3.0, "max_queue": 4, "max_body": 5, "max_pixels": 6, "max_text": 7}
    limits |= {"seconds": 8.0, "body_seconds": 9.0, "versions": 10, "poll_seconds": 11.0, "runtime": "onnx"}
    given = [f"--{name.replace('_', '-')}={value}" for name, value in limits.items()]
    given += ["--trust", "--log-json", f"--tokens={tmp_path / 'tokens'}", "--host=::1", "--port=12", "a", "b"]
    given += ["--engine=ray", "--replicas=2", "--max-replicas=3"] if engine == "ray" else []
    result = CliRunner().invoke(main, ["serve", *given])
    assert result.exit_code == 0, result.output
    settings = Settings(**limits, tokens=("secret",), trust=True)
    assert asked == [["a", "b"], settings, "::1", 12, True, *([2, 3] if engine == "ray" else [])]


def test_a_port_that_is_taken(trained):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", str(trained / "saved_models"), "--port", port])
    assert (result.exit_code, "in use" in result.output) == (1, True)


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = CliRunner().invoke(main, ["serve", "."])
    assert result.exit_code == 1
    assert result.output == "Error: serve needs uvicorn, of the extra `serve`: pip install 'tfnotes[serve]'.\n"


def test_ray_is_an_extra_of_its_own(trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "ray.serve", None)
    result = CliRunner().invoke(main, ["serve", str(trained / "saved_models"), "--engine", "ray"])
    assert result.exit_code == 1
    assert result.output == "Error: serve: engine `ray` needs ray, of the extra `ray`: pip install 'tfnotes[ray]'.\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--replicas", "2"], "are for --engine ray"),
        (["--max-replicas", "2"], "are for --engine ray"),
        (["--engine", "ray", "--replicas", "3", "--max-replicas", "2"], "must be at least 3"),
    ],
)
def test_replicas_are_for_ray(arguments, expected):
    result = CliRunner().invoke(main, ["serve", ".", *arguments])
    assert (result.exit_code, expected in result.output) == (2, True)


@pytest.mark.parametrize("arguments", [("nowhere", "--host", "0.0.0.0"), (".", "--host", "no such host")])
def test_what_cannot_listen_is_told_by_one_sentence(trained, arguments):
    path = str(trained / "saved_models") if arguments[0] == "." else arguments[0]
    result = CliRunner().invoke(main, ["serve", path, *arguments[1:]])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("log_json", [False, True])
@pytest.mark.parametrize(
    ("host", "tokens", "warns"),
    [
        ("0.0.0.0", False, True),
        ("::", False, True),
        ("somewhere.example", False, True),
        ("0.0.0.0", True, False),
        ("127.0.0.2", False, False),
        ("::1", False, False),
        ("localhost", False, False),
    ],
)
def test_where_everyone_may_ask_that_is_said(monkeypatch, tmp_path, host, tokens, warns, log_json):
    def served(paths, settings, host, port, log_json, say):
        if not log_json:
            say("Loading")
            say("Listening at there")
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "run", served)
    monkeypatch.setattr(repository, "runtimes_of", lambda paths, runtime: {"onnx"})
    (tmp_path / "tokens").write_text("secret\n")
    options = [*(["--tokens", str(tmp_path / "tokens")] if tokens else []), *(["--log-json"] if log_json else [])]
    result = CliRunner().invoke(main, ["serve", "a", "--host", host, *options])
    assert result.exit_code == 130
    said = f"Everyone who reaches {host} can ask these models: --tokens FILE keeps others out.\n"
    assert result.stderr == (said if warns else "")
    assert result.stdout == ("" if log_json else "Loading\nListening at there\n")


def test_on_ray_one_replica_answers_unless_more_are_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(on_ray, "run", lambda *given: asked.append(given[-2:]))
    for options, replicas in (([], (1, None)), (["--replicas", "3"], (3, None)), (["--max-replicas", "1"], (1, 1))):
        assert CliRunner().invoke(main, ["serve", "a", "--engine", "ray", *options]).exit_code == 0
        assert asked.pop() == replicas
    same = ["serve", "a", "--engine", "ray", "--replicas", "2", "--max-replicas", "2"]
    assert CliRunner().invoke(main, same).exit_code == 0
