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


def test_it_starts_and_ends_with_its_server():
    heard, said = ["lifespan.startup", "lifespan.shutdown"], []

    async def receive():
        return {"type": heard.pop(0)}

    async def send(message):
        said.append((message["type"], len(heard)))

    asyncio.run(door.Door(None, Died, 1)({"type": "lifespan"}, receive, send))
    assert said == [("lifespan.startup.complete", 1), ("lifespan.shutdown.complete", 0)]


def test_what_is_carried_and_given_back():
    """All of a request that an application may look at, a body in parts, and an answer in parts."""
    seen, parts = {}, [(b"a", True), (b"b", False)]

    async def app(scope, receive, send):
        seen.update(scope, body=(await receive())["body"])
        await send({"type": "http.response.start", "status": 418, "headers": [(b"a", b"1"), (b"a", b"2")]})
        await send({"type": "http.response.body", "body": b"c", "more_body": True})
        await send({"type": "http.response.body", "body": b"d"})

    async def receive():
        body, more = parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": more}

    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "PUT", "path": "/é", "raw_path": b"/%C3%A9", "query_string": b"q=1"}
    scope |= {"headers": [(b"x", b"y")], "http_version": "1.1", "scheme": "https", "client": ("a", 1), "state": {}}
    asyncio.run(door.Door(lambda request: door.answer(app, request), Died, 5)(scope, receive, send))
    carried = {key: scope[key] for key in ("type", "method", "path", "raw_path", "query_string", "headers", "scheme")}
    more = {"http_version": "1.1", "asgi": {"version": "3.0"}, "root_path": "", "body": b"ab"}
    assert seen == carried | more
    assert sent == [
        {"type": "http.response.start", "status": 418, "headers": [(b"a", b"1"), (b"a", b"2")]},
        {"type": "http.response.body", "body": b"cd"},
    ]


def test_it_pauses_longer_and_longer(monkeypatch):
    waited, tries = [], []

    async def ask(request):
        tries.append(request)
        raise Died

    async def sleep(seconds):
        waited.append(seconds)

    monkeypatch.setattr(door.asyncio, "sleep", sleep)
    status, headers, _ = asyncio.run(door.Door(ask, Died, 30)._answer({}))
    assert (status, headers) == (503, [(b"content-type", b"application/json"), (b"retry-after", b"1")])
    assert waited == [0.0, 0.1, 0.3, 1.0, 3.0]
    assert len(tries) == 5
