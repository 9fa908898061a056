"""Weight constraints: where a weight is put back after each update."""

__all__: list[str] = []
