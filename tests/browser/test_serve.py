"""A browser opens the page of `tfnotes serve`, asks models there, and reads /docs: no error, nothing from elsewhere."""

import io
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.browser import chromium
from tests.tasks.test_imdb import train
from tfnotes.serving.export import export
from tfnotes_tasks import imdb

pytestmark = chromium.installed

PATIENCE = 60_000


@pytest.fixture(scope="module")
def address(trained, reviews, tmp_path_factory):
    """A server of digits and of reviews."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(trained / "saved_models", folder / "saved_models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(imdb.TASK.sources, "sample", lambda data_dir: reviews)
        settings = ["width=4", "buckets=500", "vocabulary=40", "length=30"]
        export(train(folder / "run", reviews, model="bigram", epochs=1, settings=settings), folder / "saved_models")
    command = [sys.executable, "-m", "tfnotes", "serve", str(folder / "saved_models"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield next(line for line in child.stdout if "Listening at" in line).split()[-1]
        finally:
            child.terminate()
            child.wait(60)


@pytest.fixture
def page(opened, address):
    page, wrong = opened(f"{address}/")
    page.on("requestfailed", lambda request: wrong.append(request.url))
    return page


def model(page, address, name):
    page.goto(f"{address}/")
    return page.locator("section").filter(has=page.get_by_role("heading", name=re.compile(f"^{name}")))


def opened(section, endpoint):
    title = section.page.locator("summary", has_text=re.compile(f"^{endpoint}$"))
    details = section.locator("details").filter(has=title)
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details


def test_pixels_are_asked_as_they_stand_there(page, address):
    details = opened(model(page, address, "drawn"), "pixels")
    details.get_by_role("button", name="Ask").click()
    details.locator("pre").wait_for()
    assert details.locator(".bar").count() == 10
    assert '"digit":' in details.locator("pre").inner_text()


def test_a_file_of_an_image(page, address):
    details = opened(model(page, address, "drawn"), "encoded")
    file = io.BytesIO()
    Image.fromarray(np.full((40, 30), 255, "uint8")).save(file, "PNG")
    picture = {"name": "digit.png", "mimeType": "image/png", "buffer": file.getvalue()}
    details.locator("input[type=file]").set_input_files(picture)
    details.get_by_role("button", name="Ask").click()
    details.locator("pre").wait_for()
    assert details.locator(".bar").count() == 10


def test_a_text(page, address):
    details = opened(model(page, address, "imdb"), "texts")
    details.locator("textarea").fill("good plot bad music, see <b>actors</b>")
    details.get_by_role("button", name="Ask").click()
    details.locator("pre").wait_for()
    assert details.locator(".bar").count() == 2


def test_the_paths_are_described_without_foreign_scripts(page, address):
    page.goto(f"{address}/docs")
    page.locator(".opblock").first.wait_for()
    assert page.locator(".opblock").count() > 10
    assert "/v2/models/{name}/infer" in page.locator("#swagger-ui").inner_text()


def test_a_refusal_is_shown(browser, address):
    # The browser itself notes the status 400.
    page = browser.new_page()
    details = opened(model(page, address, "drawn"), "pixels")
    details.locator("textarea").fill('{"pixels": [[[1]]]}')
    details.get_by_role("button", name="Ask").click()
    details.locator(".error").wait_for()
    assert "`pixels` must be integers of the dtype uint8" in details.locator(".error").inner_text()
    page.close()
