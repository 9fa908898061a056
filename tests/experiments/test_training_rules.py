"""Rules of the training claims on made-up numbers whose verdict a person can tell, and their measurements in small."""

import functools

import keras
import numpy as np
import pytest

from tfnotes.experiments import _experiment, _timing, directions, dying, filters, generation, pretraining, speed
from tfnotes.layers import Dense

CONFIRMED, QUALIFIED, REFUTED, INCONCLUSIVE = "CONFIRMED", "QUALIFIED", "REFUTED", "INCONCLUSIVE"
# Seeds differ a little, and some figures by far more than the least effects.
WOBBLE = 0.001 * np.array([-1.0, 0.5, 0, -0.5, 1])
NOISE = 0.2 * np.array([-1.0, 1, 0.5, -0.5, 0])


def verdict(claim, **means):
    samples = {name: value if np.ndim(value) else value + WOBBLE for name, value in means.items()}
    return _experiment.judge(_experiment.find(claim), samples)[claim]


OF_RATE = ("high_rate", "high_rate_xavier", "high_rate_adagrad", "high_rate_adagrad_low")
OF_BIASES = ("biases", "biases_at_start", "biases_xavier", "biases_low_rate", "biases_adagrad_low")
DYING = dict.fromkeys(("healthy", "weights", *OF_RATE, *OF_BIASES), 0.01)
SICK = DYING | {"high_rate": 0.6, "biases": 0.6, "biases_at_start": 0.6, "weights": 0.6}


def test_what_kills():
    assert verdict("relu-dead-causes", **SICK).verdict == CONFIRMED
    found = verdict("relu-dead-causes", **SICK | {"weights": 0.01})
    assert found.verdict == QUALIFIED
    assert verdict("relu-dead-causes", **SICK | {"weights": 0.1 + NOISE}).verdict == INCONCLUSIVE


def test_what_cures():
    assert verdict("relu-dead-cures", **SICK).verdict == CONFIRMED
    assert verdict("relu-dead-cures", **SICK | {"biases_xavier": 0.6}).verdict == QUALIFIED
    assert verdict("relu-dead-cures", **SICK | {"biases_xavier": 0.05 + NOISE}).verdict == INCONCLUSIVE
    assert verdict("relu-dead-cures", **dict.fromkeys(DYING, 0.6)).verdict == REFUTED


def instead(**means):
    found = {f"{name}_{key}": 0.1 for name in ("relu", "leaky", "maxout") for key in dying.SITUATIONS}
    found |= {f"{name}_works": 0.9 for name in ("relu", "leaky", "maxout")} | means
    return verdict("relu-then-leaky-or-maxout", **found).verdict


def test_what_takes_the_place_of_relu():
    helped = {f"{name}_{key}": 0.8 for name in ("leaky", "maxout") for key in ("rate", "biases", "faint")}
    assert instead(**helped) == CONFIRMED
    assert instead(**helped | {"leaky_faint": 0.1}) == QUALIFIED
    assert instead(**helped | {"maxout_works": 0.95}) == QUALIFIED
    assert instead(**helped | {"leaky_rate": 0.2 + NOISE}) == INCONCLUSIVE
    # Where ReLU trains a point counts, elsewhere five: a network that is right in 10 % is no help with 14.
    assert instead(**helped | {"leaky_works": 0.913 + 3 * WOBBLE}) == QUALIFIED
    assert instead(**helped | {"leaky_works": 0.902 + 3 * WOBBLE}) == CONFIRMED
    assert instead(**helped | {"leaky_faint": 0.14 + 3 * WOBBLE}) == QUALIFIED


