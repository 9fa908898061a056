"""What no client should send, as bytes on a socket, and what a server must answer to each.

The server takes pixels of 28 x 28, wants the token `right`, and waits `SECONDS` for what comes slowly.
"""

import base64
import contextlib
import gzip
import json
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SECONDS = 2
OPTIONS = ("--body-seconds", str(SECONDS), "--max-queue", "64")
TOKEN = "right"


@dataclass(frozen=True)
class Case:
    """One kind of hostility.

    Attributes:
        name: what it is.
        send: a function of the model's name that gives the bytes to send part by part; None is a pause of a second.
        statuses: those that may be answered; None among them stands for a connection that is closed without a word.
        stay: whether the sender waits for an answer; otherwise it leaves.
    """

    name: str
    send: Callable[[str], Iterator[bytes | None]]
    statuses: tuple[int | None, ...]
    stay: bool = True


def answer(address, case, model):
    """What comes back to a case: a status, None if there is none, and the sentence."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), 30) as connection:
        # Who closes while something is sent has answered before.
        with contextlib.suppress(ConnectionError):
            for part in case.send(model):
                if part is None:
                    time.sleep(1)
                else:
                    connection.sendall(part)
        return _read(connection) if case.stay else (None, "")


def good(address, model):
    """A request as it should be: its status and how many seconds it took."""
    start = time.perf_counter()
    pixels = [[[0] * 28] * 28]
    case = Case("good", lambda name: predict({"instances": pixels})(name), (200,))
    return answer(address, case, model)[0], time.perf_counter() - start


def request(path, body=b"", method="POST", headers=(), token=TOKEN, length=None):
    """A whole HTTP request; `path` may hold {model}."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *headers]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"Content-Length: {len(body) if length is None else length}"] if length != "" else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def predict(body, **others):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda model: iter([request(f"/v1/models/{model}:predict", data, **others)])


def infer(said, rest=b"", **others):
    def send(model):
        head = json.dumps(said).encode()
        headers = [f"Inference-Header-Content-Length: {len(head)}"]
        yield request(f"/v2/models/{model}/infer", head + rest, headers=headers, **others)

    return send


def path(text, method="GET", **others):
    return lambda model: iter([request(text.replace("{model}", model), method=method, **others)])


