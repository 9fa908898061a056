"""What the widgets latent, denoise and gibbs need of a model, and for which models they are."""

import base64

import numpy as np
import pytest

from tests.play.widgets.sources import drawn, endpoint, source
from tfnotes.play.widgets import denoise, gibbs, latent

DECODE = endpoint({"codes": [2]}, {"images": [28, 28]})
ENCODE = endpoint({"pixels": [28, 28]}, {"codes": [2]})
NORMAL = {"via": {"endpoint": "decode", "known": {"name": "normal"}}}


def codes(pixels):
    """How much ink is in the upper half, and in the lower one, both of them large."""
    halves = pixels.reshape(len(pixels), 2, -1).mean(2) / 64
    return {"codes": halves.astype("float32") * [1, -2]}


def same(text, pixels):
    return base64.b64decode(text) == pixels.tobytes()


@pytest.mark.parametrize(("sample", "reach"), [({}, 5), ({"sample": endpoint({}, {}, **NORMAL)}, 3)])
def test_the_plane_reaches_as_far_as_the_codes_or_as_what_they_are_drawn_from(tmp_path, sample, reach):
    pixels = drawn(6)
    answers = {"decode": None, "encode": codes}
    found = latent.data(
        source(tmp_path, {"decode": DECODE, "encode": ENCODE, **sample}, answers=answers, encode=pixels)
    )
    assert found["reach"] == reach
    assert same(found["examples"]["pixels"], pixels)
    np.testing.assert_allclose(found["examples"]["codes"], codes(pixels)["codes"], atol=5e-4)


def test_a_plane_without_an_encoder_has_no_examples(tmp_path):
    found = latent.data(
        source(tmp_path, {"decode": DECODE, "sample": endpoint({}, {}, **NORMAL)}, answers={"decode": None})
    )
    assert found == {"reach": 3}


@pytest.mark.parametrize(
    ("decode", "there"),
    [
        (endpoint({"codes": [3]}, {"images": [28, 28]}), {"decode": None}),
        (endpoint({"codes": [2]}, {"images": [14, 14]}), {"decode": None}),
        (endpoint({"numbers": [2]}, {"images": [28, 28]}), {"decode": None}),
        (DECODE, {}),
    ],
)
def test_other_models_have_no_plane(tmp_path, decode, there):
    assert latent.data(source(tmp_path, {"decode": decode}, answers=there)) is None


def test_noise_is_removed_by_what_was_trained_to(tmp_path):
    pixels, there = drawn(3), {"reconstruct": None}
    settings = {"noise": 0.4, "kind": "gaussian"}
    found = denoise.data(source(tmp_path, {}, settings, there, reconstruct=pixels))
    assert (found["noise"], found["kind"], same(found["pixels"], pixels)) == (0.4, "gaussian", True)
    assert denoise.data(source(tmp_path, {}, {"noise": 0.0, "kind": "masking"}, there, reconstruct=pixels)) is None
    assert denoise.data(source(tmp_path, {}, {}, there, reconstruct=pixels)) is None
    assert denoise.data(source(tmp_path, {}, settings, {}, reconstruct=pixels)) is None
    assert denoise.data(source(tmp_path, {}, settings, there, reconstruct=pixels[:, :14])) is None


def test_gibbs_steps_are_for_models_whose_metadata_tell_of_the_turns(tmp_path):
    pixels = drawn(4)
    known = {"name": "gibbs", "turns": 500, "encode": "up"}
    endpoints = {
        "sample": endpoint({}, {}, via={"endpoint": "down", "known": known}),
        "down": endpoint({"codes": [9]}, {"images": [28, 28]}),
    }
    found = gibbs.data(source(tmp_path, endpoints, answers={"up": None, "down": None}, up=pixels))
    assert {name: found[name] for name in ("encode", "decode", "units")} == {
        "encode": "up",
        "decode": "down",
        "units": 9,
    }
    assert same(found["pixels"], pixels)
    assert gibbs.data(source(tmp_path, endpoints, answers={"down": None}, up=pixels)) is None
    endpoints["sample"]["via"]["known"] = {"name": "normal"}
    assert gibbs.data(source(tmp_path, endpoints, answers={"up": None, "down": None}, up=pixels)) is None
