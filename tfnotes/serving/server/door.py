"""A request carried to another process in which the application runs, and asked again if that process has died.

    client -> door -> a replica's whole application        each answer depends on the request alone, so that asking
                \\-> another replica's, if the first died   twice does no harm
"""

import asyncio

from tfnotes.serving.server import tensors

_PAUSES = (0.0, 0.1, 0.3, 1.0, 3.0)
_KEPT = ("method", "path", "raw_path", "query_string", "headers", "http_version", "scheme")


class Door:
    """An ASGI application that has another one answer.

    Args:
        ask: an async function of a request, a dict that can be pickled, that gives status, headers and body.
        gone: what `ask` raises if the process that had the request has died.
        seconds: how long all tries may take together.
    """

    def __init__(self, ask, gone, seconds):
        self._ask, self._gone, self._seconds = ask, gone, seconds

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        request = {key: scope[key] for key in _KEPT} | {"body": await _body(receive)}
        status, headers, body = await self._answer(request)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, request):
        try:
            async with asyncio.timeout(self._seconds):
                for pause in _PAUSES:
                    await asyncio.sleep(pause)
                    try:
                        return await self._ask(request)
                    except self._gone:
                        continue
        except TimeoutError:
            pass
        body = tensors.dumps({"error": "No replica could answer; ask again in a moment."})
        return 503, [(b"content-type", b"application/json"), (b"retry-after", b"1")], body


async def answer(app, request):
    """What an ASGI application answers to a request that a door has carried: status, headers, body."""
    sent, given = [], [{"type": "http.request", "body": request["body"], "more_body": False}]
    scope = {key: request[key] for key in _KEPT} | {"type": "http", "asgi": {"version": "3.0"}, "root_path": ""}

    async def receive():
        if given:
            return given.pop()
        # The client's leaving isn't carried; what was asked is answered.
        return await asyncio.get_running_loop().create_future()

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], list(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


async def _body(receive):
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _lifespan(receive, send):
    for word in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{word}.complete"})