def image(width, height):
    """A PNG whose head promises so many pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")


def hundred_megabytes(model):
    yield request(f"/v1/models/{model}:predict", length=100 * 2**20)
    for _ in range(100):
        yield bytes(2**20)


def in_chunks(model):
    yield request(f"/v1/models/{model}:predict", headers=["Transfer-Encoding: chunked"], length="")
    for _ in range(100):
        yield b"100000\r\n" + bytes(2**20) + b"\r\n"
    yield b"0\r\n\r\n"


def slowly(head, part):
    def send(model):
        yield head(model)
        for _ in range(SECONDS + 2):
            yield part
            yield None

    return send


def leaves(model):
    yield request(f"/v1/models/{model}:predict", b"{", length=1000)


def asks_and_leaves(model):
    yield from predict({"instances": [[[0] * 28] * 28] * 64})(model)


def encoded(data):
    return {"signature_name": "encoded", "instances": [{"b64": base64.b64encode(data).decode()}]}


def tensor(**changes):
    one = {"name": "pixels", "shape": [1, 28, 28], "datatype": "UINT8", "parameters": {"binary_data_size": 784}}
    return {"inputs": [one | changes]}


CASES = [
    Case("malformed JSON", predict(b'{"instances": [[1, 2'), (400,)),
    Case("no text at all", predict(b"\xff\xfe\x00"), (400,)),
    Case("100 000 brackets", predict(b"[" * 100_000), (400,)),
    Case("wrong shape", predict({"instances": [[[1, 2], [3, 4]]]}), (400,)),
    Case("ragged", predict({"instances": [[[1, 2], [3]]]}), (400,)),
    Case("NaN", predict(b'{"instances": [[[NaN]]]}'), (400,)),
    Case("1e999", predict(b'{"instances": [[[1e999]]]}'), (400,)),
    Case("out of the dtype's range", predict({"instances": [[[256] * 28] * 28]}), (400,)),
    Case("strings for numbers", predict({"instances": [[["1"] * 28] * 28]}), (400,)),
    Case("an endpoint that isn't there", predict({"signature_name": "../x", "instances": [1]}), (400,)),
    Case("10 000 examples", predict({"instances": [[[0] * 28] * 28] * 10_000}), (413,)),
    Case("bytes that are cut off", infer(tensor(), bytes(700)), (400,)),
    Case("bytes that are left over", infer(tensor(), bytes(800)), (400,)),
    Case("a shape of 10^18 values", infer(tensor(shape=[10**9, 10**9]), bytes(784)), (400,)),
    Case("100 MB", hundred_megabytes, (413,)),
    Case("100 MB in chunks", in_chunks, (413,)),
    Case("a gzip bomb", predict(gzip.compress(bytes(10**8)), headers=["Content-Encoding: gzip"]), (415,)),
    # Where the endpoint isn't served, that is what is said.
    Case("a PNG of 900 megapixels", predict(encoded(image(30_000, 30_000))), (413, 400)),
    Case("a head that never ends", slowly(lambda model: b"POST / HTTP/1.1\r\nHost: x\r\n", b"X-A: b\r\n"), (408,)),
    Case("a body that trickles", slowly(lambda m: request(f"/v1/models/{m}:predict", length=99), b"{"), (408,)),
    Case("leaves within the body", leaves, (None,), stay=False),
    Case("leaves before the answer", asks_and_leaves, (None,), stay=False),
    Case("no token", predict({"instances": [1]}, token=None), (401,)),
    Case("wrong token", predict({"instances": [1]}, token="wrong"), (401,)),
    Case("a token of 10 000 letters", predict({"instances": [1]}, token="x" * 10_000), (401,)),
    Case("/../../etc/passwd", path("/../../etc/passwd"), (404,)),
    Case("/page/../app.py", path("/page/../app.py"), (404,)),
    Case("/page/%2e%2e/app.py", path("/page/%2e%2e/app.py"), (404,)),
    Case("/page//etc/passwd", path("/page//etc/passwd"), (404,)),
    Case("/v1/models/..%2f..", path("/v1/models/..%2f.."), (404,)),
    Case("a zero byte in a path", path("/page/%00"), (404,)),
    Case("a path of other bytes", path("/v1/models/ä"), (400,)),
    Case("a path of 1 MB", path("/" + "a" * 2**20), (431,)),
    Case("version -1", path("/v1/models/{model}/versions/-1"), (404,)),
    Case("another method", path("/v1/models/{model}:predict", "DELETE"), (405,)),
    Case("no HTTP", lambda model: iter([b"\x16\x03\x01\x02\x00\x01\x00" * 50]), (400,)),
    Case("1 MB of headers", path("/", headers=[f"X-{k}: {'a' * 1000}" for k in range(1000)]), (431,)),
    Case("two lengths", predict(b"{}", headers=["Content-Length: 5"]), (400,)),
    Case("a length and chunks", predict(b"0\r\n\r\n", headers=["Transfer-Encoding: chunked"]), (400,)),
]


def _read(connection):
    data = b""
    try:
        while part := connection.recv(2**16):
            data += part
            head, blank, body = data.partition(b"\r\n\r\n")
            at = head.lower().find(b"content-length: ")
            if blank and at >= 0 and len(body) >= int(head[at + 16 :].split(b"\r\n", 1)[0]):
                break
    # What was sent and not read makes the other side's system reset the connection.
    except ConnectionError:
        pass
    if not data.startswith(b"HTTP/1.1 "):
        return None, ""
    body = data.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
    try:
        sentence = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        sentence = body
    return int(data[9:12]), sentence
