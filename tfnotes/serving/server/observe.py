"""Counts each request, and logs it if asked to: never what was in it."""

import json
import sys
import time

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")


class Observe:
    """Stands before all others; the application fills `scope["about"]` with model, version and endpoint.

    Args:
        app: the ASGI application.
        metrics: a `tfnotes.serving.server.metrics.Metrics`.
        log: called with a dict for each request, or None.
    """

    def __init__(self, app, metrics, log=None):
        self._app, self._metrics, self._log = app, metrics, log

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # 499 is what proxies write for a client that has gone.
        about, status, started = scope.setdefault("about", {}), [499], time.perf_counter()

        async def sent(message):
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            if status[0] == 499 or not isinstance(error, (TimeoutError, OSError)):
                # A fault of ours, which is answered further out.
                status[0] = 500
                raise
            # The client didn't take its answer; nobody else is to wait for that.
            status[0] = 499
        finally:
            seconds = time.perf_counter() - started
            self._metrics.request(about, status[0], seconds)
            if self._log:
                route = getattr(scope.get("route"), "path", None)
                method = scope["method"] if scope["method"] in _METHODS else "other"
                facts = {"event": "request", "method": method, "route": route, **about}
                self._log({**facts, "status": status[0], "seconds": round(seconds, 6)})


def log(facts):
    """One line of JSON on standard error."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(json.dumps({"time": stamp, **facts}, ensure_ascii=False) + "\n")
    sys.stderr.flush()
