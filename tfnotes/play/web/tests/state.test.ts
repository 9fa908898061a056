import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, written } from "../src/state";

test("an anchor and values come back, whatever characters they hold", () => {
  const values = new Map([
    ["review.text", "100 % good & bad = 好#?"],
    ["digit.drawing", "AbC-_"],
  ]);
  const fragment = written({ anchor: "a-section", values });
  assert.match(fragment, /^a-section&review\.text=100%20%25/);
  assert.deepEqual(parse(`#${fragment}`), { anchor: "a-section", values });
});

test("a fragment that nobody wrote so is no error", () => {
  assert.deepEqual(parse("#a=%E0%A4%A&&b"), { anchor: "b", values: new Map([["a", "%E0%A4%A"]]) });
  assert.deepEqual(parse(""), { anchor: "", values: new Map() });
});
