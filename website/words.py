"""What the builder itself says, in both languages; the chapters' words stand in the chapters."""

from tfnotes.experiments import ledger
from tfnotes.language import LANGUAGES

# As Sphinx and browsers call the languages.
SPHINX = {"en": "en", "zh": "zh_CN"}
HTML = {"en": "en", "zh": "zh-CN"}
NAMES = {"en": "English", "zh": "中文"}

COLON = {"en": ": ", "zh": "："}

TITLE = {"en": "Neural-network notes that run", "zh": "跑得起来的神经网络笔记"}

WORDS = {
    "again": {"en": "Measure it again", "zh": "重新测量"},
    "all": {"en": "all", "zh": "全部"},
    "also": {"en": "Also called", "zh": "别名"},
    "answer": {"en": "Answer", "zh": "参考答案"},
    "by": {"en": "The rule that decided", "zh": "判定规则"},
    "by about": {
        "en": "`s` holds the numbers of all seeds. What is looked at is true, false or not decided by the numbers; "
        "all true makes a claim confirmed, some true and some false makes it true under a condition.",
        "zh": "`s` 里是各个随机种子得到的数。每一项检查的结果是成立、不成立，或数据不足以判断："
        "全部成立，则说法成立；有的成立、有的不成立，则有条件成立。",
    },
    "by http": {
        "en": "A browser reads the search's index only over http. In the folder of the site: "
        "<code>python3 -m http.server</code>, then open http://localhost:8000.",
        "zh": "浏览器只能通过 http 读取搜索索引。请在站点所在的文件夹里运行 "
        "<code>python3 -m http.server</code>，再打开 http://localhost:8000 。",
    },
    "chapters": {"en": "Chapters", "zh": "章节"},
    "claim": {"en": "What the notes say", "zh": "笔记的说法"},
    "claim id": {"en": "Claim", "zh": "编号"},
    "code": {"en": "Code", "zh": "代码"},
    "condition": {"en": "When, or what instead", "zh": "条件，或正确的说法"},
    "differences": {"en": "Differences on purpose", "zh": "有意的不同"},
    "exercise": {"en": "Exercise", "zh": "练习"},
    "experiment": {"en": "The experiment", "zh": "实验"},
    "explained": {"en": "Explained in", "zh": "讲解见"},
    "figure": {"en": "figure", "zh": "量"},
    "forward": {"en": "forward", "zh": "前向"},
    "glossary": {"en": "Glossary", "zh": "术语表"},
    "glossary about": {
        "en": "The field's terms in the order in which one learns them, with what else they are called.",
        "zh": "按学习顺序排列的术语，附其他叫法。",
    },
    "guides": {"en": "How to", "zh": "使用指南"},
    "interval": {"en": "95 % interval of the mean", "zh": "均值的 95% 置信区间"},
    "ledger": {"en": "The notes' claims, measured", "zh": "笔记的说法，逐条实测"},
    "ledger about": {
        "en": "Each claim of the notes was put to the test by an experiment; a rule in code made the verdict of its "
        "numbers. A claim's page has its picture, the numbers, the rule, and the command that measures it again.",
        "zh": "笔记里的每一条说法都做了实验，由代码中的规则根据数据给出结论。"
        "点开一条，可以看到图、原始数字、判定规则和重新测量的命令。",
    },
    "lines": {"en": "In the notes", "zh": "笔记行号"},
    "look up": {"en": "Look up", "zh": "查阅"},
    "meaning": {"en": "Meaning", "zh": "含义"},
    "measured": {"en": "Measured", "zh": "实测"},
    "more": {"en": "Picture, numbers, and the command to measure it again", "zh": "图、原始数字与重新测量的命令"},
    "next": {"en": "Next", "zh": "下一页"},
    "no twin": {"en": "none", "zh": "无"},
    "no widget": {
        "en": "Here is a model to play with, where the site was built with `make site-models` and scripts may run.",
        "zh": "这里有一个可以动手试的模型；需要先用 `make site-models` 构建，并允许浏览器运行脚本。",
    },
    "none": {"en": "none", "zh": "无"},
    "notebook": {"en": "This chapter as a notebook (.ipynb)", "zh": "下载本章笔记本（.ipynb）"},
    "notebook setup": {
        "en": "To run this notebook: `pip install -e '.[figures]'` in the checkout of tfnotes.",
        "zh": "运行本笔记本之前，先在 tfnotes 的源码目录里执行 `pip install -e '.[figures]'`。",
    },
    "numbers": {"en": "Numbers", "zh": "原始数字"},
    "on the site": {"en": "Here the site has a model to play with.", "zh": "网站上此处有可以动手试的模型。"},
    "parity": {"en": "Largest relative difference from Keras", "zh": "与 Keras 的最大相对误差"},
    "previous": {"en": "Previous", "zh": "上一页"},
    "range": {"en": "nine draws in ten", "zh": "九成取值的范围"},
    "before": {"en": "Before", "zh": "此前"},
    "found": {
        "en": "Found in 80 of 100 repetitions, from a mean of this size on",
        "zh": "100 次重复中有 80 次能发现，只要平均值达到",
    },
    "least effect": {"en": "Least effect that counts", "zh": "算数的最小差别"},
    "looks": {"en": "Looks, in seeds", "zh": "查看点（种子数）"},
    "recorded": {"en": "Recorded", "zh": "记录于"},
    "reference": {"en": "Reference (API)", "zh": "API 参考"},
    "reference about": {
        "en": "Every public class and function, from its docstring.",
        "zh": "所有公开的类和函数，内容取自源码中的文档字符串（英文）。",
    },
    "search": {"en": "Search", "zh": "搜索"},
    "seeds": {"en": "seeds", "zh": "随机种子数"},
    "settings": {"en": "Settings (`--set`) and seeds", "zh": "参数（`--set`）与种子"},
    "shown": {"en": "shown", "zh": "条"},
    "source": {"en": "Source", "zh": "源文件"},
    "speed": {"en": "Processor time, ours over Keras's", "zh": "处理器时间（本库 ÷ Keras）"},
    "term": {"en": "Term", "zh": "术语"},
    "term en": {"en": "English", "zh": "英文"},
    "term zh": {"en": "Chinese", "zh": "中文"},
    "tools": {"en": "This page", "zh": "本页"},
    "topic": {"en": "Topic", "zh": "主题"},
    "training step": {"en": "training step", "zh": "训练一步"},
    "twin": {"en": "Twin in Keras", "zh": "Keras 中的对应实现"},
    "value": {"en": "value", "zh": "值"},
    "verdict": {"en": "Verdict", "zh": "结论"},
    "words": {"en": "Words", "zh": "关键词"},
}

