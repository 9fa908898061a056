"""The process: uvicorn, with a limit on how long a request's head may take, and an end that drains."""

import contextlib
import gc
import signal
import socket

import uvicorn

from tfnotes.errors import InputError
from tfnotes.serving import runtimes
from tfnotes.serving.server import repository
from tfnotes.serving.server.app import create
from tfnotes.serving.server.observe import log
from tfnotes.serving.server.protocol import protocol


def run(paths, settings, host="127.0.0.1", port=8501, json_logs=False, say=print, drain_seconds=30):
    """Serves until SIGTERM or SIGINT; then no connection is taken any more, and what was asked is answered.

    Args:
        paths: as for `tfnotes.serving.server.app.create`.
        settings: a `tfnotes.serving.server.settings.Settings`.
        host: the address to listen at.
        port: its port, 0 for a free one.
        json_logs: whether each request and event is a line of JSON on standard error.
        say: called with a sentence for each event otherwise.
        drain_seconds: how long what was asked may take at the end.

    Raises:
        InputError: there is no good export.
        OSError: it can't listen there.
    """

    def report(sentence, facts):
        if json_logs:
            log({**facts, "message": sentence})
        else:
            say(sentence)

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        _settle(repository.runtimes_of(paths, settings.runtime))
        app = create(paths, settings, json_logs, report)
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=protocol(settings.body_seconds),
            ws="none",
            timeout_graceful_shutdown=drain_seconds,
        )
        # uvicorn raises the signal that ended it once more: then all is done already.
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        _Server(config, lambda: report(f"Listening at {address}", {"event": "listening"})).run([listening])
    report("All that was asked is answered.", {"event": "stopped"})


def _settle(names):
    """Imports what will be needed, and leaves it out of every later search for garbage: a second, with TensorFlow."""
    for name in names:
        with contextlib.suppress(InputError):
            runtimes.load(name)
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    def __init__(self, config, started):
        super().__init__(config)
        self._started = started

    async def startup(self, sockets=None):
        await super().startup(sockets)
        self._started()
