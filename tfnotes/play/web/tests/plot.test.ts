import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, figure, ticks } from "../src/plot";

test("numbers are said with three digits, or by a power of ten", () => {
  const said = [0, 1.2345, -0.00123, 4567, 12345, 1.5e-20, -9.96e4].map(figure);
  assert.deepEqual(said, ["0", "1.23", "-0.00123", "4570", "1.2·10⁴", "1.5·10⁻²⁰", "-10⁵"]);
});

test("ticks are round and inside; whole ones where only those make sense", () => {
  assert.deepEqual(ticks([0, 1], false), [0, 0.5, 1]);
  assert.deepEqual(ticks([0.13, 0.31], false), [0.15, 0.2, 0.25, 0.3]);
  assert.deepEqual(ticks([-20, 1], true), [-20, -10, 0]);
  assert.deepEqual(ticks([1, 3], true), [1, 2, 3]);
});

test("bytes come back from base64", () => {
  assert.deepEqual([...bytes("AAH/")], [0, 1, 255]);
});
