"""Each page of a library, a ledger and a glossary that are made up, word by word."""

import json
from types import SimpleNamespace

import pytest

from website import blocks, claims, guides, notebooks, pages, reference, tables, words
from website import glossary as terms
from website.chapters import BookError

CONCEPT = {
    "name": "dot", "kind": "layers", "public": "tfnotes.layers.Dot", "en": "dot product", "zh": "点积",
    "twin": "keras.layers.Dot", "notes": ["001:1", "002:3-4"], "differences": "keeps *all*",
}  # fmt: skip
MEMBER = {
    "name": "tfnotes.layers.Dot", "also": ["Inner", "Scalar"], "arguments": ["units", "axis=-1"], "class": True,
    "doc": "Multiplies.\n\nArgs:\n    units: how *many*.", "file": "tfnotes/layers/dot.py",
    "methods": [{"name": "adapt", "signature": "(self, x)", "doc": "Learns."}],
}  # fmt: skip
OTHER = {**MEMBER, "name": "tfnotes.layers.other", "also": [], "methods": [], "doc": "Is other."}
EXPERIMENT = {
    "about": "Of <dots>.", "seeds": 5, "parameters": {"steps": 3, "rates": [0.1]}, "file": "tfnotes/dots.py",
    "measure": "def measure():\n    pass\n", "rules": {"dots-help": "def rule(s):\n    return s\n"},
}  # fmt: skip
LIBRARY = {
    "concepts": {"layers.dot": CONCEPT},
    "reference": {
        "layers": {"about": "Layers of\nall *kinds*.\n\nMore.", "members": [MEMBER, OTHER]},
        "models": {"about": "Models.", "members": []},
    },
    "experiments": {"dots": EXPERIMENT},
}
ENTRY = {
    "id": "dots-help", "statement_en": "Dots <help>.", "statement_zh": "点有用。", "verdict": "QUALIFIED",
    "condition_en": "with *many*", "condition_zh": "多时", "source": ["001:1", "001:5"], "experiment": "dots",
    "figures": {
        "a": {"value": 1234567.891, "low": 0.5, "high": 1.25, "p05": -1, "p95": 2e-7, "n": 5},
        "b": {"value": 0.1234567, "low": 0.5, "high": 1.5},
        "c": {"value": "many"},
    },
    "design": {"seeds": 5, "looks": [5, 10], "minimum": 0.0123}, "power": {"small": 0.25},
    "history": [{"date": "2026-01-01", "verdict": "REFUTED", "design": {"seeds": 3}}],
    "date": "2026-02-03", "versions": {"python": "3.11", "keras": "3"},
}  # fmt: skip
PLAIN = {
    **ENTRY, "id": "dots-hurt", "verdict": "CONFIRMED", "condition_en": "", "condition_zh": "",
    "figures": {"a": {"value": 1.0}}, "design": {"seeds": 1}, "experiment": "other", "power": {}, "history": [],
}  # fmt: skip


def made_up(language="en", **more):
    made = blocks.Book(language, {**LIBRARY, **more})
    speed = {"forward": {"median": 0.914}, "training step": {"median": 2.0}}
    made.measured = {"concepts": {"layers.dot": {"parity": 2.46e-12, "speed": speed}}}
    made.entries = {"dots-help": ENTRY, "dots-hurt": PLAIN}
    return made


def test_a_concepts_box():
    assert blocks.concept(made_up(), "dot") == (
        "**dot product** · 点积 · [`tfnotes.layers.Dot`](#api-tfnotes.layers.Dot)\n\n"
        "- Twin in Keras: `keras.layers.Dot`\n"
        "- In the notes: 001:1, 002:3-4\n"
        "- Differences on purpose: keeps \\*all\\*\n"
        "- Largest relative difference from Keras: 2e-12\n"
        "- Processor time, ours over Keras's: forward 0.91, training step 2.00"
    )
    alone = made_up("zh", concepts={"layers.dot": {**CONCEPT, "twin": "", "notes": []}})
    alone.measured = {"concepts": {}}
    assert blocks.concept(alone, "layers.dot") == (
        "**点积** · dot product · [`tfnotes.layers.Dot`](#api-tfnotes.layers.Dot)\n\n- Keras 中的对应实现：无"
    )


