"""From the sources to `build/site`: cells, pages, Sphinx once a language, what both share."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tfnotes.files import write_aside
from website import blocks, catalogue, cells, chapters, claims, notebooks, pages
from website.chapters import ROOT, WIDGETS, BookError
from website.words import LANGUAGES

SITE, PREVIEW, WORK = ROOT / "build" / "site", ROOT / "build" / "preview", ROOT / "build" / "website"
HERE = ROOT / "website"


def build(chosen=(), languages=LANGUAGES, draft=False, tell=print):
    """Builds the site, or a preview of some chapters without what else the site has.

    Args:
        chosen: beginnings of chapters' names for a preview, such as "02"; none for the whole site.
        languages: which; the site has both.
        draft: whether to go on though chapters are missing or Sphinx complains.
        tell: called with a sentence at each step.

    Returns:
        The folder.

    Raises:
        BookError: what is wrong with a source.
    """
    with _alone(tell):
        return _built(chosen, languages, draft, tell)


@contextmanager
def _alone(tell):
    """Keeps builds out of each other's folders: whoever comes second waits. A killed build holds nothing."""
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("Another build is at work here; this one waits for its end.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _built(chosen, languages, draft, tell):
    preview = bool(chosen)
    names = _chosen(chosen) if preview else chapters.names()
    if len(languages) > 1:
        for name in names:
            chapters.check_twins(name)
    if not preview and not draft:
        chapters.check_twins("index")
        chapters.check_claims([row["id"] for row in blocks.ledger.claims()])
    library = catalogue.load()
    for language in languages:
        book = blocks.Book(language, library)
        pages.write(_folder("pages", language, preview), book, names, preview)
        notebooks.write(_folder("notebooks", language, preview), book, names)
    _run_cells(names, tell)
    with ThreadPoolExecutor() as pool:
        for words in pool.map(lambda language: _sphinx(language, preview, draft), languages):
            if words:
                tell(words)
    return _gather(names, languages, preview)


def _chosen(beginnings):
    found = [name for name in chapters.names() if any(name.startswith(b) for b in beginnings)]
    for beginning in beginnings:
        if not any(name.startswith(beginning) for name in found):
            known = ", ".join(chapters.names()) or "none yet"
            raise BookError(f"docs/book: `CHAPTER` must begin one of {known}. Received: {beginning!r}.")
    return found


def _run_cells(names, tell):
    stale = [name for name in names if cells.read(name) and not cells.fresh(name)]
    # Two side by side: a cell takes one core for most of its time.
    with ThreadPoolExecutor(2) as pool:
        for name, _ in zip(stale, pool.map(cells.outputs, stale), strict=True):
            tell(f"{name}: cells run")


def _sphinx(language, preview, draft):
    """Sphinx's complaints, which end the build of the whole site."""
    source, target = _folder("pages", language, preview), _folder("html", language, preview)
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", str(HERE), "-d", f"{target}.doctrees"]
    # A preview links to chapters that aren't there.
    command += ["-D", "suppress_warnings=myst.xref_missing"] if preview else []
    command += [] if preview or draft else ["-W", "--keep-going"]
    environment = {**os.environ, "BOOK_LANGUAGE": language, "PYTHONPATH": str(ROOT)}
    child = subprocess.run(
        [*command, str(source), str(target)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    words = child.stderr.replace(f"{source}/", f"{language}: ").strip()
    if child.returncode:
        raise BookError(words or f"{language}: Sphinx failed.")
    return words


def _gather(names, languages, preview):
    target = PREVIEW if preview else SITE
    with write_aside(WORK / "gathered") as aside:
        for language in languages:
            shutil.copytree(_folder("html", language, preview), aside / language, ignore=shutil.ignore_patterns(".*"))
            shutil.copytree(_folder("notebooks", language, preview), aside / language / "notebooks")
        if not preview:
            shutil.copytree(claims.PICTURES, aside / "claims")
        for name in names:
            if cells.read(name):
                drawn = aside / "figures" / name
                shutil.copytree(cells.KEPT / name, drawn, ignore=shutil.ignore_patterns(cells.OUTPUTS))
        if WIDGETS.exists():
            shutil.copytree(WIDGETS, aside / "widgets")
        shutil.copytree(HERE / "shared", aside / "shared", ignore=shutil.ignore_patterns("index.html"))
        shutil.copy(HERE / "shared" / "index.html", aside)
        _katex(aside / "shared" / "katex")
        if not preview:
            _index(aside)
        (aside / "labels.json").write_text(json.dumps(_labels(names), indent=1), "utf-8")
    shutil.rmtree(target, ignore_errors=True)
    (WORK / "gathered").rename(target)
    return target


def _labels(names):
    found = chapters.placed("label", names, "en")
    return {label: f"{name}.html#{label.replace('_', '-').lower()}" for label, name in found.items()}


def _index(site):
    """Pagefind's index for the search, of each language by itself."""
    command = ["node_modules/.bin/pagefind", "--site", str(site), "--keep-index-url", "--quiet"]
    child = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if child.returncode:
        raise BookError(f"website: the search's index couldn't be made. {child.stderr.strip() or child.stdout.strip()}")


def _katex(folder):
    """Its style and the fonts that today's browsers take."""
    built = HERE / "node_modules" / "katex" / "dist"
    (folder / "fonts").mkdir(parents=True)
    shutil.copy(built / "katex.min.css", folder)
    for font in built.glob("fonts/*.woff2"):
        shutil.copy(font, folder / "fonts")


def _folder(kind, language, preview) -> Path:
    return WORK / f"{kind}-preview" / language if preview else WORK / kind / language
