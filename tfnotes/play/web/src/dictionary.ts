// All that the page says, in both languages; the compiler sees to it that each entry has both.
export type Language = "en" | "zh";

interface Entry {
  readonly en: string;
  readonly zh: string;
}

const dictionary = {
  common: {
    busy: { en: "One moment …", zh: "请稍候……" },
    file: {
      en: "Browsers don't let a page that was opened as a file read other files. Serve its folder: python -m http.server",
      zh: "浏览器不允许直接以文件方式打开的网页读取其他文件。请先把这个文件夹用服务器发布：python -m http.server",
    },
    unknown: { en: "There is no widget of the name", zh: "没有这个名字的组件：" },
    none: { en: "None of the models here is for this.", zh: "这里没有适用的模型。" },
    model: { en: "Model", zh: "模型" },
    probabilities: { en: "Probabilities", zh: "概率" },
  },
  page: {
    title: { en: "Play with your models", zh: "动手玩你的模型" },
    language: { en: "English", zh: "中文" },
    private: {
      en: "Everything is computed in this page; nothing is sent anywhere. The address holds what you do: send it to someone with the same page, and they see the same.",
      zh: "一切都在本页面内计算，不会向任何地方发送数据。你做的事都记录在网址里：把网址发给拥有同一页面的人，对方看到的就和你一样。",
    },
    empty: { en: "No widget is for these models.", zh: "没有适合这些模型的组件。" },
  },
  titles: {
    digit: { en: "Draw a digit", zh: "写一个数字" },
    review: { en: "Type a review", zh: "写一条影评" },
    latent: { en: "Walk the latent plane", zh: "漫步隐变量平面" },
    denoise: { en: "Remove noise", zh: "去除噪声" },
    gibbs: { en: "Gibbs sampling, step by step", zh: "逐步吉布斯采样" },
    replay: { en: "Training, replayed", zh: "回放训练过程" },
    ravine: { en: "Down a ravine", zh: "沿峡谷而下" },
    depth: { en: "Depth and initialization", zh: "深度与初始化" },
  },
  digit: {
    pad: {
      en: "Sheet to draw a digit on. With the keyboard: arrow keys move the pen, space puts it down and lifts it, Backspace takes the last stroke back, Delete clears.",
      zh: "写数字的纸。用键盘时：方向键移动笔，空格键落笔、提笔，退格键撤销上一笔，Delete 键清空。",
    },
    hint: {
      en: "Draw with mouse or finger. By keyboard: arrows move the pen, space puts it down or lifts it, Backspace undoes.",
      zh: "用鼠标或手指写。用键盘：方向键移动笔，空格键落笔或提笔，退格键撤销。",
    },
    undo: { en: "Undo", zh: "撤销" },
    clear: { en: "Clear", zh: "清空" },
    start: { en: "Draw a digit from 0 to 9.", zh: "请写一个 0 到 9 的数字。" },
    verdict: { en: "This is a {label}: {share}", zh: "这是 {label}：{share}" },
    foreign: { en: "This is no digit.", zh: "这不是数字。" },
    seen: { en: "What the model sees", zh: "模型看到的" },
    seenAlt: { en: "The drawing as 28 by 28 pixels", zh: "处理成 28×28 像素的图" },
    prepared: {
      en: "Cut to its ink ({width} × {height} of {side} × {side} pixels), scaled to {columns} × {rows}, and moved so that its centre of mass, the small cross, lies on the middle of 28 × 28.",
      zh: "裁到有墨迹的部分（{side}×{side} 像素中的 {width}×{height}），缩放到 {columns}×{rows}，再移动，让重心（小十字）落在 28×28 的正中。",
    },
    blank: { en: "A blank sheet: all zeros.", zh: "白纸：全为零。" },
    occlusion: { en: "Where the answer hangs", zh: "答案取决于哪里" },
    occlusionAlt: {
      en: "Map of how much the probability of {label} falls when each part is covered",
      zh: "遮住各处时“{label}”的概率下降多少的图",
    },
    occluded: {
      en: "Occlusion: a square of 4 × 4 pixels is painted over as paper, at each place in turn, and the model is asked again. Blue: the log-odds of “{label}” fall without this place; orange: they rise.",
      zh: "遮挡法：依次把每处 4×4 的小方块涂成纸色，再问一次模型。蓝色：遮住这里，“{label}”的对数几率下降；橙色：上升。",
    },
    layers: { en: "Layer by layer", zh: "逐层观察" },
    layersHint: {
      en: "Choose a cell of a framed map to see how it was computed.",
      zh: "点选带边框的图中的一格，看它是怎样算出来的。",
    },
    maps: { en: "{name}: {count} maps of {width} × {height}", zh: "{name}：{count} 张 {width}×{height} 的图" },
    units: { en: "{name}: {count} numbers", zh: "{name}：{count} 个数" },
    steps: { en: "{name}: {count} numbers at {time} steps, a step a column", zh: "{name}：{time} 步，每步 {count} 个数，一列一步" },
    map: { en: "{name}, map {map}", zh: "{name}，第 {map} 张图" },
    unit: { en: "{name}, number {map}", zh: "{name}，第 {map} 个数" },
    cell: { en: "{name}, map {map}, row {row}, column {column}", zh: "{name}，第 {map} 张图，第 {row} 行第 {column} 列" },
    cellKeys: { en: "Arrow keys choose another cell.", zh: "方向键换一格。" },
    below: { en: "Below: {name}", zh: "下一层：{name}" },
    input: { en: "the pixels, 0 to 1", zh: "像素，0 到 1" },
    patch: { en: "patch", zh: "局部图块" },
    kernel: { en: "kernel", zh: "卷积核" },
    weights: { en: "weights", zh: "权重" },
    product: { en: "product", zh: "乘积" },
    strongest: { en: "{count} input maps; the {shown} that count most:", zh: "{count} 张输入图，影响最大的 {shown} 张：" },
    strongestUnits: { en: "{count} inputs; the {shown} that count most:", zh: "{count} 个输入，影响最大的 {shown} 个：" },
    sum: { en: "Sum of all products {sum}, and bias {bias}: {total}", zh: "所有乘积之和 {sum}，加偏置 {bias}，得 {total}" },
    activated: { en: "{activation} of it: {value}", zh: "经 {activation}：{value}" },
    largest: { en: "The largest of the patch: {value}", zh: "图块中的最大值：{value}" },
    mean: { en: "The mean of the patch: {value}", zh: "图块的平均值：{value}" },
    models: { en: "The model's own answer: {value}", zh: "模型自己的答案：{value}" },
    close: { en: "Close", zh: "关闭" },
  },
  review: {
    text: { en: "A review of a film, in English", zh: "一条影评（模型读英文）" },
    examples: { en: "Try:", zh: "试试：" },
    start: { en: "Type a review, such as one of these.", zh: "请输入一条影评，或用上面的例子。" },
    verdict: { en: "{label}: {share}", zh: "{label}：{share}" },
    negative: { en: "negative", zh: "负面" },
    positive: { en: "positive", zh: "正面" },
    push: { en: "Each word's push", zh: "每个词的推力" },
    parts: {
      en: "The score is a sum over the words. Each number is the word's part of the log-odds of “{label}”, that of the pair which it ends included; with {bias} for an empty text they add up to {total}.",
      zh: "得分是各词之和。每个数是该词在“{label}”的对数几率中的一份（包括以它结尾的二元组）；加上空文本的 {bias}，总和为 {total}。",
    },
    left: {
      en: "Each number is what the log-odds of “{label}” lose when this word is left out and the model is asked again.",
      zh: "每个数是去掉这个词再问一次模型时，“{label}”的对数几率减少多少。",
    },
    first: { en: "Only the first {count} words are left out in turn.", zh: "只依次去掉前 {count} 个词。" },
    unknown: { en: "Dotted: words that aren't in the model's vocabulary.", zh: "虚线：不在模型词表里的词。" },
    gates: { en: "The gates over time", zh: "门控随时间的变化" },
    gatesHint: {
      en: "A word a column, a unit a row. Gates go from 0, empty, to 1, full; candidate and states are drawn as strong as their strongest, orange below 0.",
      zh: "一列一个词，一行一个单元。门的值从 0（空白）到 1（满色）；候选值和状态以各自的最大值为满色，小于 0 的部分为橙色。",
    },
    gatesAlt: { en: "{gate} of {layer}: {units} units over {words} words", zh: "{layer} 的{gate}：{units} 个单元，{words} 个词" },
    scroll: { en: "Gates, a word a column; scrolls sideways", zh: "门控，一列一个词；可横向滚动" },
    word: { en: "Word", zh: "词" },
    means: { en: "Means over the units", zh: "各单元的平均值" },
    input: { en: "input gate", zh: "输入门" },
    forget: { en: "forget gate", zh: "遗忘门" },
    output: { en: "output gate", zh: "输出门" },
    update: { en: "update gate", zh: "更新门" },
    reset: { en: "reset gate", zh: "重置门" },
    candidate: { en: "candidate", zh: "候选值" },
    c: { en: "cell state c", zh: "单元状态 c" },
    h: { en: "hidden state h", zh: "隐藏状态 h" },
  },
  latent: {},
  denoise: {},
  gibbs: {},
  replay: {},
  ravine: {
    about: {
      en: "An optimizer walks down from the ring towards the star. Pick a surface, an optimizer, its momentum and its learning rate; every path was walked beforehand by the optimizers of this project.",
      zh: "优化器从圆圈出发，朝星号处的最低点往下走。请选择曲面、优化器、动量和学习率；每条路径都由本项目自己的优化器事先走好。",
    },
    surface: { en: "Surface", zh: "曲面" },
    ravine: { en: "ravine: steep across, flat along", zh: "峡谷：横向陡，纵向缓" },
    rosenbrock: { en: "bent valley (Rosenbrock)", zh: "弯曲的山谷（Rosenbrock 函数）" },
    saddle: { en: "saddle", zh: "鞍点" },
    optimizer: { en: "Optimizer", zh: "优化器" },
    momentum: { en: "Momentum", zh: "动量" },
    rate: { en: "Learning rate", zh: "学习率" },
    step: { en: "Step", zh: "步数" },
    keep: { en: "Keep this path to compare", zh: "留下这条路径作对比" },
    drop: { en: "Drop the kept path", zh: "去掉留下的路径" },
    answer: { en: "After step {step}: x = {x}, y = {y}, height {height}.", zh: "第 {step} 步之后：x = {x}，y = {y}，高度为 {height}。" },
    gone: {
      en: "The next step leads far out of the picture: the learning rate is too large here.",
      zh: "下一步就远远跳出了图外：在这里学习率太大了。",
    },
    legend: {
      en: "The bluer, the higher. A dot is a step; the dashed line is the path that was kept. Adam's momentum is its β₁; Adagrad has none.",
      zh: "颜色越蓝，位置越高。每个点是一步；虚线是留下的路径。Adam 的动量就是它的 β₁；Adagrad 没有动量。",
    },
  },
  depth: {
    about: {
      en: "{examples} random inputs go through layers of {width} units, and random gradients come back from the last layer. Do both keep their size?",
      zh: "{examples} 个随机输入依次穿过每层 {width} 个单元的网络，随机梯度再从最后一层传回来。二者的大小能保持不变吗？",
    },
    activation: { en: "Activation", zh: "激活函数" },
    initializer: { en: "Initializer", zh: "初始化方法" },
    depth: { en: "Layers", zh: "层数" },
    scale: { en: "Scale of the histograms", zh: "直方图的横轴" },
    own: { en: "each its own", zh: "各层自定" },
    common: { en: "the same for all layers", zh: "各层相同" },
    layer: { en: "layer", zh: "层" },
    spread: { en: "standard deviation", zh: "标准差" },
    outputs: { en: "activations", zh: "激活值" },
    gradients: { en: "gradients", zh: "梯度" },
    forth: { en: "On the way forth the spread of the activations is multiplied by {factor}.", zh: "前向传播中，激活值的标准差变为原来的 {factor} 倍。" },
    back: { en: "On the way back the spread of the gradients is multiplied by {factor}.", zh: "反向传播中，梯度的标准差变为原来的 {factor} 倍。" },
    none_forth: { en: "On the way forth all units say the same.", zh: "前向传播中，所有单元的输出都一样。" },
    none_back: { en: "On the way back no gradient reaches the first layer.", zh: "反向传播中，没有任何梯度到达第一层。" },
    figures: { en: "σ = {std}, within ±{reach}", zh: "σ = {std}，都在 ±{reach} 之内" },
    zeros: { en: "σ = {std}, within ±{reach}, {zeros} % zeros", zh: "σ = {std}，都在 ±{reach} 之内，{zeros} % 为零" },
  },
} as const satisfies Record<string, Record<string, Entry>>;

type Dictionary = typeof dictionary;

/** What the page says in one language. */
export type Words = { readonly [S in keyof Dictionary]: { readonly [K in keyof Dictionary[S]]: string } };

export function words(language: Language): Words {
  const sections = Object.entries<Record<string, Entry>>(dictionary).map(([section, entries]) => [
    section,
    Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, entry[language]])),
  ]);
  return Object.fromEntries(sections) as Words;
}
