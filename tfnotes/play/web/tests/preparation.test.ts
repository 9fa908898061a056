import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { digit } from "../src/preparation";

interface Case {
  readonly height: number;
  readonly width: number;
  readonly gray: string;
  readonly digit: string;
}

const cases: Case[] = JSON.parse(readFileSync(new URL("../play-cases/digits.json", import.meta.url), "utf8"));

for (const [k, { height, width, gray, digit: wanted }] of cases.entries()) {
  test(`picture ${k} of ${width} x ${height} becomes the same digit as in Python`, () => {
    const { pixels } = digit(Buffer.from(gray, "base64"), height, width);
    assert.deepEqual([...pixels], [...Buffer.from(wanted, "base64")]);
  });
}

test("a drawing's centre of mass comes to the middle, its longer side to 20", () => {
  const gray = new Uint8Array(112 * 112).fill(255);
  for (let row = 10; row < 50; row++) gray.fill(0, row * 112 + 60, row * 112 + 68);
  const { box, size, offset, centre, kind } = digit(gray, 112, 112);
  assert.deepEqual({ box, size, offset, kind }, {
    box: { top: 10, left: 60, height: 40, width: 8 },
    size: [20, 4],
    offset: [4, 12],
    kind: "centred",
  });
  assert.ok(centre!.every((value) => Math.abs(value - 14) <= 0.5));
});
