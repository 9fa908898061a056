"""`tfnotes find` and `tfnotes book`: everything by any of its names, without TensorFlow."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tfnotes import registry
from tfnotes.cli import _index, book, main
from tfnotes.experiments import ledger
from tfnotes.language import Words

ENTRIES = _index.entries()


def invoke(*arguments):
    return CliRunner(env={"COLUMNS": "300"}).invoke(main, arguments)


def found(*words):
    return [(entry["kind"], entry["name"]) for entry in json.loads(invoke("find", *words, "--json").stdout)]


def test_what_the_files_say_is_what_the_registry_says():
    read = {e.name: (e.title.en, e.title.zh) for e in ENTRIES if e.kind == "concept"}
    assert read == {f"{c.kind}.{c.name}": (c.en, c.zh) for c in registry.concepts()}
    for c in registry.concepts():
        (entry,) = (e for e in ENTRIES if e.name == f"{c.kind}.{c.name}")
        assert {c.name, *c.aliases} <= set(entry.spellings)


def test_every_kind_is_there_with_both_languages():
    assert {e.kind for e in ENTRIES} >= {"concept", "model", "term", "claim"}
    assert {e.name for e in ENTRIES if e.kind == "claim"} == set(ledger.recorded())
    assert all(e.title.en and e.title.zh for e in ENTRIES)
    assert ("model", "rbm") in [(e.kind, e.name) for e in ENTRIES]


@pytest.mark.parametrize("words", [("白化",), ("whitening",)])
def test_whitening_in_either_language(words):
    names = found(*words)
    assert ("term", "whitening") in names[:2]
    assert {("concept", "preprocessing.pca_whitening"), ("concept", "preprocessing.zca_whitening")} <= set(names)
    assert ("claim", "whitening-is-normal") in names


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("dropout",), ("concept", "layers.dropout")),
        (("随机失活",), ("concept", "layers.dropout")),
        (("Nesterov", "momentum"), ("term", "sgd")),
        (("受限玻尔兹曼机",), ("model", "rbm")),
        (("conv-429",), ("claim", "conv-429")),
        (("max", "pooling"), ("concept", "layers.max_pooling2d")),
    ],
)
def test_a_name_comes_before_what_only_speaks_of_it(words, first):
    assert found(*words)[0] == first


def test_all_words_must_be_there():
    assert all("lstm" in json.dumps(e).lower() for e in json.loads(invoke("find", "lstm", "gate", "--json").stdout))
    result = invoke("find", "lstm", "zebra")
    assert (result.exit_code, result.stdout) == (1, "")


def test_near_misses_are_named():
    result = invoke("find", "droput")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: find: `words` must stand together in something; did you mean ")
    assert "dropout" in result.stderr


def test_the_table_is_in_the_language_asked_for():
    chinese, english = invoke("find", "白化", "--lang", "zh").stdout, invoke("find", "白化", "--lang", "en").stdout
    assert "白化（whitening）" in chinese
    assert "使各特征互不相关" in chinese
    assert "whitening (白化)" in english
    assert "uncorrelated with variance 1" in english
    assert all("tfnotes show preprocessing.zca_whitening" in text for text in (chinese, english))


def test_headings_of_the_book(tmp_path, monkeypatch):
    chapter = tmp_path / "02_bends"
    chapter.mkdir()
    (chapter / "en.md").write_text("# Bends\n\n(relu)=\n(leaky_relu)=\n## Two lines\n\n## Without a label\n", "utf-8")
    (chapter / "zh.md").write_text("---\nfollows: x\n---\n# 弯\n\n(relu)=\n(leaky_relu)=\n## 两条线\n", "utf-8")
    monkeypatch.setattr(_index, "BOOK", tmp_path)
    assert [(e.name, e.title.en, e.title.zh) for e in _index.chapters()] == [
        ("02_bends", "Bends", "弯"),
        ("relu", "Two lines", "两条线"),
    ]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A site as `make site` lays it out, below the current folder."""
    root = tmp_path / "build" / "site"
    for language in ("en", "zh"):
        for page in ("index", "glossary", "02_activations", "12_lstm_gru", "guides/drop_in", "claims/conv-429"):
            (root / language / page).parent.mkdir(parents=True, exist_ok=True)
            (root / language / f"{page}.html").write_text("")
    labels = {"leaky_relu": "02_activations.html#leaky-relu", "pca_whitening": "07_preprocessing.html#pca-whitening"}
    (root / "labels.json").write_text(json.dumps(labels))
    monkeypatch.chdir(tmp_path)
    return root


@pytest.mark.parametrize(
    ("topic", "page"),
    [
        ((), "index.html"),
        (("leaky_relu",), "02_activations.html#leaky-relu"),
        (("带泄露的", "ReLU"), "02_activations.html#leaky-relu"),
        (("白化",), "07_preprocessing.html#pca-whitening"),
        (("12",), "12_lstm_gru.html"),
        (("2",), "02_activations.html"),
        (("drop_in",), "guides/drop_in.html"),
        (("conv-429",), "claims/conv-429.html"),
        (("感受野",), "glossary.html"),
        (("dropout",), "api/layers.html"),
    ],
)
def test_pages(site, topic, page):
    for language in ("en", "zh"):
        result = invoke("book", *topic, "--print", "--lang", language)
        assert result.stdout == f"{(site / language).as_uri()}/{page}\n", result.stderr


