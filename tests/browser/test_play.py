"""A browser draws a digit and types a review in the page of `tfnotes play`; the answers are Python's."""

import base64
import io
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.browser import chromium
from tests.tasks.test_imdb import train
from tfnotes.play import page as written
from tfnotes.serving import texts
from tfnotes.serving.export import export
from tfnotes.serving.exported import Exported
from tfnotes.serving.predict import predict
from tfnotes_tasks import imdb

pytestmark = [
    chromium.installed,
    pytest.mark.skipif(not (written.BUILT / "play.js").is_file(), reason="the page isn't built: make play"),
]

PATIENCE = 120_000
# A seven, in shares of the sheet's sides.
SEVEN = (((0.3, 0.2), (0.7, 0.2), (0.45, 0.5), (0.4, 0.85)), ((0.35, 0.52), (0.6, 0.5)))
REVIEW = "It's GOOD plot, bad music<br />see the café 电影!"


@pytest.fixture(scope="module")
def exports(trained, reviews, tmp_path_factory):
    """Exports with ONNX files: of digits, of a bag of words and of a recurrent network."""
    folder = tmp_path_factory.mktemp("exports")
    found = {"drawn": shutil.copytree(trained / "saved_models" / "drawn" / "1", folder / "drawn" / "1")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(imdb.TASK.sources, "sample", lambda data_dir: reviews)
        for model, settings in (("bigram", ["width=4", "buckets=500"]), ("lstm", ["width=4", "units=4"])):
            some = [*settings, "vocabulary=40", "length=30"]
            run = train(folder / model, reviews, model=model, epochs=1, settings=some)
            found[model] = export(run, folder / model / "exports", wanted=("saved_model", "onnx"))
    return found


@pytest.fixture(scope="module")
def address(exports):
    """The page of all three, served by the command itself."""
    paths = [str(path) for path in exports.values()]
    command = [sys.executable, "-m", "tfnotes", "play", *paths, "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield next(line for line in child.stdout if "The page is at" in line).split()[4].rstrip("/")
        finally:
            child.terminate()
            child.wait(60)


@pytest.fixture
def visit(opened, address):
    """Opens the page."""

    def visit(fragment="", **options):
        page, wrong = opened(f"{address}/", **options)
        page.on("requestfailed", lambda request: wrong.append(request.url))
        page.goto(f"{address}/#page.language=en{fragment}")
        return page

    return visit


def widget(page, name):
    container = page.locator(f"[data-widget={name}]")
    container.scroll_into_view_if_needed()
    page.locator(f"[data-widget={name}][data-ready]").wait_for()
    assert container.get_attribute("data-ready") == "yes", container.inner_text()
    return container


def draw(page, strokes):
    sheet = page.locator("[data-widget=digit] .tf-pad")
    box, before = sheet.bounding_box(), looked(page)
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=6)
        page.mouse.up()
    looked(page, before)


def looked(page, after=None):
    """How often a drawing was looked at whole; waits until it is more often than `after`."""
    count = "Number(document.querySelector('[data-whole]')?.dataset.whole ?? 0)"
    if after is not None:
        page.wait_for_function(f"after => {count} > after", arg=after)
    return page.evaluate(count)


def numbers(container, name):
    found = container.locator(f"[data-{name}]")
    found.wait_for()
    return np.array(json.loads(found.get_attribute(f"data-{name}")))


def sheet_as_png(page):
    """What stands on the sheet, black on white, as a file that Python reads."""
    text = page.evaluate("""() => {
        const sheet = document.querySelector(".tf-pad");
        const { data } = sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height);
        return btoa(String.fromCharCode(...Array.from({ length: data.length / 4 }, (_, k) => data[4 * k + 3])));
    }""")
    ink = np.frombuffer(base64.b64decode(text), "uint8").reshape(112, 112)
    file = io.BytesIO()
    Image.fromarray(255 - ink).save(file, "PNG")
    return file.getvalue()


def test_a_digit_drawn_stroke_by_stroke_is_answered_as_python_answers(visit, exports, tmp_path):
    page = visit()
    digit = widget(page, "digit")
    for count in (1, 2):
        draw(page, SEVEN[count - 1 : count])
        shares = numbers(digit, "probabilities")
        (tmp_path / "digit.png").write_bytes(sheet_as_png(page))
        exported = Exported(exports["drawn"])
        (wanted,) = exported.ask("encoded", [(tmp_path / "digit.png").read_bytes()])["probabilities"]
        np.testing.assert_allclose(shares, wanted, atol=1e-5)
        (answer,) = predict(exported, [tmp_path / "digit.png"])
        assert answer["label"] in digit.locator(".tf-live").inner_text()


def test_a_cell_is_worked_out_to_the_models_own_answer(visit):
    page = visit()
    digit = widget(page, "digit")
    draw(page, SEVEN)
    layers = digit.locator("[data-layer]").evaluate_all("all => all.map(one => one.dataset.layer)")
    looked = 0
    for name in layers:
        maps = digit.locator(f"[data-layer='{name}'] button.tf-map")
        if not maps.count():
            continue
        maps.nth(maps.count() - 1).click()
        line = digit.locator(".tf-sum")
        line.wait_for()
        value, wanted = (float(line.get_attribute(f"data-{name}")) for name in ("value", "model"))
        assert value == pytest.approx(wanted, abs=1e-4)
        looked += 1
    assert looked >= 2


def test_the_keys_alone_draw_undo_and_look_inside(visit):
    page = visit()
    digit = widget(page, "digit")
    while page.evaluate("document.activeElement.className") != "tf-pad":
        page.keyboard.press("Tab")
    keys = ["ArrowUp"] * 12 + [" "] + ["ArrowDown"] * 24 + [" "]
    for key in keys:
        page.keyboard.press(key)
    looked(page, 0)
    first = numbers(digit, "probabilities")
    for key in [*["ArrowRight"] * 8, " ", *["ArrowUp"] * 9, " "]:
        page.keyboard.press(key)
    looked(page, 1)
    assert not np.allclose(numbers(digit, "probabilities"), first)
    page.keyboard.press("Backspace")
    looked(page, 2)
    np.testing.assert_allclose(numbers(digit, "probabilities"), first, atol=1e-7)
    while "tf-map" not in page.evaluate("document.activeElement.className"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    before = digit.locator(".tf-panel strong").inner_text()
    # The cell that was chosen has the focus, and arrows choose its neighbour.
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.tf-panel strong').innerText !== before", arg=before)


def test_a_blank_sheet_says_nothing(visit):
    page = visit()
    digit = widget(page, "digit")
    draw(page, SEVEN)
    digit.get_by_role("button", name="Clear").click()
    digit.get_by_text("Draw a digit from 0 to 9.").wait_for()
    assert digit.locator("[data-probabilities]").count() == 0


@pytest.mark.parametrize("model", ["bigram", "lstm"])
def test_a_typed_review_is_answered_as_python_answers(visit, exports, model):
    page = visit()
    review = widget(page, "review")
    labels = review.locator("select option").all_inner_texts()
    review.locator("select").select_option(label=next(text for text in labels if text.endswith(model)))
    review.locator("textarea").press_sequentially(REVIEW)
    exported = Exported(exports[model])
    (wanted,) = exported.ask("texts", [REVIEW.encode()])["probabilities"]
    page.wait_for_function(
        "n => JSON.parse(document.querySelector('[data-pushes]')?.dataset.pushes ?? '[]').length === n", arg=11
    )
    np.testing.assert_allclose(numbers(review, "probabilities"), wanted, atol=1e-5)
    pushes = numbers(review, "pushes")
    if model == "bigram":
        odds = np.log(wanted[1] / wanted[0])
        bias = float(exported.ask("layers", ids=np.zeros((1, 1), "int32"))["logits"][0] @ [-1, 1])
        assert pushes.sum() + bias == pytest.approx(odds, abs=1e-4)
        return
    # "café" stands once, so leaving it out is what `tfnotes predict` does; the model reads it without the accent.
    words = review.locator(".tf-words li span").all_inner_texts()
    assert pushes[words.index("cafe")] == pytest.approx(texts.moved(exported, REVIEW, 1)["café"], abs=1e-4)
    assert review.locator("canvas[aria-label*=lstm_1]").count() == 6
    assert "forget gate of lstm_1: 4 units over 11 words" in review.locator("canvas").nth(1).get_attribute("aria-label")


def test_the_tokenizer_gives_the_exports_own_cases(visit, exports):
    page = visit()
    review = widget(page, "review")
    cases = json.loads((exports["bigram"] / "tokenizer_cases.json").read_text("utf-8"))
    for case in cases:
        # A browser's text area has no carriage returns, and nothing is asked of no text.
        if not case["text"].strip() or "\r" in case["text"]:
            continue
        review.locator("textarea").fill(case["text"])
        page.wait_for_function(
            "ids => document.querySelector('[data-ids]')?.dataset.ids === ids",
            arg=json.dumps(case["ids"], separators=(",", ":")),
        )


def test_the_state_stands_in_the_address(visit):
    page = visit()
    digit = widget(page, "digit")
    draw(page, SEVEN)
    shares = numbers(digit, "probabilities")
    review = widget(page, "review")
    review.locator("textarea").fill(REVIEW)
    review.locator("[data-pushes]").wait_for()
    page.wait_for_function("location.hash.includes('digit.drawing') && location.hash.includes('review.text')")
    fragment = page.url.split("#page.language=en")[1]
    other = visit(fragment)
    np.testing.assert_allclose(numbers(widget(other, "digit"), "probabilities"), shares, atol=1e-7)
    assert widget(other, "review").locator("textarea").input_value() == REVIEW


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_has_room_and_axe_finds_nothing_serious(visit, language, scheme):
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "color_scheme": scheme}
    page = visit(f"&page.language={language}&review.text={'good%20plot%20bad%20music'}", **phone)
    digit = widget(page, "digit")
    draw(page, SEVEN)
    digit.locator("button.tf-map").first.click()
    widget(page, "review").locator("[data-pushes]").wait_for()
    assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language]
    assert page.get_by_role("heading", name={"en": "Draw a digit", "zh": "写一个数字"}[language]).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert chromium.serious(page) == []


def test_opened_as_a_file_it_says_what_to_do(browser, tmp_path):
    written.write([], tmp_path / "page", "en")
    page = browser.new_page()
    page.goto((tmp_path / "page" / "index.html").as_uri())
    page.get_by_text("python -m http.server").wait_for()
    page.close()
