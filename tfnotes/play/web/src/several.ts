// One of several models that a widget is for.
import type { Context, Model } from "./context";
import { choice, h } from "./ui";

/** Shows the model that the URL names, or the first one, in an element; where there are several, a list to choose from. */
export async function several({ models, words, state }: Context, show: (model: Model, into: HTMLElement) => Promise<void>): Promise<HTMLElement> {
  const first = models.find(({ name }) => name === state.get("model")) ?? models[0];
  if (!first) throw new Error(words.common.none);
  const slot = h("div", {});
  const fill = async (model: Model) => {
    const filled = h("div", {});
    await show(model, filled);
    slot.replaceChildren(filled);
  };
  const list = choice(words.common.model, models.map(({ name, title }) => [name, title] as const), first.name, (name) => {
    state.set("model", name);
    void fill(models.find((model) => model.name === name)!);
  });
  await fill(first);
  return h("div", {}, ...(models.length > 1 ? [list.element] : []), slot);
}