def test_a_claims_box_and_lists_of_claims():
    assert blocks.claim(made_up(), "dots-help") == (
        "**What the notes say** (001:1, 001:5): Dots <help>.\n\n"
        "**Measured: true under a condition**: with \\*many\\*\n\n"
        "[Picture, numbers, and the command to measure it again](#claim-dots-help)"
    )
    assert "\n\n**实测：成立**\n\n" in blocks.claim(made_up("zh"), "dots-hurt")
    assert blocks.verdicts(made_up(), "QUALIFIED") == "- [Dots <help>.](#claim-dots-help) with \\*many\\*"
    assert blocks.verdicts(made_up("zh"), "CONFIRMED") == "- [点有用。](#claim-dots-hurt)"
    assert blocks.verdicts(made_up(), "INCONCLUSIVE") == ""


def test_a_picture_is_there_for_light_and_for_dark():
    assert blocks.drawn("../a", "png", 'x "y"', "b < c") == (
        '<figure class="drawn"><img class="only-light" loading="lazy" alt="x &quot;y&quot;" src="../a-light.png">'
        '<img class="only-dark" loading="lazy" alt="x &quot;y&quot;" src="../a-dark.png">'
        "<figcaption>b &lt; c</figcaption></figure>"
    )
    assert "figcaption" not in blocks.drawn("a", "svg", "b")


SOURCE = '''
"""A module."""


def other():
    return 0


class Thing:
    """Is one."""

    @property
    def size(self):
        """How large.

        Much.
        """

        return 1

    def only(self):
        """Nothing more."""
'''


def test_source_with_its_docstring_and_without(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "ROOT", tmp_path)
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "module.py").write_text(SOURCE)
    path, text = blocks.source("pack.module.Thing.size")
    assert (path, text) == ("pack/module.py", "def size(self):\n    return 1")
    with_it = blocks.source("pack.module.Thing.size", True)[1]
    assert with_it.startswith('def size(self):\n    """How large.\n\n    Much.\n    """\n\n    return 1')
    # What is nothing but its docstring keeps it.
    assert blocks.source("pack.module.Thing.only")[1] == 'def only(self):\n    """Nothing more."""'
    assert blocks.source("pack.module.Thing")[1].startswith("class Thing:\n    @property")
    assert blocks.code(made_up(), "pack.module.other") == "```python\ndef other():\n    return 0\n```"
    assert '"""How' in blocks.code(made_up(), "pack.module.Thing.size", docstring=True)
    for name in ("pack.module.Thing.none", "pack.module.other.inner", "pack.module"):
        with pytest.raises(BookError, match=f"must be the dotted name of a function.* Received: '{name}'"):
            blocks.source(name)


def test_a_claims_page(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "PICTURES", tmp_path)
    monkeypatch.setattr(blocks.ledger, "topic", lambda name: "training")
    (tmp_path / "dots-light.png").write_bytes(b"")
    measured = {"dots": EXPERIMENT, "other": {**EXPERIMENT, "rules": {"dots-hurt": ""}}}
    found = claims.pages(made_up(experiments=measured), {"dots-help": ("02_dots", "Dots")})
    assert list(found) == ["claims/dots-help.md", "claims/dots-hurt.md", "claims/index.md"]
    picture = blocks.drawn("../../claims/dots", "png", "Dots <help>.")
    assert found["claims/dots-help.md"].split("\n") == [
        *("---", "orphan: true", "---", "(claim-dots-help)=", "# Dots <help>.", ""),
        "- Claim: `dots-help`, In the notes: 001:1, 001:5",
        "- Verdict: **true under a condition**",
        "- When, or what instead: with \\*many\\*",
        "- Explained in: [Dots](../02_dots.md)",
        *("- [The notes' claims, measured](index.md)", "", picture, "", "## Numbers", ""),
        "| figure | value | 95 % interval of the mean | nine draws in ten | seeds |",
        "|---|---|---|---|---|",
        "| `a` | 1.23457e+06 | 0.5 … 1.25 | -1 … 2e-07 | 5 |",
        "| `b` | 0.123457 | 0.5 … 1.5 |  |  |",
        "| `c` | many |  |  | 1 |",
        *("", "## The rule that decided", "", words.say("by about", "en"), ""),
        *("```python", "def rule(s):", "    return s", "```", "", "## The experiment", ""),
        "Of \\<dots\\>. (`tfnotes/dots.py`)",
        *("", "<details><summary>Code</summary>", "", "```python", "def measure():", "    pass", "```", ""),
        *("</details>", "", "## Measure it again", "", "```sh", "tfnotes experiment run dots-help", "```", ""),
        *("Settings (`--set`) and seeds: `steps=3`, `rates=[0.1]`; seeds 5", ""),
        *("Recorded: 2026-02-03, python 3.11, keras 3", ""),
        "- Looks, in seeds: 5, 10",
        "- Least effect that counts: 0.012",
        "- Found in 80 of 100 repetitions, from a mean of this size on: small 0.25",
        "- Before: 2026-01-01, refuted, seeds 3",
    ]


