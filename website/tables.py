"""Tables that a reader filters; `shared/book.js` does it."""

from html import escape

from website.words import say


def filtered(name, head, rows, language, *choices):
    """A table with the form that filters it.

    Args:
        name: the table's id.
        head: HTML of each column's heading.
        rows: HTML of each row.
        language: "en" or "zh".
        choices: HTML of the form's lists, beside the field for words.

    Returns:
        Lines of HTML.
    """
    return [
        f'<form class="filter" hidden data-filter="{name}" data-count="{say("shown", language)}">',
        *choices,
        f'<label>{say("words", language)} <input type="search" name="words"></label> <output></output>',
        "</form>",
        '<div class="table-wrapper" tabindex="0">',
        f'<table id="{name}"><thead><tr>{"".join(f"<th>{cell}</th>" for cell in head)}</tr></thead><tbody>',
        *rows,
        "</tbody></table></div>",
    ]


def choice(name, options, language):
    """A list of one word of `WORDS` to choose in, from a dict of values and what they are called."""
    every = f'<option value="">{say("all", language)}</option>'
    made = "".join(f'<option value="{escape(key)}">{escape(words)}</option>' for key, words in options.items())
    return f'<label>{say(name, language)} <select name="{name}">{every}{made}</select></label>'


def row(cells, data=""):
    """A row of HTML cells."""
    return f"<tr{data and ' '}{data}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
