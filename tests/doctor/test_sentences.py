"""What each finding says, word for word in both languages, and what a report makes of findings."""

import pytest

from tests.doctor.test_rules import CONFIG, curve
from tfnotes.doctor.examine import Report, diagnose, report
from tfnotes.doctor.findings import ILLNESSES, Finding
from tfnotes.doctor.history import History
from tfnotes.doctor.rules import RULES
from tfnotes.language import Words

ASTRAY = ("exploding gradients", "dead units", "saturated units", "vanishing gradients")
UNLEARNED = ("learning rate too low", "nothing learned")
GUESS = {"baseline/loss": {0: 2.0}, "baseline/accuracy": {0: 0.2}}
OF_INPUTS = "badly scaled data. Since epoch 1: of the inputs, "
SCALE = "; scale the inputs to 0-1, or to mean 0 and deviation 1."
SCALE_ZH = "；把输入缩放到 0-1，或使均值为 0、标准差为 1。"
LOWER = "; lower the learning rate (it began at 0.1), to a tenth, say."
LOWER_ZH = "；降低学习率（开始时为 0.1），例如降到十分之一。"
HIGHER = " of their size; raise the learning rate (it began at 0.1) tenfold."
HIGHER_ZH = "；把学习率提高到十倍（开始时为 0.1）。"
SEE = (
    "; see whether gradients vanish or units are dead (--inspect full, or callbacks.Doctor(x, y)), and try a tenth of "
    "the learning rate and tenfold."
)
SEE_ZH = (
    "；看看梯度是否消失、单元是否死亡（--inspect full，或 callbacks.Doctor(x, y)），并试试十分之一和十倍的学习率。"
)
MORE = "; use more data or augmentation, dropout, weight decay, or --patience to stop earlier."
MORE_ZH = "；使用更多数据或数据增强、暂退法、权重衰减，或用 --patience 提前停止。"


def scaled(mean, std):
    return {}, {"input_scale/mean": {0: mean}, "input_scale/std": {0: std}}


