"""What the command line says in two languages, in one place; errors stay English."""

from tfnotes.language import Words

CLAIM = Words("claim", "论断")
SAID = Words("what the notes say", "笔记怎么说")
VERDICT = Words("verdict", "判定")
CONDITION = Words("when, or what instead", "何时成立，或应当怎么说")
NOT_MEASURED = Words("Not yet measured, {count}: {names}", "尚未测量的 {count} 条：{names}")

ILLNESS = Words("illness", "毛病")
LAYERS = Words("layers", "层")
MEASURED = Words("what was measured, and what helps", "测得什么，怎么办")

NAME = Words("name", "名称")
KIND = Words("kind", "种类")
WHAT = Words("what", "是什么")
SHOWN_BY = Words("shown by", "查看命令")
KINDS = {
    "concept": Words("concept", "概念"),
    "model": Words("model", "模型"),
    "term": Words("term", "术语"),
    "chapter": Words("book", "书"),
    "claim": Words("claim", "论断"),
}

CONCEPT_EN = Words("concept", "英文名")
CONCEPT_ZH = Words("概念", "中文名")
TWIN = Words("Keras twin", "Keras 里的对应物")
NOTES = Words("notes", "笔记")
NONE = Words("none", "无")
HEADER = Words(
    "{en}  {zh}\n{definition}{target}, twin: {twin}\n{differences}notes: {notes}",
    "{zh}  {en}\n{definition}{target}，Keras 里的对应物：{twin}\n{differences}笔记：{notes}",
)
DIFFERENCES = Words("differences: {differences}\n", "与它的不同：{differences}\n")

TASK = Words("task", "任务")
HEAD = Words("{name}: {title}\ndata: {data}", "{name}：{title}\n数据：{data}")
MODELS = Words("models", "模型")
DATA = Words("data", "数据")
MODEL = Words("model", "模型")
EPOCHS = Words("epochs", "轮次")
BATCH_SIZE = Words("batch size", "批量大小")
RATE = Words("learning rate", "学习率")
DECAY = Words("decay", "衰减")
MEANING = Words("meaning", "含义")
OF_MODELS = Words("of the models", "用于模型")
ALL = Words("all", "全部")
BY_DEFAULT = Words("{name} (default)", "{name}（默认）")

WARNING = Words("Warning: {sentence}", "警告：{sentence}")
UNTESTED = Words(
    "{path} holds the run. To test it: tfnotes train --resume {path}",
    "这次训练存在 {path}。要在测试集上评估：tfnotes train --resume {path}",
)
HOLDS = Words("{path} holds the run. Next:", "这次训练在 {path} 中。接下来可以：")
NOT_BEGUN = Words("Stopped before training began; nothing is changed.", "在训练开始之前停止；什么也没有改变。")
STOPPED = Words(
    "Stopped after epoch {epoch}, which {path} keeps; to continue: tfnotes train --resume {path}",
    "在第 {epoch} 轮之后停止，{path} 保留了它；继续训练：tfnotes train --resume {path}",
)
STOPPED_EARLY = Words(
    "Stopped before {path} had finished an epoch; to continue: tfnotes train --resume {path}",
    "在 {path} 完成一轮之前停止；继续训练：tfnotes train --resume {path}",
)

REPEATS = Words(
    "{path} repeats bit for bit: {count:,} numbers of the model, {epochs} epochs' metrics, the test split's figures.",
    "{path} 逐位重现：模型的 {count:,} 个数、{epochs} 轮的指标，以及测试集上的数字。",
)
REPEATS_NOT = Words("{path} does not repeat. What differs: {what}.", "{path} 没有重现。不同之处：{what}。")
OTHER_NUMBERS = Words(
    "{other:,} of {count:,} numbers of the model, by up to {most:.2g}",
    "模型的 {count:,} 个数中有 {other:,} 个，最多相差 {most:.2g}",
)
OTHER_METRICS = Words("the metrics from epoch {epoch} on", "从第 {epoch} 轮起的指标")
OTHER_FIGURE = Words("{name} on the test split, {then} and now {now}", "测试集上的 {name}，原为 {then}，现为 {now}")
AS_IT_WAS = Words("Stopped; {path} is as it was.", "已停止；{path} 保持原样。")

EXPERIMENT = Words("experiment", "实验")
TOPIC = Words("topic", "主题")
SEEDS = Words("seeds", "种子数")
MEASURES = Words("what it measures", "测量什么")
SETTLES = Words("settles", "判定的论断")
PARAMETERS = Words("parameters", "参数")
FIGURE = Words("figure", "数字")
VALUE = Words("value", "值")
INTERVAL = Words("95 % interval", "95 % 区间")
BOUNDS = Words("{low} to {high}", "{low} 至 {high}")
EXACT = Words("exact", "精确")
TOOK = Words("{name} took {time}.\n", "{name} 用时 {time}。\n")
RAW = Words("Raw results: {out}", "原始结果：{out}")
RAW_AND_PICTURES = Words("Raw results and pictures: {out}", "原始结果和图：{out}")
TOTAL = Words("Total time: {time}", "总用时：{time}")
CHANGED = Words("CHANGED: the recorded ledger says {before}{why}.", "有变化：账本里是“{before}”{why}。")
OTHER_PARAMETERS = Words(", which was measured with the default parameters", "，那是用默认参数测的")
DIFFER = Words("{count} verdicts differ from the recorded ledger.", "有 {count} 个判定与账本不同。")

SEED_GAVE = Words("{row}, seed {seed}: {figure} {unit}", "{row}，种子 {seed}：{unit} {figure}")
GOES_ON = Words("Stopped; the same command goes on where it was.", "已停止；同一条命令会从停下的地方继续。")
QUICK_COMPARES = Words(
    "Of the quick budget: on the sample and of few epochs, so not to be compared with the papers; --budget full is.",
    "这是 quick 预算的结果：用样本数据、训练轮数少，不能与论文比较；要比较请用 --budget full。",
)
