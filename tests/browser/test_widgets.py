"""A browser opens the page of `tfnotes play`, and each widget answers to the keyboard what Python answers."""

import base64
import json
import threading

import numpy as np
import pytest

from tests.browser import chromium
from tests.conftest import DRAWN
from tfnotes import task
from tfnotes.play import page as pages
from tfnotes.play.prepared import depth, ravine
from tfnotes.play.serve import server
from tfnotes.play.source import Source, sources
from tfnotes.training import config, loop
from tfnotes.training.run import Run

pytestmark = [
    chromium.installed,
    pytest.mark.skipif(not (pages.BUILT / "data").is_dir(), reason="the page isn't built: make play"),
]

PATIENCE = 60_000
MODELS = {
    "vae": {"epochs": 2, "settings": ["latent=2", "units=20"]},
    "denoising-ae": {"epochs": 3, "settings": ["units=12", "noise=0.5"]},
    "rbm": {"epochs": 1, "settings": ["units=16", "chains=10"], "learning_rate": 0.005},
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A run of each model, on drawn digits, as a source of the page; by name."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DRAWN)
        drawn = task.load("drawn-codes")
        splits = drawn.source("drawn")(None)
        for name, options in MODELS.items():
            asked = config.configure(drawn, model=name, **options) | config.describe_data(splits)
            loop.train(Run.create(folder / name, asked), drawn, splits)
        (folder / "exports").mkdir()
        yield {source.name: source for source in sources([folder / name for name in MODELS], folder / "exports")}


@pytest.fixture(scope="module")
def address(models, tmp_path_factory):
    folder = tmp_path_factory.mktemp("play") / "page"
    twin = Source("twin", models["rbm"].folder)
    pages.write([*models.values(), twin], folder)
    with server(folder, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/"
        running.shutdown()


@pytest.fixture
def mounted(opened, address):
    """Opens one widget of the page."""

    def mount(name, state="", language="en", **options):
        page, _ = opened(address, **options)
        page.goto(f"{address}#page.language={language}{state}")
        widget = page.locator(f"[data-widget={name}]")
        widget.scroll_into_view_if_needed()
        page.locator(f"[data-widget={name}][data-ready]").wait_for()
        assert widget.get_attribute("data-ready") == "yes", widget.inner_text()
        return widget

    return mount


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


def until(widget, script, given=None):
    """Waits until a function of the widget and of what is given says so."""
    widget.page.wait_for_function(f"given => ({script})(given[0], given[1])", arg=[widget.element_handle(), given])


def linked(widget, part):
    """The fragment of the address, once a part of it stands there."""
    widget.page.wait_for_function("part => location.hash.includes(part)", arg=part)
    return widget.page.url.split("#page.language=en")[1]


@pytest.mark.parametrize("name", ["ravine", "depth", "latent", "denoise", "gibbs", "replay"])
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_a_phone_has_room_and_axe_finds_nothing_serious(mounted, name, language, scheme):
    phone = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    widget = mounted(name, "&replay.beside=rbm", language, **phone)
    assert widget.page.evaluate("document.documentElement.scrollWidth") == 360
    assert ("的" in widget.inner_text()) == (language == "zh")
    assert chromium.serious(widget.page, f"[data-widget={name}]") == []


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
    again = mounted("ravine", linked(widget, "ravine.step=5"))
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


def test_the_latent_plane_is_walked_by_keys_and_by_pointer(mounted, models):
    widget = mounted("latent")
    plane, where = widget.get_by_role("application"), widget.locator("[data-code]")
    keyed(plane, *["ArrowRight"] * 3, "Shift+ArrowUp")
    until(widget, "all => all.querySelector('[data-code]').dataset.code === '[0.18,0.3]'")
    is_decoded(where, models)
    box = plane.bounding_box()
    plane.click(position={"x": 0.75 * box["width"], "y": 0.75 * box["height"]})
    until(widget, "all => all.querySelector('[data-code]').dataset.code !== '[0.18,0.3]'")
    is_decoded(where, models)
    (code,) = numbers(where, "code")
    np.testing.assert_allclose(code, [1.5, -1.5], atol=0.05)
    again = mounted("latent", linked(widget, f"latent.y={code[1]:g}"))
    assert numbers(again.locator("[data-code]"), "code") == [code]


def is_decoded(where, models):
    code, image = numbers(where, "code", "image")
    (wanted,) = models["vae"].ask("decode", codes=np.array([code], "float32"))["images"]
    np.testing.assert_allclose(np.reshape(image, (28, 28)), wanted, atol=1e-5)


def test_noise_is_removed_as_python_does(mounted, models):
    widget = mounted("denoise")
    made = widget.locator("[data-given]")
    (pixels,) = models["denoising-ae"].ask("reconstruct", pixels=given(made)[None])["images"]
    np.testing.assert_allclose(np.reshape(numbers(made, "image"), (28, 28)), pixels, atol=1e-5)
    share = widget.get_by_role("slider", name="Noise")
    clean = changed(widget, lambda: keyed(share, "Home"))
    half = changed(widget, lambda: keyed(share, *["ArrowRight"] * 10))
    kept = half[clean > 0]
    assert 0.3 < np.mean(kept == 0) < 0.7
    assert (kept[kept > 0] == clean[clean > 0][kept > 0]).all()
    assert not half[clean == 0].any()
    other = changed(widget, lambda: keyed(widget.get_by_role("slider", name="Seed"), "ArrowRight"))
    assert (other != half).any()
    changed(widget, lambda: keyed(share, "Home"))
    drawn = changed(widget, lambda: keyed(widget.get_by_role("application"), " ", *["ArrowRight"] * 12, " "))
    assert (drawn >= clean).all()
    assert (drawn[14, 15:20] == 255).all()
    (pixels,) = models["denoising-ae"].ask("reconstruct", pixels=drawn[None])["images"]
    np.testing.assert_allclose(np.reshape(numbers(made, "image"), (28, 28)), pixels, atol=1e-5)


def given(made):
    return np.frombuffer(base64.b64decode(made.get_attribute("data-given")), "uint8").reshape(28, 28)


def changed(widget, act):
    """What the model is given after something was done."""
    made = widget.locator("[data-given]")
    before = made.get_attribute("data-given")
    act()
    until(widget, "(all, before) => all.querySelector('[data-given]').dataset.given !== before", before)
    # Keys come faster than answers.
    widget.page.wait_for_timeout(300)
    return given(made)


def test_gibbs_steps_are_the_models_chances_drawn_by_turns(mounted, models):
    widget = mounted("gibbs")
    told = widget.locator(".tf-live")
    bits = lambda name: np.array(list(told.get_attribute(f"data-{name}")), "float32")  # noqa: E731
    hidden = bits("hidden")
    assert 0 < hidden.sum() < 16
    keyed(widget.get_by_role("button", name="One step"), "Enter")
    until(widget, "all => all.querySelector('.tf-live').dataset.step === '1'")
    (chances,) = models["rbm"].ask("decode", codes=hidden[None])["images"]
    np.testing.assert_allclose(np.reshape(numbers(told, "shares"), (28, 28)), chances, atol=1e-5)
    visible = bits("visible")
    # The draws have the chances' mean.
    assert abs(visible.sum() - chances.sum()) < 5 * np.sqrt((chances * (1 - chances)).sum())
    pixels = (255 * visible).astype("uint8").reshape(1, 28, 28)
    energy = models["rbm"].ask("score", pixels=pixels)["free_energy"][0]
    assert f"Free energy {energy:.3g}" in told.inner_text()
    keyed(widget.get_by_role("button", name="One step"), "Enter")
    until(widget, "all => all.querySelector('.tf-live').dataset.step === '2'")
    (chances,) = models["rbm"].ask("encode", pixels=pixels)["codes"]
    np.testing.assert_allclose(numbers(told, "shares")[0], chances, atol=1e-5)
    keyed(widget.get_by_role("button", name="Ten turns"), "Enter")
    until(widget, "all => all.querySelector('.tf-live').dataset.step === '22'")
    again = mounted("gibbs", linked(widget, "gibbs.step=22"))
    for name in ("visible", "hidden"):
        assert again.locator(".tf-live").get_attribute(f"data-{name}") == told.get_attribute(f"data-{name}")


def test_gibbs_sampling_runs_until_it_is_stopped(mounted):
    widget = mounted("gibbs", "&gibbs.start=2")
    run = widget.get_by_role("button", name="Run")
    keyed(run, "Enter")
    until(widget, "all => Number(all.querySelector('.tf-live').dataset.step) > 3")
    keyed(run, "Enter")
    assert run.get_attribute("aria-pressed") == "false"
    told = widget.locator(".tf-live").inner_text()
    linked(widget, f"gibbs.step={told.split()[1].rstrip(':')}")
    # Another model, here the same by another name, is taken to the same step.
    picked(widget, "Model", "twin")
    until(widget, "(all, told) => all.querySelector('.tf-live').textContent === told", told)
    linked(widget, "gibbs.model=twin")


def test_a_training_is_replayed_beside_another(mounted, models):
    widget = mounted("replay", "&replay.run=denoising-ae")
    picked(widget, "Beside it", "vae")
    until(widget, "all => JSON.parse(all.querySelector('.tf-live').dataset.values).length === 2")
    keyed(widget.get_by_role("slider", name="Epoch"), "Home", "ArrowRight", "ArrowRight")
    # The shorter one stays as it ended.
    rows = [models["denoising-ae"].run.metrics()[2], models["vae"].run.metrics()[1]]
    told = widget.locator(".tf-live")
    assert numbers(told, "values") == [[[row["loss"], row["val_loss"]] for row in rows]]
    picked(widget, "Curve", "reconstruction")
    assert numbers(told, "values") == [[[None, None], [rows[1]["reconstruction"], rows[1]["val_reconstruction"]]]]
    names = widget.locator("figcaption").all_inner_texts()
    assert {"filters/code", "filters/encode_1", "reconstructions"} <= set(names)
    sizes = widget.locator("img").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert all(size > 50 for size in sizes)
    assert widget.locator("svg.tf-histogram").count() == 4 + 8
    again = mounted("replay", linked(widget, "replay.epoch=3"))
    assert numbers(again.locator(".tf-live"), "values") == numbers(told, "values")
