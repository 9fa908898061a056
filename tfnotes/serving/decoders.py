"""What an export takes: images, texts, or whatever its task's own decoder does."""

from tfnotes import task as tasks
from tfnotes.errors import InputError
from tfnotes.serving import images, texts

_TABLE = {"images": images.encode, "texts": texts.decode}


def kind(decode):
    """What a task's `decode` takes, as an export's metadata name it: "images" or "texts"; None for its own way."""
    return next((name for name, function in _TABLE.items() if function is decode), None)


def decoder(exported):
    """The function that makes a file's bytes into what the export takes.

    Raises:
        InputError: the export is of a task that takes no files, or that isn't installed.
    """
    # Metadata are a file that came from somewhere: it may only choose among these, as its schema says.
    named = exported.metadata["decode"]
    decode = _TABLE[named] if named else tasks.load(exported.metadata["task"]).decode
    if decode is None:
        raise InputError(
            "predict: `export` must be of a task that takes files. "
            f"Received: {exported.path}, whose task {exported.metadata['task']} declares no `decode`."
        )
    return decode
