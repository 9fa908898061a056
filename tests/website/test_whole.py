"""The builder's steps, each with what the others give it made up."""

import io
import json
import runpy
import subprocess
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from website import __main__ as command
from website import blocks, build, catalogue, cells, chapters, figures
from website.chapters import BookError


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Folders of its own for all that is built."""
    for name in ("WORK", "SITE", "PREVIEW", "HERE"):
        monkeypatch.setattr(build, name, tmp_path / name.lower())
    monkeypatch.setattr(build, "WIDGETS", tmp_path / "widgets")
    return tmp_path


def kept(chapter="01_small", sources=None, **outputs):
    folder = cells.KEPT / chapter
    folder.mkdir(parents=True, exist_ok=True)
    (folder / cells.OUTPUTS).write_text(json.dumps({"sources": sources or {}, "cells": outputs}))
    return folder


@pytest.mark.parametrize(
    ("chosen", "languages", "draft", "checked"),
    [
        ((), ("en", "zh"), False, ["01_small", "index", "claims"]),
        ((), ("en", "zh"), True, ["01_small"]),
        (("01",), ("en", "zh"), False, ["01_small"]),
        (("01",), ("zh",), False, []),
    ],
)
def test_the_steps_of_a_build(book, work, monkeypatch, chosen, languages, draft, checked):
    seen, told, library = [], [], {"concepts": {}}
    monkeypatch.setattr(chapters, "check_twins", lambda name: seen.append(name))
    monkeypatch.setattr(chapters, "check_claims", lambda known: seen.append("claims"))
    monkeypatch.setattr(catalogue, "load", lambda: library)
    written = []
    monkeypatch.setattr(build.pages, "write", lambda *given: written.append(("pages", *given)))
    monkeypatch.setattr(build.notebooks, "write", lambda *given: written.append(("notebooks", *given)))
    monkeypatch.setattr(build, "_run_cells", lambda names, tell: written.append(("cells", names)))
    monkeypatch.setattr(build, "_sphinx", lambda *given: f"{given}" if given[0] == "zh" else "")
    monkeypatch.setattr(build, "_gather", lambda *given: given)
    preview = bool(chosen)
    assert build.build(chosen, languages, draft, told.append) == (["01_small"], languages, preview)
    assert seen == checked
    assert told == [f"{('zh', preview, draft)}"]
    end = "-preview" if preview else ""
    folders = [build.WORK / f"{kind}{end}" / language for language in languages for kind in ("pages", "notebooks")]
    assert [one[1] for one in written[:-1]] == folders
    for kind, _, made, names, *more in written[:-1]:
        assert (made.library is library, names) == (True, ["01_small"])
        assert more == ([preview] if kind == "pages" else [])
    assert [one[2].language for one in written[:-1:2]] == list(languages)
    assert written[-1] == ("cells", ["01_small"])


def test_chapters_by_their_beginnings(monkeypatch):
    monkeypatch.setattr(chapters, "names", lambda: ["01_a", "02_b", "10_c"])
    assert build._chosen(["1", "02"]) == ["02_b", "10_c"]
    with pytest.raises(BookError, match=r"`CHAPTER` must begin one of 01_a, 02_b, 10_c. Received: '3'\.$"):
        build._chosen(["01", "3"])
    monkeypatch.setattr(chapters, "names", list)
    with pytest.raises(BookError, match="must begin one of none yet"):
        build._chosen(["01"])


def test_only_stale_cells_run(book, work, monkeypatch):
    ran, told = [], []
    monkeypatch.setattr(cells, "outputs", ran.append)
    build._run_cells(["01_small"], told.append)
    assert (ran, told) == (["01_small"], ["01_small: cells run"])
    kept()
    book.write("cells.py", "")
    build._run_cells(["01_small"], told.append)
    assert len(ran) == 1
    monkeypatch.setattr(cells, "read", lambda name: {"a": "b"})
    build._run_cells(["01_small"], told.append)
    assert len(ran) == 1


@pytest.fixture
def ran(monkeypatch):
    """What is run as a process, and what comes of it."""
    found = SimpleNamespace(calls=[], returncode=0, stdout="", stderr="")

    def run(command, **options):
        found.calls.append((command, options))
        return found

    monkeypatch.setattr(subprocess, "run", run)
    return found


@pytest.mark.parametrize(
    ("preview", "draft", "more"),
    [
        (False, False, ["-W", "--keep-going"]),
        (False, True, []),
        (True, False, ["-D", "suppress_warnings=myst.xref_missing"]),
    ],
)
def test_how_sphinx_is_run(work, ran, preview, draft, more):
    end = "-preview" if preview else ""
    source, target = build.WORK / f"pages{end}" / "zh", build.WORK / f"html{end}" / "zh"
    ran.stderr = f"\n{source}/a.md:3: WARNING: wrong\n"
    assert build._sphinx("zh", preview, draft) == "zh: a.md:3: WARNING: wrong"
    ((command, options),) = ran.calls
    start = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", str(build.HERE), "-d", f"{target}.doctrees"]
    assert command == [*start, *more, str(source), str(target)]
    assert options["cwd"] == build.ROOT
    assert options["env"]["BOOK_LANGUAGE"] == "zh"
    assert options["env"]["PYTHONPATH"] == str(build.ROOT)
    ran.returncode = 1
    with pytest.raises(BookError, match=r"^zh: a.md:3: WARNING: wrong$"):
        build._sphinx("zh", preview, draft)
    ran.stderr = ""
    with pytest.raises(BookError, match=r"^zh: Sphinx failed\.$"):
        build._sphinx("zh", preview, draft)


def test_the_searchs_index(work, ran):
    build._index(work / "site")
    ((command, options),) = ran.calls
    assert command == ["node_modules/.bin/pagefind", "--site", str(work / "site"), "--keep-index-url", "--quiet"]
    assert options["cwd"] == build.HERE
    for stdout, stderr, said in (("one", "two ", "two"), ("one ", "", "one")):
        ran.returncode, ran.stdout, ran.stderr = 1, stdout, stderr
        with pytest.raises(BookError, match=f"^website: the search's index couldn't be made. {said}$"):
            build._index(work / "site")


@pytest.mark.parametrize("preview", [False, True])
def test_all_is_gathered_in_one_folder(book, work, monkeypatch, preview):
    (book.folder / "en.md").write_text("# A\n\n(Some_label)=\n## B\n")
    end, names = "-preview" if preview else "", ["01_small", "02_bare"]
    bare = chapters.BOOK / "02_bare"
    bare.mkdir()
    (bare / "en.md").write_text("(other)=\n# Bare\n")
    for language in ("en", "zh"):
        html, notes = (build.WORK / f"{kind}{end}" / language for kind in ("html", "notebooks"))
        html.mkdir(parents=True)
        (html / "index.html").write_text(language)
        (html / ".buildinfo").write_text("")
        notes.mkdir(parents=True)
        (notes / "01_small.ipynb").write_text(language)
    (kept() / "one-1-light.svg").write_text("drawn")
    monkeypatch.setattr(build.claims, "PICTURES", work / "pictures")
    for path, text in (
        ("pictures/a-light.png", "picture"), ("widgets/play.js", "play"), ("here/shared/index.html", "front"),
        ("here/shared/book.js", "js"), ("here/node_modules/katex/dist/katex.min.css", "css"),
        ("here/node_modules/katex/dist/fonts/a.woff2", "2"), ("here/node_modules/katex/dist/fonts/a.ttf", "t"),
        ("site/old.html", "old"), ("preview/old.html", "old"),
    ):  # fmt: skip
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
    indexed = []
    monkeypatch.setattr(build, "_index", lambda site: indexed.append(sorted(p.name for p in site.iterdir())))
    target = build._gather(names, ("en", "zh"), preview)
    assert target == (build.PREVIEW if preview else build.SITE)
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert files == {
        *(f"{language}/{name}" for language in ("en", "zh") for name in ("index.html", "notebooks/01_small.ipynb")),
        *("figures/01_small/one-1-light.svg", "widgets/play.js", "shared/book.js", "index.html", "labels.json"),
        *("shared/katex/katex.min.css", "shared/katex/fonts/a.woff2"),
        *([] if preview else ["claims/a-light.png"]),
    }
    assert (target / "index.html").read_text() == "front"
    assert (target / "zh" / "index.html").read_text() == "zh"
    labels = {"Some_label": "01_small.html#some-label", "other": "02_bare.html#other"}
    assert json.loads((target / "labels.json").read_text()) == labels
    assert len(indexed) == (0 if preview else 1)
    # The other one stays.
    assert ((build.SITE if preview else build.PREVIEW) / "old.html").exists()
    assert not (build.WORK / "gathered").exists()


def test_a_site_without_widgets_and_with_one_language(book, work, monkeypatch):
    for kind in ("html-preview", "notebooks-preview"):
        (build.WORK / kind / "en").mkdir(parents=True)
    for path in ("here/shared/index.html", "here/node_modules/katex/dist/katex.min.css"):
        (work / path).parent.mkdir(parents=True)
        (work / path).write_text("")
    book.write("cells.py", "")
    target = build._gather(["01_small"], ("en",), True)
    assert {path.name for path in target.iterdir()} == {"en", "shared", "index.html", "labels.json"}


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([], ((), ("en", "zh"), False)),
        (["02", "09", "--draft"], (("02", "09"), ("en", "zh"), True)),
        (["02", "--language", "zh"], (("02",), ["zh"], False)),
    ],
)
def test_the_command(monkeypatch, arguments, given):
    asked = []

    def built(*arguments):
        asked.append(arguments[:3])
        arguments[3]("a step")
        return build.ROOT / "build" / "somewhere"

    monkeypatch.setattr(build, "build", built)
    clock = iter((10.0, 13.4))
    monkeypatch.setattr(command.time, "monotonic", lambda: next(clock))
    result = CliRunner().invoke(command.main, arguments)
    assert result.exit_code == 0, result.output
    assert asked == [given]
    assert result.output == "a step\nbuild/somewhere/index.html after 3 s\n"


def test_the_commands_refusals(monkeypatch):
    def broken(*arguments):
        raise BookError("It is broken.")

    monkeypatch.setattr(build, "build", broken)
    result = CliRunner().invoke(command.main, ["02"])
    assert (result.exit_code, result.output) == (1, "It is broken.\n")
    result = CliRunner().invoke(command.main, ["--language", "en"])
    assert result.exit_code == 2
    assert "`--language` is for a preview; name a chapter, too." in result.output


def test_outputs_of_cells_that_are_fresh_and_of_those_that_arent(book, monkeypatch):
    asked = []

    def child(module, *arguments):
        asked.append((module, *arguments))
        kept(worked={"text": "new", "figures": []})
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(cells, "child", child)
    kept(sources={"no_such_file.py": "0"}, worked={"text": "old", "figures": []})
    assert not cells.fresh("01_small")
    assert cells.outputs("01_small") == {"worked": {"text": "new", "figures": []}}
    assert asked == [("website.cells", "01_small", cells.KEPT / "01_small")]
    assert cells.outputs("01_small")["worked"]["text"] == "new"
    assert len(asked) == 1
    source = "website/lines.py"
    assert len(cells.digest(chapters.ROOT / source)) == 16
    for digest, fresh in ((cells.digest(chapters.ROOT / source), True), ("0" * 16, False)):
        kept(sources={source: digest})
        assert cells.fresh("01_small") == fresh
    for stdout, stderr, said in (
        ("named\n", "x", "^named$"),
        ("", "y" * 3000, r"^docs/book/01_small/cells.py: y{2000}$"),
    ):
        monkeypatch.setattr(
            cells, "child", lambda *a, o=stdout, e=stderr: SimpleNamespace(returncode=1, stdout=o, stderr=e)
        )
        with pytest.raises(BookError, match=said):
            cells.outputs("01_small")
    book.write("cells.py", "")
    assert cells.outputs("01_small") == {}


def test_a_process_of_the_builder(ran):
    cells.child("website.cells", "a", 3)
    ((command, options),) = ran.calls
    assert command == [sys.executable, "-m", "website.cells", "a", "3"]
    assert options["cwd"] == chapters.ROOT
    quiet = {"MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    assert quiet.items() <= options["env"].items()


def test_what_decides_over_outputs(book):
    path = chapters.BOOK / "01_small" / "cells.py"
    used = cells._used(path)
    assert used == sorted(used)
    website = chapters.ROOT / "website"
    assert {path, website / "cells.py", website / "figures.py", chapters.ROOT / "tfnotes" / "files.py"} <= set(used)
    assert website / "build.py" not in used
    assert all(p == path or p.is_relative_to(chapters.ROOT) for p in used)
    kept_at = cells.KEPT / "01_small"
    cells.run("01_small", kept_at)
    sources = json.loads((kept_at / cells.OUTPUTS).read_text("utf-8"))["sources"]
    assert sources["website/cells.py"] == cells.digest(website / "cells.py")


def test_figures_are_numbered_closed_and_light_when_they_are_heavy(tmp_path, monkeypatch):
    plt = pytest.importorskip("matplotlib.pyplot", reason="matplotlib, of the extra `figures`, isn't installed")
    import matplotlib as mpl

    def draw():
        axes = plt.subplots(figsize=(1, 1))[1]
        axes.plot([0, 1, 0])
        axes.scatter([0], [1])
        axes.bar([0], [1])

    plt.close("all")
    with mpl.rc_context({**figures.style(), "backend": "Agg"}):
        for _ in range(2):
            draw()
        assert figures.save(tmp_path, "cell") == ["cell-1", "cell-2"]
        assert plt.get_fignums() == []
        names = [f"cell-{k}-{theme}.svg" for k in (1, 2) for theme in ("dark", "light")]
        assert sorted(path.name for path in tmp_path.iterdir()) == names
        first, again = ((tmp_path / f"cell-{k}-light.svg").read_text() for k in (1, 2))
        # The same figure is the same file.
        assert first == again
        assert "<image" not in first
        assert "<dc:date>" not in first
        assert figures.THEMES["light"]["ink"] in first
        dark = (tmp_path / "cell-1-dark.svg").read_text()
        assert figures.THEMES["light"]["ink"] not in dark
        assert figures.THEMES["dark"]["faint"] in dark
        monkeypatch.setattr(figures, "HEAVY", len(first) - 1)
        draw()
        figures.save(tmp_path, "heavy")
        assert "<image" in (tmp_path / "heavy-1-light.svg").read_text()
        assert figures.save(tmp_path, "none") == []
    settings = figures.style()
    faint, ink = figures.THEMES["light"]["faint"], figures.THEMES["light"]["ink"]
    assert {key: settings[key] for key in ("axes.edgecolor", "grid.color", "xtick.color", "text.color")} == {
        "axes.edgecolor": faint, "grid.color": faint, "xtick.color": ink, "text.color": ink,
    }  # fmt: skip
    assert settings["savefig.facecolor"] == settings["axes.facecolor"] == "none"
    assert settings["svg.hashsalt"] == "tfnotes"


def test_the_catalogue_is_made_anew_where_the_library_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "KEPT", tmp_path / "catalogue.json")
    made = []

    def child(module, path):
        made.append(module)
        path.write_text(json.dumps({"sources": catalogue._sources(), "concepts": len(made)}))
        return SimpleNamespace(returncode=0)

    sources = {"a.py": "1"}
    monkeypatch.setattr(catalogue, "_sources", lambda: sources)
    monkeypatch.setattr(catalogue, "child", child)
    assert [catalogue.load()["concepts"] for _ in range(2)] == [1, 1]
    sources["b.py"] = "2"
    assert catalogue.load()["concepts"] == 2
    assert made == ["website.catalogue"] * 2
    (tmp_path / "catalogue.json").unlink()
    wrong = SimpleNamespace(returncode=1, stderr=f" {'x' * 2500}\n")
    monkeypatch.setattr(catalogue, "child", lambda *arguments: wrong)
    with pytest.raises(BookError, match=r"^website: the library couldn't be read. x{2000}$"):
        catalogue.load()


def test_files_that_the_catalogue_is_made_of():
    sources = catalogue._sources()
    assert sources["website/catalogue.py"] == cells.digest(chapters.ROOT / "website" / "catalogue.py")
    assert sources["tfnotes/language.py"] == cells.digest(chapters.ROOT / "tfnotes" / "language.py")
    assert not any(name.startswith("tests/") for name in sources)


class Thing:
    """Is a thing.

    Of two lines.
    """

    def __init__(self, units, axis=-1):
        self.units = units

    def told(self, x=3):
        """Tells."""

    def silent(self):
        pass

    def _hidden(self):
        """Hidden."""


def function(x, *more, y=None):
    """Does."""


def test_what_the_catalogue_tells_of_a_package(monkeypatch):
    def undocumented():
        pass

    function.__name__ = "function"
    members = {"also": function, "function": function, "Zed": Thing, "NUMBER": 3, "undocumented": undocumented}
    module = SimpleNamespace(__all__=[*members], __doc__="About.\n    More.", **members)
    monkeypatch.setattr(catalogue.importlib, "import_module", lambda name: {"tfnotes.some": module}[name])
    monkeypatch.setattr(catalogue.inspect, "getdoc", catalogue.inspect.getdoc)
    found = catalogue._members("some")
    assert [one["name"] for one in found["members"]] == ["tfnotes.some.function", "tfnotes.some.Zed"]
    first, second = found["members"]
    here = "tests/website/test_whole.py"
    assert first == {
        "name": "tfnotes.some.function", "also": ["also"], "class": False, "signature": "(x, *more, y=None)",
        "arguments": ["x", "*more", "y=None"], "doc": "Does.", "file": here, "methods": [],
    }  # fmt: skip
    assert second == {
        "name": "tfnotes.some.Zed", "also": [], "class": True, "signature": "(units, axis=-1)",
        "arguments": ["units", "axis=-1"], "doc": "Is a thing.\n\nOf two lines.", "file": here,
        "methods": [{"name": "told", "signature": "(self, x=3)", "doc": "Tells."}],
    }  # fmt: skip


def test_what_the_catalogue_tells_of_a_concept_and_of_an_experiment():
    concept = SimpleNamespace(
        name="dot", kind="layers", target=Thing, en="a", zh="b", aliases=("c",), twin="d", notes=("001:1",),
        differences="e", slower="f",
    )  # fmt: skip
    here = "tests/website/test_whole.py"
    assert catalogue._concept(concept) == {
        "name": "dot", "kind": "layers", "public": "tfnotes.layers.Thing", "file": here, "en": "a", "zh": "b",
        "aliases": ["c"], "twin": "d", "notes": ["001:1"], "differences": "e", "slower": "f",
    }  # fmt: skip
    experiment = SimpleNamespace(
        about="g", kind="h", seeds=3, parameters=lambda: {"i": 1}, measure=function, rules={"claim": Thing.silent}
    )
    assert catalogue._measured(experiment) == {
        "about": "g", "kind": "h", "seeds": 3, "parameters": {"i": 1}, "file": here,
        "measure": 'def function(x, *more, y=None):\n    """Does."""\n',
        "rules": {"claim": "    def silent(self):\n        pass\n"},
    }  # fmt: skip


def test_what_is_measured_of_a_concept(tmp_path, monkeypatch):
    pytest.importorskip("tensorflow")
    from website import measure

    asked = []

    def speed(concept, pairs, clock):
        asked.append((concept.name, pairs, clock))
        return {"forward": SimpleNamespace(median=0.12345, low=0.1, high=1 / 3)}

    def differences(concept, cases):
        asked.append(cases)
        return {"a": 1e-9, "b": 2.4567e-8}

    monkeypatch.setattr(measure.compare, "speed", speed)
    monkeypatch.setattr(measure.compare, "differences", differences)
    found = {"parity": 2.5e-08, "speed": {"forward": {"median": 0.123, "low": 0.1, "high": 0.333}}}
    concepts = [
        SimpleNamespace(kind="layers", name=name, twin=twin) for name, twin in (("b", "x"), ("a", "y"), ("c", ""))
    ]
    assert measure.measure(concepts[0]) == found
    assert asked == [("b", 30, measure.time.process_time), 5]
    monkeypatch.setattr(measure.registry, "concepts", lambda: concepts)
    monkeypatch.setattr(measure.registry, "find", lambda name: {"c": concepts[2]}[name])
    threads = []
    for name in ("intra", "inter"):
        monkeypatch.setattr(measure.tf.config.threading, f"set_{name}_op_parallelism_threads", threads.append)
    monkeypatch.setattr(measure, "MEASURED", tmp_path / "measured.json")
    monkeypatch.setattr(measure, "versions", lambda: {"python": "3"})
    said = []
    monkeypatch.setattr(measure.click, "echo", said.append)
    measure.main()
    measure.main(["c"])
    assert threads == [1] * 4
    kept = json.loads((tmp_path / "measured.json").read_text())
    assert list(kept["concepts"]) == ["layers.a", "layers.b", "layers.c"]
    assert kept["concepts"]["layers.a"] == found
    assert kept["versions"] == {"python": "3"}
    assert len(kept["date"]) == 10
    assert said == [f"layers.{name} {found}" for name in "bac"]


def test_equations_are_set_by_one_process(monkeypatch):
    pytest.importorskip("sphinx", reason="the extra `site` isn't installed")
    from docutils import nodes

    from website import mathematics

    answers = [{"html": "<b>x</b>"}, {"error": "no such command"}, {"html": "<i>y</i>"}, {"error": "wrong"}]
    process = SimpleNamespace(
        stdin=io.StringIO(), stdout=io.StringIO("".join(f"{json.dumps(answer)}\n" for answer in answers))
    )
    monkeypatch.setattr(mathematics, "_node", lambda: process)
    mathematics.typeset.cache_clear()
    warned = []
    logger = SimpleNamespace(warning=lambda text, *values, location: warned.append((text % values, location.astext())))
    monkeypatch.setattr(mathematics.logging, "getLogger", lambda name: logger)
    try:
        assert [mathematics.typeset("x") for _ in range(2)] == ["<b>x</b>"] * 2
        with pytest.raises(ValueError, match=r"^no such command$"):
            mathematics.typeset("\\wrong")
        body = []
        for draw, tex in ((mathematics._block, "y"), (mathematics._inline, "a<b")):
            with pytest.raises(nodes.SkipNode):
                draw(SimpleNamespace(body=body), nodes.math(tex, tex))
        assert body == ['<div class="math" tabindex="0"><i>y</i></div>', "a&lt;b"]
        assert warned == [("KaTeX can't set it: wrong", "a<b")]
        asked = [json.loads(line) for line in process.stdin.getvalue().splitlines()]
        assert [(one["tex"], one["display"]) for one in asked] == [
            ("x", False), ("\\wrong", False), ("y", True), ("a<b", False),
        ]  # fmt: skip
    finally:
        mathematics.typeset.cache_clear()


def test_without_katex(monkeypatch, tmp_path):
    pytest.importorskip("sphinx", reason="the extra `site` isn't installed")
    from sphinx.errors import ExtensionError

    from website import mathematics

    monkeypatch.setattr(mathematics, "FOLDER", tmp_path)
    with pytest.raises(ExtensionError, match="npm ci --prefix website"):
        mathematics._node.__wrapped__()


def test_chapters_and_titles(book):
    folder = chapters.BOOK
    for name in ("02_more", "10_last", "index", "notes"):
        (folder / name).mkdir()
    (folder / "03_file").write_text("")
    assert chapters.names() == ["01_small", "02_more", "10_last"]
    assert chapters.title("Text\n#no\n# One *two* \n# Three") == "One *two*"
    assert chapters.title("## Two") == ""
    parts = chapters.parts(
        "---\na: b\n---\n\nText\nmore\n\n(label)=\n```{cell} one  \n:caption: x: y\n:flag:\n\nbody\n```\n"
    )
    assert [(p.kind, p.argument, p.line, p.body) for p in parts] == [
        ("text", "", 4, "Text\nmore"), ("label", "label", 8, ""), ("cell", "one", 9, "body"),
    ]  # fmt: skip
    assert parts[2].options == (("caption", "x: y"), ("flag", ""))
    assert chapters.placed("cell", ["01_small"], "en") == {"worked": "01_small"}


def test_a_twin_that_says_nothing_of_what_it_follows(book):
    (chapters.BOOK / "01_small" / "zh.md").write_text((chapters.BOOK / "01_small" / "en.md").read_text())
    with pytest.raises(BookError, match=r"`follows` must be \w+, .* Received: nothing\.$"):
        chapters.check_twins("01_small")
    (chapters.BOOK / "01_small" / "en.md").unlink()
    with pytest.raises(BookError, match=r"^docs/book/01_small: en.md is missing, the twin of zh.md\.$"):
        chapters.read("01_small", "en")


def test_what_is_recorded_of_concepts(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "MEASURED", tmp_path / "none.json")
    assert blocks.Book("en", {}).measured == {"concepts": {}}
    (tmp_path / "none.json").write_text('{"concepts": {"a": 1}}')
    assert blocks.Book("en", {}).measured == {"concepts": {"a": 1}}


def test_the_cells_of_a_chapter_as_a_process(book, monkeypatch, capsys):
    folder = cells.KEPT / "01_small"
    folder.mkdir(parents=True)
    (folder / "old.svg").write_text("old")
    monkeypatch.setattr(sys, "argv", ["cells", "01_small", str(folder)])
    monkeypatch.delitem(sys.modules, "website.cells")
    runpy.run_module("website.cells", run_name="__main__")
    assert [path.name for path in folder.iterdir()] == [cells.OUTPUTS]
    book.write("cells.py", "# %% one\n1 / 0\n")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("website.cells", run_name="__main__")
    assert ended.value.code == 1
    said = "docs/book/01_small/cells.py: the cell one failed. ZeroDivisionError in its line 1: division by zero\n"
    assert capsys.readouterr().out == said


def test_what_the_catalogue_holds(tmp_path, monkeypatch):
    from tfnotes import registry
    from tfnotes.experiments import _experiment

    one = SimpleNamespace(kind="layers", name="dot")
    monkeypatch.setattr(registry, "concepts", lambda: [one])
    monkeypatch.setattr(registry, "KINDS", ("layers",))
    monkeypatch.setattr(_experiment, "experiments", lambda: [SimpleNamespace(name="dots")])
    for name, told in (("_concept", "concept"), ("_members", "members"), ("_measured", "experiment")):
        monkeypatch.setattr(catalogue, name, lambda given, told=told: f"{told} {given if told == 'members' else '点'}")
    monkeypatch.setattr(catalogue, "_sources", lambda: {"a.py": "1"})
    catalogue.make(tmp_path / "made.json")
    text = (tmp_path / "made.json").read_text("utf-8")
    assert "点" in text
    assert json.loads(text) == {
        "sources": {"a.py": "1"},
        "concepts": {"layers.dot": "concept 点"},
        "reference": {name: f"members {name}" for name in ("layers", "models", "callbacks", "backprop")},
        "experiments": {"dots": "experiment 点"},
    }


def test_sphinxs_settings(monkeypatch):
    monkeypatch.setenv("BOOK_LANGUAGE", "zh")
    found = runpy.run_path(str(chapters.ROOT / "website" / "conf.py"))
    assert (found["language"], found["html_title"], found["book_language"]) == ("zh_CN", found["project"], "zh")
    assert found["extensions"] == ["myst_parser", "website.extension", "website.mathematics"]
    assert found["html_math_renderer"] == "katex"
    # Whatever leads nowhere is a complaint.
    assert found["nitpicky"] is True
    assert {"dollarmath", "amsmath"} <= set(found["myst_enable_extensions"])
