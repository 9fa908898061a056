"""What nobody means to give: damaged files, hostile options, odd values, pictures and texts, by the thousand.

A trial gives one of them to what reads it in a command. It comes to one of these:

    answered    there is an answer, and where it can be told, it is the right one
    refused     one sentence
    traceback   any other exception, which a command would print as a traceback
    unclear     a refusal of several lines, or of more than a thousand characters
    wrong       an answer that isn't what the files held before they were damaged
    hang        whatever took more than a minute
"""

import signal
from collections import Counter
from random import Random

import hypothesis

from tfnotes.errors import InputError

OUTCOMES = ("answered", "refused", "traceback", "unclear", "wrong", "hang")
GOOD = ("answered", "refused")
LONGEST, PATIENCE = 1000, 60


class Wrong(Exception):
    """An answer that can't be right."""


class Hang(BaseException):
    """Patience is at its end; nothing that is tried may catch it."""


def _hang(signum, frame):
    raise Hang


class Trials:
    """The trials of one kind.

    Attributes:
        name: of the kind.
        counts: how many came to what.
        faults: of those that came to nothing good, what was given and what came of it, a sentence each.
    """

    def __init__(self, name):
        self.name = name
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []

    def attempt(self, given, function, *arguments):
        """One trial; `given` says in words what was given."""
        error: BaseException | None = None
        signal.signal(signal.SIGALRM, _hang)
        signal.alarm(PATIENCE)
        try:
            function(*arguments)
            outcome = "answered"
        except (InputError, OSError) as caught:
            error, said = caught, str(caught)
            outcome = "refused" if "\n" not in said and len(said) <= LONGEST else "unclear"
        except Wrong as caught:
            error, outcome = caught, "wrong"
        except Exception as caught:
            error, outcome = caught, "traceback"
        except Hang as caught:
            error, outcome = caught, "hang"
        finally:
            signal.alarm(0)
        self.counts[outcome] += 1
        if outcome not in GOOD:
            self.faults.append(f"{outcome}: {given}: {type(error).__name__}: {str(error)[:300]}")


def drawn(count, strategy, function):
    """Calls a function with `count` values that hypothesis draws."""

    @hypothesis.seed(0)
    @hypothesis.settings(
        max_examples=count, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(strategy)
    def each(value):
        function(value)

    each()


def damaged(random: Random, content):
    """Bytes that something has happened to, and what."""
    content, at = bytearray(content), random.randrange(len(content) + 1)
    until = min(len(content), at + random.choice((1, 4, 100, 5000)))
    kind = random.choice(("bit", "bytes", "zeros", "cut", "beheaded", "gap", "more", "twice", "noise", "empty"))
    if kind == "bit" and content:
        content[at % len(content)] ^= 1 << random.randrange(8)
    elif kind == "bytes":
        content[at:until] = random.randbytes(until - at)
    elif kind == "zeros":
        content[at:until] = bytes(until - at)
    elif kind == "cut":
        del content[at:]
    elif kind == "beheaded":
        del content[:at]
    elif kind == "gap":
        del content[at:until]
    elif kind == "more":
        content[at:at] = random.randbytes(random.choice((1, 16, 1000)))
    elif kind == "twice":
        content[at:at] = content[at:until]
    elif kind == "noise":
        content[:] = random.randbytes(random.choice((1, 100, 10_000)))
    else:
        content.clear()
    return bytes(content), f"{kind} at {at}"