def test_a_page_of_a_claim_that_simply_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "PICTURES", tmp_path)
    monkeypatch.setattr(blocks.ledger, "topic", lambda name: "training")
    other = {**EXPERIMENT, "parameters": {}, "rules": {"dots-hurt": "rule\n"}}
    text = claims.pages(made_up("zh", experiments={"dots": EXPERIMENT, "other": other}), {})["claims/dots-hurt.md"]
    head, _, tail = text.partition("## 原始数字\n\n")
    assert head.endswith("- 结论：**成立**\n- [笔记的说法，逐条实测](index.md)\n\n")
    assert tail.startswith("| 量 | 值 |\n|---|---|\n| `a` | 1 |\n\n## 判定规则")
    assert text.endswith("参数（`--set`）与种子：无; 随机种子数 5\n\n记录于：2026-02-03, python 3.11, keras 3")


def test_the_table_of_claims(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "PICTURES", tmp_path)
    topics = {"dots-help": "training", "dots-hurt": "convolution"}
    monkeypatch.setattr(blocks.ledger, "topic", topics.get)
    lines = claims._table(made_up()).split("\n")
    verdicts = {verdict: said["en"] for verdict, said in words.VERDICTS.items()}
    named = {"training": "training", "convolution": "convolution"}
    assert lines == [
        *("# The notes' claims, measured", "", words.say("ledger about", "en"), ""),
        '<form class="filter" hidden data-filter="ledger-table" data-count="shown">',
        tables.choice("topic", named, "en"),
        tables.choice("verdict", verdicts, "en"),
        '<label>Words <input type="search" name="words"></label> <output></output>',
        "</form>",
        '<div class="table-wrapper" tabindex="0">',
        (
            '<table id="ledger-table"><thead><tr><th>Topic</th><th>What the notes say</th><th>Verdict</th>'
            "<th>When, or what instead</th></tr></thead><tbody>"
        ),
        (
            '<tr data-topic="training" data-verdict="QUALIFIED" data-words="dots-help"><td>training</td>'
            '<td><a href="dots-help.html">Dots &lt;help&gt;.</a></td>'
            '<td><span class="verdict qualified">true under a condition</span></td><td>with *many*</td></tr>'
        ),
        (
            '<tr data-topic="convolution" data-verdict="CONFIRMED" data-words="dots-hurt"><td>convolution</td>'
            '<td><a href="dots-hurt.html">Dots &lt;help&gt;.</a></td>'
            '<td><span class="verdict confirmed">confirmed</span></td><td></td></tr>'
        ),
        "</tbody></table></div>",
    ]
    assert tables.choice("topic", {"a<": "b&"}, "zh") == (
        '<label>主题 <select name="topic"><option value="">全部</option>'
        '<option value="a&lt;">b&amp;</option></select></label>'
    )
    assert tables.row(["a", "b"]) == "<tr><td>a</td><td>b</td></tr>"


def test_the_glossarys_table(monkeypatch):
    one = {"en": "dot", "zh": "点", "aliases_en": ("point", "spot"), "aliases_zh": ("圆点", "小点")}
    more = {"definition_en": "Is <small>.", "definition_zh": "很小。", "concept": "dot"}
    other = {"en": "line", "zh": "线", "aliases_en": (), "aliases_zh": (), "definition_en": "Is long.", "concept": None}
    found = [SimpleNamespace(**one, **more), SimpleNamespace(**other, definition_zh="很长。")]
    monkeypatch.setattr(terms.glossary, "terms", lambda: found)
    en, zh = (terms.page(made_up(language)).split("\n") for language in ("en", "zh"))
    assert en[:4] == ["# Glossary", "", words.say("glossary about", "en"), ""]
    assert "<tr><th>Term</th><th>Chinese</th><th>Meaning</th></tr>" in en[8]
    assert en[9:] == [
        (
            "<tr><td><b>dot</b><br><small>point, spot</small></td><td><b>点</b><br><small>圆点、小点</small></td>"
            '<td>Is &lt;small&gt;. <a href="api/layers.html"><code>dot</code></a></td></tr>'
        ),
        "<tr><td><b>line</b></td><td><b>线</b></td><td>Is long.</td></tr>",
        "</tbody></table></div>",
    ]
    assert zh[10] == "<tr><td><b>线</b></td><td><b>line</b></td><td>很长。</td></tr>"
    assert "<tr><th>术语</th><th>英文</th><th>含义</th></tr>" in zh[8]


