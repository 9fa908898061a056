"""Each rule on both sides of its thresholds, on histories made by hand."""

import pytest

from tfnotes.doctor.examine import diagnose
from tfnotes.doctor.findings import ILLNESSES, Finding
from tfnotes.doctor.history import History
from tfnotes.doctor.rules import RULES
from tfnotes.language import Words

CONFIG = {"learning_rate": 0.1, "patience": None}


def curve(*values):
    return dict(enumerate(values, 1))


def found(illness, figures=None, config=CONFIG, diverged=None, **curves):
    """What one rule finds; the first `_` in a keyword's last part stands for "/"."""
    tags = {tag.replace("__", "/"): values for tag, values in curves.items()}
    figures = {name: curve(*values) for name, values in (figures or {}).items()}
    if figures:
        figures["epoch"] = {epoch: epoch for epoch in next(iter(figures.values()))}
    (rule,) = (rule for rule in RULES if rule.illness == illness)
    return rule.find(History(config, figures, tags, diverged))


def test_ten_illnesses_with_a_rule_each():
    assert [rule.illness for rule in RULES] == list(ILLNESSES)
    assert len(ILLNESSES) == 10


def test_causes_stand_before_what_follows_from_them():
    order = list(ILLNESSES)
    for rule in RULES:
        assert all(order.index(follows) > order.index(rule.illness) for follows in rule.explains)


@pytest.mark.parametrize(
    ("layers", "en", "zh"),
    [
        ("a", "a", "a"),
        ("abc", "a, b, c", "a, b, c"),
        ("abcd", "a, b, c and 1 more", "a, b, c 等，另有 1 层"),
        ("abcdef", "a, b, c and 3 more", "a, b, c 等，另有 3 层"),
    ],
)
def test_three_layers_are_named_and_the_rest_counted(layers, en, zh):
    finding = Finding("vanishing gradients", tuple(layers), 1, Words("measured", ""), Words("advice", ""))
    assert finding.named() == Words(en, zh)


def test_gradients_vanish_beside_the_largest():
    norms = {"gradient_norm__a": curve(1e-2, 1e-9, 2e-4), "gradient_norm__b": curve(1e-9, 0.0, 1e-4)}
    (finding,) = found("vanishing gradients", gradient_norm__c=curve(1.0, 1e-3, 1.0), **norms)
    assert (finding.layers, finding.since) == (("b", "a"), 1)
    assert finding.measured.en == "the gradient is 1.0e-04, of the layer with the largest 1.0e+00"
    (finding,) = found("vanishing gradients", gradient_norm__c=curve(1.0, 1e-5, 0.15), **norms)
    assert (finding.layers, finding.since) == (("b",), 1)
    # The last epoch decides.
    assert not found("vanishing gradients", gradient_norm__c=curve(1.0, 1.0, 0.05), **norms)


def test_gradients_that_are_all_zero_are_of_no_size_to_compare():
    assert not found("vanishing gradients", gradient_norm__a=curve(0.0), gradient_norm__b=curve(0.0))


def test_gradients_explode():
    layers = {"gradient_norm__a": curve(1.0, 1500.0, 1200.0), "gradient_norm__b": curve(1.0, 10.0, 1900.0)}
    (finding,) = found("exploding gradients", gradient_norm=curve(1.0, 1500.0, 2000.0), **layers)
    assert (finding.layers, finding.since) == (("b", "a"), 2)
    assert "2.0e+03" in finding.measured.en
    assert not found("exploding gradients", gradient_norm=curve(1.0, 1500.0, 999.0))


def test_a_gradient_that_is_no_number_explodes():
    for worst in (float("nan"), float("inf")):
        layers = {"gradient_norm__a": curve(1.0, 2.0), "gradient_norm__b": curve(1.0, worst)}
        (finding,) = found("exploding gradients", gradient_norm=curve(1.0, worst), **layers)
        assert (finding.layers, finding.since) == (("b",), 2)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("name", ["loss", "val_loss", "accuracy"])
def test_figures_that_are_no_numbers(name, value):
    figures = {"loss": (2.0, 1.0, 1.0, 1.0), "val_loss": (2.0, 1.0, 1.0, 1.0), name: (2.0, value, value, 1.0)}
    (finding,) = found("figures that are no numbers", figures)
    assert (finding.layers, finding.since) == ((), 2)
    assert finding.measured.en == f"{name} is {value}"
    assert not found("figures that are no numbers", {"loss": (2.0, 1.0), "examples": (5, 5)})


