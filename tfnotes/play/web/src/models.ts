// The models of the page: exports of tfnotes, run by ONNX Runtime's WebAssembly.
import * as ort from "onnxruntime-web/wasm";
import type { Metadata, Model, Numbers, Values } from "./context";
import { address, json } from "./files";

interface Index {
  readonly schema: number;
  readonly models: readonly {
    readonly name: string;
    readonly folder: string;
    readonly title: string;
    readonly widgets: Readonly<Record<string, string | null>>;
  }[];
}

// More threads need headers that a plain server of files doesn't send.
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm: address("ort-wasm-simd-threaded.wasm") };
ort.env.logLevel = "error";

const sessions = new Map<string, Promise<ort.InferenceSession>>();
// The runtime can't be asked while it answers.
let queue: Promise<unknown> = Promise.resolve();

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const result = queue.then(act);
  queue = result.catch(() => undefined);
  return result;
}

function session(url: string): Promise<ort.InferenceSession> {
  let found = sessions.get(url);
  if (!found) {
    found = ort.InferenceSession.create(url, { executionProviders: ["wasm"] });
    sessions.set(url, found);
  }
  return found;
}

function tensor(values: Values): ort.Tensor {
  const { data, shape } = values;
  const kind = data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "uint8";
  return new ort.Tensor(kind, data, shape);
}

/** The models that a widget is for, in the order of the index. */
export async function modelsFor(widget: string, wanted?: string): Promise<Model[]> {
  const index = await json<Index>("models/index.json");
  const listed = index.models.filter((entry) => widget in entry.widgets && (!wanted || entry.name === wanted));
  return Promise.all(
    listed.map(async ({ name, folder, title, widgets }) => {
      const path = (file: string) => `models/${encodeURIComponent(folder)}/${file}`;
      const about = await json<Metadata>(path("metadata.json"));
      const own = widgets[widget];
      return {
        name,
        title,
        about,
        has: (endpoint) => endpoint in (about.formats["onnx"] ?? {}),
        ask: (endpoint, inputs) => ask(address(path(`onnx/${endpoint}.onnx`)), inputs),
        json: (file) => json(path(file)),
        data: <T>() => (own ? json<T>(path(own)) : Promise.resolve({} as T)),
        url: (file) => address(path(file)),
      } satisfies Model;
    }),
  );
}

async function ask(url: string, inputs: Readonly<Record<string, Values>>): Promise<Record<string, Values>> {
  const outputs = await inTurn(async () => {
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, tensor(values)]));
    return (await session(url)).run(feeds);
  });
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data, dims }]) => [name, { data: data as Numbers, shape: dims }]),
  );
}

/** The widgets that a model or prepared data of this page are for, and the models' names. */
export async function offered(): Promise<Set<string>> {
  const index = await json<Index & { readonly prepared?: readonly string[] }>("models/index.json");
  return new Set([...index.models.flatMap((entry) => Object.keys(entry.widgets)), ...(index.prepared ?? [])]);
}
