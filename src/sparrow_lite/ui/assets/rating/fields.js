// Fields of the organiser's forms.

import { make } from "./elements.js";

let numbers = 0;

export function field(words, control, hint = "") {
  numbers += 1;
  const id = `field-${numbers}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return make("div", { class: "field" }, make("label", { for: id }, words), control, hint && make("p", { class: "hint", id: `${id}-hint` }, hint));
}

export const text = (attributes = {}) => make("input", { type: "text", ...attributes });
export const whole = (value, least, most, attributes = {}) => make("input", { type: "number", value, min: least, max: most, step: 1, required: true, ...attributes });
export const select = (options, attributes = {}) => make("select", attributes, options.map(([value, words, chosen]) => make("option", { value, selected: chosen }, words)));

export function toggle(words, hint, on) {
  const box = make("input", { type: "checkbox", role: "switch", checked: on });
  return { box, element: make("label", { class: "switch" }, box, make("span", null, make("b", null, words), make("small", null, hint))) };
}

// Names, one a line or with commas between.
export const names = (area) => [...new Set(area.value.split(/[\n,;]/).map((one) => one.trim()).filter(Boolean))];

// Where rows come from: a run, or a file. `read()` resolves to what the server takes.
export function source(runs, chosen = "") {
  const run = select([["", runs.length ? "Choose a run" : "There are no runs"], ...runs.map((one) => [one.name, `${one.name} (${one.cases.toLocaleString("en")} cases)`, one.name === chosen])]);
  const judge = select([["", "The run's first judges"]]);
  const file = make("input", { type: "file", accept: ".jsonl,.json,.ndjson,application/jsonl" });
  const judging = field("Verdicts of", judge, "Raters never see them; they are kept beside what people say.");
  const fillJudges = () => {
    const found = runs.find((one) => one.name === run.value);
    judging.hidden = !found || found.judges.length < 2;
    judge.replaceChildren(make("option", { value: "" }, "The run's first judges"), ...(found?.judges || []).map((one) => make("option", { value: one }, one)));
  };
  run.addEventListener("change", () => { if (run.value) file.value = ""; fillJudges(); });
  file.addEventListener("change", () => { if (file.value) run.value = ""; fillJudges(); });
  fillJudges();
  return {
    run, file,
    element: make("div", { class: "source" }, make("div", { class: "pair" }, field("A run", run), field("or a file of JSON lines", file, "A line needs question or turns, and reply; candidates for preference.")), judging),
    async read() {
      if (run.value) return { run: run.value, judge: judge.value || null };
      return file.files[0] ? { lines: await file.files[0].text() } : {};
    },
  };
}