def test_hidden_activations():
    found = {f"{name}_{n}": 0.9 for name in ("tanh", "relu") for n in (1, 5)} | {"sigmoid_1": 0.85, "sigmoid_5": 0.1}
    for claim in ("tanh-beats-sigmoid", "avoid-sigmoid"):
        assert verdict(claim, **found).verdict == CONFIRMED
        assert verdict(claim, **found | {"sigmoid_1": 0.898 + 3 * WOBBLE}).verdict == QUALIFIED
        assert verdict(claim, **found | {"sigmoid_1": 0.9 + NOISE}).verdict == INCONCLUSIVE
    assert verdict("avoid-sigmoid", **found | {"relu_1": 0.8}).verdict == QUALIFIED
    assert verdict("tanh-beats-sigmoid", **found | {"relu_1": 0.8}).verdict == CONFIRMED


def test_steps_to_the_target():
    found = {"relu_steps": 100.0, "tanh_steps": 200.0, "sigmoid_steps": 300.0}
    assert verdict("relu-constant-gradient", **found).verdict == CONFIRMED
    assert verdict("relu-constant-gradient", **found | {"tanh_steps": 90.0}).verdict == QUALIFIED
    assert verdict("relu-constant-gradient", **found | {"tanh_steps": 100 + 99 * NOISE}).verdict == INCONCLUSIVE
    assert verdict("relu-six-times", **found).verdict == REFUTED
    assert verdict("relu-six-times", **found | {"tanh_steps": 600.0}).verdict == CONFIRMED


def test_what_helps_on_digits_that_were_not_seen():
    found = {"plain": 0.8, "rotated": 0.85, "brightened": 0.82, "flipped": 0.81}
    assert verdict("augmentation-helps", **found).verdict == CONFIRMED
    assert verdict("augmentation-helps", **found | {"flipped": 0.7}).verdict == QUALIFIED
    assert verdict("augmentation-helps", **found | {"brightened": 0.8 + NOISE}).verdict == INCONCLUSIVE
    found = {"wide": 0.8, "wide_dropout": 0.82, "narrow": 0.9, "narrow_dropout": 0.92}
    assert verdict("dropout-regularizes", **found).verdict == CONFIRMED
    assert verdict("dropout-regularizes", **found | {"narrow_dropout": 0.88}).verdict == QUALIFIED
    assert verdict("dropout-regularizes", **found | {"narrow_dropout": 0.88, "wide_dropout": 0.7}).verdict == REFUTED
    alike = {"narrow_dropout": 0.9 + 3 * WOBBLE, "wide_dropout": 0.7}
    assert verdict("dropout-regularizes", **found | alike).verdict == INCONCLUSIVE


def test_deeper():
    found = {"gap_shallow": 0.1, "gap_deep": 0.2, "gap_deep_narrow": 0.15}
    assert verdict("deeper-overfits", **found).verdict == CONFIRMED
    assert verdict("deeper-overfits", **found | {"gap_deep_narrow": 0.102}).verdict == QUALIFIED
    assert verdict("deeper-overfits", **found | {"gap_deep_narrow": 0.1, "gap_deep": 0.05}).verdict == REFUTED
    assert verdict("deeper-overfits", **found | {"gap_deep": 0.1 + NOISE}).verdict == INCONCLUSIVE


def test_more_data():
    found = {"means_900": 0.8, "means_3600": 0.802, "neighbour_900": 0.9, "neighbour_3600": 0.9}
    found |= {"network_900": 0.85, "network_3600": 0.9}
    assert verdict("more-data", **found).verdict == CONFIRMED
    assert verdict("more-data", **found | {"neighbour_3600": 0.95}).verdict == QUALIFIED
    assert verdict("more-data", **found | {"means_3600": 0.8 + NOISE}).verdict == INCONCLUSIVE


def test_transfer():
    found = {"kept_few": 0.6, "scratch_few": 0.5, "kept_many": 0.9, "scratch_many": 0.85}
    assert verdict("transfer", **found).verdict == CONFIRMED
    assert verdict("transfer", **found | {"kept_many": 0.8}).verdict == QUALIFIED
    assert verdict("transfer", **found | {"kept_many": 0.8, "kept_few": 0.4}).verdict == REFUTED
    # That the last layers alone are worse has to be shown, not only that they aren't better.
    assert verdict("transfer", **found | {"kept_many": 0.85 + 3 * WOBBLE, "kept_few": 0.4}).verdict == INCONCLUSIVE
    assert verdict("transfer", **found | {"kept_few": 0.5 + NOISE}).verdict == INCONCLUSIVE