# Figures and curves; what is said of them, and the setting that is advised.
SAID = {
    "inputs far from 0": (
        *scaled(33.0, 78.0),
        f"{OF_INPUTS}their mean is 33 and their standard deviation 78, far above 1{SCALE}",
        f"数据缩放不当。从第 1 轮起：输入的均值为 33，标准差为 78，远大于 1{SCALE_ZH}",
    ),
    "inputs that hardly differ": (
        *scaled(0.5, 0.005),
        f"{OF_INPUTS}their mean is 0.5 and their standard deviation 0.005, so they hardly differ{SCALE}",
        f"数据缩放不当。从第 1 轮起：输入的均值为 0.5，标准差为 0.005，几乎没有差别{SCALE_ZH}",
    ),
    "inputs on one side": (
        *scaled(-3.0, 0.25),
        f"{OF_INPUTS}their mean is -3 and their standard deviation 0.25, so all lie far to one side of 0{SCALE}",
        f"数据缩放不当。从第 1 轮起：输入的均值为 -3，标准差为 0.25，全都远在 0 的一侧{SCALE_ZH}",
    ),
    "inputs that are no numbers": (
        *scaled(float("nan"), 1.0),
        f"{OF_INPUTS}some are no numbers; leave out the examples with such values, or fill them in.",
        "数据缩放不当。从第 1 轮起：输入的数值中有非有限的数；去掉含有这些值的样本，或把它们补上。",
    ),
    "a figure that is no number": (
        {"val_loss": curve(1.0, float("nan"))},
        {},
        ("figures that are no numbers. Since epoch 2: val_loss is nan; lower the learning rate, and look for examples "
        "that aren't finite themselves."),
        "数字不是有限数。从第 2 轮起：val_loss 是 nan；降低学习率，并检查样本本身是否有非有限的数。",
    ),
    "a loss above guessing": (
        {"loss": curve(9.0, 413.0, 413.0), "accuracy": curve(0.1, 0.1, 0.125)},
        {},
        ("learning rate too high. Since epoch 2: the training loss is 413, far above that of guessing, with an "
        f"accuracy of 12.5%{LOWER}"),
        f"学习率过高。从第 2 轮起：训练损失为 413，远高于瞎猜的损失，准确率为 12.5%{LOWER_ZH}",
    ),
    "weights thrown away": (
        {"loss": curve(6.1, 2.1, 2.1), "accuracy": curve(0.1, 0.1, 0.1)},
        GUESS,
        ("learning rate too high. Since epoch 1: the training loss was 6.1, far above that of guessing, and the "
        f"accuracy is now 10.0%{LOWER}"),
        f"学习率过高。从第 1 轮起：训练损失曾达 6.1，远高于瞎猜的损失，现在的准确率为 10.0%{LOWER_ZH}",
    ),
    "weights that move far": (
        {},
        {"update_ratio/a": curve(0.01, 0.12, 0.01)},
        f"learning rate too high in a. Since epoch 2: one update moved the weights by 12% of their size{LOWER}",
        f"学习率过高（在 a）。从第 2 轮起：一次更新使权重移动了其大小的 12%{LOWER_ZH}",
    ),
    "a loss that jumps": (
        {"loss": curve(4.0, 2.0, 3.1)},
        {},
        f"learning rate too high. Since epoch 3: the training loss jumped from 2 to 3.1{LOWER}",
        f"学习率过高。从第 3 轮起：训练损失从 2 跳到了 3.1{LOWER_ZH}",
    ),
    "gradients that explode": (
        {},
        {"gradient_norm": curve(1.0, 2e3), "gradient_norm/a": curve(1.0, 2e3)},
        ("exploding gradients in a. Since epoch 2: the gradient's norm is 2.0e+03; use He or Xavier initialization, "
        "batch normalization or clipping."),
        "梯度爆炸（在 a）。从第 2 轮起：梯度的范数为 2.0e+03；使用 He 或 Xavier 初始化、批量归一化或梯度裁剪。",
    ),
    "dead units": (
        {},
        {"dead_units/a": curve(0.3)},
        ("dead units in a. Since epoch 1: 30% of units are zero for every example; lower the learning rate or use He "
        "initialization."),
        "死亡单元（在 a）。从第 1 轮起：30% 的单元对每个样本都输出零；降低学习率，或使用 He 初始化。",
    ),
    "saturated units": (
        {},
        {"saturation/a": curve(0.6)},
        ("saturated units in a. Since epoch 1: 60% of outputs lie where the activation is flat; scale the inputs, use "
        "Xavier initialization or batch normalization."),
        "饱和单元（在 a）。从第 1 轮起：60% 的输出落在激活函数平坦的地方；缩放输入，使用 Xavier 初始化或批量归一化。",
    ),
    "gradients that vanish": (
        {},
        {"gradient_norm/a": curve(1e-9), "gradient_norm/b": curve(1.0)},
        ("vanishing gradients in a. Since epoch 1: the gradient is 1.0e-09, of the layer with the largest 1.0e+00; use "
        "ReLU, batch normalization or fewer layers."),
        "梯度消失（在 a）。从第 1 轮起：梯度为 1.0e-09，而最大的一层为 1.0e+00；使用 ReLU、批量归一化或更少的层。",
    ),
    "small updates": (
        {},
        {"update_ratio/a": curve(9e-6)},
        f"learning rate too low. Since epoch 1: one update moves the weights by at most 9e-06{HIGHER}",
        f"学习率过低。从第 1 轮起：一次更新最多使权重移动其大小的 9e-06{HIGHER_ZH}",
    ),
    "weights that stand": (
        {},
        {"weight_shift/a": {2: 9e-4}},
        f"learning rate too low. Since epoch 1: an epoch moves the weights by at most 9e-04{HIGHER}",
        f"学习率过低。从第 1 轮起：一轮最多使权重移动其大小的 9e-04{HIGHER_ZH}",
    ),
    "an accuracy as by guessing": (
        {"loss": curve(2.0, 2.0, 1.9), "accuracy": curve(0.1, 0.3, 0.24)},
        GUESS,
        ("nothing learned. Since epoch 3: the training accuracy is 24.0% and the loss 1.9, as by guessing, which gets "
        f"20.0%{SEE}"),
        f"什么也没学到。从第 3 轮起：训练准确率为 24.0%，损失为 1.9，与瞎猜（20.0%）无异{SEE_ZH}",
    ),
    "a loss that stands": (
        {"loss": curve(2.0, 1.99, 1.985)},
        {},
        f"nothing learned. Since epoch 1: the training loss stays between 1.985 and 2{SEE}",
        f"什么也没学到。从第 1 轮起：训练损失一直在 1.985 与 2 之间{SEE_ZH}",
    ),
    "a gap of accuracies": (
        {
            "loss": curve(1.0, 0.5, 0.3), "val_loss": curve(1.0, 0.9, 0.95),
            "accuracy": curve(0.5, 0.8, 0.95), "val_accuracy": curve(0.5, 0.8, 0.84),
        },
        {},
        "overfitting. Since epoch 3: accuracy is 95.0% on the training data and 84.0% on the validation data" + MORE,
        f"过拟合。从第 3 轮起：训练数据上的准确率为 95.0%，验证数据上为 84.0%{MORE_ZH}",
    ),
    "a validation loss that rose": (
        {"loss": curve(3.0, 2.0, 1.5, 1.0), "val_loss": curve(3.0, 2.0, 2.7, 2.6)},
        {},
        f"overfitting. Since epoch 3: the validation loss rose from 2 to 2.6 while the training loss fell{MORE}",
        f"过拟合。从第 3 轮起：验证损失从 2 升到 2.6，而训练损失下降{MORE_ZH}",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_a_finding_says(name):
    figures, curves, en, zh = SAID[name]
    finding = diagnose(History(CONFIG, figures, curves))[0]
    assert (finding.said, finding.cause) == (Words(en, zh), None)
    rates = {LOWER: {"learning_rate": 0.01}, HIGHER: {"learning_rate": 1.0}}
    assert finding.settings == next((rate for end, rate in rates.items() if en.endswith(end)), {})


def test_what_is_said_of_a_loss_that_is_no_number_any_more():
    (finding,) = diagnose(History(CONFIG, {"loss": curve(2.0)}, {}, Words("loss became nan in epoch 2", "变成了 nan")))
    assert finding.said == Words(
        "learning rate too high. Since epoch 2: loss became nan in epoch 2; lower the learning rate (it began at 0.1), "
        "to a hundredth, say; if that isn't enough, use He or Xavier initialization, batch normalization or clipping.",
        "学习率过高。从第 2 轮起：变成了 nan；降低学习率（开始时为 0.1），例如降到百分之一；若还不够，就用 He 或 "
        "Xavier 初始化、批量归一化或梯度裁剪。",
    )


def test_what_each_rule_needs_and_explains():
    assert {rule.illness: (rule.needs, rule.explains) for rule in RULES} == {
        "badly scaled data": (
            "input_scale",
            ("figures that are no numbers", "learning rate too high", *ASTRAY, "nothing learned"),
        ),
        "figures that are no numbers": (None, (*ASTRAY, *UNLEARNED, "overfitting")),
        "learning rate too high": (None, (*ASTRAY, *UNLEARNED, "overfitting")),
        "exploding gradients": ("gradient_norm", ("nothing learned",)),
        "dead units": ("activation_mean", ("vanishing gradients", *UNLEARNED)),
        "saturated units": ("activation_mean", ("vanishing gradients", *UNLEARNED)),
        "vanishing gradients": ("gradient_norm/", UNLEARNED),
        "learning rate too low": (("update_ratio", "weight_shift"), ("nothing learned",)),
        "nothing learned": (None, ()),
        "overfitting": (None, ()),
    }
    assert {
        name: Words(name, zh)
        for name, zh in (
            *(("badly scaled data", "数据缩放不当"), ("figures that are no numbers", "数字不是有限数")),
            *(("learning rate too high", "学习率过高"), ("exploding gradients", "梯度爆炸")),
            *(("dead units", "死亡单元"), ("saturated units", "饱和单元"), ("vanishing gradients", "梯度消失")),
            *(("learning rate too low", "学习率过低"), ("nothing learned", "什么也没学到"), ("overfitting", "过拟合")),
        )
    } == ILLNESSES


def test_the_first_cause_is_the_one_that_is_named():
    # Of what both explain, the cause that stands first of all is to be mended first.
    curves = {"dead_units/a": curve(0.5), "saturation/b": curve(0.9), "update_ratio/a": curve(1e-7)}
    found = diagnose(History(CONFIG, {}, curves))
    assert [(f.illness, f.cause) for f in found] == [
        *(("dead units", None), ("saturated units", None), ("learning rate too low", "dead units")),
    ]
    assert found[2].settings == {}


FOUND = Finding(
    *("dead units", ("a", "b"), 3, Words("half are zero", "一半为零"), Words("lower it", "降低它")),
    settings={"learning_rate": 0.5},
    cause="badly scaled data",
)


def test_a_report_as_json_values():
    made = Report("runs/x", "basic", 7, (FOUND,), ("overfitting",), ("x is damaged.",))
    assert made.as_dict() == {
        "path": "runs/x",
        "level": "basic",
        "epochs": 7,
        "findings": [
            {
                "illness": "dead units",
                "layers": ("a", "b"),
                "since": 3,
                "measured": "half are zero",
                "advice": "lower it",
                "settings": {"learning_rate": 0.5},
                "cause": "badly scaled data",
                "sentence": "Since epoch 3: half are zero; lower it.",
                "sentence_zh": "从第 3 轮起：一半为零；降低它。",
                "illness_zh": "死亡单元",
            }
        ],
        "unseen": ("overfitting",),
        "unread": ("x is damaged.",),
        "healthy": False,
    }


UNSEEN = ("dead units", "overfitting")


@pytest.mark.parametrize(
    ("made", "en", "zh"),
    [
        (
            Report("x", "full", 7, (), ()),
            ["x is healthy: nothing is wrong after 7 epochs."],
            ["x 是健康的：7 轮之后没有发现毛病。"],
        ),
        (
            Report("x", "full", 7, (), UNSEEN),
            [
                "x is healthy: nothing is wrong as far as can be seen after 7 epochs.",
                "Not looked at: dead units, overfitting; the inputs and the rule of this model show nothing of them.",
            ],
            [
                "x 是健康的：7 轮之后，在看得到的范围内没有发现毛病。",
                "没有检查：死亡单元、过拟合；这个模型的输入和学习规则看不出这些。",
            ],
        ),
        (
            Report("x", "full", 1, (), ()),
            ["x is healthy: nothing is wrong after 1 epoch."],
            ["x 是健康的：1 轮之后没有发现毛病。"],
        ),
        (
            Report("x", "off", 7, (), UNSEEN, ("y is damaged.",)),
            [
                "x: nothing is wrong in what can be read of 7 epochs.",
                "y is damaged.",
                ("Not looked at: dead units, overfitting; the run was trained with --inspect off. To see them, train "
                "with --inspect full."),
            ],
            [
                "x：在 7 轮中读得出来的部分没有发现毛病。",
                "y is damaged.",
                "没有检查：死亡单元、过拟合；这次训练用的是 --inspect off。要看到它们，请用 --inspect full 训练。",
            ],
        ),
        (
            Report("x", None, 7, (FOUND,), UNSEEN),
            [
                "dead units in a, b. Since epoch 3: half are zero; lower it.",
                ("Not looked at: dead units, overfitting; the training wrote nothing of them. "
                "tfnotes.callbacks.Doctor(x, y) does."),
            ],
            [
                "死亡单元（在 a, b）。从第 3 轮起：一半为零；降低它。",
                "没有检查：死亡单元、过拟合；这次训练没有写下这些。tfnotes.callbacks.Doctor(x, y) 会写。",
            ],
        ),
    ],
    ids=["healthy", "as far as seen", "one epoch", "as far as read", "ill"],
)
def test_a_report_in_sentences(made, en, zh):
    assert (made.sentences("en"), made.sentences("zh")) == (en, zh)


def test_what_a_report_takes_from_the_history():
    # What is found isn't unseen, whatever it needs; of several that would do, one is enough.
    curves = {"gradient_norm": curve(1.0), "weight_shift/a": {2: 1e-2}, "dead_units/a": curve(0.5)}
    made = report(History({}, {"loss": curve(2.0, 1.0)}, curves, None, ("y",)), "x")
    assert (made.path, made.level, made.epochs, made.unread) == ("x", None, 2, ("y",))
    assert made.unseen == ("badly scaled data", "saturated units", "vanishing gradients")
    assert [f.illness for f in made.findings] == ["dead units"]
    assert not made.healthy
    assert report(History({}, {}, {}), "x", "basic").level == "basic"
