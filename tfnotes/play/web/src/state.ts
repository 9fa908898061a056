// The widgets' states in the URL's fragment, which browsers send to nobody: #section&digit.drawing=...&review.text=...
import type { State } from "./context";

interface Fragment {
  readonly anchor: string;
  readonly values: Map<string, string>;
}

export function parse(hash: string): Fragment {
  const values = new Map<string, string>();
  let anchor = "";
  for (const part of hash.replace(/^#/, "").split("&")) {
    const cut = part.indexOf("=");
    if (cut < 0) anchor ||= part;
    else values.set(part.slice(0, cut), decoded(part.slice(cut + 1)));
  }
  return { anchor, values };
}

export function written({ anchor, values }: Fragment): string {
  const pairs = [...values].map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return [anchor, ...pairs].filter(Boolean).join("&");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

let pending: Map<string, string | undefined> | undefined;

function flush(): void {
  const { anchor, values } = parse(location.hash);
  for (const [key, value] of pending ?? []) {
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
  pending = undefined;
  const fragment = written({ anchor, values });
  history.replaceState(history.state, "", fragment ? `#${fragment}` : location.pathname + location.search);
}

/** The part of one widget, or of the page, whose keys begin with `name`. */
export function stateOf(name: string): State {
  return {
    get: (key) => {
      const full = `${name}.${key}`;
      return pending?.has(full) ? pending.get(full) : parse(location.hash).values.get(full);
    },
    set: (key, value) => {
      // Browsers take so many changes of the URL a second, and no more.
      if (!pending) {
        pending = new Map();
        setTimeout(flush, 300);
      }
      pending.set(`${name}.${key}`, value);
    },
    listen: (changed) => addEventListener("hashchange", changed),
  };
}
