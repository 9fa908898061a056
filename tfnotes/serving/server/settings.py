"""What a server is told when it starts, and what it refuses more of."""

from dataclasses import dataclass

from tfnotes import _checks
from tfnotes.errors import InputError
from tfnotes.serving import runtimes


class Refusal(InputError):
    """An `InputError` with the HTTP status that it is answered with."""

    def __init__(self, status, sentence):
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Settings:
    """Limits of a server; each is refused with one sentence when it is passed.

    Attributes:
        max_batch: examples that run together, and at most so many in one request.
        max_wait_ms: how long the first example of a batch waits for others. At 0 those go together that came
            while the batch before ran.
        max_queue: requests to one endpoint that may wait or run at once.
        max_body: bytes of a request's body.
        max_pixels: pixels of an image.
        max_text: bytes of a text, and length of any other open axis but the first.
        seconds: how long an answer may take.
        body_seconds: how long a request's head and body may take to arrive, and an answer to be taken.
        versions: how many of a model's newest versions are kept.
        poll_seconds: how often folders are looked at for new versions.
        tokens: the bearer tokens that are let in; empty for everyone.
        runtime: what runs the exports, of `tfnotes.serving.runtimes.NAMES`; None for each export's first.
        trust: as for `tfnotes.serving.exported.Exported`.
    """

    max_batch: int = 128
    max_wait_ms: float = 0
    max_queue: int = 256
    max_body: int = 32 * 2**20
    max_pixels: int = 16_000_000
    max_text: int = 100_000
    seconds: float = 30
    body_seconds: float = 30
    versions: int = 1
    poll_seconds: float = 2
    tokens: tuple[str, ...] = ()
    runtime: str | None = None
    trust: bool = False

    def __post_init__(self):
        for name in ("max_batch", "max_queue", "max_body", "max_pixels", "max_text", "versions"):
            _checks.integer("serve", name, getattr(self, name))
        _checks.number("serve", "max_wait_ms", self.max_wait_ms, low=0)
        for name in ("seconds", "body_seconds", "poll_seconds"):
            _checks.number("serve", name, getattr(self, name), low=0, exclusive=True)
        if self.runtime is not None:
            _checks.choice("serve", "runtime", self.runtime, runtimes.NAMES)


def read_tokens(path):
    """The tokens of a file, one a line; empty lines and those that begin with # aren't any.

    Raises:
        InputError: there is none, or one isn't made of visible ASCII characters.
        OSError: the file can't be read.
    """
    lines = [line.strip() for line in path.read_text("utf-8", "replace").splitlines()]
    tokens = tuple(line for line in lines if line and not line.startswith("#"))
    if not tokens or not all(t.isascii() and t.isprintable() and " " not in t for t in tokens):
        raise InputError(
            f"serve: `tokens` must be a file with a token of visible ASCII characters on each line. Received: {path}, "
            f"which holds {'others' if tokens else 'none'}."
        )
    return tokens
