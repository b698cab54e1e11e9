// An item as people read it: the dialogue, the reply in question, evidence, candidates, rules.

import { make } from "./elements.js";

const WHO = { user: "Person", sparrow: "Sparrow" };

export function item(body, { dialogue = [], onMark, choose } = {}) {
  const parts = [];
  if (body.rules?.length) parts.push(rules(body));
  if (body.turns?.length) parts.push(turns(body));
  if (body.candidates && !dialogue.length) parts.push(candidates(body.candidates, choose));
  if (body.evidence?.length) parts.push(evidence(body.evidence));
  else if ("evidence" in body && body.marked !== null && !body.rules && !body.candidates) parts.push(make("p", { class: "no-evidence" }, "This reply shows no evidence."));
  return make("div", { class: "read", onclick: onMark || followMark }, parts);
}

// `[1]` in a reply leads to its quote.
function followMark(event) {
  const mark = event.target.closest?.("[data-mark]");
  if (!mark) return;
  const room = mark.closest(".read, .candidate");
  const card = room.querySelector(`[data-quote="${CSS.escape(mark.dataset.mark)}"]`);
  for (const one of room.querySelectorAll(".quote.lit")) one.classList.remove("lit");
  card?.classList.add("lit");
  card?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  card?.focus({ preventScroll: true });
}

function words(text, numbers = new Set()) {
  return String(text).trim().split(/\n{2,}/).map((piece) => make("p", { dir: "auto" }, piece.split(/(\[\d{1,3}\])/).map((part) => {
    const number = /^\[(\d+)\]$/.exec(part)?.[1];
    if (!number || !numbers.has(number)) return part;
    return make("button", { type: "button", class: "mark", "data-mark": number, "aria-label": `Evidence ${number}` }, number);
  })));
}

const numbersOf = (shown) => new Set((shown || []).map((one) => String(one.id)));

function turns(body) {
  const numbers = numbersOf(body.evidence);
  return make("ol", { class: "turns" }, body.turns.map((one, place) => turn(one, { marked: place === body.marked, numbers })));
}

export function turn(one, { marked = false, numbers = new Set(), label = null } = {}) {
  return make("li", { class: `turn ${one.role === "user" ? "of-person" : "of-sparrow"}${marked ? " marked" : ""}` },
    make("p", { class: "who" }, label || WHO[one.role] || one.role, marked && make("span", { class: "tag accent" }, "The reply in question")),
    make("div", { class: "words" }, words(one.text, numbers)));
}

function quote(one) {
  return make("li", { class: "quote", "data-quote": one.id, tabindex: "-1" },
    make("p", { class: "source" }, make("span", { class: "number" }, one.id), make("cite", null, one.title || "Untitled page")),
    make("blockquote", { dir: "auto" }, words(one.quote)));
}

function evidence(shown) {
  return make("section", { class: "evidence", "aria-label": "Evidence" }, make("h2", null, shown.length === 1 ? "Its evidence" : `Its evidence, ${shown.length} quotes`), make("ol", null, shown.map(quote)));
}

export function candidates(shown, choose) {
  return make("div", { class: `candidates of-${shown.length}` }, shown.map((one) => make("section", { class: "candidate", "data-letter": one.letter, "aria-label": `Reply ${one.letter}`, onclick: (event) => { if (!event.target.closest("button, a, summary, .quote") && !String(getSelection())) choose?.(one.letter); } },
    make("p", { class: "who" }, "Reply ", make("b", null, one.letter)),
    make("div", { class: "words" }, words(one.text, numbersOf(one.evidence))),
    one.evidence?.length > 0 && make("ol", { class: "its-evidence", "aria-label": `Evidence of reply ${one.letter}` }, one.evidence.map(quote)))));
}

function rules(body) {
  return make("section", { class: "rules", "aria-label": body.rules.length === 1 ? "The rule" : "The rules" }, body.rules.map((rule) => make("div", { class: "rule" },
    make("h2", null, rule.name),
    make("p", { class: "rule-text", dir: "auto" }, rule.text),
    rule.carve_outs?.length > 0 && make("details", { open: body.talk ? true : null }, make("summary", null, "Allowed all the same"), make("ul", null, rule.carve_outs.map((one) => make("li", null, one)))))),
    body.tips?.length > 0 && make("details", { class: "tips" }, make("summary", null, "Ideas to try"), make("ul", null, body.tips.map((one) => make("li", null, one)))));
}
