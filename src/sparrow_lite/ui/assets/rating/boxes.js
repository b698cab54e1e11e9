// The boxes of the rater's page: why to skip, and help with what can be set.

import { box, button, make } from "./elements.js";
import { chosen, set, setTheme, theme } from "./choices.js";

const REASONS = [
  "I do not understand it",
  "I would rather not read this",
  "Something is missing or broken",
  "It is in a language that I do not read well",
];

// Resolves to the reason, or null.
export function askReason() {
  return box("Why skip it?", (close) => {
    const other = make("input", { type: "text", maxlength: 400, "aria-label": "Another reason", placeholder: "Another reason" });
    const form = make("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); if (other.value.trim()) close(other.value.trim()); else other.focus(); } },
      make("div", { class: "reason-own" }, other, make("button", { class: "act main" }, "Skip")));
    const reasons = make("div", { class: "reasons" }, REASONS.map((one, place) => make("button", { type: "button", class: "choice", onclick: () => close(one) }, make("kbd", { "aria-hidden": "true" }, place + 1), make("span", null, one))));
    return [make("p", { class: "box-words" }, "Skipping is fine. The reason helps whoever made these items."), reasons, form, make("div", { class: "box-acts" }, button("Do not skip", () => close()))];
  }, (event, close) => { if (REASONS[Number(event.key) - 1]) close(REASONS[Number(event.key) - 1]); });
}

const KEYS = [
  ["1 2 3 …", "answer the question at hand"],
  ["←  →", "the item before, the next one"],
  ["U or Ctrl Z", "take the last answer back"],
  ["S", "skip, with a reason"],
  ["N", "write a note"],
  ["H", "cover or show the texts"],
  ["P", "take a break"],
  ["Enter", "go on"],
  ["?", "this box"],
];

export function help(guidance, changed) {
  const toggle = (name, words, told) => make("label", { class: "switch" },
    make("input", { type: "checkbox", role: "switch", checked: chosen[name], onchange: (event) => { set(name, event.target.checked); changed(); } }),
    make("span", null, make("b", null, words), make("small", null, told)));
  return box("Help and settings", (close) => [
    make("div", { class: "help" },
      make("details", { open: true }, make("summary", null, "What to do"), make("div", { class: "guide" }, paragraphs(guidance))),
      make("details", { open: true, class: "for-keys" }, make("summary", null, "Keys"), make("dl", { class: "keys" }, KEYS.map(([keys, words]) => make("div", null, make("dt", null, keys.split(" ").filter(Boolean).map((key) => (/^(or|…)$/.test(key) ? ` ${key} ` : make("kbd", null, key)))), make("dd", null, words))))),
      make("details", { open: true }, make("summary", null, "Settings"),
        toggle("goesOn", "Go on by itself", "The next item comes as soon as all is answered."),
        toggle("keys", "Keys", "Single letters and digits act. Turn this off if a screen reader or a voice program needs them."),
        toggle("covered", "Cover each text at first", "It is shown when you ask for it."),
        make("label", { class: "pick-theme" }, make("b", null, "Colours"), make("select", { onchange: (event) => setTheme(event.target.value) }, ["system", "light", "dark"].map((name) => make("option", { value: name, selected: name === theme() }, name === "system" ? "As the device" : name === "light" ? "Light" : "Dark")))))),
    make("div", { class: "box-acts" }, button("Close", () => close(), { class: "act main" })),
  ]);
}

export const paragraphs = (text) => String(text).split(/\n{2,}/).map((one) => make("p", null, one));
