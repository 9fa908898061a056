"use strict";

const main = document.getElementById("models");
const token = document.getElementById("token");

function element(name, text, parent) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

async function ask(path, body) {
  const headers = token.value ? { Authorization: `Bearer ${token.value}` } : {};
  const options = { headers };
  if (body !== undefined) {
    options.method = "POST";
    options.body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  const response = await fetch(path, options);
  if (response.status === 401) document.getElementById("token-label").hidden = false;
  const said = await response.json();
  if (!response.ok) throw new Error(said.error);
  return said;
}

// An example of the right shape; what is open has the length 1.
function example(spec) {
  if (spec.shape.length === 0) return spec.dtype === "string" ? "" : 1;
  const inner = { dtype: spec.dtype, shape: spec.shape.slice(1) };
  return Array.from({ length: Math.max(spec.shape[0], 1) }, () => example(inner));
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function specs(title, described, parent) {
  const table = element("table", undefined, parent);
  const head = element("tr", undefined, table);
  for (const word of [title, "dtype", "shape"]) element("th", word, head);
  for (const [name, spec] of Object.entries(described)) {
    const row = element("tr", undefined, table);
    element("td", name, row);
    element("td", spec.dtype, row);
    element("td", `[${spec.shape.map((size) => (size < 0 ? "any" : size)).join(", ")}]`, row);
  }
}

// A bar for each label, if the answer has as many probabilities.
function bars(model, outputs, parent) {
  const rows = outputs && outputs.probabilities;
  if (!Array.isArray(rows) || !Array.isArray(rows[0]) || rows[0].length !== model.labels.length) return;
  const table = element("table", undefined, parent);
  rows[0].forEach((p, k) => {
    const row = element("tr", undefined, table);
    element("td", model.labels[k], row);
    element("td", p.toFixed(4), row);
    element("span", undefined, element("td", undefined, row)).className = "bar";
    row.querySelector(".bar").style.width = `${Math.round(12 * 16 * p)}px`;
  });
}

function tried(model, endpoint, parent) {
  const form = element("form", undefined, parent);
  const name = Object.keys(endpoint.inputs)[0];
  let inputs;
  if (endpoint.takes === "images") {
    const file = element("input", undefined, element("label", "Image ", form));
    file.type = "file";
    file.required = true;
    inputs = async () => ({ [name]: [{ b64: await base64(file.files[0]) }] });
  } else if (endpoint.takes === "texts") {
    const text = element("textarea", undefined, element("label", "Text", form));
    text.required = true;
    inputs = async () => ({ [name]: [text.value] });
  } else {
    const text = element("textarea", undefined, element("label", "Inputs as JSON", form));
    const made = Object.entries(endpoint.inputs).map(([key, spec]) => [key, example(spec)]);
    text.value = JSON.stringify(Object.fromEntries(made));
    inputs = async () => JSON.parse(text.value);
  }
  element("button", "Ask", form);
  const shown = element("div", undefined, parent);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    shown.replaceChildren();
    try {
      const body = { signature_name: endpoint.name, inputs: await inputs() };
      const said = await ask(`v1/models/${encodeURIComponent(model.name)}:predict`, body);
      const only = Object.keys(endpoint.outputs);
      bars(model, only.length === 1 ? { [only[0]]: said.outputs } : said.outputs, shown);
      element("pre", JSON.stringify(said.outputs).slice(0, 20000), shown);
    } catch (error) {
      element("p", error.message, shown).className = "error";
    }
  });
}

async function show() {
  try {
    const models = await ask("models");
    main.replaceChildren();
    for (const model of models) {
      const section = element("section", undefined, main);
      element("h2", model.model ? `${model.name} (${model.model})` : model.name, section);
      element("p", `Version ${model.versions.join(", ")}`, section);
      for (const endpoint of model.endpoints) {
        const details = element("details", undefined, section);
        element("summary", endpoint.name, details);
        specs("input", endpoint.inputs, details);
        specs("output", endpoint.outputs, details);
        tried(model, endpoint, details);
      }
      section.querySelector("details").open = true;
    }
  } catch (error) {
    main.replaceChildren();
    element("p", error.message, main).className = "error";
  }
}

token.addEventListener("change", show);
show();