def test_a_loss_that_is_no_number_any_more():
    said = Words("loss became nan in epoch 3", "第 3 轮时 loss 变成了 nan")
    (finding,) = found("learning rate too high", {"loss": (2.0, 1.0)}, diverged=said)
    assert (finding.since, finding.measured) == (3, said)
    # Where nothing ended the training.
    (finding,) = found("learning rate too high", {"loss": (2.0, 1.0, float("nan"), float("nan"))}, diverged=said)
    assert finding.since == 3
    assert not found("figures that are no numbers", {"loss": (2.0, 1.0, float("nan"))}, diverged=said)
    assert finding.advice.en.startswith("lower the learning rate (it began at 0.1)")
    assert "to a hundredth" in finding.advice.en
    assert "initialization" in finding.advice.en
    assert finding.settings == {"learning_rate": 0.001}
    (finding,) = found("learning rate too high", diverged=said)
    assert finding.since == 1


def test_a_loss_above_that_of_guessing_is_of_a_rate_too_high():
    sick = {"loss": (9.0, 413.0, 413.0), "accuracy": (0.1, 0.1, 0.1)}
    (finding,) = found("learning rate too high", sick)
    assert finding.since == 2
    assert "the training loss is 413, far above that of guessing, with an accuracy of 10.0%" in finding.measured.en
    assert not found("learning rate too high", sick | {"loss": (9.0, 9.0, 9.0)})
    # A loss of which the cross-entropy is a part; what isn't a classifier has losses of any size.
    assert not found("learning rate too high", {"loss": (413.0, 413.0, 413.0), "accuracy": (0.1, 0.7, 0.8)})
    # Of gradients that explode at any rate, the rate isn't the cause.
    assert not found("learning rate too high", {"loss": (413.0, 413.0, 413.0)})
    high = sick | {"loss": (413.0, 413.0, 413.0)}
    assert found("learning rate too high", high)
    assert not found("learning rate too high", high, gradient_norm=curve(5e3, 5e3, 5e3))
    assert not found("learning rate too high", high, input_scale__mean={0: 33.0}, input_scale__std={0: 78.0})


@pytest.mark.parametrize(
    ("illness", "kind", "limit"), [("dead units", "dead_units", 0.25), ("saturated units", "saturation", 0.5)]
)
def test_dead_and_saturated_units_by_layer(illness, kind, limit):
    curves = {f"{kind}__a": curve(0.9, 0.0, limit, limit), f"{kind}__b": curve(0.9, 0.9, 0.9, limit - 0.01)}
    (finding,) = found(illness, **curves)
    assert (finding.layers, finding.since) == (("a",), 3)
    assert finding.measured.en.startswith(f"{limit:.0%} of ")


def test_overfitting_by_accuracy():
    losses = {"loss": (1.0, 0.5, 0.3), "val_loss": (1.0, 0.9, 0.95)}
    (finding,) = found("overfitting", losses | {"accuracy": (0.5, 0.8, 0.95), "val_accuracy": (0.5, 0.8, 0.84)})
    assert finding.since == 3
    assert "95.0% on the training data and 84.0% on the validation" in finding.measured.en
    # As long as the validation loss falls, it takes ten times the errors.
    falling = {"loss": (1.0, 0.5, 0.3), "val_loss": (1.0, 0.96, 0.95)}
    assert not found("overfitting", falling | {"accuracy": (0.5, 0.8, 0.95), "val_accuracy": (0.5, 0.8, 0.51)})
    assert found("overfitting", falling | {"accuracy": (0.5, 0.8, 0.95), "val_accuracy": (0.5, 0.8, 0.49)})
    # Less than ten points; less than twice the errors.
    for train, held in ((0.95, 0.86), (0.6, 0.45)):
        assert not found("overfitting", losses | {"accuracy": (0, 0, train), "val_accuracy": (0, 0, held)})


