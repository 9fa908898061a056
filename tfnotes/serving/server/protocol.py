"""uvicorn's HTTP, with limits on a request's head: how large it is, and how long it takes to arrive."""

from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tfnotes.serving.server import tensors

LARGEST = 2**16
"""Bytes of a head that comes in several parts."""


def protocol(seconds):
    """A class for uvicorn's `http`.

    Args:
        seconds: how long a head may take to arrive; a connection on which none begins is closed after as long.
    """

    class Protocol(HttpToolsProtocol):
        def connection_made(self, transport):
            super().connection_made(transport)
            # Bytes of the head that is arriving, None between heads.
            self._size = None
            self._timer = self.loop.call_later(seconds, self._late)

        def data_received(self, data):
            super().data_received(data)
            if self._size is not None:
                self._size += len(data)
                if self._size > LARGEST:
                    self._refuse(431, f"A request's head may have at most {LARGEST} bytes. Received: more.")

        def on_message_begin(self):
            super().on_message_begin()
            self._size = 0
            # On a connection that is kept, the next head has its own time.
            self._timer.cancel()
            self._timer = self.loop.call_later(seconds, self._late)

        def on_headers_complete(self):
            self._size = None
            self._timer.cancel()
            super().on_headers_complete()

        def connection_lost(self, error):
            self._timer.cancel()
            super().connection_lost(error)

        def send_400_response(self, msg):
            self._refuse(400, msg)

        def _late(self):
            if self._size is None:
                self.transport.close()
            else:
                self._refuse(408, f"A request's head must arrive within {seconds:g} seconds.")

        def _refuse(self, status, sentence):
            self._size = None
            if self.transport.is_closing():
                return
            body = tensors.dumps({"error": sentence})
            lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Content-Type: application/json"]
            lines += [f"Content-Length: {len(body)}", "Connection: close"]
            self.transport.write("\r\n".join([*lines, "", ""]).encode() + body)
            self.transport.close()

    return Protocol
