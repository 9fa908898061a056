// A ravine: the path that an optimizer takes, as Python's own optimizers went it beforehand.
import type { Mount } from "../context";
import { bytes, figure, svg } from "../plot";
import { button, choice, h, heat, live, say, slider } from "../ui";

interface Surface {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly start: readonly [number, number];
  readonly minimum: readonly [number, number];
  readonly grid: readonly [number, number];
  readonly levels: string;
  /** By optimizer, momentum and rate: x, y, height, x, y, height ... */
  readonly paths: Readonly<Record<string, readonly (readonly (readonly number[])[])[]>>;
}

interface Ravine {
  readonly steps: number;
  readonly rates: readonly number[];
  readonly momenta: Readonly<Record<string, readonly number[]>>;
  readonly surfaces: Readonly<Record<string, Surface>>;
}

const NAMES: Readonly<Record<string, string>> = {
  sgd: "SGD",
  nesterov: "Nesterov",
  adagrad: "Adagrad",
  rmsprop: "RMSprop",
  adam: "Adam",
};
const [WIDTH, HEIGHT] = [600, 400];

export const mount: Mount = async (element, { words, state, data }) => {
  const said = words.ravine;
  const found = await data<Ravine>("ravine");
  const now = { surface: "ravine", optimizer: "sgd", momentum: 0, rate: 3, step: found.steps, kept: "" };

  const surfaces = [
    ["ravine", said.ravine],
    ["rosenbrock", said.rosenbrock],
    ["saddle", said.saddle],
  ] as const;
  const surface = choice(said.surface, surfaces, now.surface, (value) => changed({ surface: value, step: found.steps }));
  const optimizers = Object.keys(found.momenta).map((name) => [name, NAMES[name] ?? name] as const);
  const optimizer = choice(said.optimizer, optimizers, now.optimizer, (value) => changed({ optimizer: value }));
  const momenta = (name: string) => found.momenta[name] ?? [];
  const momentum = slider(
    { label: said.momentum, min: 0, max: 3, step: 1, value: 0, show: (k) => String(momenta(now.optimizer)[k] ?? "") },
    (value) => changed({ momentum: value }),
  );
  const rate = slider(
    { label: said.rate, min: 0, max: found.rates.length - 1, step: 1, value: now.rate, show: (k) => String(found.rates[k]) },
    (value) => changed({ rate: value }),
  );
  const step = slider({ label: said.step, min: 0, max: found.steps, step: 1, value: now.step }, (value) => changed({ step: value }));
  const keep = button(said.keep, () => changed({ kept: [now.optimizer, now.momentum, now.rate].join(",") }));
  const drop = button(said.drop, () => changed({ kept: "" }));
  const answer = live();
  const picture = h("div", { class: "tf-surface" });

  function changed(values: Partial<typeof now>): void {
    Object.assign(now, values);
    show();
    for (const [key, value] of Object.entries(now)) state.set(key, value === "" ? undefined : String(value));
  }

  function read(): void {
    const pick = (key: string, known: readonly string[], other: string) => {
      const asked = state.get(key) ?? "";
      return known.includes(asked) ? asked : other;
    };
    const whole = (key: string, most: number, other: number) => {
      const asked = Number(state.get(key) ?? Number.NaN);
      return Number.isInteger(asked) && asked >= 0 && asked <= most ? asked : other;
    };
    now.surface = pick("surface", Object.keys(found.surfaces), "ravine");
    now.optimizer = pick("optimizer", Object.keys(found.momenta), "sgd");
    now.momentum = whole("momentum", 3, 0);
    now.rate = whole("rate", found.rates.length - 1, 3);
    now.step = whole("step", found.steps, found.steps);
    now.kept = path(state.get("kept") ?? "") ? state.get("kept")! : "";
    show();
  }

  /** The path of "optimizer,momentum,rate" on the surface. */
  function path(key: string): readonly number[] | undefined {
    const [name, momentum, rate] = key.split(",");
    return found.surfaces[now.surface]?.paths[name ?? ""]?.[Number(momentum)]?.[Number(rate)];
  }

  function show(): void {
    now.momentum = Math.min(now.momentum, momenta(now.optimizer).length - 1);
    surface.input.value = now.surface;
    optimizer.input.value = now.optimizer;
    momentum.input.max = String(momenta(now.optimizer).length - 1);
    momentum.input.disabled = momenta(now.optimizer).length === 1;
    momentum.put(now.momentum);
    rate.put(now.rate);
    step.put(now.step);
    drop.disabled = !now.kept;

    const shown = found.surfaces[now.surface]!;
    const points = path([now.optimizer, now.momentum, now.rate].join(","))!;
    const last = Math.min(now.step, points.length / 3 - 1);
    const [x, y, height] = points.slice(3 * last, 3 * last + 3) as [number, number, number];
    const values = { step: last, x: figure(x), y: figure(y), height: figure(height) };
    const gone = last < now.step ? ` ${said.gone}` : "";
    answer.textContent = say(said.answer, values) + gone;
    Object.assign(answer.dataset, { x, y, height, step: last });
    picture.replaceChildren(
      heat(bytes(shown.levels), ...shown.grid, { alt: `${words.titles.ravine}: ${answer.textContent}`, scale: 40 }),
      overlay(shown, points.slice(0, 3 * last + 3), path(now.kept)),
    );
  }

  element.append(
    h("p", {}, said.about),
    h("div", { class: "tf-row" }, surface.element, optimizer.element),
    rate.element,
    momentum.element,
    step.element,
    h("div", { class: "tf-row" }, keep, drop),
    picture,
    answer,
    h("p", { class: "tf-muted" }, said.legend),
  );
  read();
  state.listen(read);
};

function overlay({ x, y, start, minimum }: Surface, points: readonly number[], kept?: readonly number[]): SVGElement {
  const right = (value: number) => ((value - x[0]) / (x[1] - x[0])) * WIDTH;
  const down = (value: number) => ((y[1] - value) / (y[1] - y[0])) * HEIGHT;
  const line = (path: readonly number[]) => {
    const corners: string[] = [];
    for (let k = 0; k < path.length; k += 3) corners.push(`${right(path[k]!).toFixed(1)},${down(path[k + 1]!).toFixed(1)}`);
    return corners.join(" ");
  };
  const dots: SVGElement[] = [];
  for (let k = 0; k < points.length; k += 3) {
    dots.push(svg("circle", { cx: right(points[k]!), cy: down(points[k + 1]!), r: 3, class: "tf-dot" }));
  }
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    ...(kept ? [svg("polyline", { points: line(kept), class: "tf-line tf-line-text tf-dashed" })] : []),
    svg("polyline", { points: line(points), class: "tf-line tf-line-other" }),
    ...dots,
    svg("text", { x: right(minimum[0]), y: down(minimum[1]) + 8, "text-anchor": "middle", class: "tf-star" }, "★"),
    svg("circle", { cx: right(start[0]), cy: down(start[1]), r: 7, class: "tf-start" }),
  );
}
