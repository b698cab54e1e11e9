// Where raters differ, and the organiser decides: the item, what each said, and the same questions.

import { call, newId } from "./api.js";
import { announce, button, byId, fill, icon, make, plural } from "./elements.js";
import { item } from "./item.js";
import { Questions, wordsOf } from "./questions.js";
import { attempt, signedIn, tell, trouble } from "./signed.js";

const id = location.pathname.split("/")[3];
await signedIn("organiser");
let found;
try { found = await call(`/sessions/${id}/disagreements`); } catch (fault) { trouble(fault); throw fault; }

let place = Math.max(0, found.items.findIndex((one) => !one.decision));
let questions = null;
let note = null;
draw();
document.addEventListener("keydown", keys);

function draw() {
  const open = found.items.filter((one) => !one.decision).length;
  if (!found.items.length) { fill(byId("main"), make("section", { class: "column" }, trail(), make("h1", null, "Nothing to decide"), make("p", { class: "lead" }, "Raters do not differ on any item that two of them have rated."))); return; }
  const one = found.items[place];
  const answers = { ...one.decision?.answers };
  questions = new Questions(one.questions, { answers, choose: (question, choice) => { answers[question] = choice; questions.next(); update(); } });
  note = make("textarea", { rows: 2, maxlength: 4000, "aria-label": "Why", placeholder: "Why, if you like" });
  note.value = one.decision?.comment || "";
  const send = button(["Decide ", make("kbd", { "aria-hidden": "true" }, "Enter")], () => decide(one, answers), { class: "act main wide" });
  const update = () => { send.disabled = !questions.complete; };
  const step = (words, shape, by, key) => make("button", { type: "button", class: "act quiet", disabled: !found.items[place + by], onclick: () => go(place + by), title: `${words} (${key})` }, icon(shape), make("span", null, words));
  fill(byId("main"), make("div", { class: "work" },
    make("section", { class: "item" }, trail(), make("h1", { id: "place", tabindex: "-1" }, `Difference ${place + 1} of ${found.items.length}`, make("span", { class: `tag ${open ? "unsure" : "good"}` }, open ? `${open} open` : "All decided")), item(one.body)),
    make("aside", { class: "panel", "aria-label": "Your decision" },
      make("div", { class: "asking" }, said(one), one.decision && make("p", { class: "message" }, `Decided by ${one.decision.by}. Another decision replaces it.`), questions.element),
      make("div", { class: "under" }, note, send), make("nav", { class: "acts", "aria-label": "Items" }, step("Back", "back", -1, "←"), step("Next", "on", 1, "→")))));
  update();
  scrollTo(0, 0);
  byId("place").focus({ preventScroll: true });
}

function trail() { return make("p", { class: "trail" }, make("a", { href: `/rate/organise/${id}` }, make("bdi", null, found.name)), " / ", "decide"); }

function said(one) {
  return make("section", { class: "said" }, make("h2", null, `What ${plural(one.ratings.length, "rater")} said`), make("ul", null, one.ratings.map((rating) => make("li", null, make("b", null, make("bdi", null, rating.by)),
    make("span", null, one.questions.filter((question) => question.id in rating.answers).map((question) => make("span", { class: `tag ${one.differing.includes(question.id) ? "unsure" : ""}`, title: question.words }, wordsOf(question, rating.answers[question.id])))),
    rating.comment && make("q", { dir: "auto" }, rating.comment)))));
}

function go(to) { if (found.items[to]) { place = to; draw(); announce(`Difference ${place + 1} of ${found.items.length}`); } }

async function decide(one, answers) {
  const kept = await attempt(() => call(`/sessions/${id}/adjudicate`, { body: { id: newId(), item: one.item, answers, comment: note.value, replaces: one.decision?.id || null } }));
  if (!kept) return;
  one.decision = { answers: kept.answers, comment: kept.comment, by: kept.rater, id: kept.id };
  const next = found.items.findIndex((each) => !each.decision);
  tell(next < 0 ? "Decided. Nothing is open any more." : "Decided.");
  if (next >= 0) place = next;
  draw();
}

function keys(event) {
  if (event.target.matches?.("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey || !questions) return;
  const choice = questions.byKey(event.key.toLowerCase());
  if (choice) { event.preventDefault(); questions.choose(...choice); }
  else if (event.key === "ArrowLeft") go(place - 1);
  else if (event.key === "ArrowRight") go(place + 1);
  else if (event.key === "Enter" && !event.target.closest?.("button, a, summary")) byId("main").querySelector(".panel .main:not(:disabled)")?.click();
}
