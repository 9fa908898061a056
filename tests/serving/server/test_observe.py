"""What is counted and logged of each request, whatever comes of it."""

import asyncio
import json

import pytest

from tfnotes.serving.server.metrics import Metrics
from tfnotes.serving.server.observe import Observe, log


def seen(app, method="POST", logged=True, **scope):
    """What is logged of a request, and the figures after it."""
    metrics, facts = Metrics(), []

    async def send(message):
        if message.get("body") == b"never":
            raise TimeoutError

    observe = Observe(app, metrics, facts.append if logged else None)
    asyncio.run(observe({"type": "http", "method": method, **scope}, None, send))
    return facts, metrics.page().decode()


def answering(status, body=b""):
    async def app(scope, receive, send):
        scope["about"] |= {"model": "tiny", "version": 3, "endpoint": "half"}
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return app


def test_facts_of_a_request():
    class Route:
        path = "/v1/{name}"

    (facts,), figures = seen(answering(404), route=Route)
    seconds = facts.pop("seconds")
    assert facts == {
        "event": "request",
        "method": "POST",
        "route": "/v1/{name}",
        "status": 404,
        "model": "tiny",
        "version": 3,
        "endpoint": "half",
    }
    assert 0 <= seconds == round(seconds, 6) < 1
    assert 'tfnotes_requests_total{endpoint="half",model="tiny",status="404",version="3"} 1.0' in figures
    assert seen(answering(200), logged=False)[0] == []
    for method, said in (("PATCH", "PATCH"), ("BREW", "other")):
        assert seen(answering(200), method)[0][0]["method"] == said
    assert seen(answering(200))[0][0]["route"] is None


def test_who_has_gone_or_does_not_take_the_answer_is_499():
    async def silent(scope, receive, send):
        pass

    for app in (silent, answering(200, b"never")):
        (facts,), figures = seen(app)
        assert facts["status"] == 499
        assert 'status="499"' in figures


@pytest.mark.parametrize("error", [ValueError, OSError, TimeoutError])
def test_a_fault_of_the_application_is_500_and_goes_on(error):
    async def broken(scope, receive, send):
        raise error

    metrics, facts = Metrics(), []
    with pytest.raises(error):
        asyncio.run(Observe(broken, metrics, facts.append)({"type": "http", "method": "GET"}, None, None))
    assert [one["status"] for one in facts] == [500]
    assert 'tfnotes_requests_total{endpoint="",model="",status="500",version=""} 1.0' in metrics.page().decode()


def test_what_is_no_request_is_not_counted():
    asked, metrics = [], Metrics()

    async def app(scope, receive, send):
        asked.append((scope, receive, send))

    asyncio.run(Observe(app, metrics)({"type": "lifespan"}, 1, 2))
    assert asked == [({"type": "lifespan"}, 1, 2)]
    assert "tfnotes_requests_total{" not in metrics.page().decode()


def test_a_line_of_json(capsys, monkeypatch):
    monkeypatch.setattr(log.__globals__["time"], "gmtime", lambda: (2026, 1, 2, 3, 4, 5, 0, 0, 0))
    log({"event": "名", "time": "later"})
    log({"event": "b"})
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == '{"time": "2026-01-02T03:04:05Z", "event": "b"}'
    assert '"event": "名"' in lines[0]
    assert json.loads(lines[0])["event"] == "名"


def test_the_figures_of_one_server():
    metrics = Metrics()
    metrics.request({"model": "tiny", "endpoint": "half", "version": 3}, 200, 0.03)
    metrics.request({}, 401, 31)
    metrics.batch("tiny", "half", 3)
    metrics.queued("tiny", "half", 5)
    metrics.queued("tiny", "half", -2)
    metrics.version("tiny", 3)
    lines = metrics.page().decode().splitlines()
    half = 'endpoint="half",model="tiny"'
    assert {
        'tfnotes_requests_total{endpoint="half",model="tiny",status="200",version="3"} 1.0',
        'tfnotes_requests_total{endpoint="",model="",status="401",version=""} 1.0',
        f"tfnotes_request_seconds_sum{{{half}}} 0.03",
        f"tfnotes_batch_size_sum{{{half}}} 3.0",
        f"tfnotes_queue{{{half}}} 3.0",
        'tfnotes_model_version{model="tiny"} 3.0',
    } <= set(lines)

    def buckets(name):
        starts = f'tfnotes_{name}_bucket{{endpoint="half",le="'
        return [line.removeprefix(starts).split('"')[0] for line in lines if line.startswith(starts)]

    seconds = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
    assert buckets("request_seconds") == [*map(str, seconds), "+Inf"]
    assert buckets("batch_size") == [*(str(float(2**k)) for k in range(10)), "+Inf"]