_VERDICTS = {
    "CONFIRMED": "confirmed",
    "QUALIFIED": "true under a condition",
    "REFUTED": "refuted",
    "INCONCLUSIVE": "undecided",
}
VERDICTS = {verdict: {"en": en, "zh": ledger.VERDICTS[verdict].zh} for verdict, en in _VERDICTS.items()}

TOPICS = {
    "activations": {"en": "activations", "zh": "激活函数"},
    "convolution": {"en": "convolution", "zh": "卷积"},
    "initialization": {"en": "initialization", "zh": "初始化"},
    "preprocessing": {"en": "preprocessing", "zh": "预处理"},
    "sequences": {"en": "sequences", "zh": "序列"},
    "training": {"en": "training", "zh": "训练"},
    "unsupervised": {"en": "unsupervised learning", "zh": "无监督学习"},
}

# Of docstrings.
SECTIONS = {
    "Args": {"en": "Arguments", "zh": "参数"},
    "Attributes": {"en": "Attributes", "zh": "属性"},
    "Call arguments": {"en": "Call arguments", "zh": "调用参数"},
    "Example": {"en": "Example", "zh": "示例"},
    "Masking": {"en": "Masking", "zh": "掩码"},
    "Notes": {"en": "In the notes", "zh": "笔记行号"},
    "Raises": {"en": "Raises", "zh": "异常"},
    "Reference": {"en": "Reference", "zh": "文献"},
    "Returns": {"en": "Returns", "zh": "返回值"},
}


def say(word, language):
    """One of `WORDS`, in a language."""
    return WORDS[word][language]


def other(language):
    """The other language."""
    return LANGUAGES[1 - LANGUAGES.index(language)]
