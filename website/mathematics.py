"""Equations, typeset by KaTeX while the site is built: a page has their HTML and MathML, and no script of KaTeX's."""

import json
import subprocess
from functools import cache
from html import escape

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging

from website.chapters import ROOT

FOLDER = ROOT / "website"


@cache
def typeset(tex, display=False):
    """An equation's HTML.

    Raises:
        ValueError: KaTeX doesn't know a command in it.
    """
    process = _node()
    process.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["html"]


def setup(app):
    """Makes it Sphinx's way with equations."""
    app.add_html_math_renderer("katex", inline_renderers=(_inline, None), block_renderers=(_block, None))


@cache
def _node():
    if not (FOLDER / "node_modules" / "katex").exists():
        raise ExtensionError("website: KaTeX isn't here; get it with `npm ci --prefix website`, as `make site` does.")
    pipe = subprocess.PIPE
    return subprocess.Popen(["node", "typeset.mjs"], cwd=FOLDER, stdin=pipe, stdout=pipe, text=True)


def _inline(translator, node):
    translator.body.append(_html(translator, node, False))
    raise nodes.SkipNode


def _block(translator, node):
    # A wide equation is scrolled, by keyboard as well.
    translator.body.append(f'<div class="math" tabindex="0">{_html(translator, node, True)}</div>')
    raise nodes.SkipNode


def _html(translator, node, display):
    try:
        return typeset(node.astext(), display)
    except ValueError as error:
        logging.getLogger(__name__).warning("KaTeX can't set it: %s", error, location=node)
        return escape(node.astext())