def test_overfitting_by_loss():
    fell = (3.0, 2.0, 1.5, 1.0)
    (finding,) = found("overfitting", {"loss": fell, "val_loss": (3.0, 2.0, 2.7, 2.6)})
    assert finding.since == 3
    assert finding.measured.en == "the validation loss rose from 2 to 2.6 while the training loss fell"
    # By less; while the training loss rose, too; in one epoch alone, the last or the one before; nothing is known.
    assert not found("overfitting", {"loss": fell, "val_loss": (3.0, 2.0, 2.4, 2.4)})
    assert not found("overfitting", {"loss": (3.0, 2.0, 2.2, 2.2), "val_loss": (3.0, 2.0, 2.6, 2.6)})
    assert not found("overfitting", {"loss": fell, "val_loss": (3.0, 2.5, 2.0, 2.6)})
    assert not found("overfitting", {"loss": fell, "val_loss": (3.0, 2.0, 2.4, 2.6)})
    assert not found("overfitting", {"loss": fell, "val_loss": (3.0, 2.0, 2.6, 2.4)})
    assert not found("overfitting", {"loss": fell})
    # What flutters below the training loss, as with dropout.
    assert not found("overfitting", {"loss": (9.0, 4.0, 3.5, 3.0), "val_loss": (3.0, 2.0, 2.7, 2.6)})


def test_what_came_after_the_best_epoch_is_of_no_weight_if_its_weights_were_put_back():
    figures = {"loss": (3.0, 2.0, 1.5, 1.0), "val_loss": (3.0, 2.0, 2.6, 2.6)}
    assert found("overfitting", figures)
    assert not found("overfitting", figures, CONFIG | {"patience": 1})
    figures |= {"accuracy": (0.5, 0.9, 1.0, 1.0), "val_accuracy": (0.5, 0.85, 0.8, 0.8)}
    assert not found("overfitting", figures, CONFIG | {"patience": 1})


def test_a_rate_too_high_by_the_size_of_updates():
    (finding,) = found(
        "learning rate too high",
        update_ratio__a=curve(0.01, 0.12, 0.01),
        update_ratio__b=curve(0.01, 0.01, 0.3),
        update_ratio__c=curve(9.0, 0.09, 0.09),
    )
    assert (finding.layers, finding.since) == (("b", "a"), 2)
    assert "30%" in finding.measured.en
    assert "it began at 0.1" in finding.advice.en


def test_a_rate_too_high_by_a_loss_that_jumps():
    (finding,) = found("learning rate too high", {"loss": (4.0, 2.0, 3.1, 1.0)})
    assert (finding.since, finding.measured.en) == (3, "the training loss jumped from 2 to 3.1")
    assert not found("learning rate too high", {"loss": (4.0, 2.0, 2.9, 1.0)})
    # Of a loss that is as good as gone, the rest jumps by chance.
    assert not found("learning rate too high", {"loss": (4.0, 0.1, 0.35)})


def test_a_loss_above_what_guessing_is_known_to_get():
    guess = {"baseline__loss": {0: 2.0}, "baseline__accuracy": {0: 0.2}}
    sick = {"loss": (9.0, 3.9, 4.1), "accuracy": (0.1, 0.1, 0.6)}
    (finding,) = found("learning rate too high", sick, **guess)
    assert (finding.since, finding.settings) == (3, {"learning_rate": 0.01})
    assert not found("learning rate too high", sick | {"loss": (9.0, 3.9, 3.9)}, **guess)
    assert not found("learning rate too high", sick | {"accuracy": (0.1, 0.1, 0.61)}, **guess)
    # A network that begins as badly, and hardly moves.
    assert not found("learning rate too high", sick, **guess, weight_shift__a={2: 9e-4, 3: 9e-4})
    assert found("learning rate too high", sick, **guess, weight_shift__a={2: 9e-4, 3: 1.1e-3})
    assert not found("learning rate too high", sick, **guess, update_ratio__a=curve(1e-7, 9e-6))
    assert found("learning rate too high", sick, **guess, update_ratio__a=curve(1e-7, 2e-5))


