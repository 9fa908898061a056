"""A door carries requests whole, and asks again when who had one is gone."""

import asyncio

import httpx2 as httpx
import numpy as np
import pytest

from tfnotes.serving.server import door
from tfnotes.serving.server.app import create
from tfnotes.serving.server.settings import Settings


class Died(Exception):
    pass


def through(ask, *requests, seconds=30):
    """What clients of a door get who send these requests."""

    async def all_of_them():
        transport = httpx.ASGITransport(door.Door(ask, Died, seconds))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return [await client.request(*one, **more) for *one, more in requests]

    return asyncio.run(all_of_them())


def test_it_answers_as_the_application_does(portable):
    app = create([portable], Settings())
    body = {"instances": np.ones((2, 28, 28), int).tolist()}
    requests = [
        ("POST", "/v1/models/drawn:predict", {"json": body}),
        ("GET", "/v2/models/drawn?signature_name=other", {}),
        ("POST", "/v2/models/drawn/infer", {"content": b"{}", "headers": {"Inference-Header-Content-Length": "9"}}),
        ("GET", "/", {}),
    ]
    answers = through(lambda request: door.answer(app, request), *requests)
    assert [answer.status_code for answer in answers] == [200, 400, 400, 200]
    assert len(answers[0].json()["predictions"]) == 2
    assert "`signature_name` must be one of pixels" in answers[1].json()["error"]
    assert "Inference-Header-Content-Length must be" in answers[2].json()["error"]
    assert answers[3].headers["Content-Security-Policy"] == "default-src 'self'"


@pytest.mark.parametrize(("deaths", "status"), [(0, 200), (2, 200), (99, 503)])
def test_it_asks_again_when_a_replica_dies(monkeypatch, deaths, status):
    monkeypatch.setattr(door, "_PAUSES", (0, 0, 0))
    asked = []

    async def ask(request):
        asked.append(request["body"])
        if len(asked) <= deaths:
            raise Died
        return 200, [(b"content-type", b"text/plain")], b"good"

    (answer,) = through(ask, ("POST", "/", {"content": b"body"}))
    assert answer.status_code == status
    assert asked == [b"body"] * min(deaths + 1, 3)
    if status == 503:
        assert answer.json() == {"error": "No replica could answer; ask again in a moment."}
        assert answer.headers["Retry-After"] == "1"


def test_it_waits_no_longer_than_it_may():
    (answer,) = through(lambda request: asyncio.sleep(60), ("GET", "/", {}), seconds=0.05)
    assert answer.status_code == 503


def test_a_fault_of_the_application_is_not_asked_again():
    async def ask(request):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        through(ask, ("GET", "/", {}))
