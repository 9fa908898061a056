"""What is fixed before an experiment is run: its kind, its seeds, its picture, and its parameters as by default."""

import functools

import pytest

from tfnotes.experiments import _experiment, ledger
from tfnotes.experiments._training import OF_A_POINT

DESIGNS = {
    "linear-collapse": ("exact", 1, None, {"depth": 10, "width": 16}),
    "depth-universal": ("exact", 1, "universal_figure", {"depth": 5, "draws": 300}),
    "sigmoid-half": ("exact", 1, None, {"points": 100001}),
    "sigmoid-vs-step": ("exact", 1, None, {"change": 0.001, "points": 20001}),
    "sigmoid-saturates": ("dynamics", 20, "saturates_figure", {"depth": 10, "width": 64}),
    "sigmoid-zigzag": ("dynamics", 100, None, {"inputs": 10, "batch": 32}),
    "tanh-identity": ("exact", 1, None, {"points": 200001}),
    "tanh-is-shifted-sigmoid": ("exact", 1, "shifted_figure", {"points": 10001}),
    "exp-is-slow": ("timing", 40, None, {"rounds": 30, "units": 256}),
    "single-neuron-limited": ("exact", 1, None, {"neurons": 20000}),
    "bias-changes-range": ("exact", 1, None, {"bias": 3.0, "examples": 1000}),
    "relu-not-centred": ("dynamics", 20, None, {"sums": 100000}),
    "bn-formula": ("exact", 1, None, {"batch": 16, "features": 5}),
    "elu-left": ("exact", 1, None, {"points": 10001}),
    "relu-nondifferentiable": ("exact", 1, None, {"points": 2001}),
    "relu-sparse": ("dynamics", 20, None, {"depth": 5, "width": 128}),
    "relu-dead-once-negative": ("exact", 1, None, {"steps": 200, "rate": 0.1}),
    "relu-grows": ("dynamics", 20, "grows_figure", {"depth": 20, "width": 128}),
    "leaky-never-zero": ("exact", 1, None, {"points": 10001}),
    "softmax-example": ("exact", 1, None, {}),
    "softmax-is-like-sigmoid": ("exact", 1, None, {"draws": 1000, "classes": 5}),
    "maxout-two-lines": ("exact", 1, "maxout_figure", {"points": 6001, "inputs": 20, "units": 10}),
    "zero-weight-insignificant": ("exact", 1, None, {}),
    "zero-init-symmetry": ("exact", 1, None, {"units": 8, "steps": 200, "rate": 0.5}),
    "init-scale": ("dynamics", 20, "scale_figure", {"depth": 10, "width": 128}),
    "xavier-fan": ("dynamics", 30, None, {"depth": 5, "inputs": 64, "widest": 512}),
    "variance-by-depth": ("dynamics", 20, "by_ten_figure", {"depth": 10, "width": 128}),
    "bn-repairs-init": ("dynamics", 12, None, {"depth": 10, "width": 128}),
    "centering": ("exact", 1, None, {"examples": 1000, "features": 6}),
    "pca-decorrelates": ("exact", 1, "pca_figure", {"examples": 2000, "features": 10, "rank": 4}),
    "whitening-is-normal": ("exact", 1, "whitening_figure", {"examples": 20000}),
    "small-rate-always-descends": ("optimization", 10, None, {"steps": 150}),
    "large-rate-misses": ("optimization", 1, None, {"curvature": 1.0, "limit": 10000}),
    "rate-is-the-decrease": ("optimization", 20, None, {}),
    "decay-schedules": (
        "optimization",
        30,
        "decay_figure",
        {"steps": 400, "rate": 0.3, "noise": 1.0, "coordinates": 10},
    ),
    "momentum-faster": ("optimization", 1, "momentum_figure", {"limit": 6000}),
    "clipping-cures": ("optimization", 1, None, {"steps": 500}),
    "mse-formula": ("exact", 1, None, {"examples": 64}),
    "regression-cross-entropy": ("optimization", 1, None, {"points": 1001, "examples": 50}),
    "backprop-update": ("exact", 1, "backprop_figure", {"rate": 0.01}),
    "gradients-by-depth": ("dynamics", 12, "shrink_figure", {"depth": 20, "width": 64}),
    "exploding-from-activation": ("dynamics", 20, "exploding_figure", {"steps": 40, "units": 32}),
    "deep-needs-fewer": ("exact", 1, None, {"depth": 6}),
    "dropout-is-ensemble": ("exact", 1, None, {"units": 12, "rate": 0.5}),
    "bn-steady-input": ("dynamics", 50, None, {"examples": 2000, "features": 4}),
    "max-norm": ("exact", 1, None, {"bound": 2.0, "inputs": 20, "units": 30}),
    "mlp-parameter-count": ("exact", 1, None, {}),
    "neuron-2352": ("exact", 1, None, {}),
    "conv-inner-product": ("exact", 1, None, {"side": 9, "window": 3}),
    "conv-429": ("exact", 1, "window_figure", {}),
    "padding-keeps-size": ("exact", 1, None, {"side": 28}),
    "same-valid": ("exact", 1, None, {}),
    "weight-sharing-saves": ("exact", 1, None, {"side": 28, "window": 3, "filters": 8}),
    "fc-restores": ("exact", 1, None, {"layers": 20}),
    "padding-after-pooling": ("exact", 1, None, {"side": 28}),
    "pool-of-4x4": ("exact", 1, None, {"side": 8}),
    "pooling-lossless": ("exact", 1, None, {}),
    "pooling-cuts-parameters": ("exact", 1, None, {}),
    "rnn-unrolled": ("exact", 1, None, {"steps": 7, "units": 5, "features": 3}),
    "rnn-late-inputs": ("dynamics", 10, "late_figure", {"steps": 30, "units": 16, "features": 4}),
    "lstm-keeps": ("dynamics", 10, "keeps_figure", {"steps": 40, "units": 16, "features": 4}),
    "forget-gate": ("exact", 1, None, {"units": 5, "features": 4}),
    "input-and-output-gate": ("exact", 1, None, {"units": 5}),
    "gru-merges": ("exact", 1, None, {"units": 6, "features": 4}),
    "gru-gates": ("exact", 1, None, {"units": 6, "features": 4}),
    "gru-fewer-parameters": ("exact", 1, None, {}),
    "ae-identity": ("exact", 1, None, {"examples": 500, "features": 8, "code": 3, "neighbours": 200}),
    "hidden-activations": ("training", 32, "shares", {"steps": 500, "units": 64}),
    "raw-pixels": ("training", 8, "shares", {"steps": 300, "units": 64}),
    "zero-biases": ("training", 10, "shares", {"steps": 300, "units": 64}),
    "dropout": ("training", 64, "shares", {"steps": 600, "rate": 0.5}),
    "steps-to-target": ("training", 64, None, {"target": 0.3, "limit": 1500, "units": 64}),
    "transfer": ("training", 64, "shares", {"units": 128, "steps": 300, "draws": 6}),
    "batches": ("training", 8, "shares", {"examples": 1000, "epochs": 30, "units": 64}),
    "longer": ("training", 8, None, {"examples": 300, "units": 256, "rate": 0.2}),
    "deeper": ("training", 64, "shares", {"examples": 500, "steps": 800}),
    "augmented": ("training", 64, "shares", {"examples": 300, "copies": 8, "steps": 800, "units": 128}),
    "more-data": ("training", 64, "shares", {"steps": 800, "units": 128}),
    "remember-first": ("training", 6, "shares", {"units": 8, "steps": 200, "examples": 2000}),
    "dying-units": ("training", 6, "shares", {"steps": 300, "units": 64}),
    "instead-of-relu": ("training", 64, "shares", {"steps": 200, "units": 64, "draws": 6}),
    "penalties": ("training", 5, None, {"examples": 500, "steps": 300, "units": 256, "rounds": 60}),
    "max-or-average": ("training", 32, "shares", {"steps": 300, "filters": 8, "examples": 2000}),
    "order-of-filters": ("training", 32, "shares", {"steps": 400}),
    "both-directions": (
        "training",
        6,
        "shares",
        {"units": 8, "steps": 120, "examples": 1000, "length": 8, "texts": 2500, "words": 20},
    ),
    "codes": ("training", 64, "shares", {"units": "256-32", "epochs": 12, "steps": 400}),
    "layers-of-rbms": ("training", 32, "shares", {"units": "200-200", "pretrain": 8, "steps": 300}),
    "ladder-with-few-labels": ("training", 8, "shares", {"units": "200-100", "steps": 500}),
    "drawings-of-a-vae": (
        "training",
        6,
        "looks_figure",
        {"units": "256", "latent": 16, "epochs": 30, "drawings": 1000},
    ),
    "drawings-of-a-gan": (
        "training",
        5,
        "looks_figure",
        {"units": "128-256", "latent": 16, "epochs": 25, "drawings": 1000},
    ),
}
PLANS = {
    "exp-is-slow": ((10, 20, 40), 0.05),
    **dict.fromkeys(
        ("hidden-activations", "max-or-average", "order-of-filters", "layers-of-rbms"), ((8, 16, 32), 0.01)
    ),
    **dict.fromkeys(("dropout", "deeper", "augmented", "more-data", "codes"), ((8, 16, 32, 64), 0.01)),
    "steps-to-target": ((8, 16, 32, 64), pytest.approx(0.0953102)),
    "transfer": ((8, 16, 32, 64), 0.02),
    "instead-of-relu": ((8, 16, 32, 64), 0.05),
}
EXPERIMENTS = {e.name: e for e in _experiment.experiments()}


