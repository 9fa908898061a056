// Drawings in SVG: lines and histograms, in the page's colours.

const SPACE = "http://www.w3.org/2000/svg";

type Range = readonly [from: number, to: number];

export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: (Node | string)[]
): SVGElement {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** A number as it is said: three digits, and a power of ten where it is far from 1. */
export function figure(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e4 || size < 1e-3) {
    const [digits, power] = value.toExponential(1).split("e") as [string, string];
    return `${digits.endsWith("1.0") ? digits.slice(0, -3) : `${digits}·`}10${[...power.replace("+", "")].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)] ?? "⁻").join("")}`;
  }
  return String(Number(value.toPrecision(3)));
}

export interface Series {
  readonly label: string;
  /** Of which colour: the class tf-line-NAME. */
  readonly color: "ink" | "other" | "muted";
  readonly dashed?: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  /** What it shows, for who can't see it. */
  readonly alt: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Whether equal factors take equal space upwards. Then what isn't above 0 isn't drawn. */
  readonly log?: boolean;
  /** Where a line stands upright: what is looked at. */
  readonly at?: number;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [380, 170, 52, 34, 10, 12];

/** Lines over x, with the names of the series below. */
export function chart({ alt, x, y, series, log, at }: ChartOptions): HTMLElement {
  const shown = series.map((one) => ({ ...one, points: one.points.filter(([, v]) => Number.isFinite(v) && (!log || v > 0)) }));
  const all = shown.flatMap((one) => one.points);
  const xs = range(all.map(([at]) => at));
  const heights = range(all.map(([, value]) => (log ? Math.log10(value) : value)));
  const ys: Range = log ? [Math.floor(heights[0]), Math.ceil(heights[1])] : heights;
  const place = (span: Range, from: number, to: number) => (value: number) =>
    from + ((value - span[0]) / (span[1] - span[0])) * (to - from);
  const [right, up] = [place(xs, LEFT, WIDTH - RIGHT), place(ys, HEIGHT - BOTTOM, TOP)];
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": alt, class: "tf-chart" });
  for (const value of ticks(ys, log ?? false)) {
    const name = log ? figure(10 ** value) : figure(value);
    picture.append(
      svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: up(value), y2: up(value), class: "tf-rule" }),
      svg("text", { x: LEFT - 5, y: up(value) + 4, "text-anchor": "end" }, name),
    );
  }
  for (const value of ticks(xs, true)) {
    picture.append(svg("text", { x: right(value), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }, String(value)));
  }
  picture.append(svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, x));
  if (at !== undefined) picture.append(svg("line", { x1: right(at), x2: right(at), y1: TOP, y2: HEIGHT - BOTTOM, class: "tf-at" }));
  for (const { points, color, dashed } of shown) {
    const path = points.map(([a, b], k) => `${k ? "L" : "M"}${right(a).toFixed(1)} ${up(log ? Math.log10(b) : b).toFixed(1)}`);
    const style = `tf-line tf-line-${color}${dashed ? " tf-dashed" : ""}`;
    if (points.length === 1) {
      const [[a, b]] = points as [readonly [number, number]];
      picture.append(svg("circle", { cx: right(a), cy: up(log ? Math.log10(b) : b), r: 3, class: style }));
    } else picture.append(svg("path", { d: path.join(""), class: style }));
  }
  const legend = document.createElement("p");
  legend.className = "tf-muted tf-legend";
  for (const { label, color, dashed } of shown) {
    const sample = svg("svg", { viewBox: "0 0 24 8", "aria-hidden": "true" });
    sample.append(svg("path", { d: "M0 4H24", class: `tf-line tf-line-${color}${dashed ? " tf-dashed" : ""}` }));
    const entry = document.createElement("span");
    entry.append(sample, label);
    legend.append(entry);
  }
  const title = document.createElement("p");
  title.className = "tf-muted";
  title.textContent = y;
  const whole = document.createElement("div");
  whole.append(title, picture, legend);
  return whole;
}

function range(values: readonly number[]): Range {
  if (!values.length) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** About four round numbers of a range. */
export function ticks([from, to]: Range, whole: boolean): number[] {
  const rough = (to - from) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].map((k) => k * power).find((k) => k >= rough)!, whole ? 1 : 0);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(6)));
}

/**
 * Bars of even width from `from` to `to`, drawn between -1 and 1 of what is shown, which reaches from -reach to reach.
 * What lies outside is cut off.
 */
export function histogram(counts: ArrayLike<number>, [from, to]: Range, reach: number, alt: string, color = "ink"): SVGElement {
  const [width, height] = [200, 34];
  const place = (value: number) => Math.min(width, Math.max(0, (width * (value / reach + 1)) / 2));
  const tallest = Math.max(...Array.from(counts), 1e-12);
  let path = "";
  for (let k = 0; k < counts.length; k++) {
    if (!counts[k]) continue;
    const [a, b] = [k, k + 1].map((edge) => place(from + ((to - from) * edge) / counts.length)) as [number, number];
    const up = (height * counts[k]!) / tallest;
    // What is too narrow to be seen is shown as a line.
    const wide = Math.max(b - a, 1.5);
    path += `M${((a + b - wide) / 2).toFixed(2)} ${height}v${(-up).toFixed(2)}h${wide.toFixed(2)}v${up.toFixed(2)}z`;
  }
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": alt, class: "tf-histogram" },
    svg("path", { d: `M0 ${height}H${width}`, class: "tf-rule" }),
    svg("path", { d: path, class: `tf-area-${color}` }),
  );
}

/** The bytes that Python wrote as base64. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
