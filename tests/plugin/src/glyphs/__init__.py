"""A task for tfnotes as another package: which of three signs a picture of 8 x 8 characters shows."""