def drawn_by(draw):
    return getattr(draw, "__name__", None) or getattr(getattr(draw, "func", None), "__name__", None)


def test_designs_and_parameters():
    found = {e.name: (e.kind, e.seeds, drawn_by(e.draw), e.parameters()) for e in EXPERIMENTS.values()}
    assert found == DESIGNS
    # In this order they are listed; one has its seeds one after the other, as it measures times.
    assert list(found) == list(DESIGNS)
    assert [e.name for e in EXPERIMENTS.values() if e.alone] == ["penalties"]
    assert [e.name for e in EXPERIMENTS.values() if e.parallel] == [
        name for name, (kind, *_) in DESIGNS.items() if kind == "training" and name != "penalties"
    ]
    pictured = {e.name: e.draw.keywords for e in EXPERIMENTS.values() if isinstance(e.draw, functools.partial)}
    assert pictured == {
        "deeper": {"what": "accuracy on the training data less that on others"},
        "dying-units": {"what": "hidden units that are zero for every example"},
    }


def test_plans():
    assert {e.name: (e.plan.looks, e.plan.minimum) for e in EXPERIMENTS.values() if e.plan} == PLANS
    assert {e.plan.first for e in EXPERIMENTS.values() if e.plan} == {100}
    told = {e.name: e.plan.reason for e in EXPERIMENTS.values() if e.plan}
    assert told["dropout"] == OF_A_POINT
    assert told["hidden-activations"].endswith("an accuracy of 90 % on 1,000 test digits: less could be theirs")


