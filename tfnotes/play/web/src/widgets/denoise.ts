// Remove noise: a digit with noise in it, or with strokes over it, and what a denoising autoencoder makes of it.
import type { Context, Model, Mount } from "../context";
import { pad } from "../pad";
import { bytes } from "../plot";
import { normal, uniform } from "../random";
import { several } from "../several";
import { packed, unpacked } from "../strokes";
import { button, choice, h, heat, latest, live, paint, percent, say, slider } from "../ui";

interface Data {
  readonly noise: number;
  readonly kind: "masking" | "gaussian";
  readonly pixels: string;
}

const [SIDE, AREA] = [28, 28 * 28];

export const mount: Mount = async (element, context) => {
  let read = () => {};
  const show = async (model: Model, into: HTMLElement) => {
    read = await shown(model, context, into);
  };
  element.append(h("p", {}, context.words.denoise.about), await several(context, show));
  context.state.listen(() => read());
};

/** Fills an element; gives what reads the URL anew. */
async function shown(model: Model, { words, state }: Context, element: HTMLElement): Promise<() => void> {
  const said = words.denoise;
  const { noise: trained, kind, pixels } = await model.data<Data>();
  const digits = bytes(pixels);
  const count = digits.length / AREA;

  const digit = slider({ label: said.digit, min: 1, max: count, step: 1, value: 1 }, () => changed());
  const noise = slider({ label: said.noise, min: 0, max: 0.9, step: 0.05, value: trained, show: (value) => percent(value) }, () => changed());
  const seed = slider({ label: said.seed, min: 0, max: 99, step: 1, value: 0 }, () => changed());
  const kinds = [["masking", said.masking], ["gaussian", said.gaussian]] as const;
  const kindOf = choice(said.kind, kinds, kind, () => changed());
  const clear = button(said.clear, () => sheet.put([]));
  const slot = h("div", {});
  const clean = heat([], SIDE, SIDE, { alt: said.cleanAlt, pixel: 4 });
  const made = heat([], SIDE, SIDE, { alt: said.madeAlt, pixel: 10 });
  const told = live();
  let sheet = pad({ label: said.pad, side: SIDE }, () => {});

  const answer = latest(async () => {
    const given = sheet.pixels();
    const found = await model.ask("reconstruct", { pixels: { data: given, shape: [1, SIDE, SIDE] } });
    const image = found["images"]!.data;
    paint(made, image, { scale: 1 });
    made.dataset["given"] = btoa(String.fromCharCode(...given));
    made.dataset["image"] = JSON.stringify(Array.from(image));
  });

  /** The chosen digit with noise: what the model was trained with, with draws of this page. */
  function spoilt(chosen: Uint8Array): Uint8Array {
    const amount = noise.input.valueAsNumber;
    if (kindOf.input.value === "masking") {
      const next = uniform(seed.input.valueAsNumber);
      return chosen.map((level) => (next() < amount ? 0 : level));
    }
    const next = normal(seed.input.valueAsNumber);
    return chosen.map((level) => Math.round(Math.min(255, Math.max(0, level + 255 * amount * next()))));
  }

  function show(): void {
    const at = digit.input.valueAsNumber - 1;
    const chosen = digits.slice(at * AREA, (at + 1) * AREA);
    paint(clean, chosen, { scale: 255 });
    const strokes = unpacked(state.get("drawing") ?? "");
    sheet = pad({ label: said.pad, side: SIDE, radius: 0.035, strokes, below: spoilt(chosen) }, (done) => {
      if (done) state.set("drawing", sheet.strokes().length ? packed(sheet.strokes()) : undefined);
      void answer();
    });
    slot.replaceChildren(sheet.element);
    told.textContent = say(said.told, { trained: percent(trained), kind: said[`${kind}Short`] });
    void answer();
  }

  function changed(): void {
    state.set("digit", digit.input.value);
    state.set("noise", noise.input.value);
    state.set("seed", seed.input.value);
    state.set("kind", kindOf.input.value);
    show();
  }

  function read(): void {
    const asked = (key: string, other: number) => Number(state.get(key) ?? other) || 0;
    digit.put(asked("digit", 1));
    noise.put(asked("noise", trained));
    seed.put(asked("seed", 0));
    kindOf.input.value = state.get("kind") === "gaussian" || state.get("kind") === "masking" ? state.get("kind")! : kind;
    show();
  }

  element.append(
    digit.element,
    noise.element,
    seed.element,
    kindOf.element,
    h(
      "div",
      { class: "tf-noise" },
      h("div", {}, h("h3", {}, said.clean), clean),
      h("div", {}, h("h3", {}, said.noisy), slot, clear),
      h("div", {}, h("h3", {}, said.made), made),
    ),
    told,
    h("p", { class: "tf-muted" }, said.hint),
  );
  read();
  await answer();
  return read;
}
