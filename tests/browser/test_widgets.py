"""A browser opens the page of `tfnotes play`, and each widget answers to the keyboard what Python answers."""

import contextlib
import json
import shutil
import threading

import numpy as np
import pytest

from tfnotes.play import page as pages
from tfnotes.play.prepared import depth, ravine
from tfnotes.play.serve import server

playwright = pytest.importorskip("playwright.sync_api", reason="playwright, of the extra `browser`, isn't installed")

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed"),
    pytest.mark.skipif(not (pages.BUILT / "data").is_dir(), reason="`make play` hasn't built the page"),
]

PATIENCE = 60_000


@contextlib.contextmanager
def served(folder):
    with server(folder, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/"
        running.shutdown()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("play") / "page"
    pages.write([], folder)
    with served(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def mounted(browser, address):
    """Opens one widget of the page; whatever the page complains of or asks elsewhere fails the test."""
    wrong, opened = [], []

    def mount(name, state="", language="en", **options):
        page = browser.new_page(**options)
        opened.append(page)
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith((address, "data:")) else wrong.append(one.url))
        page.goto(f"{address}#page.language={language}{state}")
        widget = page.locator(f"[data-widget={name}]")
        widget.scroll_into_view_if_needed()
        page.locator(f"[data-widget={name}][data-ready]").wait_for()
        assert widget.get_attribute("data-ready") == "yes", widget.inner_text()
        return widget

    yield mount
    for page in opened:
        page.close()
    assert wrong == []


def keyed(control, *keys):
    """Presses keys with the focus on a control."""
    control.focus()
    for key in keys:
        control.page.keyboard.press(key)


def picked(widget, label, name):
    """Chooses in a list as one does by keyboard: by the first letters."""
    control = widget.get_by_role("combobox", name=label)
    control.focus()
    control.page.keyboard.type(name)
    assert name in control.locator("option:checked").inner_text()


def numbers(element, *names):
    return [json.loads(element.get_attribute(f"data-{name}")) for name in names]


@pytest.mark.parametrize("name", ["ravine", "depth"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_is_wide_enough_in_either_language(mounted, name, language):
    widget = mounted(name, language=language, viewport={"width": 375, "height": 700}, color_scheme="dark")
    assert widget.page.evaluate("document.documentElement.scrollWidth") == 375
    assert ("的" in widget.inner_text()) == (language == "zh")


def test_down_the_ravine_by_keyboard_as_our_optimizer_goes(mounted):
    widget = mounted("ravine")
    picked(widget, "Optimizer", "Adam")
    keyed(widget.get_by_role("slider", name="Momentum"), "ArrowRight", "ArrowRight")
    keyed(widget.get_by_role("slider", name="Learning rate"), "ArrowRight")
    keyed(widget.get_by_role("slider", name="Step"), "Home", *["ArrowRight"] * 5)
    (expected,) = ravine.descend(ravine.OPTIMIZERS["adam"](1.0, 0.9), (0.3,), steps=5)
    here = widget.locator(".tf-live")
    np.testing.assert_allclose(numbers(here, "x", "y"), expected[0, 5, :2], atol=6e-4)
    np.testing.assert_allclose(numbers(here, "height"), expected[0, 5, 2:], rtol=6e-3)
    widget.page.wait_for_function("location.hash.includes('ravine.step=5')")
    link = widget.page.url.split("#page.language=en")[1]
    again = mounted("ravine", link)
    assert again.locator(".tf-live").inner_text() == here.inner_text()


def test_a_path_that_leaves_the_picture_says_so_and_one_is_kept(mounted):
    widget = mounted("ravine", "&ravine.rate=6")
    assert "learning rate is too large" in widget.locator(".tf-live").inner_text()
    assert widget.locator("polyline").count() == 1
    keyed(widget.get_by_role("button", name="Keep"), "Enter")
    keyed(widget.get_by_role("slider", name="Learning rate"), "Home")
    kept, path = (line.get_attribute("points") for line in widget.locator("polyline").all())
    assert (len(kept.split()), len(path.split())) == (2, 61)


def test_depth_by_keyboard_as_our_layers_give_it(mounted):
    widget = mounted("depth")
    picked(widget, "Activation", "relu")
    picked(widget, "Initializer", "he_normal")
    picked(widget, "Layers", "5")
    outputs, gradients = depth.passes("relu", depth.INITIALIZERS["he_normal"])
    rows = widget.locator("tbody")
    found = numbers(rows, "activations", "gradients")
    np.testing.assert_allclose(found[0], [o.std() for o in outputs[:5]], rtol=1e-3)
    np.testing.assert_allclose(found[1], [g.std() for g in gradients[1]], rtol=1e-3)
    assert rows.locator("svg[role=img]").count() == 10
    assert "zeros" in rows.locator("svg").first.get_attribute("aria-label")