def test_the_reference():
    found = reference.pages(made_up(), {"dot": "On dots"})
    assert list(found) == ["api/layers.md", "api/models.md", "api/index.md"]
    assert found["api/layers.md"].split("\n") == [
        *("# `tfnotes.layers`", "", "Layers of", "all \\*kinds\\*.", "", "More.", ""),
        *("(api-tfnotes.layers.Dot)=", "## `Dot` · dot product", ""),
        *("```python", "tfnotes.layers.Dot(units, axis=-1)", "```", ""),
        *("Also called: `Inner`, `Scalar`", "", "Explained in: [On dots](#dot)", ""),
        *("Multiplies.", "", "**Arguments**", "", "- `units`: how \\*many\\*.", ""),
        *("**`Dot.adapt(self, x)`**", "", "Learns.", "", "Source: `tfnotes/layers/dot.py`", ""),
        *("(api-tfnotes.layers.other)=", "## `other`", ""),
        *("```python", "tfnotes.layers.other(units, axis=-1)", "```", ""),
        *("Is other.", "", "Source: `tfnotes/layers/dot.py`", ""),
    ]
    assert found["api/index.md"].split("\n") == [
        *("# Reference (API)", "", "Every public class and function, from its docstring.", ""),
        "- [`tfnotes.layers`](layers.md): Layers of all \\*kinds\\*.",
        "- [`tfnotes.models`](models.md): Models.",
        *("", "```{toctree}", ":hidden:", "", "layers", "models", "```"),
    ]
    zh = reference.pages(made_up("zh"), {})["api/layers.md"]
    assert "## `Dot` · 点积\n" in zh
    assert "别名：`Inner`, `Scalar`\n" in zh
    assert "讲解见" not in zh


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (">>> 1 + 1\n2", ["```pycon", ">>> 1 + 1", "2", "```", ""]),
        ("    a = b\n      + c", ["```text", "a = b", "  + c", "```", ""]),
        ("Raises:\n    ValueError: *no*.\n    odd, *two, `x`: y", [
            *("**Raises**", "", "- `ValueError`: \\*no\\*.", "- `odd, *two, `x`: y", ""),
        ]),
        ("Returns:\n    A list\n    of two", ["**Returns**", "", "- A list", "- of two", ""]),
        ("Reference: some\nbook", ["**Reference**: some book", ""]),
        ("Differences from keras.X: two\n  of *them*", ["**Differences from keras.X**: two   of \\*them\\*", ""]),
        ("Careful: this\n  is text", ["Careful: this is text", ""]),
        ("Formulas:\n    a: b", ["**Formulas**", "", "- `a`: b", ""]),
        ("Example:", ["**Example**: ", ""]),
        ("One.\n \nTwo.", ["One.", "", "Two.", ""]),
    ],
)  # fmt: skip
def test_parts_of_a_docstring(text, lines):
    assert reference.docstring(text, "en") == lines


def test_headings_of_docstrings_in_chinese():
    assert reference.docstring("Differences from keras.X: none", "zh") == ["**与 keras.X 的不同**：none", ""]
    assert reference.docstring("Masking:\n    a: b", "zh") == ["**掩码**", "", "- `a`: b", ""]


@pytest.mark.parametrize(("length", "lines"), [(88, 1), (89, 4)])
def test_a_long_call_has_an_argument_a_line(length, lines):
    name = "n" * (length - len("(first, second=2)"))
    found = reference._listing({"name": name, "arguments": ["first", "second=2"]})
    assert found[1].count("\n") + 1 == lines
    if lines > 1:
        assert found[1] == f"{name}(\n    first,\n    second=2,\n)"


