"""The browser of these tests, and how a page is watched in it."""

import shutil
from pathlib import Path

import pytest

import tfnotes

playwright = pytest.importorskip("playwright.sync_api", reason="playwright, of the extra `browser`, isn't installed")

EXECUTABLE = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
installed = pytest.mark.skipif(EXECUTABLE is None, reason="no Chromium or Chrome is installed")

_AXE = Path(tfnotes.__file__).parent / "play" / "web" / "node_modules" / "axe-core" / "axe.min.js"


def watch(page, wrong, *own):
    """Adds to a list what a page complains of, and what it asks of any address that doesn't begin as one of its own."""
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith((*own, "data:")) else wrong.append(one.url))


def serious(page, *within):
    """What axe finds serious on a page, or within what a selector names: pairs of a rule and the first offender."""
    page.add_script_tag(path=_AXE)
    found = page.evaluate("within => axe.run(...within)", within)["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
