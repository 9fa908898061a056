// Draw a digit: what the model sees of it, what it says, why, and what each layer made of it.
import type { Context, Model, Mount, Values } from "../context";
import { type Chosen, layersView } from "../layers";
import { covered, losses } from "../occlusion";
import { pad } from "../pad";
import { digit, type Prepared } from "../preparation";
import { packed, unpacked } from "../strokes";
import { bars, button, choice, debounce, h, heat, latest, live, paint, percent, say } from "../ui";
import type { Layer } from "../ways";

interface Data {
  readonly endpoint: string;
  readonly layers: readonly Layer[];
}

const SIDE = 112;

export const mount: Mount = async (element, context) => {
  const { models, words, state } = context;
  const said = words.digit;
  const first = models.find(({ name }) => name === state.get("model")) ?? models[0];
  if (!first) throw new Error(words.common.none);
  const sheet = pad({ label: said.pad, side: SIDE, radius: 0.045, strokes: unpacked(state.get("drawing") ?? "") }, (done) => {
    void show.quick();
    if (done) {
      state.set("drawing", sheet.strokes().length ? packed(sheet.strokes()) : undefined);
      slowly();
    }
  });
  const [slot, below] = [h("div", {}), h("div", {})];
  let show = await view(first, context, slot, below, () => sheet.pixels());
  const slowly = debounce(() => void show.whole(), 150);

  const several = choice(words.common.model, models.map(({ name, title }) => [name, title] as const), first.name, async (name) => {
    state.set("model", name);
    show = await view(models.find((model) => model.name === name)!, context, slot, below, () => sheet.pixels());
    await show.quick();
    await show.whole();
  });
  const tools = h("div", { class: "tf-row" }, button(said.undo, () => sheet.undo()), button(said.clear, () => sheet.put([])));
  const left = h("div", { class: "tf-draw" }, sheet.element, tools, h("p", { class: "tf-muted" }, said.hint));
  element.append(...(models.length > 1 ? [several.element] : []), h("div", { class: "tf-split" }, left, slot), below);
  // The runtime is large: it is loaded as soon as someone comes near to the sheet, and not for who reads on.
  for (const near of ["pointerenter", "focus"]) sheet.canvas.addEventListener(near, () => void show.warm(), { once: true });
  state.listen(() => sheet.put(unpacked(state.get("drawing") ?? "")));
  if (sheet.strokes().length) {
    await show.quick();
    slowly();
  }
};

interface View {
  /** Loads the model. */
  warm(): Promise<unknown>;
  /** The answer. */
  quick(): Promise<void>;
  /** And the reasons. */
  whole(): Promise<void>;
}

/** Fills `slot` with what a model says of the drawing, and `below` with what is inside the model. */
async function view(
  model: Model,
  { words, state }: Context,
  slot: HTMLElement,
  below: HTMLElement,
  drawing: () => Uint8Array,
): Promise<View> {
  const said = words.digit;
  const { endpoint, layers } = await model.data<Data>();
  const labels = model.about.labels;
  const verdict = live();
  const probabilities = h("div", {});
  const seen = heat([], 28, 28, { alt: said.seenAlt, pixel: 6 });
  const cross = h("span", { class: "tf-cross", "aria-hidden": "true", hidden: true });
  const why = h("p", { class: "tf-muted" });
  const hangs = heat([], 28, 28, { alt: "", pixel: 6 });
  const reasons = h("div", { class: "tf-row", hidden: true },
    h("div", { class: "tf-grow" }, h("h3", {}, said.seen), h("div", { class: "tf-over" }, seen, cross), why),
    h("div", { class: "tf-grow" }, h("h3", {}, said.occlusion), hangs, h("p", { class: "tf-muted" })),
  );
  const inside = layersView(layers, words, (chosen) => state.set("cell", chosen && written(chosen)));
  const all = h("details", { open: true, hidden: true }, h("summary", {}, said.layers), inside.element);
  inside.choose(read(state.get("cell")));
  verdict.textContent = said.start;
  slot.replaceChildren(verdict, probabilities, reasons);
  below.replaceChildren(all);

  const askPixels = (data: Uint8Array, shape: readonly number[]) => model.ask(endpoint, { pixels: { data, shape } });

  function prepared(): Prepared {
    const levels = drawing();
    return digit(levels.map((ink) => 255 - ink), SIDE, SIDE);
  }

  function tell(found: Prepared, outputs: Record<string, Values>): void {
    const shares = Array.from(outputs["probabilities"]!.data);
    const best = shares.indexOf(Math.max(...shares));
    const foreign = outputs["is_digit"]?.data[0] === 0;
    probabilities.replaceChildren(
      bars(shares.map((share, k) => ({ label: labels[k]!, share, text: percent(share), strong: k === best && !foreign }))),
    );
    probabilities.dataset["probabilities"] = JSON.stringify(shares);
    probabilities.dataset["pixels"] = btoa(String.fromCharCode(...found.pixels));
    verdict.textContent = foreign ? said.foreign : say(said.verdict, { label: labels[best]!, share: percent(shares[best]!) });
  }

  function tellPreparation(found: Prepared): void {
    paint(seen, found.pixels, { scale: 255 });
    cross.hidden = !found.centre;
    if (!found.box || !found.size || !found.centre) return;
    const [row, column] = found.centre;
    Object.assign(cross.style, { top: `${(100 * (row + 0.5)) / 28}%`, left: `${(100 * (column + 0.5)) / 28}%` });
    const [rows, columns] = found.size;
    why.textContent = say(said.prepared, { ...found.box, side: SIDE, rows, columns });
  }

  const quick = latest(async () => {
    const found = prepared();
    const blank = found.kind === "blank";
    reasons.hidden = all.hidden = blank;
    if (blank) {
      probabilities.replaceChildren();
      delete probabilities.dataset["probabilities"];
      verdict.textContent = said.start;
      return;
    }
    tellPreparation(found);
    tell(found, await askPixels(found.pixels, [1, 28, 28]));
  });

  const whole = latest(async () => {
    const { pixels, kind } = prepared();
    if (kind === "blank") return;
    if (model.has("layers")) {
      const outputs = await model.ask("layers", { pixels: { data: pixels, shape: [1, 28, 28] } });
      inside.show(outputs, { data: Float32Array.from(pixels, (level) => level / 255), shape: [1, 28, 28] });
    } else all.hidden = true;
    const answer = (await askPixels(pixels, [1, 28, 28]))["probabilities"]!.data;
    const label = answer.indexOf(Math.max(...answer));
    const squares = covered(pixels);
    const answers = (await askPixels(squares.data as Uint8Array, squares.shape))["probabilities"]!.data;
    paint(hangs, losses(answer[label]!, answers, labels.length, label), { signed: true });
    hangs.setAttribute("aria-label", say(said.occlusionAlt, { label: labels[label]! }));
    hangs.nextElementSibling!.textContent = say(said.occluded, { label: labels[label]! });
    slot.dataset["whole"] = String(Number(slot.dataset["whole"] ?? 0) + 1);
  });
  const warm = () => askPixels(new Uint8Array(784), [1, 28, 28]);
  return { warm, quick, whole };
}

const written = ({ layer, map, row, column }: Chosen) => [layer, map, row, column].join(",");

function read(text: string | undefined): Chosen | undefined {
  const [layer, ...numbers] = (text ?? "").split(",");
  const [map, row, column] = numbers.map(Number);
  const good = layer && [map, row, column].every((n) => Number.isInteger(n) && n! >= 0);
  return good ? { layer, map: map!, row: row!, column: column! } : undefined;
}
