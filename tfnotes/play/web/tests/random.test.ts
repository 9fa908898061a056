import assert from "node:assert/strict";
import { test } from "node:test";
import { normal, uniform } from "../src/random";

const draws = (next: () => number, count: number) => Array.from({ length: count }, next);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("a seed gives its numbers again, and another seed others", () => {
  assert.deepEqual(draws(uniform(7), 5), draws(uniform(7), 5));
  assert.notDeepEqual(draws(uniform(7), 5), draws(uniform(8), 5));
});

test("uniform numbers fill the tenths from 0 to 1 evenly, those of neighbouring seeds' first draws, too", () => {
  for (const values of [draws(uniform(1), 1e5), Array.from({ length: 1e5 }, (_, seed) => uniform(seed)())]) {
    const tenths = new Array<number>(10).fill(0);
    for (const value of values) tenths[Math.floor(10 * value)]! += 1;
    // Five standard errors of 10,000.
    for (const count of tenths) assert.ok(Math.abs(count - 1e4) < 5 * Math.sqrt(9000), String(tenths));
  }
});

test("normal numbers have mean 0, variance 1 and no skew", () => {
  const values = draws(normal(3), 1e5);
  assert.ok(Math.abs(mean(values)) < 5 / Math.sqrt(1e5));
  assert.ok(Math.abs(mean(values.map((v) => v * v)) - 1) < 5 * Math.sqrt(2 / 1e5));
  assert.ok(Math.abs(mean(values.map((v) => v ** 3))) < 5 * Math.sqrt(15 / 1e5));
});
