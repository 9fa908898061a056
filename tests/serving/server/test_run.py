"""The process: how it listens, what it says, and what Ray is told; nothing is started."""

import asyncio
import gc
import os
import signal
import socket
import sys
import types
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.serving.server import made
from tfnotes import ray_cluster
from tfnotes.errors import InputError
from tfnotes.serving.server import on_ray, repository, run, served
from tfnotes.serving.server.settings import Settings


class Server:
    """In place of uvicorn's."""

    def __init__(self, config, started):
        self.config, self.started = config, started
        Server.last = self

    def run(self, sockets):
        self.address = sockets[0].getsockname()
        self.reused = sockets[0].getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
        self.started()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(served, "Exported", made.Made)
    monkeypatch.setattr(run, "_Server", Server)
    monkeypatch.setattr(repository, "runtimes_of", lambda paths, runtime=None: set())
    monkeypatch.setattr(gc, "freeze", lambda: None)
    handlers = []
    monkeypatch.setattr(signal, "signal", lambda number, handler: handlers.append(number))
    yield made.write(tmp_path / "tiny" / "3")
    assert handlers in ([], [signal.SIGTERM])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_it_says_and_how_it_listens(folder, host):
    said = []
    run.run([folder], Settings(body_seconds=7), host, 0, say=said.append, drain_seconds=9)
    server = Server.last
    shown = f"[{host}]" if host == "::1" else host
    assert said == [
        "tiny 3 is served.",
        f"Listening at http://{shown}:{server.address[1]}",
        "All that was asked is answered.",
    ]
    assert server.address[0] == host
    assert server.reused
    config = server.config
    assert (config.timeout_graceful_shutdown, config.ws, config.access_log, config.server_header) == (
        *(9, "none", False),
        False,
    )
    assert config.http.connection_made.__closure__ is not None
    (seconds,) = {
        cell.cell_contents
        for cell in config.http.connection_made.__closure__
        if isinstance(cell.cell_contents, (int, float))
    }
    assert seconds == 7


def test_events_as_lines_of_json(folder, capsys):
    run.run([folder], Settings(), port=0, json_logs=True, say=None)
    lines = capsys.readouterr().err.splitlines()
    assert ['"event": "served"' in lines[0], '"message": "tiny 3 is served."' in lines[0]] == [True, True]
    assert '"event": "listening"' in lines[1]
    assert '"event": "stopped", "message": "All that was asked is answered."' in lines[2]


