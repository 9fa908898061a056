// Small parts that widgets are made of.

type Attribute = string | number | boolean | undefined | ((event: never) => void);
type Child = Node | string | undefined;

/** An element; attributes that begin with `on` are listeners, false and undefined ones are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as (event: Event) => void);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** A sentence with its {places} filled. */
export function say(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export function button(label: string, act: () => void): HTMLButtonElement {
  return h("button", { type: "button", onclick: act }, label);
}

export interface Slider {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** Moves it without a call of `changed`. */
  put(value: number): void;
}

interface SliderOptions {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** How the value is said, such as "3 of 12". */
  readonly show?: (value: number) => string;
}

export function slider(options: SliderOptions, changed: (value: number) => void): Slider {
  const { label, min, max, step, value, show = String } = options;
  const input = h("input", { type: "range", min, max, step, value });
  const output = h("output", {});
  const tell = () => {
    output.textContent = show(input.valueAsNumber);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    tell();
    changed(input.valueAsNumber);
  });
  tell();
  return {
    element: h("label", { class: "tf-slider" }, h("span", {}, label), input, output),
    input,
    put: (next) => {
      input.value = String(next);
      tell();
    },
  };
}

export interface Choice {
  readonly element: HTMLElement;
  readonly input: HTMLSelectElement;
}

export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  value: string,
  changed: (value: string) => void,
): Choice {
  const input = h("select", {}, ...options.map(([key, text]) => h("option", { value: key }, text)));
  input.value = value;
  input.addEventListener("change", () => changed(input.value));
  return { element: h("label", { class: "tf-choice" }, h("span", {}, label), input), input };
}

/** A line whose changes are read aloud. */
export function live(): HTMLParagraphElement {
  return h("p", { class: "tf-live", "aria-live": "polite" });
}

export interface Bar {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly text: string;
  readonly strong?: boolean;
}

/** Bars with labels, as a list that is read row by row. */
export function bars(rows: readonly Bar[]): HTMLElement {
  const item = ({ label, share, text, strong }: Bar) => {
    const fill = h("span", { class: strong ? "tf-fill tf-strong" : "tf-fill" });
    fill.style.inlineSize = `${100 * Math.min(1, Math.max(0, share))}%`;
    const [name, figure] = [h("span", { class: "tf-name" }, label), h("span", { class: "tf-figure" }, text)];
    return h("li", {}, name, h("span", { class: "tf-track", "aria-hidden": "true" }, fill), figure);
  };
  return h("ul", { class: "tf-bars" }, ...rows.map(item));
}

interface HeatOptions {
  /** What the picture shows, for who can't see it. */
  readonly alt: string;
  /** The value drawn strongest; the largest magnitude unless told. */
  readonly scale?: number;
  /** Whether values below 0 have a colour of their own. */
  readonly signed?: boolean;
  /** Screen pixels a value. */
  readonly pixel?: number;
}

/** A picture of numbers: 0 is the background, the colours are the page's. */
export function heat(values: ArrayLike<number>, rows: number, columns: number, options: HeatOptions): HTMLCanvasElement {
  const canvas = h("canvas", { class: "tf-heat", role: "img", "aria-label": options.alt, width: columns, height: rows });
  if (options.pixel) {
    canvas.style.inlineSize = `${options.pixel * columns}px`;
  }
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  paint(canvas, values, options);
  return canvas;
}

const painted = new Set<WeakRef<HTMLCanvasElement>>();
const repaint = new WeakMap<HTMLCanvasElement, () => void>();

/** Draws numbers on a canvas that has a pixel for each. */
export function paint(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  options: Pick<HeatOptions, "scale" | "signed"> = {},
): void {
  const known = repaint.has(canvas);
  const draw = () => {
    const brush = canvas.getContext("2d");
    if (!brush) return;
    const picture = brush.createImageData(canvas.width, canvas.height);
    const style = getComputedStyle(document.documentElement);
    const ink = rgb(brush, style.getPropertyValue("--tf-ink") || "#1b6ac9");
    const other = rgb(brush, style.getPropertyValue("--tf-other") || "#c2410c");
    const scale = options.scale ?? Math.max(1e-12, ...Array.from(values, Math.abs));
    for (let k = 0; k < canvas.width * canvas.height; k++) {
      const value = (values[k] ?? 0) / scale;
      const color = value < 0 && options.signed ? other : ink;
      picture.data.set(color, 4 * k);
      picture.data[4 * k + 3] = Math.round(255 * Math.min(1, options.signed ? Math.abs(value) : Math.max(0, value)));
    }
    brush.putImageData(picture, 0, 0);
  };
  repaint.set(canvas, draw);
  if (!known) painted.add(new WeakRef(canvas));
  draw();
}

function rgb(brush: CanvasRenderingContext2D, color: string): number[] {
  brush.fillStyle = color.trim();
  const hex = String(brush.fillStyle);
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** Calls when light becomes dark, or dark light. */
export function onTheme(changed: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  new MutationObserver(changed).observe(document.body, { attributeFilter: ["data-theme"] });
}

function repaintAll(): void {
  for (const reference of painted) {
    const canvas = reference.deref();
    if (canvas) repaint.get(canvas)?.();
    else painted.delete(reference);
  }
}
if (typeof document !== "undefined" && typeof matchMedia !== "undefined") {
  const begin = () => onTheme(repaintAll);
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
}

/** The same function of which only the newest call is answered; the others give undefined, and skip their work. */
export function latest<A extends unknown[], R>(act: (...given: A) => Promise<R>): (...given: A) => Promise<R | undefined> {
  let newest = 0;
  let running: Promise<unknown> = Promise.resolve();
  return async (...given) => {
    const own = ++newest;
    await running;
    if (own !== newest) return undefined;
    const result = act(...given);
    running = result.catch(() => undefined);
    const value = await result;
    return own === newest ? value : undefined;
  };
}

export function debounce<A extends unknown[]>(act: (...given: A) => void, milliseconds: number): (...given: A) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), milliseconds);
  };
}

export const percent = (share: number): string => `${(100 * share).toFixed(share > 0.999 || share < 0.001 ? 2 : 1)} %`;
