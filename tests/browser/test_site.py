"""A browser reads the site that `make site` has built: every page, the search, the ledger, by keyboard, on a phone."""

import json
import re
import threading
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser import chromium
from tfnotes.play.serve import server

SITE = Path(__file__).parents[2] / "build" / "site"
pytestmark = [
    chromium.installed,
    pytest.mark.skipif(not SITE.exists(), reason="the site isn't built: make site"),
]

PATIENCE = 60_000
PHONE = {"width": 360, "height": 740}
PAGES = {
    language: sorted(p.relative_to(SITE / language).as_posix() for p in (SITE / language).rglob("*.html"))
    for language in ("en", "zh")
}
# One of each kind.
KINDS = ["index.html", "02_activations.html", "claims/index.html", "claims/relu-sparse.html", "api/layers.html"]
KINDS += ["glossary.html", "guides/tasks.html", "search.html"]


@pytest.fixture(scope="module")
def address():
    """The site, served to this machine alone."""
    with server(SITE, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture
def visit(opened, address):
    """Opens pages of the site; what one lacks fails the test, too."""

    def new(where="en/index.html", base=address, **options):
        page, wrong = opened(f"{base}/", "blob:", **options)
        # A page that is left leaves off loading.
        page.on("requestfailed", lambda r: wrong.append(r.url) if r.failure != "net::ERR_ABORTED" else None)
        page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
        page.goto(f"{base}/{where}")
        return page

    return new


@pytest.mark.parametrize("language", PAGES)
def test_every_page_loads_and_fits_a_phone(visit, address, language):
    page, wide, languages = visit(viewport=PHONE), [], set()
    for name in PAGES[language]:
        page.goto(f"{address}/{language}/{name}")
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            wide.append(name)
        languages.add(page.evaluate("document.documentElement.lang"))
    assert not wide
    assert languages == {{"en": "en", "zh": "zh-CN"}[language]}


def test_both_languages_have_the_same_pages():
    assert PAGES["en"] == PAGES["zh"]


@pytest.mark.parametrize("name", KINDS)
def test_a_page_reads_from_the_disk(visit, name):
    base = SITE.as_uri()
    page = visit(f"zh/{name}", base=base)
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    broken = page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)")
    assert not broken
    if name == "search.html":
        assert "http.server" in page.inner_text("#search")


def test_links_lead_somewhere():
    missing = []
    for language, names in PAGES.items():
        for name in names:
            page = SITE / language / name
            for target in re.findall(r'(?:href|src)="([^"#?]+)[^"]*"', page.read_text("utf-8")):
                if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                    missing.append((f"{language}/{name}", target))
    assert not missing


def test_labels_lead_to_sections():
    for label, where in json.loads((SITE / "labels.json").read_text("utf-8")).items():
        name, anchor = where.split("#")
        for language in PAGES:
            assert f'id="{anchor}"' in (SITE / language / name).read_text("utf-8"), label


def test_the_twin_is_one_click_away_at_the_same_section(visit):
    page = visit("en/02_activations.html#relu")
    page.click("a.language")
    page.wait_for_url("**/zh/02_activations.html#relu")
    page.click("a.language")
    page.wait_for_url("**/en/02_activations.html#relu")


SOUGHT = [("zh", "池化"), ("zh", "修正线性单元"), ("en", "pooling"), ("en", "relu_by_definition")]


@pytest.mark.parametrize(("language", "words"), SOUGHT)
def test_the_search_finds_words_by_keyboard(visit, language, words):
    page = visit(f"{language}/index.html")
    page.focus(".sidebar-search")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{language}/search.html?q={quote(words)}")
    page.wait_for_selector(".pagefind-ui__result-link")
    links = page.eval_on_selector_all(".pagefind-ui__result-link", "all => all.map(a => a.pathname)")
    assert links
    assert all(link.startswith(f"/{language}/") for link in links)
    assert words.lower() in page.inner_text(".pagefind-ui__results").lower().replace("\u200b", "")


def test_the_ledger_is_filtered_by_keyboard(visit):
    ledger = {}
    for entry in json.loads((SITE.parents[1] / "tfnotes" / "experiments" / "ledger.json").read_text("utf-8")):
        ledger.setdefault(entry["verdict"], []).append(entry["id"])
    page = visit("en/claims/index.html")
    shown = "[...document.querySelectorAll('#ledger-table tbody tr')].filter(row => row.offsetParent)"
    rows = f"{shown}.map(row => row.dataset.words)"
    assert len(page.evaluate(rows)) == sum(map(len, ledger.values()))
    page.focus("select[name=verdict]")
    page.keyboard.type("refuted")
    assert page.evaluate(rows) == ledger["REFUTED"]
    page.focus("input[name=words]")
    page.keyboard.type("tanh six")
    assert page.evaluate(rows) == ["relu-six-times"]
    assert page.inner_text("output").startswith("1 ")


def test_an_answer_unfolds_by_keyboard(visit):
    page = visit("zh/02_activations.html")
    answer = page.locator(".answer details").first
    answer.locator("summary").focus()
    assert not answer.evaluate("details => details.open")
    page.keyboard.press("Enter")
    assert answer.evaluate("details => details.open")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_light_and_dark(visit, scheme):
    page = visit("en/02_activations.html", color_scheme=scheme)
    seen = page.evaluate("[...document.querySelectorAll('.drawn img')].filter(i => i.offsetParent).map(i => i.src)")
    assert seen
    assert all(source.endswith(f"-{scheme}.svg") for source in seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing_serious(visit, name, scheme):
    page = visit(f"zh/{name}", color_scheme=scheme)
    assert chromium.serious(page) == []
