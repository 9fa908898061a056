// What every layer of a model of pictures gave, as maps; and a cell's sum worked out where one is chosen.
import type { Values } from "./context";
import type { Words } from "./dictionary";
import { belowPicture, marked, planeOf, sentences, tables } from "./sums";
import { button, h, heat, paint, say } from "./ui";
import { type Cell, type Layer, sizes, worked } from "./ways";

export interface Chosen extends Cell {
  readonly layer: string;
}

export interface Layers {
  readonly element: HTMLElement;
  /** Shows what the layers gave of some pixels, 0 to 1. */
  show(outputs: Record<string, Values>, input: Values): void;
  choose(chosen: Chosen | undefined): void;
}

/** An empty view; `chosen` is called when a reader chooses another cell, or none. */
export function layersView(layers: readonly Layer[], words: Words, changed: (chosen: Chosen | undefined) => void): Layers {
  const said = words.digit;
  const element = h("div", {});
  const panel = h("div", { class: "tf-panel" });
  let outputs: Record<string, Values> = {};
  let input: Values | undefined;
  let chosen: Chosen | undefined;
  let canvases = new Map<string, HTMLCanvasElement[]>();

  function pick(next: Chosen | undefined, focus = false): void {
    chosen = next;
    inspect(focus);
    changed(next);
  }

  function build(): void {
    canvases = new Map();
    element.replaceChildren(h("p", { class: "tf-muted" }, said.layersHint));
    for (const layer of layers) {
      const values = outputs[layer.name];
      if (!values) continue;
      const found: HTMLCanvasElement[] = [];
      canvases.set(layer.name, found);
      const [title, maps] = section(layer, values, found);
      const box = h("div", { class: "tf-maps" }, ...maps);
      element.append(h("section", { "data-layer": layer.name }, h("h4", {}, title), box));
    }
  }

  function section(layer: Layer, values: Values, found: HTMLCanvasElement[]): [string, HTMLElement[]] {
    const { name } = layer;
    if (values.shape.length === 3) {
      const [time, count] = [values.shape[1]!, values.shape[2]!];
      found.push(heat([], count, time, { alt: say(said.steps, { name, count, time }), pixel: Math.min(8, 280 / time) }));
      return [say(said.steps, { name, count, time }), found];
    }
    const [height, width, maps] = sizes(values);
    if (height * width === 1 && layer.kind !== "dense") {
      const columns = Math.min(32, maps);
      found.push(heat([], Math.ceil(maps / columns), columns, { alt: say(said.units, { name, count: maps }), pixel: 9 }));
      return [say(said.units, { name, count: maps }), found];
    }
    const items = Array.from({ length: maps }, (_, map) => {
      const alt = say(height * width === 1 ? said.unit : said.map, { name, map: map + 1 });
      const canvas = heat([], height, width, { alt, pixel: height * width === 1 ? 22 : Math.max(2, 56 / width) });
      found.push(canvas);
      if (!layer.kind) return canvas;
      const act = (event: MouseEvent) => {
        const at = event.detail ? under(event, canvas, height, width) : strongest(values, map);
        pick({ layer: name, map, ...at }, true);
      };
      return h("button", { type: "button", class: "tf-map", "aria-label": alt, onclick: act }, canvas);
    });
    const title = height * width === 1 ? said.units : said.maps;
    return [say(title, { name, count: maps, width, height }), items];
  }

  function strongest(stale: Values, map: number): { row: number; column: number } {
    const values = outputs[chosen?.layer ?? ""] ?? stale;
    const [height, width, maps] = sizes(values);
    let best = 0;
    for (let k = 0; k < height * width; k++) {
      if (values.data[k * maps + map]! > values.data[best * maps + map]!) best = k;
    }
    return { row: Math.floor(best / width), column: best % width };
  }

  function repaint(): void {
    for (const [name, found] of canvases) {
      const values = outputs[name]!;
      const data = Array.from(values.data);
      const options = { scale: Math.max(1e-9, ...data.map(Math.abs)), signed: true };
      if (values.shape.length === 3) {
        const [time, count] = [values.shape[1]!, values.shape[2]!];
        const turned = Array.from({ length: time * count }, (_, k) => data[(k % time) * count + Math.floor(k / time)]!);
        paint(found[0]!, turned, options);
        continue;
      }
      const [height, width, maps] = sizes(values);
      if (found.length === 1 && height * width === 1) paint(found[0]!, data, options);
      else found.forEach((canvas, map) => paint(canvas, planeOf(data, height * width, maps, map), options));
    }
  }

  function inspect(focus: boolean): void {
    const layer = layers.find(({ name }) => name === chosen?.layer);
    const below = layer?.of === "input" ? input : outputs[layer?.of ?? ""];
    const values = layer && outputs[layer.name];
    if (!chosen || !layer?.kind || !below || !values) {
      panel.remove();
      return;
    }
    const [height, width] = sizes(values);
    const here = { row: Math.min(chosen.row, height - 1), column: Math.min(chosen.column, width - 1), map: chosen.map };
    const own = ownValue(values, here);
    if (own === undefined) return;
    panel.replaceChildren(...worked_out(layer, values, below, here, own));
    element.querySelector(`[data-layer="${CSS.escape(layer.name)}"]`)?.append(panel);
    if (focus) panel.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  }

  function worked_out(layer: Layer, values: Values, below: Values, cell: Cell, own: number): Node[] {
    const { name } = layer;
    const [height, width, maps] = sizes(values);
    const single = height * width === 1;
    const place = { name, map: cell.map + 1, row: cell.row + 1, column: cell.column + 1 };
    const title = say(single ? said.unit : said.cell, place);
    const found = worked(layer, below, cell);
    const plane = planeOf(values.data, height * width, maps, cell.map);
    const big = heat(plane, height, width, { alt: title, signed: true, pixel: single ? 40 : Math.max(4, 168 / width) });
    const mark = marked(big, cell.row / height, cell.column / width, 1 / height, 1 / width);
    mark.tabIndex = 0;
    mark.setAttribute("role", "application");
    mark.setAttribute("aria-label", `${title}. ${said.cellKeys}`);
    mark.addEventListener("keydown", (event) => {
      const [down, right] = MOVES[event.key] ?? [];
      if (down === undefined || right === undefined) return;
      event.preventDefault();
      const bound = (value: number, end: number) => Math.min(end - 1, Math.max(0, value));
      const map = single ? bound(cell.map + down + right, maps) : cell.map;
      pick({ layer: name, map, row: bound(cell.row + down, height), column: bound(cell.column + right, width) }, true);
    });
    mark.addEventListener("click", (event) => pick({ layer: name, map: cell.map, ...under(event, big, height, width) }, true));
    const lines = h("p", { class: "tf-sum", "aria-live": "polite" }, ...sentences(said, layer, found, own));
    lines.dataset["value"] = String(found.value);
    lines.dataset["model"] = String(own);
    return [
      h("div", { class: "tf-row" }, h("strong", {}, title), button(said.close, () => pick(undefined))),
      h("div", { class: "tf-row" }, mark, ...belowPicture(said, layer, below, found)),
      ...tables(said, layer, found),
      lines,
    ];
  }

  return {
    element,
    show(next, pixels) {
      const first = !canvases.size;
      outputs = next;
      input = pixels;
      if (first) build();
      repaint();
      inspect(false);
    },
    choose(next) {
      chosen = next;
      inspect(false);
    },
  };
}

const MOVES: Record<string, readonly [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

function ownValue(values: Values, { row, column, map }: Cell): number | undefined {
  const [, width, maps] = sizes(values);
  return values.data[(row * width + column) * maps + map];
}

function under(event: MouseEvent, canvas: HTMLElement, height: number, width: number): { row: number; column: number } {
  const box = canvas.getBoundingClientRect();
  const cell = (at: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(at * count)));
  return {
    row: cell((event.clientY - box.top) / box.height, height),
    column: cell((event.clientX - box.left) / box.width, width),
  };
}
