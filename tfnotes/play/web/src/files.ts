// The page's files, found beside its script.
declare const playScript: string;

const base = new URL(".", playScript);

export const address = (path: string): string => new URL(path, base).href;

export async function fetched(path: string): Promise<Response> {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response;
}

const read = new Map<string, Promise<unknown>>();

/** A JSON file, read once. */
export function json<T>(path: string): Promise<T> {
  let found = read.get(path);
  if (!found) {
    found = fetched(path).then((response) => response.json());
    read.set(path, found);
  }
  return found as Promise<T>;
}