def test_penalties():
    costly = {"without": 0.9, "l1_time": 1.3, "l2_time": 1.2}
    costly |= {f"{name}_{factor}": 0.9 for name in ("l1", "l2") for factor in ("usual", "tenfold")}
    costly |= {"l1_hundredfold": 0.5, "l2_hundredfold": 0.7}
    assert verdict("regularization-rare", **costly).verdict == CONFIRMED
    assert verdict("regularization-rare", **costly | {"l2_time": 1.0}).verdict == QUALIFIED
    assert verdict("regularization-rare", **costly | {"l2_hundredfold": 0.9}).verdict == QUALIFIED
    assert verdict("regularization-rare", **costly | {"l1_time": 1.1 + NOISE}).verdict == INCONCLUSIVE


def test_pooling():
    one_for_each = {"digits_max": 0.9, "digits_average": 0.8, "spot_max": 0.7, "spot_average": 0.6}
    one_for_each |= {"brightness_max": 0.8, "brightness_average": 0.9}
    assert verdict("max-beats-average", **one_for_each).verdict == CONFIRMED
    assert verdict("max-beats-average", **one_for_each | {"digits_average": 0.9}).verdict == QUALIFIED
    assert verdict("max-beats-average", **one_for_each | {"brightness_max": 0.95}).verdict == QUALIFIED
    assert verdict("max-beats-average", **one_for_each | {"spot_max": 0.6 + NOISE}).verdict == INCONCLUSIVE


def test_order_of_filters():
    sizes = {f"{name}_{of}": 1000.0 for name in filters.ORDERS for of in ("parameters", "operations")}
    ahead = sizes | dict.fromkeys(filters.ORDERS, 0.8) | {"more_later": 0.9}
    assert verdict("fewer-filters-first", **ahead).verdict == CONFIRMED
    assert verdict("fewer-filters-first", **ahead | {"as_many_parameters_even": 0.9}).verdict == QUALIFIED
    assert verdict("fewer-filters-first", **ahead | {"more_later": 0.8}).verdict == REFUTED
    assert verdict("fewer-filters-first", **ahead | {"more_later": 0.8 + NOISE}).verdict == INCONCLUSIVE


def test_networks_that_are_compared_have_as_many_parameters_or_operations():
    channels = {name: (1, *order) for name, order in filters.ORDERS.items()}
    parameters, operations = (
        {
            name: sum(9 * a * b * side**2 for a, b, side in zip(c, c[1:], sides, strict=False)) + 10 * c[-1]
            for name, c in channels.items()
        }
        for sides in ((1, 1, 1), (28, 14, 7))
    )
    for name in filters.ORDERS:
        if "parameters" in name:
            assert parameters[name] == pytest.approx(parameters["more_later"], rel=0.02)
        if "operations" in name:
            assert operations[name] == pytest.approx(operations["more_later"], rel=0.1)


def test_both_directions():
    ahead = {f"{task}_one": 0.6 for task in ("next", "previous", "reviews")}
    ahead |= {f"{task}_both": 0.9 for task in ("next", "previous", "reviews")}
    assert verdict("bilstm-better", **ahead).verdict == CONFIRMED
    assert verdict("bilstm-better", **ahead | {"previous_both": 0.6}).verdict == QUALIFIED
    assert verdict("bilstm-better", **ahead | {"reviews_both": 0.62 + NOISE}).verdict == INCONCLUSIVE


def test_codes():
    found = {f"{name}_{n}": 0.8 for name in ("pixels", "pca") for n in ("few", "all")}
    found |= {"code_few": 0.9, "code_all": 0.9}
    assert verdict("ae-for-recognition", **found).verdict == CONFIRMED
    assert verdict("ae-for-recognition", **found | {"pca_few": 0.9}).verdict == QUALIFIED
    assert verdict("ae-for-recognition", **found | {"pca_few": 0.88 + NOISE}).verdict == INCONCLUSIVE


