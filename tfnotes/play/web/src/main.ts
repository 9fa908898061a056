// Finds the page's containers, <div data-widget="digit" data-language="zh">, and puts the widgets into them.
import type { Context } from "./context";
import { type Language, words } from "./dictionary";
import { address, json } from "./files";
import { modelsFor } from "./models";
import { page } from "./page";
import { stateOf } from "./state";
import { h } from "./ui";
import { widgets } from "./widgets";

const counts = new Map<string, number>();

/** Mounts a widget into its container as soon as that is near to what is seen. */
export function prepare(element: HTMLElement): void {
  const watch = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        watch.disconnect();
        void mounted(element);
      }
    },
    { rootMargin: "400px" },
  );
  watch.observe(element);
}

async function mounted(element: HTMLElement): Promise<void> {
  const name = element.dataset["widget"] ?? "";
  const language: Language = element.dataset["language"] === "zh" ? "zh" : "en";
  const said = words(language);
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  element.classList.add("tf-widget");
  element.lang = language === "zh" ? "zh-CN" : "en";
  element.replaceChildren(h("p", { class: "tf-muted" }, said.common.busy));
  try {
    if (location.protocol === "file:") throw new Error(said.common.file);
    const mount = widgets[name];
    if (!mount) throw new Error(`${said.common.unknown} ${name}`);
    const context: Context = {
      language,
      words: said,
      models: await modelsFor(name, element.dataset["model"]),
      state: stateOf(count > 1 ? `${name}${count}` : name),
      data: (file) => json(`data/${file}.json`),
    };
    const inside = h("div", {});
    await mount(inside, context);
    element.replaceChildren(inside);
    element.dataset["ready"] = "yes";
  } catch (error) {
    element.replaceChildren(h("p", { class: "tf-bad", role: "alert" }, String((error as Error).message ?? error)));
    element.dataset["ready"] = "error";
  }
}

function styled(): void {
  const href = address("play.css");
  if (![...document.styleSheets].some((sheet) => sheet.href === href)) {
    document.head.append(h("link", { rel: "stylesheet", href }));
  }
}

function start(): void {
  styled();
  const whole = document.querySelector<HTMLElement>("[data-play]");
  if (whole) void page(whole, prepare);
  else document.querySelectorAll<HTMLElement>("[data-widget]").forEach(prepare);
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
else start();
