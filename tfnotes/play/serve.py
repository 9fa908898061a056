"""Serves a static folder to this machine alone."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from tfnotes.errors import InputError


class _Handler(SimpleHTTPRequestHandler):
    # Some systems' own tables lack it, and browsers compile nothing of another type while it arrives.
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".wasm": "application/wasm", ".js": "text/javascript"}

    def end_headers(self):
        # The next page at this address may be of other models.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *arguments):
        pass


def server(folder, port):
    """A server of a folder at 127.0.0.1, to be run by `serve_forever`.

    Args:
        folder: what it serves.
        port: its port, 0 for a free one.

    Raises:
        InputError: the port is taken.
    """
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        raise InputError(
            f"play: `port` must be one that is free, or 0 for any. Received: port={port} ({error.strerror})."
        ) from error
