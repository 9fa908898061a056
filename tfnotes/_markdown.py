"""Tables in Markdown."""


def row(cells):
    """A line of a table; a bar in a cell stays in it.

    Args:
        cells: texts.
    """
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
