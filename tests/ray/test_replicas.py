"""`tfnotes serve --engine ray`: both replicas answer, one is killed, no request is lost (`make test-ray`)."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import numpy as np
import pytest

from tfnotes.serving.exported import Exported

pytest.importorskip("ray.serve", reason="ray, of the extra `ray`, isn't installed")

CLIENTS = 8


@pytest.fixture(scope="module")
def address(trained, tmp_path_factory):
    tokens = tmp_path_factory.mktemp("tokens") / "tokens"
    tokens.write_text("right\n")
    command = [sys.executable, "-m", "tfnotes", "serve", str(trained / "saved_models"), "--port", "0"]
    command += ["--engine", "ray", "--replicas", "2", "--tokens", str(tokens)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            line = child.stdout.readline()
            assert line.startswith("Listening at"), line
            yield line.split()[-1].removeprefix("http://")
        finally:
            child.terminate()
        # Between, Ray says what has died.
        assert child.stdout.read().splitlines()[-1] == "All that was asked is answered."
        assert child.wait(60) == 0


def ask(connection, path, body=None, token="right"):
    connection.request("POST" if body else "GET", path, body, {"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    return answer.status, answer.getheader("X-Replica"), json.loads(answer.read())


def test_requests_are_spread_and_none_is_lost_when_a_replica_is_killed(address, trained):
    pixels = np.random.default_rng(0).integers(0, 256, (CLIENTS, 28, 28), "uint8")
    expected = Exported(trained / "saved_models" / "drawn").ask("pixels", pixels)["probabilities"]
    answered, wrong, done = Counter(), [], threading.Event()

    def client(k):
        connection = http.client.HTTPConnection(address, timeout=120)
        body = json.dumps({"inputs": pixels[k : k + 1].tolist()})
        while not done.is_set():
            status, replica, said = ask(connection, "/v1/models/drawn:predict", body)
            answered[replica] += 1
            if status != 200 or not np.allclose(said["outputs"]["probabilities"][0], expected[k], 1e-4, 1e-6):
                wrong.append((status, said))
        connection.close()

    def until(question):
        for _ in range(1200):
            if question():
                return
            time.sleep(0.1)
        raise AssertionError(f"it didn't come about: {answered}, {wrong[:3]}")

    threads = [threading.Thread(target=client, args=(k,)) for k in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(answered) == 2 and min(answered.values()) >= 50)
        killed = next(iter(answered))
        os.kill(int(killed), signal.SIGKILL)
        # Another one comes in its place.
        until(lambda: len(answered) == 3 and min(answered.values()) >= 50)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_the_doors_know_tokens_limits_and_every_path(address):
    connection = http.client.HTTPConnection(address, timeout=60)
    assert ask(connection, "/models", token="wrong")[0] == 401
    connection = http.client.HTTPConnection(address, timeout=60)
    assert ask(connection, "/models")[2][0]["name"] == "drawn"
    assert ask(connection, "/v2/health/ready")[2] == {"ready": True}
    assert ask(connection, "/v1/models/drawn:predict", "{")[0] == 400
    assert ask(connection, "/v1/models/other:predict", "{}")[0] == 404
    connection.request("GET", "/")
    assert b"page/page.js" in connection.getresponse().read()
