// Type a review: what the model says of it as it is typed, what each word does, and the gates over time.
import type { Context, Model, Mount, Values } from "../context";
import { gatesView, recurrent } from "../gates";
import { floats, figure, signed } from "../numbers";
import { logOdds } from "../occlusion";
import { type Token, type Tokenizer, type Typed, tokenizer } from "../tokenizer";
import { bars, button, choice, debounce, h, latest, live, percent, say } from "../ui";

interface Data {
  readonly push: { readonly vectors: string; readonly kernel: string } | null;
}

/** So many words are left out in turn, so many at once. */
const [MOST, AT_ONCE] = [120, 12];

const EXAMPLES = [
  "A dull, lifeless film.",
  "Not a dull moment: wonderful, funny and moving.",
  "The plot is thin, but the actors are a joy to watch.",
];

export const mount: Mount = async (element, context) => {
  const { models, words, state } = context;
  const said = words.review;
  const first = models.find(({ name }) => name === state.get("model")) ?? models[0];
  if (!first) throw new Error(words.common.none);
  const slot = h("div", {});
  const area = h("textarea", { rows: 4, spellcheck: "false", maxlength: 20_000 });
  area.value = state.get("text") ?? "";
  let show = await view(first, context, slot);
  const typed = debounce(() => void show(area.value), 150);
  const put = (text: string) => {
    area.value = text;
    state.set("text", text || undefined);
    typed();
  };
  area.addEventListener("input", () => put(area.value));
  state.listen(() => put(state.get("text") ?? ""));
  const several = choice(words.common.model, models.map(({ name, title }) => [name, title] as const), first.name, async (name) => {
    state.set("model", name);
    show = await view(models.find((model) => model.name === name)!, context, slot);
    await show(area.value);
  });
  element.append(
    ...(models.length > 1 ? [several.element] : []),
    h("label", {}, h("span", {}, said.text), area),
    h("div", { class: "tf-row" }, h("span", { class: "tf-muted" }, said.examples), ...EXAMPLES.map((text) => button(text, () => put(text)))),
    slot,
  );
  await show(area.value);
};

interface Push {
  readonly values: readonly number[];
  readonly sentence: string;
}

