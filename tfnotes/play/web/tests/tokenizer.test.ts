import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Typed, tokenizer } from "../src/tokenizer";

const { vocabulary, typed, length, texts } = JSON.parse(
  readFileSync(new URL("../play-cases/words.json", import.meta.url), "utf8"),
) as { vocabulary: string[]; typed: Typed; length: number; texts: { text: string; ids: number[] }[] };

for (const { text, ids } of texts) {
  test(`the ids of ${JSON.stringify(text.slice(0, 40))} are Python's`, () => {
    const found = tokenizer(vocabulary, typed, length).tokens(text);
    assert.deepEqual(found.map(({ id }) => id), ids);
  });
}
