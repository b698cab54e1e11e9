// The boxes in which an organiser hands out links, replaces a rater, extends, and exports.

import { call } from "./api.js";
import { announce, box, button, clean, fill, icon, make } from "./elements.js";
import { field, names, source, text, toggle, whole } from "./fields.js";
import { attempt, tell } from "./signed.js";

export function handOutLinks(path, raters, only) {
  return box(only ? "A personal link" : "Personal links", (close) => {
    const days = whole(30, 1, 3650);
    const list = make("div", { class: "links" });
    const made = async () => {
      const found = await attempt(() => call(`${path}/links`, { body: { raters: only ? [only] : raters.map((one) => one.id), days: Number(days.value) || 30 } }));
      if (!found) return;
      const lines = found.map((one) => ({ ...one, address: location.origin + one.path }));
      fill(list, make("ul", null, lines.map((one) => make("li", null, make("b", null, make("bdi", null, one.name)), make("input", { readonly: true, value: one.address, "aria-label": `Link of ${one.name}`, onfocus: (event) => event.target.select() }), button(icon("copy"), (event) => copy(one.address, event.currentTarget), { class: "act small", "aria-label": `Copy the link of ${one.name}`, title: "Copy" })))),
        lines.length > 1 && button([icon("copy"), "Copy all, with names"], (event) => copy(lines.map((one) => `${one.name}\t${one.address}`).join("\n"), event.currentTarget), { class: "act small" }));
      announce("The links are made.");
    };
    return [
      make("p", { class: "box-words" }, raters.length || only ? "Whoever opens a link is that rater: send each to one person only. A link shows nothing of the others, ends after some days, and can be revoked. Earlier links go on working." : "All raters of this session sign in with accounts, at ", !raters.length && !only && make("b", null, `${location.origin}/rate`)),
      (raters.length > 0 || only) && make("div", { class: "link-form" }, field("Good for days", days), button("Make the links", made, { class: "act main" })),
      list,
      make("div", { class: "box-acts" }, button("Done", () => close())),
    ];
  });
}

async function copy(words, pressed) {
  try { await navigator.clipboard.writeText(words); pressed.classList.add("copied"); announce("Copied."); setTimeout(() => pressed.classList.remove("copied"), 1500); } catch { tell("The browser does not let this page copy: mark the text and copy it.", "bad"); }
}

export function replaceRater(path, rater) {
  return box(`Replace ${rater.name}`, (close) => {
    const name = text({ required: true, maxlength: 200, autofocus: true });
    const again = toggle("Rate everything anew", `What ${rater.name} rated is taken back, and the new rater gets all of it.`, false);
    const send = async (event) => {
      event.preventDefault();
      const made = await attempt(() => call(`${path}/replace`, { body: { rater: rater.id, name: name.value, again: again.box.checked } }));
      if (made) close(made);
    };
    return [make("p", { class: "box-words" }, `A new rater takes over what ${rater.name} has not rated, after the practice. The links of ${rater.name} stop working.`),
      make("form", { onsubmit: send }, field("Name of the new rater", name), again.element, make("div", { class: "box-acts" }, button("Cancel", () => close()), make("button", { class: "act main" }, "Replace")))];
  });
}

export async function addMore(path, session) {
  const offered = await attempt(() => call("/choices"));
  if (!offered) return null;
  return box("Extend the session", (close) => {
    const from = source(offered.runs);
    const raters = make("textarea", { rows: 3 });
    const overlap = whole(0, 0, 100);
    const note = make("p", { class: "form-fault", role: "alert" });
    const send = async (event) => {
      event.preventDefault();
      try {
        close(await call(`${path}/extend`, { body: { source: await from.read(), raters: names(raters), overlap: Number(overlap.value) } }));
      } catch (fault) { note.textContent = clean(fault.message); }
    };
    return [make("p", { class: "box-words" }, "New items go to the least loaded raters, new ones among them, who practise first."),
      make("form", { onsubmit: send }, from.element, field("New raters, one a line", raters), field("Further raters of each item", overlap, `There are ${session.overlap} now.`), note,
        make("div", { class: "box-acts" }, button("Cancel", () => close()), make("button", { class: "act main" }, "Extend")))];
  });
}

const FORMS = [
  ["jsonl", "Everything, as JSON lines", "Items, raters, every rating that was ever made, and decisions."],
  ["csv", "A table of answers, as CSV", "One row an answer, for a spreadsheet."],
  ["trl", "Preferences for TRL", "prompt, chosen, rejected. Of preference sessions."],
  ["train", "Data for sparrow-lite train", "A folder, zipped. Of rules and of support."],
];

export function exportFiles(path) {
  return box("Export", (close) => {
    const named = toggle("With names and times", "Else raters are numbered, and only the day of a rating is told.", false);
    const list = make("ul", { class: "forms" });
    const draw = () => fill(list, FORMS.map(([form, words, told]) => {
      const names = named.box.checked && ["jsonl", "csv"].includes(form) ? "&names=1" : "";
      return make("li", null, make("a", { href: `/rate/api${path}/export?form=${form}${names}`, download: true }, icon("save"), make("span", null, make("b", null, words), make("small", null, told))));
    }));
    named.box.addEventListener("change", draw);
    draw();
    return [list, named.element, make("div", { class: "box-acts" }, button("Done", () => close()))];
  });
}
