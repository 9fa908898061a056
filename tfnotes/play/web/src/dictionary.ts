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
  digit: {},
  review: {},
  latent: {},
  denoise: {},
  gibbs: {},
  replay: {},
  ravine: {},
  depth: {},
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
