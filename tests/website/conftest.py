"""A small book to build: one chapter, its twin and its cells."""

import hashlib
import textwrap

import pytest

pytest.importorskip("jupytext", reason="jupytext, of the extra `site`, isn't installed")

ENGLISH = """
# A chapter

Words with [a link](#relu) and [another](#elsewhere).

(relu)=
## A concept

```{code} tfnotes.activations.relu.relu_by_definition
```
```{cell} worked
:caption: a line
```
```{claim} relu-sparse
```
```{exercise}
What is it?
```
```{answer} relu-answer
It is this.
```

两行的
一段
"""

CELLS = '''
"""The cells."""

# %% setup
base = 3

# %% worked
print(base + 1)

# %% quiet
base = 10

# %% relu-answer
print(base + 2)
'''


@pytest.fixture(scope="session")
def concepts():
    """The catalogue's concepts."""
    from tfnotes import registry
    from website import catalogue

    return {f"{c.kind}.{c.name}": catalogue._concept(c) for c in registry.concepts()}


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Writes the book's only chapter, `01_small`; gives a function that replaces one of its files."""
    from website import cells, chapters

    monkeypatch.setattr(chapters, "BOOK", tmp_path / "book")
    monkeypatch.setattr(cells, "KEPT", tmp_path / "kept")
    folder = tmp_path / "book" / "01_small"
    folder.mkdir(parents=True)

    def write(name, text):
        (folder / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")

    def chapter(english=ENGLISH, chinese=None, follows=None):
        write("en.md", english)
        seal = hashlib.sha256((folder / "en.md").read_bytes()).hexdigest()[:12]
        chinese = (chinese or english).lstrip("\n").replace("Words", "文字")
        write("zh.md", f"---\nfollows: {follows or seal}\n---\n{chinese}")

    write("cells.py", CELLS)
    chapter()
    chapter.write, chapter.folder = write, folder
    return chapter