/** Fills `slot` with what a model says of a text; gives the function that shows another one. */
async function view(model: Model, { words, state }: Context, slot: HTMLElement): Promise<(text: string) => Promise<unknown>> {
  const said = words.review;
  const { push } = await model.data<Data>();
  const read = await tokenizerOf(model);
  const labels = model.about.labels.map((label) => (label in said ? said[label as keyof typeof said] : label));
  const toward = labels.length - 1;
  const verdict = live();
  const probabilities = h("div", {});
  const pushes = h("div", {});
  const gates = gatesView(words, Number(state.get("word") ?? 1) - 1, (word) => state.set("word", String(word + 1)));
  const hasGates = recurrent(model.about.endpoints["layers"]?.outputs ?? {}).size > 0;
  slot.replaceChildren(verdict, probabilities, pushes, gates.element);

  const ask = async (endpoint: string, rows: readonly (readonly number[])[]) => {
    const data = Int32Array.from(rows.flat());
    return model.ask(endpoint, { ids: { data, shape: [rows.length, rows[0]!.length] } });
  };
  const sharesOf = async (rows: readonly (readonly number[])[]) => (await ask("ids", rows))["probabilities"]!.data;

  function tell(shares: readonly number[], tokens: readonly Token[]): void {
    const best = shares.indexOf(Math.max(...shares));
    probabilities.replaceChildren(
      bars(shares.map((share, k) => ({ label: labels[k]!, share, text: percent(share), strong: k === best }))),
    );
    probabilities.dataset["probabilities"] = JSON.stringify(shares);
    probabilities.dataset["ids"] = JSON.stringify(tokens.map(({ id }) => id));
    verdict.textContent = say(said.verdict, { label: labels[best]!, share: percent(shares[best]!) });
  }

  function tellPushes(tokens: readonly Token[], { values, sentence }: Push): void {
    const largest = Math.max(0.5, ...values.map(Math.abs));
    const item = ({ word, id }: Token, k: number) => {
      const value = values[k];
      const figure = h("small", {}, value === undefined ? "" : signed(value));
      const chip = h("li", {}, h("span", { class: id === 1 ? "tf-unknown" : "" }, word), figure);
      if (value !== undefined) {
        const share = Math.round((70 * Math.abs(value)) / largest);
        chip.style.backgroundColor = `color-mix(in srgb, var(${value < 0 ? "--tf-other" : "--tf-ink"}) ${share}%, transparent)`;
      }
      return chip;
    };
    const unknown = tokens.some(({ id }) => id === 1) ? ` ${said.unknown}` : "";
    const list = h("ul", { class: "tf-words" }, ...tokens.map(item));
    list.dataset["pushes"] = JSON.stringify(values);
    pushes.replaceChildren(h("h3", {}, said.push), list, h("p", { class: "tf-muted" }, sentence + unknown));
  }

  /** Of a bag of words: each vector's part of the score. */
  function parts(outputs: Record<string, Values>, tokens: readonly Token[], shares: readonly number[]): Push {
    const { data, shape } = outputs[push!.vectors]!;
    const [width, kernel] = [shape[2]!, floats(push!.kernel)];
    const values = tokens.map((_, t) => {
      let sum = 0;
      for (let k = 0; k < width; k++) {
        const [low, high] = [kernel[k * labels.length]!, kernel[k * labels.length + toward]!];
        sum += data[t * width + k]! * (high - low);
      }
      return sum / tokens.length;
    });
    const total = Math.log(shares[toward]! / shares[0]!);
    const bias = total - values.reduce((a, b) => a + b, 0);
    const filled = { label: labels[toward]!, bias: figure(bias, 2), total: figure(total, 2) };
    return { values, sentence: say(said.parts, filled) };
  }

  /** Of any other model: what is lost without the word. */
  async function left(tokens: readonly Token[], shares: readonly number[], goOn: () => boolean): Promise<Push | undefined> {
    const ids = tokens.map(({ id }) => id);
    const few = ids.slice(0, MOST).map((_, t) => (ids.length > 1 ? ids.toSpliced(t, 1) : [0]));
    const values: number[] = [];
    for (let k = 0; k < few.length; k += AT_ONCE) {
      const answers = await sharesOf(few.slice(k, k + AT_ONCE));
      if (!goOn()) return undefined;
      for (let row = toward; row < answers.length; row += labels.length) {
        values.push(logOdds(shares[toward]!) - logOdds(answers[row]!));
      }
    }
    const more = ids.length > MOST ? ` ${say(said.first, { count: MOST })}` : "";
    return { values, sentence: say(said.left, { label: labels[toward]! }) + more };
  }

  let newest = "";
  const answer = latest(async (text: string) => {
    const empty = !text.trim();
    gates.element.hidden = empty || !hasGates;
    if (empty) {
      verdict.textContent = said.start;
      probabilities.replaceChildren();
      pushes.replaceChildren();
      delete probabilities.dataset["probabilities"];
      return;
    }
    const tokens = read.tokens(text);
    const ids = [tokens.map(({ id }) => id)];
    const shares = Array.from(await sharesOf(ids));
    tell(shares, tokens);
    const outputs = push || hasGates ? await ask("layers", ids) : {};
    if (hasGates) gates.show(outputs, tokens.map(({ word }) => word));
    const found = push ? parts(outputs, tokens, shares) : await left(tokens, shares, () => newest === text);
    if (found) tellPushes(tokens, found);
  });
  return (text) => {
    newest = text;
    return answer(text);
  };
}

async function tokenizerOf(model: Model): Promise<Tokenizer> {
  const known = model.about.endpoints["texts"]!.via!.known as unknown as {
    vocabulary: string;
    rules: string;
    length: number;
  };
  return tokenizer(await model.json<string[]>(known.vocabulary), await model.json<Typed>(known.rules), known.length);
}
