"""The page of the glossary."""

from html import escape

from tfnotes import glossary
from website import blocks, tables
from website.words import other, say


def page(book):
    """Its Markdown: a table of all terms, to search."""
    language = book.language
    head = [say(word, language) for word in ("term", f"term {other(language)}", "meaning")]
    rows = (_row(term, language, book) for term in glossary.terms())
    return "\n".join(
        [
            f"# {say('glossary', language)}",
            "",
            say("glossary about", language),
            "",
            *tables.filtered("glossary-table", head, rows, language),
        ]
    )


def _row(term, language, book):
    names = {"en": (term.en, *term.aliases_en), "zh": (term.zh, *term.aliases_zh)}
    cells = [_names(names[which], which) for which in (language, other(language))]
    meaning = escape({"en": term.definition_en, "zh": term.definition_zh}[language])
    if term.concept:
        kind = blocks.find(book.library["concepts"], term.concept)["kind"]
        meaning += f' <a href="api/{kind}.html"><code>{term.concept}</code></a>'
    return tables.row((*cells, meaning))


def _names(names, language):
    first, *others = map(escape, names)
    more = f'<br><small>{("、" if language == "zh" else ", ").join(others)}</small>' if others else ""
    return f"<b>{first}</b>{more}"
