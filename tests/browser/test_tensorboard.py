"""A browser opens the TensorBoard of a run, and sees that each of its pages is filled (`make test-browser`)."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browser import chromium

ROOT = Path(__file__).parents[2]
pytestmark = chromium.installed

# The projector draws with WebGL, which without a graphics card is done in software.
FLAGS = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
PATIENCE = 60_000


def command(*arguments):
    return [sys.executable, "-c", "from tfnotes.cli import main; main()", *map(str, arguments)]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the TensorBoard of a run of the toy, looked at as closely as can be, is served."""
    folder = tmp_path_factory.mktemp("browser")
    paths = [str(ROOT), str(ROOT / "tests" / "toy"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    train = command("train", "toy", "--inspect", "full", "--epochs", 3, "--run", folder / "run")
    subprocess.run(train, env=environment, check=True, capture_output=True)
    serve = command("tensorboard", folder, "--port", 0)
    with subprocess.Popen(serve, env=environment, stderr=subprocess.PIPE, text=True) as board:
        found = (re.search(r"http://localhost:\d+/", line) for line in board.stderr)
        yield next(match.group() for match in found if match)
        board.terminate()
        board.communicate()


@pytest.fixture
def visit(browser, address):
    """Opens one of TensorBoard's pages."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(PATIENCE)

    def visit(name):
        # A fresh document, so that nothing is left of the page before.
        page.goto("about:blank")
        page.goto(f"{address}#{name}")
        return page

    yield visit
    page.close()


def has(locator, text):
    chromium.playwright.expect(locator.filter(has_text=text).first).to_be_attached(timeout=PATIENCE)


def test_time_series(visit):
    page = visit("timeseries")
    has(page.locator("card-view"), "accuracy")
    chromium.playwright.expect(page.locator("card-view line-chart").first).to_be_visible(timeout=PATIENCE)


def test_scalars(visit):
    page = visit("scalars")
    for name in ("accuracy", "gradient_norm", "dead_units/conv", "input_scale/mean"):
        has(page.locator("tf-category-paginated-view"), name.split("/")[0])
    curve = page.locator("vz-line-chart2 path.line, vz-line-chart2 .plottable path").first
    curve.wait_for(state="attached")
    # A curve of three epochs has more than one point.
    assert len(re.findall("[ML,]", curve.get_attribute("d") or "")) > 2


def test_images(visit):
    page = visit("images")
    has(page.locator("tf-category-paginated-view"), "confusion_matrix")
    picture = page.locator("tf-image-loader img").first
    picture.wait_for(state="visible")
    page.wait_for_function("picture => picture.naturalWidth > 0", arg=picture.element_handle())


def test_graph(visit):
    page = visit("graphs")
    has(page.locator("g.node"), "tiny")


@pytest.mark.parametrize(
    ("name", "chart"), [("distributions", "vz-distribution-chart"), ("histograms", "vz-histogram-timeseries")]
)
def test_distributions_and_histograms(visit, name, chart):
    page = visit(name)
    has(page.locator("tf-category-paginated-view"), "gradients")
    paths, deadline = page.locator(f"{chart} path[d]"), time.monotonic() + PATIENCE / 1000
    # The axes are paths, too, but short ones.
    while max(paths.evaluate_all("all => all.map(path => path.getAttribute('d').length)"), default=0) < 60:
        assert time.monotonic() < deadline, f"{name} shows nothing"
        page.wait_for_timeout(200)


def test_text(visit):
    page = visit("text")
    has(page.locator("tf-markdown-view"), '"model": "tiny"')
    has(page.locator("tf-text-loader"), "step 0")


def test_precision_and_recall(visit):
    page = visit("pr_curves")
    has(page.locator("tf-pr-curve-card"), "precision_recall/0")
    page.locator("tf-pr-curve-card vz-line-chart2 path").first.wait_for(state="attached")


def test_hparams(visit):
    cells = visit("hparams").locator("vaadin-grid-cell-content")
    for text in ("dropout", "final/val_accuracy", "patterns", "0.25"):
        has(cells, text)


def test_projector(visit):
    projector = visit("projector").frame_locator("iframe").frame_locator("iframe")
    has(projector.locator(".numDataPoints"), "80")
    has(projector.locator(".dim"), "576")
    chromium.playwright.expect(projector.locator("canvas").first).to_be_visible(timeout=PATIENCE)
    assert projector.get_by_text("WebGL").count() == 0
