"""`tfnotes serve` as a process of its own, and what is asked there."""

import contextlib
import http.client
import json
import subprocess
import sys
import threading

from tfnotes.serving import examples


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
    stored = examples.of(path, endpoint)
    if not stored:
        raise SystemExit(f"{path} carries no examples of {endpoint}: export it anew.")
    count = len(next(iter(stored.values())))
    for k in range(count):
        inputs = {name: value[k : k + 1] for name, value in stored.items()}
        said = {"signature_name": endpoint, "inputs": {name: value.tolist() for name, value in inputs.items()}}
        body = json.dumps(said, separators=(",", ":")).encode()
        head = f"POST /v1/models/{model}:predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        yield head.encode() + body, inputs
