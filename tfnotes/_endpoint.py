"""What a task declares of one way into an exported model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Via:
    """How a client asks another endpoint in the place of one that can't stand where the client is.

    Attributes:
        endpoint: the other one's name.
        preparation: what the client does before and after, so that whoever reads nothing else can write it.
        files: gives what the client needs for it, JSON values by file name; each is written into the export's folder.
        known: the same for tfnotes itself, if it knows the preparation by "name", with its settings.
    """

    endpoint: str
    preparation: str
    files: Callable[[], Mapping[str, Any]] = dict
    known: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reject:
    """How an export tells inputs that are nothing of what the task's labels name.

    Attributes:
        output: the name of the endpoints' output that says so, one boolean for each example: false for what is foreign.
        label: what is said of such an example in the place of a label, such as "no digit".
        score: takes raw examples as a tensor, gives a number for each.
        threshold: the least score of what isn't foreign, set on the validation split.
        refused: the share of each split, by its name, that is taken for foreign.
        found: the share of what is foreign that is found, by its kind.
    """

    output: str
    label: str
    score: Callable[[Any], Any]
    threshold: float
    refused: Mapping[str, float] = field(default_factory=dict)
    found: Mapping[str, float] = field(default_factory=dict)

    def described(self):
        """What an export's `metadata.json` says of it."""
        told = ("output", "label", "threshold", "refused", "found")
        return {name: getattr(self, name) for name in told}


@dataclass(frozen=True)
class Endpoint:
    """One way into an exported model.

    Attributes:
        function: takes tensors, gives a dict of tensors.
        signature: a `tf.TensorSpec` with a name for each argument, in order.
        examples: called with raw examples (as in `Split.x`), gives arguments for the function that the export
            is checked with; None if the raw examples are the one argument.
        notes: for each input or output that needs one, by its name, a sentence for the programmer of a client, such
            as the range of pixels; it goes into the export's `metadata.json`.
        via: for an endpoint of strings, files or random draws, the portable one that answers the same; None for none.
    """

    function: Callable[..., Mapping[str, Any]]
    signature: tuple
    examples: Callable[[Any], tuple] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    via: Via | None = None
