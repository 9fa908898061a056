// Depth and initialization: how activations and gradients are distributed in each layer, computed by Python beforehand.
import type { Mount, State } from "../context";
import { bytes, chart, figure, histogram } from "../plot";
import { choice, h, live, say } from "../ui";

interface Distribution {
  readonly mean: number;
  readonly std: number;
  readonly zeros: number;
  readonly reach: number;
  readonly counts: string;
}

interface Network {
  readonly activations: readonly Distribution[];
  /** By depth. */
  readonly gradients: readonly (readonly Distribution[])[];
}

interface Depth {
  readonly examples: number;
  readonly width: number;
  readonly depths: readonly number[];
  readonly networks: Readonly<Record<string, Readonly<Record<string, Network>>>>;
}

export const mount: Mount = async (element, { words, state, data }) => {
  const said = words.depth;
  const found = await data<Depth>("depth");
  const activations = Object.keys(found.networks);
  const initializers = Object.keys(found.networks[activations[0]!]!);
  const plain = (names: readonly (string | number)[]) => names.map((name) => [String(name), String(name)] as const);
  const chosen = (key: string) => (value: string) => {
    state.set(key, value);
    show();
  };
  const activation = choice(said.activation, plain(activations), "tanh", chosen("activation"));
  const initializer = choice(said.initializer, plain(initializers), "glorot_uniform", chosen("initializer"));
  const depth = choice(said.depth, plain(found.depths), "10", chosen("depth"));
  const scales = [["own", said.own], ["common", said.common]] as const;
  const scale = choice(said.scale, scales, "own", chosen("scale"));
  const answer = live();
  const curves = h("div", {});
  const body = h("tbody", {});

  function show(): void {
    const { activations, gradients } = found.networks[activation.input.value]![initializer.input.value]!;
    const layers = Number(depth.input.value);
    const forth = activations.slice(0, layers);
    const back = gradients[found.depths.indexOf(layers)]!;
    answer.textContent = [
      say(forth[0]!.std ? said.forth : said.none_forth, { factor: figure(forth.at(-1)!.std / forth[0]!.std) }),
      say(back[0]!.std ? said.back : said.none_back, { factor: figure(back[0]!.std / back.at(-1)!.std) }),
    ].join(" ");
    const line = (parts: readonly Distribution[]) => parts.map(({ std }, k) => [k + 1, std] as const);
    curves.replaceChildren(
      chart({
        alt: answer.textContent,
        x: said.layer,
        y: said.spread,
        log: true,
        series: [
          { label: said.outputs, color: "ink", points: line(forth) },
          { label: said.gradients, color: "other", dashed: true, points: line(back) },
        ],
      }),
    );
    const widest = (parts: readonly Distribution[]) => Math.max(...parts.map(({ reach }) => reach));
    body.replaceChildren(
      ...forth.map((outputs, k) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, String(k + 1)),
          cell(outputs, widest(forth), "ink"),
          cell(back[k]!, widest(back), "other"),
        ),
      ),
    );
    body.dataset["activations"] = JSON.stringify(forth.map(({ std }) => std));
    body.dataset["gradients"] = JSON.stringify(back.map(({ std }) => std));
  }

  function cell(shown: Distribution, widest: number, color: string): HTMLElement {
    const { std, zeros, reach, counts } = shown;
    const text = say(zeros >= 0.005 ? said.zeros : said.figures, {
      std: figure(std),
      reach: figure(reach),
      zeros: Math.round(100 * zeros),
    });
    const across = (scale.input.value === "own" ? reach : widest) || 1;
    const bars = histogram(bytes(counts), [-(reach || 1), reach || 1], across, text, color);
    return h("td", {}, bars, h("span", { class: "tf-muted", "aria-hidden": "true" }, text));
  }

  const read = () => {
    pick(activation.input, state, "activation", "tanh");
    pick(initializer.input, state, "initializer", "glorot_uniform");
    pick(depth.input, state, "depth", "10");
    pick(scale.input, state, "scale", "own");
    show();
  };
  const heads = [said.layer, said.outputs, said.gradients].map((text) => h("th", { scope: "col" }, text));
  element.append(
    h("p", {}, say(said.about, { examples: found.examples, width: found.width })),
    h("div", { class: "tf-row" }, activation.element, initializer.element, depth.element, scale.element),
    answer,
    curves,
    h("table", { class: "tf-layers" }, h("thead", {}, h("tr", {}, ...heads)), body),
  );
  read();
  state.listen(read);
};

/** Puts a list to what the URL says, or to what it begins with. */
function pick(input: HTMLSelectElement, state: State, key: string, other: string): void {
  input.value = state.get(key) ?? other;
  if (input.selectedIndex < 0) input.value = other;
}