def test_weights_that_were_thrown_away_at_once():
    guess = {"baseline__loss": {0: 2.0}, "baseline__accuracy": {0: 0.2}}
    sick = {"loss": (6.1, 2.1, 2.1), "accuracy": (0.1, 0.1, 0.1)}
    (finding,) = found("learning rate too high", sick, **guess)
    assert (finding.since, finding.settings) == (1, {"learning_rate": 0.01})
    assert "the training loss was 6.1, far above that of guessing, and the accuracy is now 10.0%" in finding.measured.en
    assert not found("learning rate too high", sick | {"loss": (5.9, 2.1, 2.1)}, **guess)
    assert not found("learning rate too high", sick | {"accuracy": (0.1, 0.1, 0.3)}, **guess)
    # Gradients that explode send weights there, too, unless one update of the first epoch moved them by all their size.
    exploded = {"gradient_norm": curve(5e3, 5e3, 5e3)}
    assert not found("learning rate too high", sick, **guess, **exploded, update_ratio__a=curve(1.0, 0.01, 0.01))
    assert not found("learning rate too high", sick, **guess, **exploded)
    (finding,) = found("learning rate too high", sick, **guess, **exploded, update_ratio__a=curve(1.1, 0.01, 0.01))
    assert finding.since == 1


def test_what_else_throws_weights_away():
    guess = {"baseline__loss": {0: 2.0}, "baseline__accuracy": {0: 0.2}}
    sick = {"loss": (6.1, 2.1, 2.1), "accuracy": (0.1, 0.1, 0.1)}
    assert not found("learning rate too high", sick, **guess, input_scale__mean={0: 33.0}, input_scale__std={0: 78.0})
    assert not found("learning rate too high", sick, **guess, weight_shift__a={2: 9e-4, 3: 9e-4})
    assert not found("learning rate too high", sick, **guess, update_ratio__a=curve(1e-7, 1e-7, 1e-7))
    (finding,) = found("learning rate too high", sick | {"loss": (float("nan"), 6.1, 2.1)}, **guess)
    assert finding.since == 2
    for unknown in ("loss", "accuracy"):
        assert not found("learning rate too high", {k: v for k, v in sick.items() if k != unknown}, **guess)


def test_the_accuracy_of_guessing():
    guess = {"baseline__loss": {0: 2.0}, "baseline__accuracy": {0: 0.2}}
    (finding,) = found("nothing learned", {"loss": (2.0, 2.0, 1.9), "accuracy": (0.1, 0.3, 0.24)}, **guess)
    assert finding.since == 3
    assert "24.0% and the loss 1.9, as by guessing, which gets 20.0%" in finding.measured.en
    assert not found("nothing learned", {"loss": (2.0, 2.0, 2.0), "accuracy": (0.1, 0.2, 0.25)}, **guess)
    # A start may be slow.
    assert not found("nothing learned", {"loss": (2.0, 2.0), "accuracy": (0.2, 0.2)}, **guess)


def test_a_loss_that_stands_still():
    still = {"loss": (2.0, 1.99, 1.985)}
    (finding,) = found("nothing learned", still)
    assert finding.since == 1
    assert "between 1.985 and 2" in finding.measured.en
    assert not found("nothing learned", {"loss": (2.0, 1.99, 1.97)})
    assert not found("nothing learned", {"loss": (2.0, 1.999)})
    # It asks for no higher rate where nothing is known of the weights.
    assert not found("learning rate too low", still)


def test_a_rate_too_low_by_how_far_the_weights_came():
    (finding,) = found("learning rate too low", weight_shift__a={2: 1e-7, 3: 9e-4}, weight_shift__b={2: 1e-7})
    assert (finding.since, finding.settings) == (1, {"learning_rate": 1.0})
    assert "at most 9e-04 of their size" in finding.measured.en
    assert not found("learning rate too low", weight_shift__a={2: 1e-7, 3: 2e-3})
    # Updates say more.
    assert not found("learning rate too low", weight_shift__a={2: 1e-7}, update_ratio__a=curve(1e-3))


def test_a_rate_that_is_not_known():
    history = History({}, {"loss": curve(2.0, 1.0, 3.0)}, {})
    (finding,) = diagnose(history)
    assert finding.advice.en == "lower the learning rate, to a tenth, say"
    assert (finding.settings, history.rate) == ({}, None)
    assert History({}, {"learning_rate": curve(0.5, 0.1)}, {}).rate == 0.5


def test_layers_that_another_cost_trains_have_no_gradient_to_vanish():
    norms = {"gradient_norm__a": curve(1.0), "gradient_norm__b": curve(0.0)}
    assert found("vanishing gradients", **norms)
    assert not found("vanishing gradients", **norms, update_ratio__b=curve(0.001))


