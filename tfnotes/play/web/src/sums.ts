// The sum behind a cell, shown: the patch in the layer below, the kernel, their products, and what they come to.
import type { Values } from "./context";
import type { Words } from "./dictionary";
import { figure, grid } from "./numbers";
import { h, heat, say } from "./ui";
import { type Layer, type Part, sizes, type Worked } from "./ways";

type Said = Words["digit"];

const SHOWN = 6;
const NAMED = { Relu: "ReLU", Sigmoid: "σ", Tanh: "tanh" };

/** The layer below, with a frame around the patch. */
export function belowPicture(said: Said, layer: Layer, below: Values, found: Worked): Node[] {
  const [height, width, maps] = sizes(below);
  if (height * width === 1) return [];
  const strongest = [...found.parts].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum))[0]!.from;
  const name = say(said.below, { name: layer.of === "input" ? said.input : `${layer.of} ${strongest + 1}` });
  const picture = heat(planeOf(below.data, height * width, maps, strongest), height, width, {
    alt: name,
    signed: true,
    pixel: 168 / width,
  });
  const frame = marked(picture, found.top / height, found.left / width, found.rows / height, found.columns / width);
  return [h("figure", {}, frame, h("figcaption", { class: "tf-muted" }, name))];
}

/** The patches, kernels and products that count most. */
export function tables(said: Said, layer: Layer, { parts, rows, columns }: Worked): Node[] {
  if (layer.kind === "pooling") return [h("div", { class: "tf-row tf-scroll" }, grid(parts[0]!.patch, rows, columns, said.patch))];
  const large = rows * columns > 49;
  const ranked = [...parts].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, SHOWN);
  const one = ({ patch, kernel, product }: Part) =>
    h("div", { class: "tf-row tf-scroll tf-times" }, ...[
      [patch, said.patch] as const,
      [kernel, said.kernel] as const,
      [product, said.product] as const,
    ].map(([values, label]) =>
      large ? h("figure", {}, heat(values, rows, columns, { alt: label, signed: true, pixel: 5 }), h("figcaption", {}, label)) : grid(values, rows, columns, label),
    ));
  if (parts.length === 1) return [one(parts[0]!)];
  if (layer.kind === "dense") {
    const row = (part: Part) =>
      h("tr", {}, ...[String(part.from + 1), figure(part.patch[0]!), figure(part.kernel[0]!), figure(part.sum)].map((text) => h("td", {}, text)));
    const head = h("tr", {}, ...["#", said.patch, said.weights, said.product].map((text) => h("th", { scope: "col" }, text)));
    const caption = h("caption", {}, say(said.strongestUnits, { count: parts.length, shown: ranked.length }));
    return [h("table", { class: "tf-list" }, caption, h("thead", {}, head), h("tbody", {}, ...ranked.map(row)))];
  }
  const heading = h("p", { class: "tf-muted" }, say(said.strongest, { count: parts.length, shown: ranked.length }));
  const named = (part: Part) => h("div", {}, h("span", { class: "tf-muted" }, `${layer.of} ${part.from + 1}: ${figure(part.sum)}`), one(part));
  return [heading, ...ranked.map(named)];
}

/** The sum, beside the model's own answer. */
export function sentences(said: Said, layer: Layer, found: Worked, own: number): string[] {
  const value = figure(found.value);
  const ends = ` ${say(said.models, { value: figure(own) })}`;
  if (layer.kind === "pooling") return [say(layer.mean ? said.mean : said.largest, { value }), ".", ends];
  const sum = say(said.sum, { sum: figure(found.sum), bias: figure(found.bias), total: figure(found.total) });
  const then = layer.activation ? `; ${say(said.activated, { activation: NAMED[layer.activation], value })}` : "";
  return [sum, then, ".", ends];
}

/** One map of a layer's values. */
export function planeOf(data: ArrayLike<number>, size: number, maps: number, map: number): Float32Array {
  return Float32Array.from({ length: size }, (_, k) => data[k * maps + map]!);
}

/** A picture with a frame around a part of it, in shares of its sides. */
export function marked(picture: HTMLElement, top: number, left: number, height: number, width: number): HTMLElement {
  const frame = h("span", { class: "tf-mark", "aria-hidden": "true" });
  Object.assign(frame.style, {
    top: `${100 * top}%`,
    left: `${100 * left}%`,
    height: `${100 * height}%`,
    width: `${100 * width}%`,
  });
  return h("div", { class: "tf-over" }, picture, frame);
}
