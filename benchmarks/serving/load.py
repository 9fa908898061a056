"""Many clients in one thread, each on a connection that it keeps and with one request at a time."""

import selectors
import socket
import time


class Answer:
    """One answer.

    Attributes:
        client: the number of who asked.
        status: 200, or another.
        body: bytes.
        seconds: from the request to the last byte.
    """

    __slots__ = ("body", "client", "seconds", "status")

    def __init__(self, client, status, body, seconds):
        self.client, self.status, self.body, self.seconds = client, status, body, seconds


def ask(address, requests, clients, until):
    """Asks at full speed.

    Args:
        address: "HOST:PORT".
        requests: bytes of whole HTTP requests; client k sends `requests[k % len(requests)]` over and over.
        clients: how many.
        until: called before each request; it goes on while this is false.

    Returns:
        An iterator of `Answer`, as they come.
    """
    host, port = address.split(":")
    with selectors.DefaultSelector() as selector:
        for k in range(clients):
            connection = socket.create_connection((host, int(port)), 60)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            state = [k, connection, b"", 0.0]
            selector.register(connection, selectors.EVENT_READ, state)
            _send(state, requests)
        left = clients
        while left:
            for key, _ in selector.select(60) or _late():
                state = key.data
                state[2] += state[1].recv(2**18)
                found = _whole(state[2])
                if found is None:
                    continue
                status, body = found
                answer = Answer(state[0], status, body, time.perf_counter() - state[3])
                state[2] = b""
                if until():
                    selector.unregister(state[1])
                    state[1].close()
                    left -= 1
                else:
                    _send(state, requests)
                yield answer


def _send(state, requests):
    state[3] = time.perf_counter()
    state[1].sendall(requests[state[0] % len(requests)])


def _whole(data):
    """Status and body of an answer that is complete; None of one that isn't."""
    if not data:
        raise ConnectionError("The server has closed a connection.")
    head, blank, body = data.partition(b"\r\n\r\n")
    at = head.lower().find(b"content-length: ")
    if not blank or len(body) < int(head[at + 16 :].split(b"\r\n", 1)[0]):
        return None
    return int(head[9:12]), body


def _late():
    raise TimeoutError("No answer came for a minute.")
