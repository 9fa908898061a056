// A drawing as text for the URL: for each stroke its number of points in two bytes, then x and y in one byte each.
import type { Stroke } from "./pad";

/** Points lie on a grid of so many steps, so that a drawing comes back from its text as it was. */
export const GRID = 255;

export function packed(strokes: readonly Stroke[]): string {
  const bytes = strokes.flatMap((stroke) => [
    stroke.length >> 8,
    stroke.length & 255,
    ...stroke.flatMap(([x, y]) => [Math.round(x * GRID), Math.round(y * GRID)]),
  ]);
  const text = btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The drawing of such a text; of another the part that makes sense. */
export function unpacked(text: string): Stroke[] {
  let bytes: string;
  try {
    bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return [];
  }
  const found: [number, number][][] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const count = (bytes.charCodeAt(at) << 8) + bytes.charCodeAt(at + 1);
    const points = bytes.slice(at + 2, at + 2 + 2 * count);
    const stroke = Array.from({ length: points.length >> 1 }, (_, k): [number, number] => [
      points.charCodeAt(2 * k) / GRID,
      points.charCodeAt(2 * k + 1) / GRID,
    ]);
    if (stroke.length) found.push(stroke);
    at += 2 + 2 * count;
  }
  return found;
}