@pytest.fixture
def docs(tmp_path, monkeypatch):
    monkeypatch.setattr(guides, "ROOT", tmp_path)
    monkeypatch.setattr(guides, "DOCS", tmp_path / "docs")
    (tmp_path / "docs").mkdir()
    for name in ("zebra", "tasks", "play", "claims", "concepts", "apes"):
        (tmp_path / "docs" / f"{name}.md").write_text(f"[中文]({name}.zh.md)\n\n# {name}\n")
        (tmp_path / "docs" / f"{name}.zh.md").write_text(f"[English]({name}.md)\n\n# {name} 中\n")
    sections = "".join(f"## {said['en']}\nOf [it](docs/play.md).\n" for said in guides.SECTIONS.values())
    (tmp_path / "README.md").write_text(f"# Top\n{sections}")
    chinese = "".join(f"## {said['zh']}\n关于它\n" for said in guides.SECTIONS.values())
    (tmp_path / "README.zh.md").write_text(f"# Top\n{chinese}## End\nno\n")
    return tmp_path


def test_how_tos_in_their_order(docs):
    assert guides.names() == ["start", "play", "own_task", "tasks", "add_concept", "apes", "zebra"]
    found = guides.pages("en")
    assert list(found) == [f"guides/{name}.md" for name in guides.names()]
    assert found["guides/apes.md"] == "# apes\n"
    assert found["guides/start.md"] == "# Two commands\nOf [it](play.md).\n"
    zh = guides.pages("zh")
    assert (zh["guides/apes.md"], zh["guides/add_concept.md"]) == ("# apes 中\n", "# 添加一个概念\n关于它\n")


@pytest.mark.parametrize(
    ("given", "led"),
    [
        ("[a](https://x.y/z.md)", None),
        ("[a](#part)", None),
        ("![a b](pictures/c.png)", "![a b](../../../../../docs/pictures/c.png)"),
        ("[a](docs/tasks.zh.md#part)", "[a](tasks.md)"),
        ("[a](../docs/apes.md)", "[a](apes.md)"),
        ("[a](claims.md)", "[a](../claims/index.md)"),
        ("[a](concepts.zh.md)", "[a](../api/index.md)"),
        ("[a](../README.md)", "a (`README.md`)"),
        ("[a](other.md)", "a (`other.md`)"),
    ],
)
def test_links_of_how_tos(docs, given, led):
    assert guides._leading(f"See {given}, too.") == f"See {led or given}, too."


def test_a_list_of_pages():
    assert pages.toctree("Some", ["a", "b"]) == "```{toctree}\n:hidden:\n:caption: Some\n\na\nb\n```"
    found = pages.toctree("Some", ["a"], ":numbered: 1", ":titlesonly:")
    assert found == "```{toctree}\n:numbered: 1\n:titlesonly:\n:caption: Some\n\na\n```"


@pytest.fixture
def front(book_of_one, monkeypatch):
    """The book's front page, and pages made from elsewhere that say what they were given."""
    index = book_of_one / "index"
    index.mkdir()
    (index / "en.md").write_text("# Front\n")
    monkeypatch.setattr(pages.reference, "pages", lambda book, labels: {"api/index.md": json.dumps(labels)})
    monkeypatch.setattr(pages.claims, "pages", lambda book, placed: {"claims/index.md": json.dumps(placed)})
    monkeypatch.setattr(pages.guides, "pages", lambda language: {"guides/a.md": language})
    monkeypatch.setattr(pages.guides, "names", lambda: ["a"])
    monkeypatch.setattr(pages.glossary, "page", lambda book: "terms")
    return book_of_one


@pytest.fixture
def book_of_one(book, tmp_path):
    return tmp_path / "book"