def test_a_rate_too_low_by_the_size_of_updates():
    small = {"update_ratio__a": curve(1e-7, 9e-6), "update_ratio__b": curve(1e-7, 1e-7)}
    (finding,) = found("learning rate too low", {"loss": (2.0, 1.0)}, **small)
    assert (finding.since, finding.layers) == (1, ())
    assert "at most 9e-06 of their size" in finding.measured.en
    # Updates as large as usual that lead nowhere have another cause; a rate that fell was high enough before.
    large = small | {"update_ratio__a": curve(1e-3, 1e-7)}
    assert not found("learning rate too low", **large)


def test_badly_scaled_data():
    def scale(mean, std):
        curves = {"input_scale__mean": {0: mean}, "input_scale__std": {0: std}}
        return found("badly scaled data", **curves)

    (finding,) = scale(33.0, 78.0)
    assert "mean is 33 and their standard deviation 78" in finding.measured.en
    assert not scale(0.13, 0.31)
    assert not found("badly scaled data")


def test_a_finding_is_a_sentence():
    (finding,) = found("dead units", dead_units__a=curve(0.5))
    assert finding.sentence.en == (
        "Since epoch 1: 50% of units are zero for every example; lower the learning rate or use He initialization."
    )


def test_what_follows_from_another_illness_sends_to_it():
    figures = {"loss": curve(413.0, 413.0, 413.0), "accuracy": curve(0.1, 0.1, 0.1)}
    curves = {"saturation/a": curve(1.0, 1.0, 1.0), "dead_units/b": curve(1.0, 1.0, 1.0)}
    curves |= {"baseline/accuracy": {0: 0.1}, "baseline/loss": {0: 2.3}}
    first, *others = diagnose(History(CONFIG, figures | {"epoch": {3: 3}}, curves))
    assert (first.illness, first.cause) == ("learning rate too high", None)
    assert first.advice.en.startswith("lower the learning rate")
    # A loss that stands still asks for no higher rate then.
    assert {f.illness for f in others} == {"saturated units", "dead units", "nothing learned"}
    assert {f.cause for f in others} == {"learning rate too high"}
    assert all(f.advice.en.endswith("learning rate too high: mend that first") for f in others)
    assert all(f.advice.zh.endswith("“学习率过高”引起的，请先解决它") for f in others)
    # Alone, each has its own cure.
    (alone,) = diagnose(History(CONFIG, {"epoch": {3: 3}}, {"dead_units/b": curve(1.0)}))
    assert (alone.cause, alone.advice.en) == (None, "lower the learning rate or use He initialization")


def test_ten_sigmoids_are_not_sent_to_a_higher_rate():
    norms = {"gradient_norm/a": curve(1e-9, 1e-9, 1e-9), "gradient_norm/b": curve(1.0, 1.0, 1.0)}
    still = {"update_ratio/a": curve(1e-9, 1e-9, 1e-9)}
    vanished, slow, still = diagnose(History(CONFIG, {"loss": curve(2.3, 2.3, 2.3), "epoch": {3: 3}}, norms | still))
    assert [f.illness for f in (vanished, slow, still)] == [
        "vanishing gradients",
        "learning rate too low",
        "nothing learned",
    ]
    assert (slow.cause, still.cause) == (vanished.illness, vanished.illness)


