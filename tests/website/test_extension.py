"""The chapters' directives in Sphinx's own hands, and what its templates are told."""

import io
import json
from types import SimpleNamespace

import pytest

pytest.importorskip("sphinx", reason="the extra `site` isn't installed")

from docutils import nodes
from sphinx.application import Sphinx

from tests.website.test_made import CONCEPT, ENTRY
from website import blocks, cells, chapters, extension

# Of MyST's own use of Sphinx.
pytestmark = pytest.mark.filterwarnings("ignore:.*Check CHANGES for Sphinx API modifications")

PAGE = """
# A chapter

方差
减半

(label)=
## Part

```{concept} dot
```
```{code} tfnotes.activations.relu.relu
```
```{code} tfnotes.activations.relu.relu
:docstring: yes
```
```{claim} dots-help
```
```{verdicts} QUALIFIED
```
```{cell} worked
:caption: a <line>
```
```{cell} silent
:hide-code:
```
```{cell} worked
:hide-output:
```
```{exercise}
What *is* it?
```
```{answer} silent
It is **this**.
```
```{widget} digit
```
"""
CELLS = "# %% worked\nprint(1)\n\n# %% silent\nbase = 3\n"


@pytest.fixture
def site(book, tmp_path, monkeypatch):
    """Builds the chapter in a language; gives its tree, what Sphinx complained of, and what the page depends on."""
    book.write("cells.py", CELLS)
    (cells.KEPT / "01_small").mkdir(parents=True)
    outputs = {
        "worked": {"text": "\n1\n\n", "figures": ["worked-1", "worked-2"]},
        "silent": {"text": " \n", "figures": []},
    }
    (cells.KEPT / "01_small" / cells.OUTPUTS).write_text(json.dumps({"sources": {}, "cells": outputs}))

    def library(language):
        made = blocks.Book(language, {"concepts": {"layers.dot": CONCEPT}})
        made.measured, made.entries = {"concepts": {}}, {"dots-help": ENTRY}
        return made

    monkeypatch.setattr(extension, "book", library)

    def build(language, text=PAGE):
        source = tmp_path / f"source-{language}"
        source.mkdir(exist_ok=True)
        (source / "index.md").write_text("# Front\n\n```{toctree}\n01_small\n```\n")
        (source / "01_small.md").write_text(text.lstrip())
        complaints = io.StringIO()
        settings = {"extensions": ["myst_parser", "website.extension"], "book_language": language}
        settings["suppress_warnings"] = ["myst.xref_missing"]
        out = tmp_path / f"out-{language}"
        app = Sphinx(source, None, out, out / "trees", "pseudoxml", settings, status=None, warning=complaints)
        app.build()
        depends = {str((source / path).resolve()) for path in app.env.dependencies["01_small"]}
        return app.env.get_doctree("01_small"), complaints.getvalue(), depends, app

    return build


def boxes(tree, kind):
    return [node for node in tree.findall(nodes.container) if kind in node["classes"]]


def raw(node):
    return [part.astext() for part in node.findall(nodes.raw)]


