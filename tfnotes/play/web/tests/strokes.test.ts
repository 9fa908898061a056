import assert from "node:assert/strict";
import { test } from "node:test";
import { GRID, packed, unpacked } from "../src/strokes";

test("a drawing comes back from the URL's text, point for point", () => {
  const long = Array.from({ length: 300 }, (_, k): [number, number] => [(k % 256) / GRID, ((7 * k) % 256) / GRID]);
  const strokes = [long, [[0, 1] as [number, number]], [[0.2, 0.4] as [number, number], [1, 0] as [number, number]]];
  const text = packed(strokes);
  assert.match(text, /^[\w-]+$/);
  assert.deepEqual(unpacked(text), strokes);
});

test("what is no drawing is none", () => {
  assert.deepEqual(unpacked("%%%"), []);
  assert.deepEqual(unpacked(""), []);
  assert.deepEqual(unpacked("AAU"), []);
});
