// Training, replayed: what a run's folder tells of each epoch, of one run or of two side by side.
import type { Model, Mount } from "../context";
import { chart, figure, histogram, type Series } from "../plot";
import { button, choice, h, live, say, slider } from "../ui";

interface Mistake {
  readonly label: string;
  readonly prediction: string;
  readonly picture?: string;
  readonly text?: string;
}

type Weights = readonly [from: number, to: number, counts: readonly number[]];

interface Replay {
  readonly epochs: readonly number[];
  readonly curves: Readonly<Record<string, Readonly<Record<"train" | "validation", readonly (number | null)[]>>>>;
  readonly weights: Readonly<Record<string, readonly (Weights | null)[]>>;
  readonly pictures: Readonly<Record<string, readonly (string | null)[]>>;
  readonly mistakes: readonly (readonly Mistake[])[];
}

interface Run {
  readonly title: string;
  readonly replay: Replay;
}

const PAUSE = 700;
const COLORS = ["ink", "other"] as const;

export const mount: Mount = async (element, { models, words, state }) => {
  const said = words.replay;
  if (!models[0]) throw new Error(words.common.none);
  let runs: Run[] = [];
  let timer = 0;
  const names = models.map(({ name, title }) => [name, title] as const);
  const left = choice(said.run, names, models[0].name, (value) => chosen("run", value));
  const right = choice(said.beside, [["", said.alone], ...names], "", (value) => chosen("beside", value));
  const curve = choice(said.curve, [], "", (value) => {
    state.set("curve", value);
    show();
  });
  const epoch = slider({ label: said.epoch, min: 1, max: 1, step: 1, value: 1, show: (k) => String(longest()[k - 1] ?? k) }, () => {
    state.set("epoch", epoch.input.value);
    show();
  });
  const play = button(said.play, () => (timer ? stop() : start()));
  play.setAttribute("aria-pressed", "false");
  const told = live();
  const slot = h("div", {});

  /** The epochs of the run that has the most. */
  function longest(): readonly number[] {
    return runs.map(({ replay }) => replay.epochs).reduce((a, b) => (b.length > a.length ? b : a), []);
  }

  function start(): void {
    if (epoch.input.value === epoch.input.max) epoch.put(1);
    timer = window.setInterval(() => {
      if (epoch.input.value === epoch.input.max) return stop();
      epoch.put(epoch.input.valueAsNumber + 1);
      show();
    }, PAUSE);
    play.setAttribute("aria-pressed", "true");
    told.setAttribute("aria-live", "off");
    show();
  }

  function stop(): void {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
    told.setAttribute("aria-live", "polite");
    state.set("epoch", epoch.input.value);
  }

  async function chosen(key: "run" | "beside", value: string): Promise<void> {
    state.set(key, value || undefined);
    await load();
  }

  async function load(): Promise<void> {
    const wanted = [left.input.value, right.input.value].map((name) => models.find((model) => model.name === name));
    runs = await Promise.all(
      wanted
        .filter((model): model is Model => model !== undefined)
        .map(async (model) => ({ title: model.title, replay: await model.data<Replay>() })),
    );
    const curves = [...new Set(runs.flatMap(({ replay }) => Object.keys(replay.curves)))];
    const before = curve.input.value || state.get("curve") || "loss";
    curve.input.replaceChildren(...curves.map((name) => h("option", { value: name }, name)));
    curve.input.value = curves.includes(before) ? before : (curves[0] ?? "");
    const last = longest().length;
    epoch.input.max = String(last);
    epoch.put(Math.min(last, Number(state.get("epoch") ?? last) || last));
    show();
  }

  function show(): void {
    const at = epoch.input.valueAsNumber - 1;
    const now = longest()[at] ?? 0;
    const name = curve.input.value;
    // A run that has ended stays as it ended.
    const place = ({ replay }: Run) => Math.min(at, replay.epochs.length - 1);
    told.textContent = [
      say(said.now, { epoch: now }),
      ...runs.map((run) => {
        const values = run.replay.curves[name];
        const one = (value: number | null | undefined) => (value === null || value === undefined ? "–" : figure(value));
        const known = { title: run.title, name, train: one(values?.train[place(run)]), validation: one(values?.validation[place(run)]) };
        return say(said.values, known);
      }),
    ].join(" ");
    told.dataset["values"] = JSON.stringify(
      runs.map(({ replay }, k) => {
        const values = replay.curves[name];
        return [values?.train[place(runs[k]!)] ?? null, values?.validation[place(runs[k]!)] ?? null];
      }),
    );
    const series = runs.flatMap(({ title, replay }, k): Series[] => {
      const line = (way: "train" | "validation") =>
        (replay.curves[name]?.[way] ?? []).flatMap((value, i) => (value === null ? [] : [[replay.epochs[i]!, value] as const]));
      const color = COLORS[k]!;
      return [
        { label: `${title}: ${said.validation}`, color, points: line("validation") },
        { label: `${title}: ${said.train}`, color, dashed: true, points: line("train") },
      ].filter(({ points }) => points.length) as Series[];
    });
    const curves = chart({ alt: told.textContent, x: said.epochs, y: name, series, at: now });
    slot.replaceChildren(curves, ...beside(said.weights, weights), ...beside(said.pictures, pictures), ...beside(said.mistakes, mistakes));

    function beside(title: string, draw: (run: Run, place: number, color: string) => readonly HTMLElement[]): HTMLElement[] {
      const parts = runs.map((run, k) => draw(run, place(run), COLORS[k]!));
      if (!parts.some(({ length }) => length)) return [];
      const columns = parts.map((part, k) => h("div", {}, ...(runs.length > 1 ? [h("h4", {}, runs[k]!.title)] : []), ...part));
      return [h("h3", {}, title), h("div", { class: runs.length > 1 ? "tf-beside" : "" }, ...columns)];
    }
  }

  function weights({ replay }: Run, place: number, color: string): HTMLElement[] {
    const rows = Object.entries(replay.weights).flatMap(([name, epochs]) => {
      const now = epochs[place];
      if (!now) return [];
      const [from, to, counts] = now;
      // Of all epochs, so that what grows is seen to grow.
      const reach = Math.max(1e-12, ...epochs.flatMap((one) => (one ? [Math.abs(one[0]), Math.abs(one[1])] : [])));
      const text = say(said.within, { from: figure(from), to: figure(to) });
      const bars = histogram(counts, [from, to], reach, `${name}: ${text}`, color);
      return [h("div", {}, h("div", { class: "tf-muted" }, h("code", {}, name), ` ${text}`), bars)];
    });
    return rows.length ? [h("div", { class: "tf-weights" }, ...rows)] : [];
  }

  function pictures({ replay }: Run, place: number): HTMLElement[] {
    return Object.entries(replay.pictures).flatMap(([name, epochs]) => {
      const src = epochs[place];
      return src ? [h("figure", {}, h("img", { src, alt: name, class: "tf-picture" }), h("figcaption", { class: "tf-muted" }, name))] : [];
    });
  }

  function mistakes({ replay }: Run, place: number): HTMLElement[] {
    const found = replay.mistakes[place] ?? [];
    const one = ({ label, prediction, picture, text }: Mistake) => {
      const caption = say(said.mistake, { label, prediction });
      const shown = picture ? h("img", { src: picture, alt: "", class: "tf-mistake" }) : h("blockquote", {}, text);
      return h("figure", {}, shown, h("figcaption", { class: "tf-muted" }, caption));
    };
    return found.length ? [h("div", { class: found[0]!.picture ? "tf-row" : "" }, ...found.map(one))] : [];
  }

  async function read(): Promise<void> {
    const known = (name: string | undefined) => models.some((model) => model.name === name);
    left.input.value = known(state.get("run")) ? state.get("run")! : models[0]!.name;
    right.input.value = known(state.get("beside")) ? state.get("beside")! : "";
    if (state.get("curve")) curve.input.value = state.get("curve")!;
    await load();
  }

  element.append(
    h("p", {}, said.about),
    h("div", { class: "tf-row" }, ...(models.length > 1 ? [left.element, right.element] : []), curve.element),
    h("div", { class: "tf-row" }, h("div", { class: "tf-grow" }, epoch.element), play),
    told,
    slot,
  );
  await read();
  state.listen(() => void read());
};