def test_the_ledger_was_measured_by_these_designs():
    recorded = ledger.recorded()
    for e in EXPERIMENTS.values():
        for claim in e.rules:
            design = recorded[claim]["design"]
            assert design == (e.plan.design(design["seeds"]) if e.plan else {"seeds": e.seeds}), claim


def test_least_and_quick_seeds():
    least = {"exact": 1, "optimization": 1, "dynamics": 10, "timing": 10, "training": 5}
    assert (least, least | {"dynamics": 20, "timing": 20}) == (_experiment.LEAST_SEEDS, _experiment.QUICK_SEEDS)


def test_an_experiment_is_told_of_by_its_first_line():
    def measure(seed, rate=0.5, *, steps=3):
        """What it
        measures.

        And more.
        """

    made = _experiment.Experiment("x", measure, {"linear-collapse": None}, "exact", 1, None)
    assert (made.about, made.topic, made.parameters()) == ("What it measures.", "activations", {"steps": 3})
    assert _experiment.Experiment("x", lambda seed: {}, {}, "exact", 1, None).about == ""
    for kind, alone, parallel in (("training", False, True), ("training", True, False), ("dynamics", False, False)):
        assert _experiment.Experiment("x", measure, {}, kind, 1, None, alone).parallel is parallel


def test_experiments_of_a_topic():
    found = _experiment.experiments("convolution")
    assert [e.name for e in found][:2] == ["regression-cross-entropy", "mlp-parameter-count"]
    assert found == [e for e in EXPERIMENTS.values() if e.topic == "convolution"]
    assert _experiment.experiments("none") == []


def test_two_experiments_of_one_name_are_refused(monkeypatch):
    monkeypatch.setattr(_experiment, "_experiments", {})
    register = _experiment.experiment({"linear-collapse": None}, "exact")

    def of(module, value):
        def a_name(seed):
            return value

        a_name.__module__ = module
        return a_name

    first = of("a", 1)
    assert register(first) is first
    register(of("a", 2))
    # Of the same file it is read anew.
    assert _experiment._experiments["a-name"].measure(0) == 2
    assert _experiment._experiments["a-name"].seeds == 1
    with pytest.raises(ValueError, match=r"experiments: two are called a-name\."):
        register(of("b", 3))
