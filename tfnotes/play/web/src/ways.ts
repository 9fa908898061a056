// How a cell of a layer was made of the layer below: the sum worked out, by what Python read from the export.
import type { Values } from "./context";
import { floats } from "./numbers";

/** A layer as Python's `tfnotes.play.weights` describes it. */
export interface Layer {
  readonly name: string;
  readonly kind?: "convolution" | "pooling" | "dense";
  readonly of?: string;
  readonly activation?: "Relu" | "Sigmoid" | "Tanh" | null;
  readonly kernel?: string;
  readonly shape?: readonly number[];
  readonly bias?: string;
  readonly size?: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly before?: readonly [number, number];
  readonly mean?: boolean;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
  readonly map: number;
}

/** What one map, or one number, of the layer below gave. */
export interface Part {
  readonly from: number;
  readonly patch: Float32Array;
  readonly kernel: Float32Array;
  readonly product: Float32Array;
  readonly sum: number;
}

export interface Worked {
  readonly parts: readonly Part[];
  /** Of the patch in the layer below; it may reach over the edge. */
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
  readonly sum: number;
  readonly bias: number;
  readonly total: number;
  readonly value: number;
}

const activations = {
  Relu: (z: number) => Math.max(0, z),
  Sigmoid: (z: number) => 1 / (1 + Math.exp(-z)),
  Tanh: Math.tanh,
};

/** Height, width and maps of a layer's values; of plain numbers 1, 1 and their count. */
export function sizes({ shape }: Values): readonly [height: number, width: number, maps: number] {
  const [, ...inner] = shape;
  if (inner.length === 2) return [inner[0]!, inner[1]!, 1];
  if (inner.length === 3) return [inner[0]!, inner[1]!, inner[2]!];
  return [1, 1, inner.reduce((a, b) => a * b, 1)];
}

export function worked(layer: Layer, below: Values, cell: Cell): Worked {
  return layer.kind === "dense" ? dense(layer, below, cell.map) : patched(layer, below, cell);
}

const sumOf = (values: Float32Array) => values.reduce((a, b) => a + b, 0);

function patched(layer: Layer, below: Values, { row, column, map }: Cell): Worked {
  const [height, width, maps] = sizes(below);
  const [rows, columns] = layer.size!;
  const top = row * layer.strides![0] - layer.before![0];
  const left = column * layer.strides![1] - layer.before![1];
  const patchOf = (from: number) =>
    Float32Array.from({ length: rows * columns }, (_, k) => {
      const [i, j] = [top + Math.floor(k / columns), left + (k % columns)];
      return i < 0 || j < 0 || i >= height || j >= width ? 0 : below.data[(i * width + j) * maps + from]!;
    });
  const place = { top, left, rows, columns };
  if (layer.kind === "pooling") {
    const patch = patchOf(map);
    const value = layer.mean ? sumOf(patch) / patch.length : patch.reduce((a, b) => Math.max(a, b));
    const part = { from: map, patch, kernel: new Float32Array(), product: new Float32Array(), sum: value };
    return { ...place, parts: [part], sum: value, bias: 0, total: value, value };
  }
  const [kernel, filters] = [floats(layer.kernel!), layer.shape![3]!];
  const parts = Array.from({ length: maps }, (_, from) => {
    const weights = Float32Array.from({ length: rows * columns }, (_, k) => kernel[(k * maps + from) * filters + map]!);
    return part(from, patchOf(from), weights);
  });
  return summed(layer, parts, map, place);
}

function dense(layer: Layer, below: Values, map: number): Worked {
  const [kernel, units] = [floats(layer.kernel!), layer.shape![1]!];
  const [height, width, maps] = sizes(below);
  // A picture stays one; else each number is a part of its own.
  if (maps === 1 && height > 1) {
    const weights = Float32Array.from(below.data, (_, k) => kernel[k * units + map]!);
    const parts = [part(0, Float32Array.from(below.data), weights)];
    return summed(layer, parts, map, { top: 0, left: 0, rows: height, columns: width });
  }
  const parts = Array.from(below.data, (value, k) => {
    return part(k, Float32Array.of(value), Float32Array.of(kernel[k * units + map]!));
  });
  return summed(layer, parts, map, { top: 0, left: 0, rows: 1, columns: 1 });
}

function part(from: number, patch: Float32Array, kernel: Float32Array): Part {
  const product = patch.map((value, k) => value * kernel[k]!);
  return { from, patch, kernel, product, sum: sumOf(product) };
}

function summed(
  layer: Layer,
  parts: readonly Part[],
  map: number,
  place: Pick<Worked, "top" | "left" | "rows" | "columns">,
): Worked {
  const sum = parts.reduce((total, { sum }) => total + sum, 0);
  const bias = floats(layer.bias!)[map]!;
  const total = sum + bias;
  return { ...place, parts, sum, bias, total, value: layer.activation ? activations[layer.activation](total) : total };
}
