"""Who is let in, and how much of a body is read, before anything else happens; plain ASGI."""

import asyncio
import hashlib
import hmac

from tfnotes.serving.server import tensors
from tfnotes.serving.server.settings import Refusal

# Pages without a word about the models, and what tells an orchestrator that the process lives.
_OPEN = ("/", "/docs", "/openapi.json", "/v2/health/live", "/v2/health/ready")
_OPEN_UNDER = ("/page/", "/static-offline-docs/")


class Guard:
    """Asks for the token, and reads the body whole within its limits of size and time.

    Args:
        app: the ASGI application that it stands before.
        settings: a `tfnotes.serving.server.settings.Settings`.
    """

    def __init__(self, app, settings):
        self._app, self._settings = app, settings
        self._tokens = [hashlib.sha256(token.encode()).digest() for token in settings.tokens]

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, value)
        send = self._patient(send)
        try:
            self._let_in(scope, headers)
            body = await self._body(receive, headers)
        except Refusal as refusal:
            await _answer(send, refusal)
            return
        if body is not None:
            await self._app(scope, _given(body, receive), send)

    def _let_in(self, scope, headers):
        path = scope["path"]
        if not self._tokens or path in _OPEN or path.startswith(_OPEN_UNDER):
            return
        kind, _, token = headers.get(b"authorization", b"").partition(b" ")
        digest = hashlib.sha256(token.strip()).digest()
        # All are compared, so that the time tells nothing.
        good = sum(hmac.compare_digest(digest, known) for known in self._tokens)
        if kind.lower() != b"bearer" or not good:
            received = "another" if kind.lower() == b"bearer" else "none"
            raise Refusal(401, f"A bearer token of this server must be sent. Received: {received}.")

    async def _body(self, receive, headers):
        """The body; None if the client has gone."""
        limit = self._settings.max_body
        too_large = Refusal(413, f"A body may have at most {limit} bytes. Received: more.")
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise Refusal(415, "A body must be sent as it is. Received: a content encoding.")
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > limit:
            raise too_large
        parts, size = [], 0
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > limit:
                        raise too_large
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            raise Refusal(408, f"A body must arrive within {self._settings.body_seconds:g} seconds.") from None

    def _patient(self, send):
        """As `send`; gives up on a client that doesn't take its answer."""

        async def sent(message):
            async with asyncio.timeout(self._settings.body_seconds):
                await send(message)

        return sent


def _given(body, receive):
    """A `receive` that gives the body once, and then what the server says."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def given():
        return left.pop() if left else await receive()

    return given


async def _answer(send, refusal):
    body = tensors.dumps({"error": str(refusal)})
    # What is left of the body isn't read.
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    headers.append((b"content-length", str(len(body)).encode()))
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
