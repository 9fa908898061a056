// Gibbs sampling of a restricted Boltzmann machine: hidden units given pixels, pixels given hidden units, in turns.
import type { Context, Model, Mount } from "../context";
import { bytes, figure } from "../plot";
import { uniform } from "../random";
import { several } from "../several";
import { button, choice, h, heat, live, paint, say, slider } from "../ui";

interface Data {
  readonly encode: string;
  readonly decode: string;
  readonly units: number;
  readonly pixels: string;
}

const [SIDE, AREA] = [28, 28 * 28];
const [MOST, PAUSE] = [1000, 120];

export const mount: Mount = async (element, context) => {
  let shown: Shown | undefined;
  const show = async (model: Model, into: HTMLElement) => {
    shown?.stop();
    shown = await chain(model, context, into);
  };
  element.append(h("p", {}, context.words.gibbs.about), await several(context, show));
  context.state.listen(() => void shown?.read());
};

interface Shown {
  /** Goes to where the URL says. */
  read(): Promise<void>;
  stop(): void;
}

async function chain(model: Model, { words, state }: Context, element: HTMLElement): Promise<Shown> {
  const said = words.gibbs;
  const { encode, decode, units, pixels } = await model.data<Data>();
  const digits = bytes(pixels);
  const columns = Math.ceil(Math.sqrt(units * 1.25));
  const rows = Math.ceil(units / columns);

  let step = 0;
  let visible = new Float32Array(AREA);
  let hidden = new Float32Array(units);
  let running = 0;
  // What the buttons ask is done one after the other, also when they are pressed faster than that.
  let queue = Promise.resolve();

  const places = Array.from({ length: digits.length / AREA }, (_, k) => [String(k + 1), say(said.digit, { k: k + 1 })] as const);
  const start = choice(said.start, [["noise", said.noise], ...places], "noise", () => begin());
  const seed = slider({ label: said.seed, min: 0, max: 99, step: 1, value: 0 }, () => begin());
  const one = button(said.step, () => advance(1));
  const ten = button(said.turns, () => advance(20));
  const run = button(said.run, () => (running ? stop() : go()));
  run.setAttribute("aria-pressed", "false");
  const again = button(said.again, () => begin());
  const chances = heat([], SIDE, SIDE, { alt: said.chancesAlt, pixel: 6 });
  const seen = heat([], SIDE, SIDE, { alt: said.visibleAlt, pixel: 6 });
  const unseen = heat([], rows, columns, { alt: said.hiddenAlt, pixel: Math.min(10, 200 / columns) });
  const told = live();

  const drawn = (shares: ArrayLike<number>, next: () => number) => Float32Array.from(shares, (share) => (next() < share ? 1 : 0));
  /** The draws of a step are its own, so that a link leads to the same step however it was come to. */
  const draws = (number: number) => uniform(seed.input.valueAsNumber * (MOST + 1) + number);

  /** From noise the hidden units come first, as the metadata's rule has it; from a digit its pixels. */
  const first = () => (start.input.value === "noise" ? "hidden" : "visible");
  const turn = (number: number) => ((number % 2 === 0) === (first() === "hidden") ? "hidden" : "visible");

  /** The visible units as the pixels that the model's endpoints take. */
  const inked = () => ({ data: Uint8Array.from(visible, (pixel) => 255 * pixel), shape: [1, SIDE, SIDE] });

  async function to(number: number): Promise<void> {
    const next = draws(number);
    if (number === 0) {
      if (first() === "hidden") hidden = drawn(new Float32Array(units).fill(0.5), next);
      else {
        const at = Number(start.input.value) - 1;
        visible = drawn(Array.from(digits.subarray(at * AREA, (at + 1) * AREA), (level) => level / 255), next);
      }
    } else if (turn(number) === "hidden") {
      const answer = await model.ask(encode, { pixels: inked() });
      told.dataset["shares"] = JSON.stringify(Array.from(answer["codes"]!.data));
      hidden = drawn(answer["codes"]!.data, next);
    } else {
      const answer = await model.ask(decode, { codes: { data: hidden, shape: [1, units] } });
      told.dataset["shares"] = JSON.stringify(Array.from(answer["images"]!.data));
      paint(chances, answer["images"]!.data, { scale: 1 });
      visible = drawn(answer["images"]!.data, next);
    }
    step = number;
  }

  async function show(): Promise<void> {
    const on = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);
    paint(seen, visible, { scale: 1 });
    paint(unseen, hidden, { scale: 1 });
    const now = turn(step);
    const values = { step, on: on(hidden), units, ink: on(visible), pixels: AREA };
    let text = say(step === 0 ? said[`${now}First`] : said[now], values);
    if (now === "visible" && model.has("score")) {
      const answer = await model.ask("score", { pixels: inked() });
      text += ` ${say(said.energy, { energy: figure(answer["free_energy"]!.data[0]!) })}`;
    }
    told.textContent = text;
    Object.assign(told.dataset, { step, visible: visible.join(""), hidden: hidden.join("") });
    seen.classList.toggle("tf-now", now === "visible");
    unseen.classList.toggle("tf-now", now === "hidden");
    state.set("step", String(step));
  }

  function advance(count: number): Promise<void> {
    queue = queue.then(async () => {
      for (let k = 0; k < count && step < MOST; k++) await to(step + 1);
      await show();
      if (step === MOST) stop();
    });
    return queue;
  }

  function go(): void {
    running = window.setInterval(() => void advance(1), PAUSE);
    run.setAttribute("aria-pressed", "true");
    // Read aloud at each step it would never end.
    told.setAttribute("aria-live", "off");
  }

  function stop(): void {
    clearInterval(running);
    running = 0;
    run.setAttribute("aria-pressed", "false");
    told.setAttribute("aria-live", "polite");
  }

  function begin(target = 0): Promise<void> {
    stop();
    state.set("start", start.input.value);
    state.set("seed", seed.input.value);
    queue = queue.then(async () => {
      visible = new Float32Array(AREA);
      hidden = new Float32Array(units);
      paint(chances, visible, { scale: 1 });
      for (let number = 0; number <= target; number++) await to(number);
      await show();
    });
    return queue;
  }

  function read(): Promise<void> {
    const asked = Number(state.get("step") ?? 0);
    start.input.value = state.get("start") ?? "noise";
    if (start.input.selectedIndex < 0) start.input.value = "noise";
    seed.put(Number(state.get("seed") ?? 0) || 0);
    return begin(Number.isInteger(asked) ? Math.min(MOST, Math.max(0, asked)) : 0);
  }

  const picture = (title: string, canvas: HTMLElement) => h("div", {}, h("h3", {}, title), canvas);
  element.append(
    h("div", { class: "tf-row" }, start.element),
    seed.element,
    h("div", { class: "tf-row" }, one, ten, run, again),
    told,
    h("div", { class: "tf-row" }, picture(said.unseen, unseen), picture(said.chances, chances), picture(said.seen, seen)),
    h("p", { class: "tf-muted" }, said.hint),
  );
  await read();
  return { read, stop };
}
