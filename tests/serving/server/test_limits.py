"""Each limit has its status and its sentence, and nobody waits for one who is slow."""

import asyncio
import base64
import io
import struct
import threading
import zlib

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from tests.serving.server import made
from tfnotes.errors import InputError
from tfnotes.serving.server.app import _refused, create
from tfnotes.serving.server.guard import Guard
from tfnotes.serving.server.settings import Refusal, Settings, read_tokens
from tfnotes.serving.server.signature import Signature, Spec

PREDICT = "/v1/models/drawn:predict"
ZEROS = np.zeros((1, 28, 28), int).tolist()


@pytest.fixture(scope="module")
def small(export):
    limits = Settings(max_batch=4, max_body=100_000, max_pixels=2000, tokens=("right", "other"))
    with TestClient(create([export], limits), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = "Bearer right"
        yield client


def sentence(answer, status):
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    return answer.json()["error"]


def image(width, height):
    """The head of a PNG of that size, with nothing in it: a bomb."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def encoded(data):
    return {"signature_name": "encoded", "instances": [{"b64": base64.b64encode(data).decode()}]}


def test_body(small):
    assert "at most 100000 bytes" in sentence(small.post(PREDICT, content=bytes(100_001)), 413)
    # Without a length it is counted while it comes.
    parts = (bytes(10_000) for _ in range(11))
    assert "at most 100000 bytes" in sentence(small.post(PREDICT, content=parts), 413)
    assert "content encoding" in sentence(small.post(PREDICT, content=b"x", headers={"Content-Encoding": "gzip"}), 415)


@pytest.mark.parametrize(("width", "height"), [(50, 41), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_pixels(small, width, height):
    assert "at most 2000 pixels" in sentence(small.post(PREDICT, json=encoded(image(width, height))), 413)
    file = io.BytesIO()
    Image.new("L", (50, 40)).save(file, "PNG")
    assert small.post(PREDICT, json=encoded(file.getvalue())).status_code == 200


def test_batch(small):
    assert small.post(PREDICT, json={"instances": ZEROS * 4}).status_code == 200
    assert "at most 4 examples" in sentence(small.post(PREDICT, json={"instances": ZEROS * 5}), 413)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Bearer righ", "Basic right", "right"])
@pytest.mark.parametrize("path", [PREDICT, "/v2/models/drawn", "/models", "/metrics", "/v2/models/drawn/infer"])
def test_tokens(small, path, header):
    headers = {"Authorization": header or ""}
    answer = small.get(path, headers=headers)
    assert "bearer token" in sentence(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_of_tokens_sent_twice_the_first_counts(small):
    first, second = ("Authorization", "Bearer right"), ("Authorization", "Bearer wrong")
    with_both = [small.build_request("GET", "/models", headers=pair) for pair in ([first, second], [second, first])]
    assert [small.send(request).status_code for request in with_both] == [200, 401]


def test_with_a_token_and_without_one_where_none_is_wanted(small):
    for token in ("right", "other"):
        assert small.get("/models", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    for path in ("/", "/page/page.js", "/docs", "/openapi.json", "/v2/health/live", "/v2/health/ready"):
        assert small.get(path, headers={"Authorization": ""}).status_code == 200


@pytest.mark.parametrize("text", ["", "\n# none\n", "two words\n", "schlüssel\n"])
def test_a_file_without_good_tokens(tmp_path, text):
    (tmp_path / "tokens").write_text(text)
    with pytest.raises(InputError, match="`tokens` must be a file with a token"):
        read_tokens(tmp_path / "tokens")


def test_a_file_of_tokens(tmp_path):
    (tmp_path / "tokens").write_text("# ours\none\n\n two \n")
    assert read_tokens(tmp_path / "tokens") == ("one", "two")


def test_queue_and_time(export):
    app = create([export], Settings(max_queue=2, seconds=0.2))
    served = app.state.repository.find("drawn")
    x = np.zeros((1, 28, 28), "uint8")

    async def four():
        batcher = served._batchers["pixels"]
        answer = batcher._ask

        def slow(inputs):
            import time

            time.sleep(0.5)
            return answer(inputs)

        batcher._ask = slow
        return await asyncio.gather(*(served.ask("pixels", {"pixels": x}) for _ in range(4)), return_exceptions=True)

    statuses = sorted(answer.status for answer in asyncio.run(four()))
    assert statuses == [429, 429, 504, 504]


@pytest.mark.parametrize(("status", "after"), [(429, "1"), (503, "1"), (504, None), (400, None)])
def test_who_may_ask_again_is_told_when(status, after):
    answer = asyncio.run(_refused(None, Refusal(status, "Not now.")))
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, after)


def test_so_many_drawings_may_be_asked_for(export):
    served = create([export], Settings(max_batch=4)).state.repository.find("drawn")
    drawing = Signature("sample", {"count": Spec("int32", ()), "seed": Spec("int32", ())}, {"y": Spec("float32", ())})
    for count, refused in ((1, False), (4, False), (0, True), (5, True), (-1, True)):
        inputs = {"count": np.array(count), "seed": np.array(0)}
        if refused:
            with pytest.raises(Refusal, match="`count` must be from 1 to 4"):
                served._check(drawing, inputs)
        else:
            served._check(drawing, inputs)


def test_a_sequence_of_nothing(export):
    served = create([export], Settings()).state.repository.find("drawn")
    words = Signature("ids", {"ids": Spec("int32", (None, None))}, {"y": Spec("float32", (None,))})
    with pytest.raises(InputError, match=r"^`ids` must be at least 1 long\. Received: 0\.$"):
        served._check(words, {"ids": np.zeros((1, 0), "int32")})


def asgi(messages, path="/", headers=(), **limits):
    """What the guard answers to one who sends `messages`, each after so many seconds."""
    said, left = [], list(messages)

    async def app(scope, receive, send):
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def receive():
        if not left:
            await asyncio.sleep(60)
        seconds, message = left.pop(0)
        await asyncio.sleep(seconds)
        return message

    async def send(message):
        said.append(message)

    scope = {"type": "http", "path": path, "headers": list(headers)}
    asyncio.run(Guard(app, Settings(**limits))(scope, receive, send))
    return said


def part(data, more):
    return {"type": "http.request", "body": data, "more_body": more}


def test_who_sends_slowly_is_told_so():
    said = asgi([(0, part(b"a", True)), (0.04, part(b"b", True)), (0.04, part(b"c", True))], body_seconds=0.1)
    assert (said[0]["status"], b"must arrive within 0.1 seconds" in said[1]["body"]) == (408, True)
    said = asgi([(0.01, part(b"a", True)), (0.01, part(b"b", False))], body_seconds=5)
    assert (said[0]["status"], said[1]["body"]) == (200, b"ab")


def test_who_leaves_is_not_answered():
    assert asgi([(0, part(b"a", True)), (0, {"type": "http.disconnect"})]) == []


def test_who_does_not_take_the_answer_is_given_up():
    async def never(message):
        await asyncio.sleep(60)

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return part(b"", False)

    guard, scope = Guard(app, Settings(body_seconds=0.05)), {"type": "http", "path": "/", "headers": []}
    with pytest.raises(TimeoutError):
        asyncio.run(guard(scope, receive, never))


def test_limits_unless_others_are_said():
    assert Settings() == Settings(
        max_batch=128,
        max_wait_ms=0,
        max_queue=256,
        max_body=33_554_432,
        max_pixels=16_000_000,
        max_text=100_000,
        seconds=30,
        body_seconds=30,
        versions=1,
        poll_seconds=2,
        tokens=(),
        runtime=None,
        trust=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("max_body", 0, "a positive integer"),
        ("max_pixels", 0, "a positive integer"),
        ("max_text", 0, "a positive integer"),
        ("max_wait_ms", -0.1, "a finite number at least 0"),
        ("seconds", 0, "a finite number above 0"),
        ("body_seconds", 0, "a finite number above 0"),
        ("poll_seconds", 0, "a finite number above 0"),
    ],
)
def test_limits_that_are_none(name, value, said):
    with pytest.raises(InputError, match=rf"^serve: `{name}` must be {said}\. Received: {name}={value}\.$"):
        Settings(**{name: value})
    Settings(max_wait_ms=0, seconds=0.01, body_seconds=0.01, poll_seconds=0.01)


def test_what_stands_in_a_file_without_good_tokens_is_told(tmp_path):
    for text, held in (("# one", "none"), ("a b", "others"), ("a\nb\x07", "others")):
        (tmp_path / "tokens").write_text(text)
        with pytest.raises(InputError, match=f"Received: {tmp_path}/tokens, which holds {held}\\.$"):
            read_tokens(tmp_path / "tokens")


def test_a_body_of_just_the_limit_and_one_byte_more():
    for parts, status in (((b"ab", b"c"), 200), ((b"ab", b"cd"), 413)):
        said = asgi([(0, part(parts[0], True)), (0, part(parts[1], False))], max_body=3)
        assert said[0]["status"] == status
    # One that says its length beforehand isn't read at all.
    for length, status in ((b"3", 200), (b"4", 413), (b"9" * 5000, 413)):
        said = asgi([(0, part(b"abc", False))], headers=[(b"content-length", length)], max_body=3)
        assert said[0]["status"] == status
    assert said[1]["body"] == b'{"error":"A body may have at most 3 bytes. Received: more."}'
    assert said[0]["headers"] == [
        (b"content-type", b"application/json"),
        (b"connection", b"close"),
        (b"content-length", str(len(said[1]["body"])).encode()),
    ]
    said = asgi([(0, part(b"a", False))], headers=[(b"content-encoding", b"identity")])
    assert said[0]["status"] == 200
    said = asgi([(0, part(b"a", False))], headers=[(b"content-encoding", b"br")])
    assert (said[0]["status"], b"sent as it is. Received: a content encoding." in said[1]["body"]) == (415, True)


@pytest.mark.parametrize(
    ("path", "header", "received"),
    [
        ("/models", b"bearer  one ", None),
        ("/models", b"BEARER two", None),
        ("/models", b"Bearer one two", "another"),
        ("/models", b"Bearer", "another"),
        ("/models", b"Basic one", "none"),
        ("/models", b"", "none"),
        ("/v2", b"", "none"),
        ("/pages", b"", "none"),
        ("/page/icon.svg", b"", None),
        ("/static-offline-docs/a.js", b"", None),
        ("/v2/health/ready/", b"", "none"),
    ],
)
def test_who_is_let_in(path, header, received):
    said = asgi([(0, part(b"", False))], path, [(b"authorization", header)], tokens=("one", "two"))
    if received is None:
        assert said[0]["status"] == 200
    else:
        assert said[0]["status"] == 401
        assert said[0]["headers"][-1] == (b"www-authenticate", b"Bearer")
        expected = f"A bearer token of this server must be sent. Received: {received}."
        assert said[1]["body"].decode() == f'{{"error":"{expected}"}}'


def test_what_is_no_request_of_http():
    asked = []

    async def app(scope, receive, send):
        asked.append((scope["type"], receive, send))

    for kind in ("lifespan", "websocket"):
        asyncio.run(Guard(app, Settings(tokens=("one",)))({"type": kind}, 1, 2))
    assert asked == [("lifespan", 1, 2)]


def test_behind_the_body_comes_what_the_server_says():
    said, heard = [], [part(b"a", False), {"type": "http.disconnect"}]

    async def app(scope, receive, send):
        said.extend([await receive(), await receive()])

    async def receive():
        return heard.pop(0)

    asyncio.run(Guard(app, Settings())({"type": "http", "path": "/", "headers": []}, receive, None))
    assert said == [part(b"a", False), {"type": "http.disconnect"}]


def test_sentences_of_the_queue_and_of_the_time(monkeypatch, tmp_path):
    app = made.application(monkeypatch, made.write(tmp_path / "tiny"), max_queue=1, seconds=0.05)
    served = app.state.repository.find("tiny")
    x = np.zeros((1, 1), "float32")

    async def two():
        batcher, go = served._batchers["half"], threading.Event()
        answer = batcher._ask
        batcher._ask = lambda inputs: go.wait(10) and answer(inputs)
        answers = await asyncio.gather(*(served.ask("half", {"x": x}) for _ in range(2)), return_exceptions=True)
        go.set()
        return answers

    late, one_more = asyncio.run(two())
    assert (late.status, str(late)) == (504, "half: an answer took more than 0.05 seconds.")
    assert (one_more.status, str(one_more)) == (429, "half: at most 1 requests wait at once. Received: one more.")
    assert served._pending["half"] == 0
    assert b'tfnotes_queue{endpoint="half",model="tiny"} 0.0' in served._metrics.page()
