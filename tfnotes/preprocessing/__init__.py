"""Preprocessing layers with `adapt`: fitted to data in one pass."""

__all__: list[str] = []
