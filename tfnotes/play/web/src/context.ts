// What a widget is given, and what it is.
import type { Language, Words } from "./dictionary";

export type Numbers = Float32Array | Int32Array | Uint8Array;

/** A tensor. */
export interface Values {
  readonly data: Numbers;
  readonly shape: readonly number[];
}

/** One tensor as `metadata.json` describes it; an axis of open length has a name. */
export interface Described {
  readonly shape: readonly (number | string)[];
  readonly dtype: string;
  readonly note?: string;
}

export interface Via {
  readonly endpoint: string;
  readonly preparation: string;
  readonly files: readonly string[];
  readonly known?: { readonly name: string } & Readonly<Record<string, unknown>>;
}

export interface Endpoint {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
  readonly via?: Via;
}

/** What an export's `metadata.json` says, as far as the page reads it. */
export interface Metadata {
  readonly task: string;
  readonly model: string;
  readonly data: string;
  readonly labels: readonly string[];
  readonly test: Readonly<Record<string, number>> | null;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  readonly formats: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Model {
  readonly name: string;
  readonly title: string;
  readonly about: Metadata;
  /** Whether there is an ONNX file of an endpoint. */
  has(endpoint: string): boolean;
  /** The answer of an endpoint; one question is asked at a time. */
  ask(endpoint: string, inputs: Readonly<Record<string, Values>>): Promise<Record<string, Values>>;
  /** A JSON file of the model's folder. */
  json<T>(file: string): Promise<T>;
  /** What Python wrote of the model for this widget. */
  data<T>(): Promise<T>;
  url(file: string): string;
}

/** A widget's part of the page's URL. */
export interface State {
  get(key: string): string | undefined;
  set(key: string, value: string | undefined): void;
  /** Calls when the URL was changed from outside: Back, or a link pasted. */
  listen(changed: () => void): void;
}

export interface Context {
  readonly language: Language;
  readonly words: Words;
  readonly models: readonly Model[];
  readonly state: State;
  /** What Python computed for a widget without a model: `data/NAME.json`. */
  data<T>(name: string): Promise<T>;
}

export type Mount = (element: HTMLElement, context: Context) => void | Promise<void>;
