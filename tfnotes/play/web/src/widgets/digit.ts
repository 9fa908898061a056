// Draw a digit: what the model says of it.
import type { Mount } from "../context";
import { pad } from "../pad";
import { bars, h, latest, percent } from "../ui";

export const mount: Mount = (element, { models, words }) => {
  const [model] = models;
  if (!model) throw new Error(words.common.none);
  const shown = h("div", { class: "tf-grow" });
  const sheet = pad({ label: words.titles.digit, side: 28, radius: 0.05 }, () => void answer());
  const answer = latest(async () => {
    const values = await model.ask("pixels", { pixels: { data: sheet.pixels(), shape: [1, 28, 28] } });
    const probabilities = Array.from(values["probabilities"]!.data);
    shown.replaceChildren(bars(probabilities.map((share, k) => ({ label: model.about.labels[k]!, share, text: percent(share) }))));
    shown.dataset["probabilities"] = JSON.stringify(probabilities);
  });
  element.append(h("div", { class: "tf-row" }, sheet.element, shown));
};
