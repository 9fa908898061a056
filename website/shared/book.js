// The link to the twin leads to the same section.
for (const link of document.querySelectorAll("a.language")) {
  link.addEventListener("click", () => {
    link.hash = location.hash;
  });
}

// A listing that is wider than the page is scrolled by keyboard, too.
const reach = () => {
  for (const listing of document.querySelectorAll("pre")) {
    if (listing.scrollWidth > listing.clientWidth) listing.tabIndex = 0;
  }
};
reach();
addEventListener("resize", reach);
addEventListener("toggle", reach, true);

// Tables that can be filtered; without this script they are whole.
for (const form of document.querySelectorAll("form.filter")) {
  const rows = [...document.getElementById(form.dataset.filter).tBodies[0].rows];
  const fields = [...form.elements].filter((element) => element.name);
  const texts = rows.map((row) => `${row.textContent} ${row.dataset.words ?? ""}`.toLowerCase());
  const show = () => {
    const wanted = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    const words = wanted.words.toLowerCase().split(/\s+/);
    let shown = 0;
    rows.forEach((row, k) => {
      const fits = ["topic", "verdict"].every((name) => !wanted[name] || row.dataset[name] === wanted[name]);
      row.hidden = !(fits && words.every((word) => texts[k].includes(word)));
      shown += !row.hidden;
    });
    form.querySelector("output").value = `${shown} ${form.dataset.count}`;
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}

// The search, where the browser may read its index.
const search = document.getElementById("search");
if (search && location.protocol !== "file:") {
  const folder = new URL("../pagefind/", search.ownerDocument.baseURI);
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${folder}pagefind-ui.css` });
  const script = Object.assign(document.createElement("script"), { src: `${folder}pagefind-ui.js` });
  script.addEventListener("load", () => {
    search.textContent = "";
    const ui = new PagefindUI({ element: "#search", showImages: false, showSubResults: true, resetStyles: false });
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) ui.triggerSearch(asked);
    const input = search.querySelector("input");
    input?.setAttribute("aria-label", input.placeholder);
    input?.focus();
  });
  document.head.append(style, script);
}
