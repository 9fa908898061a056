"""The chapters' directives, for Sphinx."""

from functools import cache
from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from website import blocks, cells, chapters
from website.chapters import ROOT, WIDGETS, BookError
from website.lines import joined
from website.words import HTML, NAMES, other, say


@cache
def book(language):
    """What the blocks of one language draw on."""
    return blocks.Book(language)


class Block(SphinxDirective):
    """What all have in common: a box that holds parsed Markdown, and errors with the page's line."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        try:
            return self.made(book(self.language))
        except BookError as error:
            raise self.error(str(error)) from error

    @property
    def language(self):
        return self.config.book_language

    @property
    def chapter(self):
        return self.env.docname

    def depend(self, *paths):
        """The page is made anew when these files change."""
        for path in paths:
            self.env.note_dependency(str(path))

    def box(self, kind, markdown, *more):
        made = nodes.container("", *self.parse_text_to_nodes(markdown), *more, classes=["block", kind])
        self.set_source_info(made)
        return made

    def figures(self, names, caption=""):
        """Figures of a cell, the right ones for light and dark."""
        up = "../" * (self.env.docname.count("/") + 1)
        for name in names:
            shown = blocks.drawn(f"{up}figures/{self.chapter}/{name}", "svg", caption or self.arguments[0], caption)
            yield nodes.raw("", shown, format="html")


class Concept(Block):
    """`{concept} NAME`."""

    def made(self, found):
        self.depend(blocks.MEASURED, blocks.languages.CHINESE)
        return [self.box("concept", blocks.concept(found, self.arguments[0]))]


class Code(Block):
    """`{code} DOTTED.NAME`."""

    option_spec = {"docstring": directives.unchanged}

    def made(self, found):
        docstring = self.options.get("docstring", "no") == "yes"
        path, _ = blocks.source(self.arguments[0], docstring)
        self.depend(ROOT / path)
        where = nodes.paragraph("", "", nodes.literal("", path), classes=["where"])
        return [self.box("code", blocks.code(found, self.arguments[0], docstring), where)]


class Claim(Block):
    """`{claim} ID`."""

    def made(self, found):
        self.depend(blocks.ledger.FOLDER / "ledger.json")
        made = self.box("claim", blocks.claim(found, self.arguments[0]))
        made["classes"].append(blocks.entry_of(found, self.arguments[0])["verdict"].lower())
        return [made]


class Verdicts(Block):
    """`{verdicts} VERDICT`."""

    def made(self, found):
        self.depend(blocks.ledger.FOLDER / "ledger.json")
        return [self.box("verdicts", blocks.verdicts(found, self.arguments[0]))]


class Cell(Block):
    """`{cell} ID`: code, what it printed, what it drew."""

    option_spec = {"hide-code": directives.flag, "hide-output": directives.flag, "caption": directives.unchanged}

    def made(self, found):
        return [nodes.container("", *self.shown(self.arguments[0]), classes=["block", "cell"])]

    def shown(self, name):
        code = blocks.cell(self.chapter, name)
        self.depend(chapters.BOOK / self.chapter / "cells.py", cells.KEPT / self.chapter / cells.OUTPUTS)
        listing = nodes.literal_block(code, code, language="python")
        if "hide-code" in self.options:
            yield from folded(say("code", self.language), [listing])
        else:
            yield listing
        if "hide-output" in self.options:
            return
        output = cells.outputs(self.chapter)[name]
        if output["text"].strip():
            text = output["text"].rstrip("\n")
            yield nodes.literal_block(text, text, language="text", classes=["output"])
        yield from self.figures(output["figures"], self.options.get("caption", ""))


class Exercise(Block):
    """`{exercise}` with its question."""

    required_arguments = 0
    has_content = True

    def made(self, found):
        title = nodes.paragraph("", "", nodes.strong("", say("exercise", self.language)), classes=["head"])
        made = self.box("exercise", "\n".join(self.content))
        made.insert(0, title)
        return [made]


class Answer(Cell):
    """`{answer} ID`: folded."""

    has_content = True
    option_spec = {"caption": directives.unchanged}

    def made(self, found):
        inner = [*self.parse_text_to_nodes("\n".join(self.content)), *self.shown(self.arguments[0])]
        return [nodes.container("", *folded(say("answer", self.language), inner), classes=["block", "answer", "cell"])]


class Widget(Block):
    """`{widget} NAME`: where the page's script puts a model."""

    def made(self, found):
        data = f'data-widget="{escape(self.arguments[0])}" data-language="{self.language}"'
        # The page's script puts the model in the sentence's place.
        sentence = escape(say("no widget", self.language))
        return [nodes.raw("", f'<div class="block widget" {data}><p>{sentence}</p></div>', format="html")]


class Joined(SphinxTransform):
    """Joins the lines of a Chinese page's paragraphs, not those of its listings."""

    default_priority = 400

    def apply(self):
        if self.config.book_language != "zh":
            return
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if "\n" in text and not isinstance(parent, (nodes.literal, nodes.literal_block, nodes.raw)):
                # MyST makes a node of each line's end.
                place = parent.index(text)
                sides = [parent[i].astext() if 0 <= i < len(parent) else "" for i in (place - 1, place + 1)]
                parent.replace(text, nodes.Text(joined(text.astext(), *sides)))


def folded(summary, inner):
    """Nodes that a click unfolds."""
    yield nodes.raw("", f"<details><summary>{escape(summary)}</summary>", format="html")
    yield from inner
    yield nodes.raw("", "</details>", format="html")


def context(app, pagename, templatename, values, doctree):
    """What the templates say."""
    language = app.config.book_language
    twin = other(language)
    up = "../" * (pagename.count("/") + 1)
    values["say"] = lambda word: say(word, language)
    values["twin_language"], values["twin_name"] = HTML[twin], NAMES[twin]
    values["twin_page"] = f"{up}{twin}/{pagename}.html"
    # Sphinx calls these headings without their level.
    for part in ("body", "furo_navigation_tree"):
        values[part] = values.get(part, "").replace('role="heading"', 'role="heading" aria-level="2"')
    values["widgets"] = WIDGETS.exists() and "data-widget=" in values.get("body", "")
    values["notebook"] = f"notebooks/{pagename}.ipynb" if pagename in chapters.names() else ""


def without_search(app):
    """Pagefind's index takes the place of Sphinx's."""
    app.builder.search = False


def setup(app):
    """Registers them."""
    # After furo's.
    app.connect("html-page-context", context, priority=900)
    app.connect("builder-inited", without_search)
    app.add_config_value("book_language", "en", "env")
    app.add_transform(Joined)
    for made in (Concept, Code, Claim, Verdicts, Cell, Exercise, Answer, Widget):
        app.add_directive(made.__name__.lower(), made, override=True)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
