"""The page of the glossary."""

from html import escape

from tfnotes import glossary
from website import blocks
from website.words import say


def page(book):
    """Its Markdown: a table of all terms, to search."""
    language = book.language
    other = "zh" if language == "en" else "en"
    head = "".join(f"<th>{say(word, language)}</th>" for word in ("term", f"term {other}", "meaning"))
    return "\n".join(
        [
            f"# {say('glossary', language)}",
            "",
            say("glossary about", language),
            "",
            f'<form class="filter" hidden data-filter="glossary-table" data-count="{say("shown", language)}">',
            f'<label>{say("words", language)} <input type="search" name="words"></label> <output></output>',
            "</form>",
            '<div class="table-wrapper" tabindex="0">',
            f'<table id="glossary-table"><thead><tr>{head}</tr></thead><tbody>',
            *(_row(term, language, other, book) for term in glossary.terms()),
            "</tbody></table></div>",
        ]
    )


def _row(term, language, other, book):
    names = {"en": (term.en, *term.aliases_en), "zh": (term.zh, *term.aliases_zh)}
    cells = [_names(names[which], which) for which in (language, other)]
    meaning = escape({"en": term.definition_en, "zh": term.definition_zh}[language])
    if term.concept:
        kind = blocks.find(book.library["concepts"], term.concept)["kind"]
        meaning += f' <a href="api/{kind}.html"><code>{term.concept}</code></a>'
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in (*cells, meaning))}</tr>"


def _names(names, language):
    first, *others = map(escape, names)
    more = f'<br><small>{("、" if language == "zh" else ", ").join(others)}</small>' if others else ""
    return f"<b>{first}</b>{more}"