def test_pretraining():
    found = {"pretrained_few": 0.8, "random_few": 0.7, "relu_few": 0.7, "pretrained_all": 0.95, "random_all": 0.9}
    assert verdict("rbm-dbn-pretraining", **found).verdict == CONFIRMED
    assert verdict("rbm-dbn-pretraining", **found | {"random_all": 0.95}).verdict == QUALIFIED
    assert verdict("rbm-dbn-pretraining", **found | {"relu_few": 0.78 + NOISE}).verdict == INCONCLUSIVE


def test_ladder():
    assert verdict("ladder-few-labels", ladder=0.9, labelled_only=0.8, plain=0.7).verdict == CONFIRMED
    assert verdict("ladder-few-labels", ladder=0.7, labelled_only=0.8, plain=0.6).verdict == QUALIFIED
    assert verdict("ladder-few-labels", ladder=0.7, labelled_only=0.8, plain=0.8).verdict == REFUTED
    assert verdict("ladder-few-labels", ladder=0.8, labelled_only=0.8, plain=0.7).verdict == INCONCLUSIVE


GOOD = {"drawn_sure": 0.8, "drawn_rarest": 0.06, "drawn_to_test": 5.0, "drawn_from_test": 5.0, "drawn_to_training": 4.0}
GOOD |= {"gaussian_sure": 0.3, "gaussian_to_test": 7.0, "gaussian_from_test": 7.0, "test_sure": 0.9}
GOOD |= {"test_to_training": 4.5, "likelihood": -100.0, "independent_likelihood": -200.0}


@pytest.mark.parametrize("claim", ["vae-generates", "gan-generates"])
def test_drawings(claim):
    assert verdict(claim, **GOOD).verdict == CONFIRMED
    for worse in (
        {"drawn_sure": 0.3},
        {"drawn_rarest": 0.0},
        {"drawn_to_test": 7.0},
        {"drawn_from_test": 7.0},
        {"drawn_to_training": 0.5},
    ):
        assert verdict(claim, **GOOD | worse).verdict == QUALIFIED, worse
    assert verdict(claim, **GOOD | {"drawn_rarest": 0.02 + NOISE}).verdict == INCONCLUSIVE


def test_a_vae_must_beat_independent_pixels():
    assert verdict("vae-generates", **GOOD | {"likelihood": -190.0}).verdict == QUALIFIED


def test_slower_is_slower_at_every_size_and_in_a_step():
    # A verdict on times takes ten of them.
    wobble = np.tile(WOBBLE, 2)
    names = [f"{f}_{what}" for f in ("sigmoid", "tanh") for what in ("forward_3000", "forward_300000", "step")]
    slow = dict.fromkeys(names, 2 + wobble)
    assert verdict("exp-is-slow", **slow).verdict == CONFIRMED
    assert verdict("exp-is-slow", **slow | {"tanh_forward_3000": 1 + wobble}).verdict == QUALIFIED
    assert verdict("exp-is-slow", **slow | {"tanh_step": 1.02 + wobble}).verdict == QUALIFIED
    assert verdict("exp-is-slow", **slow | {"sigmoid_step": 1 + np.tile(NOISE, 2)}).verdict == INCONCLUSIVE


def test_the_least_time_of_functions_in_turn(monkeypatch):
    clock, called = [0.0], []
    monkeypatch.setattr(_timing.time, "perf_counter", lambda: clock[0])

    class Result:
        def __init__(self, name, cost):
            self.name, self.cost = name, cost

        def numpy(self):
            called.append(self.name)
            # What else the machine does adds to some of the times.
            clock[0] += self.cost + (5 if len(called) % 3 == 0 else 0)

    functions = [lambda: Result("a", 1.0), lambda: Result("b", 2.0)]
    assert _timing.seconds(functions, 4) == [1.0, 2.0]
    assert "".join(called) == "ab" + "ab" + "ba" + "ab" + "ba"


