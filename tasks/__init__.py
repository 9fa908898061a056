"""The tasks that come with tfnotes; the library finds them by their entry points. Installed as `tfnotes_tasks`."""

if __name__ != "tfnotes_tasks":
    raise ImportError(
        "tfnotes: its tasks are imported as `tfnotes_tasks`, no longer as `tasks`; an installation made before "
        f"is renewed by `pip install -e .` in the checkout. Received: `import {__name__}`."
    )
