"""`tfnotes serve` as a process of its own, and what is asked there."""

import contextlib
import http.client
import json
import subprocess
import sys
import threading

from tfnotes.serving import examples
from tfnotes.serving.server.binary import HEADER
from tfnotes.serving.server.signature import V2


class Child:
    """A server on this machine, for as long as the context is open.

    Args:
        paths: what is served.
        options: further arguments of `tfnotes serve`.

    Attributes:
        address: "127.0.0.1:PORT".
        said: the lines that it printed.
    """

    def __init__(self, *paths, options=()):
        command = [sys.executable, "-m", "tfnotes", "serve", *map(str, paths), "--port", "0", *map(str, options)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.said = []
        while "Listening at" not in (line := self._process.stdout.readline()):
            if not line:
                raise SystemExit(f"{', '.join(map(str, paths))} isn't served.")
            self.said.append(line.strip())
        self.address = line.split()[-1].removeprefix("http://")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._process.terminate()
        self._process.wait(60)
        self._reader.join()
        self._process.stdout.close()

    def got(self, path, body=None):
        """What a GET, or a POST of a body as JSON, answers."""
        status, data = self.asked(path, body)
        if status != 200:
            raise SystemExit(f"{path}: {status} {data[:200]!r}")
        return json.loads(data)

    def asked(self, path, body=None):
        with contextlib.closing(http.client.HTTPConnection(self.address, timeout=60)) as connection:
            connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            return answer.status, answer.read()

    def memory(self):
        """Its resident memory in MiB, on Linux."""
        with open(f"/proc/{self._process.pid}/status") as file:
            return int(next(line for line in file if line.startswith("VmRSS")).split()[1]) / 1024

    def processor(self):
        """The seconds that it has worked so far, on Linux."""
        with open(f"/proc/{self._process.pid}/stat") as file:
            user, system = file.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / 100

    def _read(self):
        for line in self._process.stdout:
            self.said.append(line.strip())


def requests(path, model, endpoint):
    """A request for each example that an export carries, one example in each, as bytes; with its inputs."""
    for inputs in _pieces(path, endpoint, 1):
        said = {"signature_name": endpoint, "inputs": {name: value.tolist() for name, value in inputs.items()}}
        yield _post(f"/v1/models/{model}:predict", _json(said)), inputs


def binary_requests(path, model, endpoint, size):
    """The same in the binary extension of the protocol v2, `size` examples in each."""
    for inputs in _pieces(path, endpoint, size):
        given = [
            {"name": name, "shape": value.shape, "datatype": V2[value.dtype.name],
             "parameters": {"binary_data_size": value.nbytes}}
            for name, value in inputs.items()
        ]  # fmt: skip
        head = _json({"parameters": {"signature_name": endpoint, "binary_data_output": True}, "inputs": given})
        data = b"".join(value.tobytes() for value in inputs.values())
        yield _post(f"/v2/models/{model}/infer", head + data, f"{HEADER}: {len(head)}\r\n"), inputs


def _pieces(path, endpoint, size):
    """The export's examples, `size` at a time."""
    stored = examples.of(path, endpoint)
    if not stored:
        raise SystemExit(f"{path} carries no examples of {endpoint}: export it anew.")
    for k in range(0, len(next(iter(stored.values()))) - size + 1, size):
        yield {name: value[k : k + size] for name, value in stored.items()}


def _json(said):
    return json.dumps(said, separators=(",", ":")).encode()


def _post(path, body, headers=""):
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body