def test_the_address_unless_another_is_said(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            run.run([folder], Settings(), port=taken.getsockname()[1], say=lambda sentence: None)
    run.run([folder], Settings(), port=0, say=lambda sentence: None)
    assert Server.last.address[0] == "127.0.0.1"
    for function in (run.run, on_ray.run):
        names = function.__code__.co_varnames
        defaults = dict(zip(names[2 : 2 + len(function.__defaults__)], function.__defaults__, strict=True))
        assert {key: defaults[key] for key in ("host", "port", "json_logs", "say")} == {
            "host": "127.0.0.1",
            "port": 8501,
            "json_logs": False,
            "say": print,
        }


class Deployment:
    def __init__(self, options, what):
        self.options, self.what = options, what

    def bind(self, *inner):
        self.inner = inner
        return self


@pytest.fixture
def ray(monkeypatch):
    """What is told to Ray, which isn't there."""
    told = {}
    serve = types.ModuleType("ray.serve")
    serve.start = lambda **options: told.update(start=options)
    serve.run = lambda application, **options: told.update(run=options, application=application)
    serve.shutdown = lambda: told.update(ended=True)
    serve.ingress = lambda door: lambda: door
    serve.deployment = lambda what, **options: Deployment(options, what)
    fake = types.ModuleType("ray")
    fake.serve = serve
    monkeypatch.setitem(sys.modules, "ray", fake)
    monkeypatch.setitem(sys.modules, "ray.serve", serve)
    monkeypatch.setattr(ray_cluster, "needed", lambda *names: told.update(needed=names))

    @contextmanager
    def joined(*arguments):
        told["joined"] = arguments
        yield

    class Stop:
        def set(self):
            told["stopped"] = True

        def wait(self):
            for number in told["signals"]:
                told["signals"][number](number, None)

    monkeypatch.setattr(ray_cluster, "joined", joined)
    monkeypatch.setattr(on_ray.threading, "Event", Stop)
    monkeypatch.setattr(on_ray.signal, "signal", lambda number, handler: told["signals"].update({number: handler}))
    told["signals"] = {}
    return told


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_what_ray_is_told(ray, monkeypatch, tmp_path, host, shown):
    monkeypatch.setattr(repository, "runtimes_of", lambda paths, runtime=None: {"onnx"})
    said = []
    settings = Settings(max_queue=77)
    on_ray.run([tmp_path], settings, host, 4321, say=said.append, replicas=3)
    assert said == [f"Listening at http://{shown}:4321", "All that was asked is answered."]
    assert ray["needed"] == ("serve", "ray.serve")
    assert ray["joined"] == ("serve", 3, 0)
    assert ray["start"] == {"http_options": {"host": host, "port": 4321}}
    assert ray["run"] == {"name": "tfnotes", "route_prefix": "/"}
    assert (ray["ended"], ray["stopped"], set(ray["signals"])) == (True, True, {signal.SIGTERM, signal.SIGINT})
    outer = ray["application"]
    (inner,) = outer.inner
    assert outer.options == {
        "name": "door",
        "max_ongoing_requests": 1000,
        "ray_actor_options": {"num_cpus": 0},
        "num_replicas": 1,
    }
    assert inner.options == {
        "name": "models",
        "max_ongoing_requests": 77,
        "max_constructor_retry_count": 2,
        "num_replicas": 3,
    }
    on_ray.run([tmp_path], settings, host, 0, say=said.append, replicas=2, most=5)
    assert ray["joined"] == ("serve", 2, 5)
    assert ray["start"]["http_options"]["port"] > 0
    assert said[2] == f"Listening at http://{shown}:{ray['start']['http_options']['port']}"
    (inner,) = ray["application"].inner
    limits = {"max_replicas": 5}
    assert inner.options["autoscaling_config"] == limits | {"min_replicas": 2, "target_ongoing_requests": 8}
    outer = ray["application"].options["autoscaling_config"]
    assert outer == limits | {"min_replicas": 1, "target_ongoing_requests": 250}


def test_nothing_to_serve_on_ray(ray, tmp_path):
    with pytest.raises(InputError, match=f"Received: {tmp_path}/a, {tmp_path}/b, where no good one stands\\.$"):
        on_ray.run([tmp_path / "a", tmp_path / "b"], Settings())
    assert "joined" not in ray


def test_a_replica_has_the_whole_application_and_a_door_knows_tokens(ray, monkeypatch, tmp_path):
    monkeypatch.setattr(repository, "runtimes_of", lambda paths, runtime=None: {"onnx"})
    monkeypatch.chdir(tmp_path)
    settings = Settings(seconds=7, tokens=("right",))
    on_ray.run([Path("exports")], settings, port=1, json_logs=True, say=lambda sentence: None)
    outer = ray["application"]
    (inner,) = outer.inner
    made, opened = [], []

    async def app(scope, receive, send):
        assert (await receive())["body"] == b"asked"
        await send({"type": "http.response.start", "status": 201, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b"answered"})

    @asynccontextmanager
    async def lifespan(app):
        opened.append(app)
        yield

    app.router = types.SimpleNamespace(lifespan_context=lifespan)
    monkeypatch.setattr("tfnotes.serving.server.app.create", lambda *given: made.append(given) or app)
    request = dict.fromkeys(("method", "path", "raw_path", "query_string", "headers", "http_version", "scheme"))

    async def replica():
        one = object.__new__(inner.what)
        await one.__init__()
        return await one.answer(request | {"body": b"asked"})

    status, headers, body = asyncio.run(replica())
    assert (status, headers, body) == (201, [(b"a", b"b"), (b"x-replica", str(os.getpid()).encode())], b"answered")
    # The machines' working folders differ.
    assert made == [([tmp_path / "exports"], settings, True)]
    assert opened == [app]

    class Died(Exception):
        pass

    monkeypatch.setitem(sys.modules, "ray.exceptions", types.SimpleNamespace(RayActorError=Died))
    asked = []

    async def remote(request):
        asked.append(request["body"])
        return 200, [], b"from a replica"

    def handle(name, app_name):
        asked.append((name, app_name))
        return types.SimpleNamespace(answer=types.SimpleNamespace(remote=remote))

    sys.modules["ray.serve"].get_deployment_handle = handle
    guard = outer.what()
    assert (guard._settings, guard._app._gone, guard._app._seconds) == (settings, Died, 14)
    for token, status in (("right", 200), ("wrong", 401)):
        transport = httpx.ASGITransport(guard)

        async def client(token=token, transport=transport):
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as one:
                return await one.post("/models", content=b"asked", headers={"Authorization": f"Bearer {token}"})

        answer = asyncio.run(client())
        assert answer.status_code == status
    assert asked == [("models", "tfnotes"), b"asked"]
