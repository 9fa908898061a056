// The page of `tfnotes play`: a section for each widget that the models are for, in either language.
import { type Language, words } from "./dictionary";
import { offered } from "./models";
import { stateOf } from "./state";
import { button, h } from "./ui";
import { widgets } from "./widgets";

function chosen(): Language {
  const asked = stateOf("page").get("language") ?? document.documentElement.lang;
  return (asked || navigator.language).startsWith("zh") ? "zh" : "en";
}

/** Fills `element`; `prepare` mounts a widget's container. */
export async function page(element: HTMLElement, prepare: (container: HTMLElement) => void): Promise<void> {
  const language = chosen();
  const said = words(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = said.page.title;
  if (location.protocol === "file:") {
    element.replaceChildren(h("h1", {}, said.page.title), h("p", { class: "tf-bad", role: "alert" }, said.common.file));
    return;
  }
  const other: Language = language === "zh" ? "en" : "zh";
  const change = button(words(other).page.language, () => {
    stateOf("page").set("language", other);
    setTimeout(() => location.reload(), 400);
  });
  change.lang = other === "zh" ? "zh-CN" : "en";
  const names = await offered();
  const sections = Object.keys(widgets)
    .filter((name) => names.has(name))
    .map((name) => {
      const container = h("div", { "data-widget": name, "data-language": language });
      const title = said.titles[name as keyof typeof said.titles];
      return h("section", { "aria-label": title }, h("h2", { id: name }, title), container);
    });
  const empty = sections.length ? [] : [h("p", {}, said.page.empty)];
  element.replaceChildren(
    h("header", { class: "tf-header" }, h("h1", {}, said.page.title), change),
    h("p", { class: "tf-muted" }, said.page.private),
    ...empty,
    ...sections,
  );
  element.querySelectorAll<HTMLElement>("[data-widget]").forEach(prepare);
}