def test_every_directive(site):
    tree, complaints, depends, app = site("en")
    assert complaints == ""
    (concept,) = boxes(tree, "concept")
    assert concept["classes"] == ["block", "concept"]
    assert concept.astext().startswith("dot product · 点积 · tfnotes.layers.Dot")
    bare, documented = boxes(tree, "code")
    assert bare[-1].astext() == documented[-1].astext() == "tfnotes/activations/relu.py"
    assert bare[-1]["classes"] == ["where"]
    assert '"""Rectified' in documented.astext()
    assert '"""' not in bare.astext()
    (claim,) = boxes(tree, "claim")
    assert claim["classes"] == ["block", "claim", "qualified"]
    assert "true under a condition" in claim.astext()
    (verdicts,) = boxes(tree, "verdicts")
    assert verdicts.astext() == "Dots <help>. with *many*"
    whole, silent, quiet, answer = boxes(tree, "cell")
    code, output = whole.findall(nodes.literal_block)
    assert (code.astext(), code["language"], output.astext(), output["language"]) == (
        "print(1)",
        "python",
        "\n1",
        "text",
    )
    assert output["classes"] == ["output"]
    assert raw(whole) == [
        blocks.drawn(f"../figures/01_small/worked-{k}", "svg", "a <line>", "a <line>") for k in (1, 2)
    ]
    assert raw(silent) == ["<details><summary>Code</summary>", "</details>"]
    assert [block.astext() for block in silent.findall(nodes.literal_block)] == ["base = 3"]
    assert [block.astext() for block in quiet.findall(nodes.literal_block)] == ["print(1)"]
    assert raw(quiet) == []
    (exercise,) = boxes(tree, "exercise")
    assert (exercise[0].astext(), exercise[0]["classes"], exercise[1].astext()) == ("Exercise", ["head"], "What is it?")
    assert answer["classes"] == ["block", "answer", "cell"]
    assert [child.astext() for child in answer] == [
        *("<details><summary>Answer</summary>", "It is this.", "base = 3", "</details>"),
    ]
    widget = next(part for part in raw(tree) if "widget" in part)
    sentence = "Here is a model to play with, where the site was built with `make site-models` and scripts may run."
    assert widget == f'<div class="block widget" data-widget="digit" data-language="en"><p>{sentence}</p></div>'
    # What has changed makes the page anew.
    assert depends >= {
        str(path.resolve())
        for path in (
            chapters.BOOK / "01_small" / "cells.py",
            cells.KEPT / "01_small" / cells.OUTPUTS,
            chapters.ROOT / "tfnotes" / "activations" / "relu.py",
            chapters.ROOT / "tfnotes" / "experiments" / "ledger.json",
            chapters.ROOT / "tfnotes" / "chinese.json",
            blocks.MEASURED,
        )
    }
    assert next(tree.findall(nodes.paragraph)).astext() == "方差\n减半"
    assert app.builder.search is False


def test_a_chinese_page_and_what_is_wrong_in_its_line(site):
    tree, complaints, *_ = site("zh", PAGE + "```{concept} nothing\n```\n")
    assert next(tree.findall(nodes.paragraph)).astext() == "方差减半"
    assert boxes(tree, "concept")[0].astext().startswith("点积 · dot product")
    assert boxes(tree, "exercise")[0][0].astext() == "练习"
    assert 'data-language="zh"' in next(part for part in raw(tree) if "widget" in part)
    line = len(PAGE.lstrip().split("\n"))
    assert f"01_small.md:{line}: " in complaints
    assert "concept: must be one of the registry's" in complaints


@pytest.mark.parametrize(("page", "up"), [("01_small", "../"), ("claims/relu", "../../")])
def test_what_the_templates_are_told(book, tmp_path, monkeypatch, page, up):
    monkeypatch.setattr(extension, "WIDGETS", tmp_path)
    app = SimpleNamespace(config=SimpleNamespace(book_language="en"))
    values = {"body": '<p role="heading">a</p><div data-widget="x">', "furo_navigation_tree": '<b role="heading">'}
    extension.context(app, page, "page.html", values, None)
    assert values["say"]("all") == "all"
    assert (values["twin_language"], values["twin_name"]) == ("zh-CN", "中文")
    assert values["twin_page"] == f"{up}zh/{page}.html"
    assert values["body"].startswith('<p role="heading" aria-level="2">')
    assert values["furo_navigation_tree"] == '<b role="heading" aria-level="2">'
    assert values["notebook"] == ("notebooks/01_small.ipynb" if page == "01_small" else "")
    assert values["widgets"] is True
    extension.context(app, page, "page.html", bare := {"body": "<p>"}, None)
    assert bare["widgets"] is False
    monkeypatch.setattr(extension, "WIDGETS", tmp_path / "none")
    extension.context(app, page, "page.html", values, None)
    assert values["widgets"] is False
