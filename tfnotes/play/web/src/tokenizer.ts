// From a text to ids of words, by the rules in an export's metadata: the same as tfnotes/serving/preparations/words.py,
// to which the export's own cases hold it.

const BREAK = /<br[ \t\n\f\r]*\/?>/g;
const APART = /[^\p{L}\p{N}' \t\n\f\r]/gu;
const SPACES = /[ \t\n\v\f\r]+/;

/** A word as the model reads it, and where it stands in the text. */
export interface Token {
  readonly word: string;
  readonly id: number;
}

export interface Tokenizer {
  tokens(text: string): Token[];
}

/** A tokenizer of a vocabulary, a list whose first two places are padding and all other words. */
export function tokenizer(vocabulary: readonly string[], length: number): Tokenizer {
  const known = new Map(vocabulary.map((word, id) => [word, id] as const).slice(2));
  return {
    tokens(text) {
      const words = text.replace(BREAK, " ").toLowerCase().replace(APART, " $& ").split(SPACES).filter(Boolean);
      const found = words.map((word) => ({ word, id: known.get(word) ?? 1 }));
      if (!found.length) return [{ word: "", id: 0 }];
      const first = Math.floor(length / 4);
      return found.length <= length ? found : [...found.slice(0, first), ...found.slice(first - length)];
    },
  };
}