def test_losses_on_their_bounds():
    # Where guessing's loss isn't known, 10 nats.
    low = {"accuracy": (0.1, 0.1, 0.1)}
    assert not found("learning rate too high", low | {"loss": (10.0, 10.0, 10.0)})
    assert found("learning rate too high", low | {"loss": (10.1, 10.1, 10.1)})
    guess = {"baseline__loss": {0: 2.0}, "baseline__accuracy": {0: 0.2}}
    assert not found("learning rate too high", low | {"loss": (4.0, 4.0, 4.0)}, **guess)
    assert not found("learning rate too high", low | {"loss": (6.0, 2.0, 2.0)}, **guess)
    assert not found("learning rate too high", {"loss": (4.0, 2.0, 3.0)})
    assert not found("learning rate too high", {"loss": (4.0, 0.125, 0.4)})
    assert found("learning rate too high", {"loss": (4.0, 0.125, 0.41)})
    # What isn't a number is no loss to jump from, or to stand still.
    nan = float("nan")
    assert not found("learning rate too high", {"loss": (nan, 2.0, nan, 2.0)})
    (finding,) = found("learning rate too high", {"loss": (2.0, nan, 3.1)})
    assert finding.measured.en == "the training loss jumped from 2 to 3.1"
    assert found("learning rate too high", {"loss": (2.0, 3.1)})[0].since == 2
    assert found("nothing learned", {"loss": (2.0, nan, 1.99, 1.985)})
    # A hundredth of the first loss, whatever its sign.
    assert found("nothing learned", {"loss": (2.0, 1.9801, 1.9801)})
    assert not found("nothing learned", {"loss": (100.0, 99.0, 99.0)})
    assert found("nothing learned", {"loss": (-2.0, -1.99, -1.985)})
    assert found("nothing learned", low | {"loss": (2.0, 1.0, 1.0), "accuracy": (0.1, 0.2, 0.2 + 0.05 * 0.8)}, **guess)
    assert not found("figures that are no numbers", {"loss": (2.0, 1.0), "note": ("a", None)})


def test_gaps_on_their_bounds():
    losses = {"loss": (1.0, 0.5, 0.3, 0.2), "val_loss": (1.0, 0.9, 0.95, 0.97)}
    (finding,) = found("overfitting", losses | {"accuracy": (0.5, 0.5, 0.5, 0.75), "val_accuracy": 4 * (0.5,)})
    assert finding.since == 3
    # With the best epoch's weights put back it shows in that one.
    kept = {"accuracy": (0.5, 0.95, 1.0, 1.0), "val_accuracy": (0.5, 0.8, 0.8, 0.8)}
    (finding,) = found("overfitting", losses | kept, CONFIG | {"patience": 2})
    assert finding.since == 2
    for alone in ("accuracy", "val_accuracy"):
        assert not found("overfitting", losses | {alone: (0.5, 0.8, 0.9, 1.0)})
    # Far above for two epochs now, if not at once; the training loss must be lower than at the best epoch, and known.
    assert found("overfitting", {"loss": (0.3, 0.2, 0.1, 0.05), "val_loss": (0.3, 0.2, 0.27, 0.26)})
    assert not found("overfitting", {"loss": (0.3, 0.2, 0.1, 0.05), "val_loss": (0.3, 0.0, 0.27, 0.26)})
    assert found("overfitting", {"loss": (3.0, 2.0, 1.5, 1.0, 0.5), "val_loss": (3.0, 2.0, 2.1, 2.7, 2.6)})
    assert not found("overfitting", {"loss": (3.0, 2.0, 1.5, 2.0), "val_loss": (3.0, 2.0, 2.7, 2.6)})
    assert not found("overfitting", {"loss": (3.0, 2.0, 1.5, 1.0), "val_loss": (3.0, 2.0, 2.5, 2.6)})
    figures = {"loss": {3: 0.5, 4: 0.4}, "val_loss": curve(3.0, 2.0, 2.7, 2.6)}
    assert not diagnose(History(CONFIG, figures, {}))


@pytest.mark.parametrize(
    ("mean", "std", "ill"),
    [
        *((5.0, 1.0, False), (5.1, 1.0, True), (-5.1, 1.0, True), (0.0, 5.0, False), (0.0, 5.1, True)),
        *((0.05, 0.01, False), (0.05, 0.0099, True), (1.0, 0.1, False), (1.1, 0.1, True), (-1.1, 0.1, True)),
        *((float("inf"), 1.0, True), (0.0, float("nan"), True)),
    ],
)
def test_scales_on_their_bounds(mean, std, ill):
    curves = {"input_scale__mean": {0: mean}, "input_scale__std": {0: std}}
    assert bool(found("badly scaled data", **curves)) is ill


def test_each_of_several_inputs_is_looked_at_and_the_first_that_is_ill_is_told_of():
    def said(**inputs):
        curves = {f"input_scale__{name}_mean": {0: mean} for name, (mean, _) in inputs.items()}
        curves |= {f"input_scale__{name}_std": {0: std} for name, (_, std) in inputs.items()}
        return [finding.measured.en for finding in found("badly scaled data", **curves)]

    assert said(b=(0.0, 1.0), a=(0.0, 1.0)) == []
    assert "mean is 7 " in said(b=(7.0, 1.0), a=(0.0, 1.0))[0]
    both = said(b=(7.0, 1.0), a=(8.0, 1.0))
    assert len(both) == 1
    assert "mean is 8 " in both[0]


