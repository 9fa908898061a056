"""How long a request's head may take, and how large it may be, byte by byte."""

import asyncio
import json

import pytest
import uvicorn
from uvicorn.server import ServerState

from tfnotes.serving.server.protocol import LARGEST, protocol

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


class Transport(asyncio.Transport):
    """What is written to a client, None for the end."""

    def __init__(self):
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written = []

    def write(self, data):
        self.written.append(data)

    def close(self):
        self.written.append(None)

    def is_closing(self):
        return None in self.written

    def set_protocol(self, protocol):
        pass

    def pause_reading(self):
        pass

    def resume_reading(self):
        pass


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def spoken(*parts, seconds=60.0):
    """What is written to one who sends these bytes, or waits so many seconds; and whether a timer still runs."""

    async def speak():
        config = uvicorn.Config(app, http=protocol(seconds), ws="none", log_config=None, access_log=False)
        config.load()
        made = config.http_protocol_class(config, ServerState(), {}, asyncio.get_running_loop())
        transport = Transport()
        made.connection_made(transport)
        for part in parts:
            if isinstance(part, bytes):
                made.data_received(part)
                await asyncio.sleep(0)
            else:
                await asyncio.sleep(part)
        await asyncio.sleep(0.01)
        written, running = list(transport.written), not made._timer.cancelled()
        made.connection_lost(None)
        assert made._timer.cancelled()
        return written, running

    return asyncio.run(speak())


def refusal(written):
    """Status and sentence of an answer after which the connection ends."""
    answer, end = written
    assert end is None
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    assert lines == ["Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close"]
    return status, json.loads(body)["error"]


def test_who_says_nothing_is_left_without_a_word():
    assert spoken(0.2, seconds=0.05)[0] == [None]
    assert spoken(0.01) == ([], True)


def test_a_head_that_takes_too_long():
    status, sentence = refusal(spoken(HEAD, 0.2, seconds=0.05)[0])
    assert (status, sentence) == (
        "HTTP/1.1 408 Request Timeout",
        "A request's head must arrive within 0.05 seconds.",
    )
    written, running = spoken(HEAD)
    assert (written, running) == ([], True)


def test_a_head_that_has_come_stops_the_clock_and_the_next_one_has_its_own():
    written, running = spoken(HEAD, b"\r\n", 0.2, seconds=0.05)
    assert written[0].startswith(b"HTTP/1.1 204")
    assert (None in written, running) == (False, False)
    written, _ = spoken(HEAD + b"\r\n", 0.1, HEAD, 0.2, seconds=0.05)
    assert written[0].startswith(b"HTTP/1.1 204")
    assert any(part and part.startswith(b"HTTP/1.1 408") for part in written[1:])


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_a_head_of_just_the_largest_size_and_of_a_byte_more(more, refused):
    assert LARGEST == 65_536
    first, second = HEAD + b"X-A: ", b"a" * (LARGEST - len(HEAD) - 5 - 10 + more)
    written, _ = spoken(first, second, b"b" * 10)
    if not refused:
        assert written == []
    else:
        assert refusal(written) == (
            "HTTP/1.1 431 Request Header Fields Too Large",
            "A request's head may have at most 65536 bytes. Received: more.",
        )


def test_what_is_no_http():
    status, sentence = refusal(spoken(b"\x16\x03\x01")[0])
    assert status == "HTTP/1.1 400 Bad Request"
    assert sentence