def test_what_is_timed_in_turn(monkeypatch):
    asked, numbers = [], []

    def timed(functions, rounds):
        asked.append((len(functions), rounds))
        numbers.append([np.asarray(function()) for function in functions])
        return [2.0, 3.0, 5.0]

    def made(hidden, activation):
        asked.append((hidden, activation))
        return activation

    def step_of(model, x, y):
        assert ((x.shape, x.dtype), y.tolist()) == (((64, 784), "float32"), [k % 10 for k in range(64)])
        assert 0 <= x.min() < 0.01 < 0.99 < x.max() <= 1
        return lambda: 0.0

    for name, stand_in in (("seconds", timed), ("mlp", made), ("step_of", step_of)):
        monkeypatch.setattr(speed, name, stand_in)
    found = _experiment.find("exp-is-slow").measure(5, rounds=7, units=9)
    steps = [([9, 9], name) for name in ("relu", "sigmoid", "tanh")]
    assert asked == [(3, 7), (3, 7), *steps, (3, 14)]
    ratios = {"sigmoid": 1.5, "tanh": 2.5}
    assert found == {f"{name}_{what}": ratios[name] for what in speed.WHERE for name in ratios}
    # Ten times over, of the same numbers for all, as many as the figure's name says.
    for size, (relu, sigmoid, tanh) in zip((3_000, 300_000), numbers, strict=False):
        assert [len(values) for values in (relu, sigmoid, tanh)] == [size] * 3
        assert np.mean(relu == 0) == pytest.approx(0.5, abs=0.05)
        # Sigmoid comes to rest where it gives what it is given; tanh stays below what it makes of infinity.
        np.testing.assert_allclose(sigmoid, 0.659046, atol=1e-4)
        most = functools.reduce(lambda x, _: np.tanh(x), range(10), np.inf)
        assert 0.99 * most < np.abs(tanh).max() < most
    assert (numbers[0][0] != numbers[1][0][:3_000]).any()


def test_dead_are_units_that_are_0_for_every_example():
    model = keras.Sequential([Dense(3, activation="relu"), Dense(2, activation="relu"), Dense(1)])
    x = np.array([[1.0], [-1.0]], "float32")
    model.build((None, 1))
    first = np.array([[1.0, 1.0, -1.0]]), np.array([0.0, -2.0, 0.0])
    model.set_weights([*first, np.ones((3, 2)), np.array([0.0, -9.0]), np.ones((2, 1)), np.zeros(1)])
    # Of five hidden units two: the second of the first layer, the second of the second.
    assert dying.dead_share(model, x) == pytest.approx(2 / 5)


@pytest.mark.parametrize("task", ["spot", "brightness"])
def test_drawn_tasks_differ_as_they_say(task):
    x, y = filters.drawn(task, np.random.default_rng(0), 2000)
    assert x.shape == (2000, 784)
    assert set(y) == {0, 1}
    brightness = x.mean(1)
    difference = brightness[y == 1].mean() - brightness[y == 0].mean()
    # A spot of 4 of 784 pixels adds 1.5 each; brightness 0.1 everywhere. Five standard errors.
    expected, deviation = (6 / 784, 0.5 / 28) if task == "spot" else (0.1, (0.25 + 9 * 0.09) ** 0.5 / 28)
    assert difference == pytest.approx(expected, abs=5 * 2 * deviation / 2000**0.5)


def test_distances_by_hand():
    a, b = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 1.0], [9.0, 9.0]])
    # 1 from the first, root 18 from the second to (0, 1), root 61 to (9, 9).
    assert generation.nearest(a, b) == pytest.approx((1 + 18**0.5) / 2)