def test_layers_on_their_bounds():
    assert not found("exploding gradients", gradient_norm=curve(1000.0), gradient_norm__a=curve(1000.0))
    (finding,) = found("exploding gradients", gradient_norm=curve(1001.0), gradient_norm__a=curve(1000.0))
    assert finding.layers == ()
    assert not found("vanishing gradients", gradient_norm__a=curve(1e-3), gradient_norm__b=curve(1.0))
    assert found("vanishing gradients", gradient_norm__a=curve(9e-4), gradient_norm__b=curve(1.0))
    # Since the earliest of the layers in which they vanish.
    norms = {"gradient_norm__a": curve(1.0, 1e-9, 1e-9), "gradient_norm__b": curve(1.0, 1.0, 1e-8)}
    (finding,) = found("vanishing gradients", gradient_norm__c=curve(1.0, 1.0, 1.0), **norms)
    assert (finding.layers, finding.since) == (("a", "b"), 2)
    # A layer whose gradient was zero at last but moves not at all has lost it.
    still = {"gradient_norm__a": curve(1.0), "gradient_norm__b": curve(0.0), "update_ratio__b": curve(0.0)}
    assert found("vanishing gradients", **still)
    two = [f.layers for f in found("dead units", dead_units__a=curve(0.3), dead_units__b=curve(0.9))]
    assert two == [("a",), ("b",)]


def test_rates_on_their_bounds():
    assert not found("learning rate too high", update_ratio__a=curve(9.0, 0.1, 0.1))
    (finding,) = found("learning rate too high", update_ratio__a=curve(9.0, 0.1), update_ratio__b=curve(0.0, 0.2))
    assert finding.layers == ("b",)
    assert not found("learning rate too low", update_ratio__a=curve(1e-5))
    assert not found("learning rate too low", weight_shift__a={2: 1e-3})
    assert found("learning rate too low", weight_shift__a={2: 9e-4, 3: 1e-5})[0].since == 1
    (finding,) = found("learning rate too low", weight_shift__a={5: 9e-4, 6: 1e-5})
    assert (finding.since, finding.layers) == (4, ())
    (finding,) = found("learning rate too low", update_ratio__a={3: 1e-6, 4: 1e-7})
    assert (finding.since, finding.measured.en.split(" at most ")[1]) == (3, "1e-06 of their size")
    assert not found("learning rate too low")
    # The first sign that there is is told, the largest step as how far.
    steps = {"update_ratio__a": curve(0.0, 0.2, 0.5, 0.3)}
    (finding,) = found("learning rate too high", {"loss": (4.0, 2.0, 3.1, 9.0)}, **steps)
    assert (finding.since, "50%" in finding.measured.en) == (2, True)
    (finding,) = found("learning rate too high", {"loss": (4.0, 2.0, 3.1, 9.0)})
    assert finding.measured.en == "the training loss jumped from 2 to 3.1"
    # Advice in round numbers.
    low = found("learning rate too low", config={"learning_rate": 1 / 3}, update_ratio__a=curve(1e-6))
    assert low[0].settings == {"learning_rate": 3.33333}
    assert "(it began at 0.333333)" in low[0].advice.en


def test_a_history_s_own_words():
    history = History({"learning_rate": 0.5}, {"learning_rate": curve(0.3, 0.1)}, {"a/b": {7: 1.0}, "ab/c": {1: 1.0}})
    assert (history.rate, history.epochs) == (0.5, 2)
    assert history.layers("a") == {"b": {7: 1.0}}
    # Of a training that told no figure, the curves; the first epoch's rate in whatever order.
    assert History({}, {}, {"a": {7: 1.0}, "b": {3: 1.0}}).epochs == 7
    assert History({}, {}, {}).epochs == 0
    assert History({}, {"learning_rate": {2: 0.1, 1: 0.3}}, {}).rate == 0.3
    assert history.baseline("loss") is None
    assert History({}, {}, {"baseline/loss": {0: 2.0, 4: 3.0, 3: 1.0}}).baseline("loss") == 3.0
