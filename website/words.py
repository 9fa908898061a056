"""What the builder itself says, in both languages; the chapters' words stand in the chapters."""

LANGUAGES = ("en", "zh")

# As Sphinx and browsers call the languages.
SPHINX = {"en": "en", "zh": "zh_CN"}
HTML = {"en": "en", "zh": "zh-CN"}

NAMES = {"en": "English", "zh": "中文"}

COLON = {"en": ": ", "zh": "："}

TITLE = {"en": "Neural-network notes that run", "zh": "跑得起来的神经网络笔记"}

WORDS = {
    "answer": {"en": "Answer", "zh": "参考答案"},
    "by": {"en": "Rule of the verdict", "zh": "判定规则"},
    "chapters": {"en": "Chapters", "zh": "章节"},
    "claim": {"en": "What the notes say", "zh": "笔记的说法"},
    "code": {"en": "Code", "zh": "代码"},
    "concept": {"en": "Concept", "zh": "概念"},
    "differences": {"en": "Differences on purpose", "zh": "有意的不同"},
    "exercise": {"en": "Exercise", "zh": "练习"},
    "forward": {"en": "forward", "zh": "前向"},
    "lines": {"en": "in the notes", "zh": "见笔记"},
    "measured": {"en": "Measured", "zh": "实测"},
    "more": {"en": "Picture, numbers and the command to measure it again", "zh": "图、原始数字与复现命令"},
    "next": {"en": "Next", "zh": "下一页"},
    "no twin": {"en": "Keras has none", "zh": "Keras 中没有对应实现"},
    "notebook": {"en": "This chapter as a notebook (.ipynb)", "zh": "下载本章笔记本（.ipynb）"},
    "none": {"en": "none", "zh": "无"},
    "output": {"en": "Output", "zh": "输出"},
    "parity": {"en": "Largest relative difference from Keras", "zh": "与 Keras 的最大相对误差"},
    "previous": {"en": "Previous", "zh": "上一页"},
    "reference": {"en": "Reference", "zh": "API 文档"},
    "source": {"en": "Source", "zh": "源文件"},
    "speed": {"en": "Time, ours over Keras's", "zh": "耗时（本库 ÷ Keras）"},
    "training step": {"en": "training step", "zh": "训练一步"},
    "tools": {"en": "This page", "zh": "本页"},
    "twin": {"en": "Twin in Keras", "zh": "Keras 中的对应实现"},
}

VERDICTS = {
    "CONFIRMED": {"en": "confirmed", "zh": "成立"},
    "QUALIFIED": {"en": "true under a condition", "zh": "有条件成立"},
    "REFUTED": {"en": "refuted", "zh": "不成立"},
    "INCONCLUSIVE": {"en": "undecided", "zh": "尚无定论"},
}


def say(word, language):
    """One of `WORDS`, in a language."""
    return WORDS[word][language]