def test_the_pages_of_the_whole_site(front, tmp_path):
    folder = tmp_path / "pages"
    (folder / "guides").mkdir(parents=True)
    (folder / "guides" / "old.md").write_text("old")
    (folder / "glossary.md").write_text("other terms")
    made = made_up()
    pages.write(folder, made, ["01_small"], False)
    written = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.md")}
    chapters = pages.toctree("Chapters", ["01_small"], ":numbered: 1", ":titlesonly:")
    look_up = pages.toctree("Look up", ["claims/index", "glossary", "api/index"])
    how_to = pages.toctree("How to", ["guides/a"])
    assert written.pop("index.md") == f"# Front\n\n\n{chapters}\n\n{look_up}\n\n{how_to}\n\n"
    assert written.pop("01_small.md") == (front / "01_small" / "en.md").read_text("utf-8")
    assert written.pop("search.md") == (
        f'---\norphan: true\n---\n# Search\n\n<div id="search">{words.say("by http", "en")}</div>'
    )
    assert written == {
        "api/index.md": '{"relu": "A chapter"}',
        "claims/index.md": '{"relu-sparse": ["01_small", "A chapter"]}',
        "guides/a.md": "en",
        "glossary.md": "terms",
    }
    # What is as before keeps its time.
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.md")}
    (folder / "guides" / "a.md").write_text("changed")
    pages.write(folder, made, ["01_small"], False)
    changed = {path.name for path, time in times.items() if path.stat().st_mtime_ns != time}
    assert changed == {"a.md"}
    # A preview has the chapters alone.
    pages.write(folder, made, ["01_small"], True)
    assert {path.name for path in folder.rglob("*.md")} == {"index.md", "01_small.md"}
    assert (folder / "index.md").read_text("utf-8") == f"# {words.TITLE['en']}\n\n{chapters}\n"


CHAPTER = """
# A chapter

See [there](#far), [here](#near) and [nowhere](#gone).

(near)=
## Nearer

```{widget} digit
```
```{concept} dot
```
```{verdicts} QUALIFIED
```
```{code} tfnotes.activations.relu.relu
:docstring: yes
```
"""


@pytest.mark.parametrize("cells", ["", "# %% setup\nbase = 3\n"])
def test_directives_and_links_in_a_notebook(book_of_one, cells):
    folder = book_of_one / "01_small"
    (folder / "en.md").write_text(CHAPTER.lstrip() + ("```{cell} one\n```\nEnd.\n" if cells else ""))
    (folder / "cells.py").write_text(cells and f"{cells}\n# %% one\nprint(base)\n")
    made = notebooks.notebook(made_up(), "01_small", {"far": "09_far", "near": "01_small"})
    setup = words.say("notebook setup", "en")
    assert [cell["id"] for cell in made.cells] == [f"cell-{k}" for k in ([2, 0, 1, 3, 4] if cells else [0])]
    text = made.cells[0].source
    assert "See [there](09_far.ipynb#far), [here](#near) and nowhere." in text
    assert '<a id="near"></a>\n\n## Nearer\n\n*Here the site has a model to play with.*\n\n**dot product**' in text
    assert "[Dots <help>.]" not in text
    assert "- Dots <help>. with" in text
    assert '    """Rectified' in text
    assert made.metadata["kernelspec"] == {"name": "python3", "display_name": "Python 3", "language": "python"}
    if cells:
        assert [cell.source for cell in made.cells[1:]] == [setup, "base = 3", "print(base)", "End."]
        assert made.cells[2].metadata["name"] == "setup"
    else:
        assert text.startswith(f"{setup}\n\n# A chapter")


def test_an_exercise_an_answer_and_what_is_no_directive(book, book_of_one):
    made = notebooks.notebook(blocks.Book("en", LIBRARY), "01_small", {})
    text = next(cell.source for cell in made.cells if "**Exercise**" in cell.source)
    assert text.endswith("**Exercise**\n\nWhat is it?\n\n**Answer**\n\nIt is this.")
    book("# Title\n\n```{wrong} one\n```\n")
    with pytest.raises(BookError, match=r"^\{wrong\}: must be a directive that docs/book/README.md lists\.$"):
        notebooks.notebook(blocks.Book("en", LIBRARY), "01_small", {})
    with pytest.raises(BookError, match=r"^cell: must be one of docs/book/01_small/cells.py. Received: 'none'\.$"):
        blocks.cell("01_small", "none")


def test_names_of_the_languages():
    assert (words.other("en"), words.other("zh")) == ("zh", "en")
    assert words.say("all", "zh") == "全部"
    called = [table["zh"] for table in (words.SPHINX, words.HTML, words.NAMES, words.COLON)]
    assert called == ["zh_CN", "zh-CN", "中文", "："]
    assert {verdict: said["en"] for verdict, said in words.VERDICTS.items()} == {
        "CONFIRMED": "confirmed", "QUALIFIED": "true under a condition", "REFUTED": "refuted",
        "INCONCLUSIVE": "undecided",
    }  # fmt: skip
