// The gates of recurrent layers over a text, a word a column.
import type { Values } from "./context";
import type { Words } from "./dictionary";
import { figure } from "./numbers";
import { h, heat, paint, say, slider } from "./ui";

const COLUMN = 20;
const ORDER = ["input", "forget", "update", "reset", "output", "candidate", "c", "h"] as const;
type Gate = (typeof ORDER)[number];

/** The outputs that are gates, by their layers: those with a name behind the last slash that is a gate's. */
export function recurrent(outputs: Readonly<Record<string, unknown>>): Map<string, Gate[]> {
  const found = new Map<string, Gate[]>();
  for (const gate of ORDER) {
    for (const name of Object.keys(outputs)) {
      const cut = name.lastIndexOf("/");
      if (cut < 0 || name.slice(cut + 1) !== gate) continue;
      const layer = name.slice(0, cut);
      found.set(layer, [...(found.get(layer) ?? []), gate]);
    }
  }
  return found;
}

export interface Gates {
  readonly element: HTMLElement;
  show(outputs: Record<string, Values>, tokens: readonly string[]): void;
}

/** `chosen` is called with the number of the word that is looked at. */
export function gatesView(words: Words, at: number, chosen: (word: number) => void): Gates {
  const said = words.review;
  const element = h("div", {});
  let here = at;

  function show(outputs: Record<string, Values>, tokens: readonly string[]): void {
    const layers = recurrent(outputs);
    element.hidden = !layers.size;
    if (!layers.size) return;
    here = Math.min(here, tokens.length - 1);
    const heads = tokens.map((token) => {
      const head = h("span", {}, token);
      head.style.width = `${COLUMN}px`;
      head.style.flex = `0 0 ${COLUMN}px`;
      return head;
    });
    const means = h("p", { class: "tf-sum", "aria-live": "polite" });
    const mark = () => {
      heads.forEach((head, k) => head.classList.toggle("tf-here", k === here));
      means.textContent = `${said.means}: ${[...layers].map(([layer, gates]) => told(outputs, layer, gates)).join("; ")}`;
    };
    const steer = slider(
      { label: said.word, min: 1, max: tokens.length, step: 1, value: here + 1, show: (k) => `${k} ${tokens[k - 1]}` },
      (k) => {
        here = k - 1;
        chosen(here);
        mark();
      },
    );
    const maps = [...layers].flatMap(([layer, gates]) => gates.flatMap((gate) => map(outputs, layer, gate, tokens.length)));
    const heading = h("div", { class: "tf-heads", "aria-hidden": "true" }, ...heads);
    element.replaceChildren(
      h("h3", {}, said.gates),
      h("p", { class: "tf-muted" }, said.gatesHint),
      steer.element,
      means,
      h("div", { class: "tf-scroll", tabindex: 0, role: "region", "aria-label": said.scroll },
        h("div", { class: "tf-columns" }, heading, ...maps),
      ),
    );
    mark();
  }

  function told(outputs: Record<string, Values>, layer: string, gates: readonly Gate[]): string {
    const figures = gates.map((gate) => {
      const { data, shape } = outputs[`${layer}/${gate}`]!;
      const units = shape[2]!;
      const values = Array.from(data.slice(here * units, (here + 1) * units));
      return `${said[gate]} ${figure(values.reduce((a, b) => a + b, 0) / units, 2)}`;
    });
    return `${layer}: ${figures.join(", ")}`;
  }

  function map(outputs: Record<string, Values>, layer: string, gate: Gate, count: number): HTMLElement[] {
    const { data, shape } = outputs[`${layer}/${gate}`]!;
    const units = shape[2]!;
    const alt = say(said.gatesAlt, { gate: said[gate], layer, units, words: count });
    const turned = Float32Array.from({ length: units * count }, (_, k) => data[(k % count) * units + Math.floor(k / count)]!);
    const picture = heat([], units, count, { alt });
    picture.style.inlineSize = `${COLUMN * count}px`;
    picture.style.blockSize = `${Math.max(48, Math.min(6 * units, 160))}px`;
    picture.style.aspectRatio = "auto";
    // Gates have their whole range; the others are as strong as their strongest.
    paint(picture, turned, { signed: true, ...(gate.length > 1 && gate !== "candidate" ? { scale: 1 } : {}) });
    return [h("div", { class: "tf-sub" }, `${layer} · ${said[gate]}`), picture];
  }

  return { element, show };
}