def test_it_opens_a_browser(site, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    assert invoke("book", "leaky_relu").exit_code == 0
    assert opened == [f"{(site / 'en').as_uri()}/02_activations.html#leaky-relu"]


def test_what_is_not_taught_and_what_is_not_built(site, monkeypatch, tmp_path):
    result = invoke("book", "xyzzy", "--print")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: book: `topic` must be something that it teaches. Received: 'xyzzy'.\n"
    (site / "labels.json").unlink()
    monkeypatch.setattr(_index, "PACKAGE", tmp_path / "nowhere" / "tfnotes")
    result = invoke("book", "relu", "--print")
    assert result.exit_code == 1
    assert (
        result.stderr
        == "Error: book: the site must be built first; run `make site` in the folder of tfnotes' source.\n"
    )


def test_neither_imports_tensorflow():
    code = (
        "import sys; from click.testing import CliRunner; from tfnotes.cli import main\n"
        "for a in (['find', 'lstm'], ['book', '--print'], ['claims', 'lstm']): CliRunner().invoke(main, a)\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


RELU = _index.Entry(
    "concept",
    "activations.relu",
    Words("rectified linear unit", "修正线性单元"),
    "tfnotes show relu",
    ("relu", "ReLU unit"),
    Words("It bends.", "折线。"),
)


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("relu", 0),
        ("activations.relu", 0),
        ("rectified linear unit", 0),
        ("修正线性单元", 0),
        ("relu unit", 0),
        ("linear unit", 1),
        ("unit rectified", 1),
        ("relu rectified", 1),
        ("bends", 2),
        ("折线", 2),
        ("linear bends", 2),
        ("linear breaks", None),
    ],
)
def test_how_well_an_entry_fits(words, rank):
    assert RELU.rank(words.split()) == rank


def test_the_best_come_first_and_of_like_ones_those_that_are_listed_first(monkeypatch):
    named = [("text", ("x",), "whiten it"), ("of name", ("to whiten",), ""), ("its_own", ("whiten",), "")]
    made = [_index.Entry("term", n, Words(n, n), "", s, Words(t, t)) for n, s, t in named]
    others = [_index.Entry("term", "again", Words("a", "a"), "", ("Whiten",)), *made]
    monkeypatch.setattr(_index, "entries", lambda: others)
    assert [e.name for e in _index.find(("WHITEN",))] == ["again", "its_own", "of name", "text"]
    assert _index.find(()) == _index.find(("", " ")) == []
    assert [e.name for e in _index.find(("its own",))] == ["its_own"]
    assert made[2].rank(["its", "own"]) == 0
    # What is almost spelled so is named as it is spelled; a claim's sentence is no name.
    claim = _index.Entry("claim", "c-1", Words("whitenn", "白"), "")
    monkeypatch.setattr(_index, "entries", lambda: [*others, claim])
    assert _index.meant(("whitenn",)) == "; did you mean whiten or to whiten?"
    assert _index.meant(("zzzz",)) == "."


def test_topics_are_completed_from_the_site(site, tmp_path):
    assert [item.value for item in book.topics(None, None, "LEAKY")] == ["leaky_relu"]
    assert [item.value for item in book.topics(None, None, "")] == ["leaky_relu", "pca_whitening"]
    (site / "labels.json").unlink()
    beside = _index.PACKAGE.parent / "build" / "site" / "labels.json"
    assert beside.exists() or book.topics(None, None, "leaky") == []


def test_where_the_site_is_looked_for_and_what_it_holds_by_folder(site, tmp_path, monkeypatch):
    (site / "en" / "labs").mkdir()
    (site / "en" / "labs" / "index.html").write_text("")
    assert invoke("book", "labs", "--print").stdout == f"{(site / 'en').as_uri()}/labs/index.html\n"
    # A claim has a page of its own, also where other words lead to it.
    monkeypatch.setattr(_index, "find", lambda topic: [_index.Entry("claim", "conv-1", Words("a", "b"), "")])
    assert invoke("book", "such a", "--print").stdout.endswith("/en/claims/conv-1.html\n")
    # The current folder's goes before the one beside the package.
    other = tmp_path / "source" / "build" / "site"
    other.mkdir(parents=True)
    (other / "labels.json").write_text("{}")
    monkeypatch.setattr(_index, "PACKAGE", tmp_path / "source" / "tfnotes")
    assert book._site() == site
    monkeypatch.chdir(other)
    assert book._site() == other


def test_without_a_browser_the_address_is_said(site, monkeypatch):
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    result = invoke("book")
    address = f"{(site / 'en').as_uri()}/index.html"
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: book: a browser must be there to open; open it yourself: {address}\n"


def test_what_a_row_says_of_each_kind(monkeypatch):
    title, text = Words("dropout", "暂退法"), Words("It drops.", "它丢弃。")
    kinds = ("concept", "model", "term", "chapter", "claim")
    made = [_index.Entry(kind, f"{kind}-1", title, f"tfnotes {kind}", (), text) for kind in kinds]
    monkeypatch.setattr(_index, "find", lambda words: made)
    found = {}
    for lang in ("en", "zh"):
        lines = invoke("find", "x", "--lang", lang).stdout.splitlines()
        rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
        found[lang] = list(zip(rows[::2], rows[1::2], strict=True))
    both = {"en": "dropout (暂退法)", "zh": "暂退法（dropout）"}
    called = {"en": ("concept", "model", "term", "book", "claim"), "zh": ("概念", "模型", "术语", "书", "论断")}
    for lang, rows in found.items():
        for kind, name, (first, second) in zip(kinds, called[lang], rows, strict=True):
            shown = title[lang] if kind in ("claim", "chapter") else both[lang]
            assert first == [f"{kind}-1", name, shown, f"tfnotes {kind}"]
            assert second == ["", "", text[lang], ""]
    (entry, *_) = json.loads(invoke("find", "x", "--json").stdout)
    assert entry == {
        "kind": "concept",
        "name": "concept-1",
        "title": {"en": "dropout", "zh": "暂退法"},
        "command": "tfnotes concept",
        "spellings": [],
        "text": {"en": "It drops.", "zh": "它丢弃。"},
    }
