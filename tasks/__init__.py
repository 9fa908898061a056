"""The tasks that come with tfnotes; the library finds them by their entry points."""
