// From a text to ids of words, by the rules in an export's metadata and the data beside them: the same as
// tfnotes/serving/preparations/words.py, to which the export's own cases hold it.

/** A word as the model reads it. */
export interface Token {
  readonly word: string;
  readonly id: number;
}

export interface Tokenizer {
  tokens(text: string): Token[];
}

/** What an export's tokenizer.json holds. */
export interface Typed {
  readonly replacements: readonly (readonly [expression: string, replacement: string])[];
  readonly alike: Readonly<Record<string, string>>;
}

/** A tokenizer of a vocabulary, a list whose first two places are padding and all other words. */
export function tokenizer(vocabulary: readonly string[], typed: Typed, length: number): Tokenizer {
  const known = new Map(vocabulary.map((word, id) => [word, id] as const).slice(2));
  const replacements = typed.replacements.map(
    ([expression, replacement]) => [new RegExp(expression, "gu"), replacement.replace(/\\(\d)/g, "$$$1")] as const,
  );
  const alike = new Map(Object.entries(typed.alike));
  return {
    tokens(text) {
      const plain = replacements.reduce((rest, [expression, replacement]) => rest.replace(expression, replacement), text);
      const marked = Array.from(plain.toLowerCase(), (character) => spaced(alike.get(character) ?? folded(character)));
      const words = marked.join("").split(" ").map((word) => word.replace(/^'+|'+$/g, "")).filter(Boolean);
      const found = words.map((word) => ({ word, id: known.get(word) ?? 1 }));
      if (!found.length) return [{ word: "", id: 0 }];
      const first = Math.floor(length / 4);
      return found.length <= length ? found : [...found.slice(0, first), ...found.slice(first - length)];
    },
  };
}

/** The character without accents and in its plain form, a space for any kind of space, nothing for what has no width. */
function folded(character: string): string {
  if (character.length > 1) return character;
  if (/[\p{Cc}\p{Z}]/u.test(character)) return " ";
  const parts = Array.from(character.normalize("NFKD")).filter((part) => !/[\p{Mn}\p{Cf}]/u.test(part));
  return parts.length < 2 ? parts.join("") : character;
}

function spaced(character: string): string {
  return character === "" || /[\p{L}\p{N}\p{M}' ]/u.test(character) ? character : ` ${character} `;
}
