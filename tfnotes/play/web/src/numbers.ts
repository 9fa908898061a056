// Tables of numbers, and what is written of one.
import { bytes } from "./plot";
import { h } from "./ui";

/** Three digits behind the point, with a true minus, and none before zero. */
export const figure = (value: number, digits = 3): string =>
  value.toFixed(digits).replace(/^-(?=0\.?0*$)/, "").replace("-", "−");

/** The same with its sign. */
export const signed = (value: number, digits = 2): string => (value < 0 ? "" : "+") + figure(value, digits);

/** A table of numbers on the colours of a heat map. */
export function grid(values: ArrayLike<number>, rows: number, columns: number, label: string): HTMLElement {
  const scale = Math.max(1e-9, ...Array.from(values, Math.abs));
  const line = (row: number) =>
    Array.from({ length: columns }, (_, column) => {
      const value = values[row * columns + column]!;
      const cell = h("td", {}, figure(value, 2));
      const share = Math.round((60 * Math.abs(value)) / scale);
      cell.style.backgroundColor = `color-mix(in srgb, var(${value < 0 ? "--tf-other" : "--tf-ink"}) ${share}%, transparent)`;
      return cell;
    });
  const body = Array.from({ length: rows }, (_, row) => h("tr", {}, ...line(row)));
  return h("table", { class: "tf-grid" }, h("caption", {}, label), h("tbody", {}, ...body));
}

/** Little-endian float32 numbers of base64 text. */
export function floats(text: string): Float32Array {
  return new Float32Array(bytes(text).buffer);
}
