"""What an export takes: images, texts, or whatever its task's own decoder does."""

from tfnotes import task as tasks
from tfnotes.errors import InputError
from tfnotes.serving import images, texts

_TABLE = {"images": images.encode, "texts": texts.decode}
# What exports said before they said what they take.
_FORMERLY = {"tfnotes.serving.images:encode": "images", "tfnotes.serving.texts:decode": "texts"}


def kind(decode):
    """What a task's `decode` takes, as an export's metadata name it: "images" or "texts"; None for its own way."""
    return next((name for name, function in _TABLE.items() if function is decode), None)


def taken(exported):
    """What an export takes: "images", "texts", or None for what its task's decoder takes.

    Raises:
        InputError: the metadata name something else.
    """
    named = exported.metadata.get("decode")
    # Metadata are a file that came from somewhere: it may only choose among these.
    if named is not None and named not in [*_TABLE, *_FORMERLY]:
        raise InputError(
            f"{exported.path}: `decode` in metadata.json must be one of {', '.join(_TABLE)}, or null. "
            f"Received: {named!r}."
        )
    return _FORMERLY.get(named, named) if named else None


def decoder(exported):
    """The function that makes a file's bytes into what the export takes.

    Raises:
        InputError: the export is of a task that takes no files, or that isn't installed.
    """
    named = taken(exported)
    decode = _TABLE[named] if named else tasks.load(exported.metadata["task"]).decode
    if decode is None:
        raise InputError(
            "predict: `export` must be of a task that takes files. "
            f"Received: {exported.path}, whose task {exported.metadata['task']} declares no `decode`."
        )
    return decode