def test_what_drawings_are_like_by_hand():
    """Two drawings of the same digit, two digits seen and two not, all along one axis."""

    def at(*places):
        rows = np.zeros((len(places), 784), "float32")
        rows[:, 0] = places
        return rows

    def classifier(drawings):
        return 9.0 * np.eye(10, dtype="float32")[[3] * len(drawings)]

    found = generation.looks(at(1, 2), classifier, at(1.5, 8), at(0, 7))
    assert found["to_test"] == pytest.approx((1 + 2) / 2)
    assert found["from_test"] == pytest.approx((1 + 5) / 2)
    assert found["to_training"] == pytest.approx(0.5)
    assert (found["sure"], found["rarest"]) == (1.0, 0.0)


def test_the_yardstick_is_of_digits_that_are_not_compared_with_themselves(monkeypatch):
    test_x = np.arange(20, dtype="float32")[:, None] * np.ones(784, "float32")
    monkeypatch.setattr(generation, "digits", lambda: (test_x[:4] + 100, np.arange(4), test_x, np.arange(20)))
    monkeypatch.setattr(generation, "judge", lambda x, y, classes, seed: None)
    monkeypatch.setattr(generation, "looks", lambda drawings, _, x, others: {"of": drawings, "others": others})
    found = generation.compared(test_x[:3] + 50, 0)
    assert np.array_equal(found["drawn_of"], test_x[:3] + 50)
    assert [len(found[f"{name}_others"]) for name in ("drawn", "gaussian", "test")] == [10] * 3
    assert not np.isin(found["test_of"][:, 0], found["test_others"][:, 0]).any()
    assert len(found["gaussian_of"]) == 3


def test_the_gaussian_has_the_digits_moments():
    x = np.clip(np.random.default_rng(0).normal(0.5, 0.05, (500, 4)), 0, 1)
    x[:, 1] = x[:, 0]
    draws = generation.gaussian(x, 20_000, 1)
    assert draws.mean(0) == pytest.approx(x.mean(0), abs=0.003)
    assert np.corrcoef(draws.T)[0, 1] > 0.999
    assert abs(np.corrcoef(draws.T)[0, 2]) < 0.15
    assert draws.min() >= 0
    assert draws.max() <= 1


def test_so_many_labels_of_each_class():
    _, y, _, _, rows = pretraining.labelled(3, 7)
    assert np.bincount(y[rows]).tolist() == [7] * 10
    assert len(set(rows)) == 70
    assert set(rows) != set(pretraining.labelled(4, 7)[-1])


SMALL = {
    "dying-units": {"steps": 2, "units": 4},
    "instead-of-relu": {"steps": 2, "units": 4, "draws": 1},
    "penalties": {"steps": 2, "units": 4, "rounds": 1},
    "max-or-average": {"steps": 1, "filters": 1, "examples": 50},
    "order-of-filters": {"steps": 1},
    "both-directions": {"steps": 1, "units": 2, "examples": 20, "length": 4},
    "codes": {"steps": 1, "units": "4-3", "epochs": 1},
    "layers-of-rbms": {"steps": 1, "units": "4-3", "pretrain": 1},
    "ladder-with-few-labels": {"steps": 1, "units": "4-3"},
    "drawings-of-a-vae": {"units": "4", "latent": 2, "epochs": 1, "drawings": 20},
    "drawings-of-a-gan": {"units": "4-4", "latent": 2, "epochs": 1, "drawings": 20},
}


@pytest.mark.parametrize("name", SMALL)
def test_rules_find_all_that_they_judge_by(name, monkeypatch):
    words, labels = np.random.default_rng(0).integers(1, 50, (30, 5)), np.arange(30) % 2
    monkeypatch.setattr(directions, "reviews", lambda *arguments: (words, labels, words, labels))
    monkeypatch.setattr(generation, "judge", lambda *arguments: keras.Sequential([Dense(10)]))
    e = _experiment.find(name)
    assert set(SMALL[name]) <= set(e.parameters())
    keras.utils.set_random_seed(0)
    row = e.measure(0, **SMALL[name])
    samples = {key: float(value) + WOBBLE for key, value in row.items()}
    assert set(_experiment.judge(e, samples)) == set(e.rules)
