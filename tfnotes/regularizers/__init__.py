"""Weight regularizers: a penalty added to the loss."""

__all__: list[str] = []
