// One session as its organiser leads it: progress, raters, agreement, rates, and what can be done.

import { call } from "./api.js";
import { addMore, exportFiles, handOutLinks, replaceRater } from "./leading.js";
import { ask, bar, button, byId, clean, duration, fill, icon, make, percent, plural, since } from "./elements.js";
import { showFigures } from "./figures.js";
import { PROTOCOLS, RATER_STATES, STATES } from "./words.js";
import { attempt, signedIn, tell, trouble } from "./signed.js";

const LOOK_SECONDS = 10;
const id = location.pathname.split("/")[3];
const path = `/sessions/${id}`;

await signedIn("organiser");
let found;
try { found = await call(path); } catch (fault) { trouble(fault); throw fault; }

const head = make("div", { class: "session-head" });
const room = make("div", null);
const raters = make("section", { class: "part", "aria-label": "Raters" });
const figures = make("section", { class: "part", "aria-label": "Agreement and rates" });
const log = make("details", { class: "part log" }, make("summary", null, "What was done"), make("div", null));
fill(byId("main"), make("article", { class: "column wide-column" }, head, notes(), room, raters, figures, log));
log.addEventListener("toggle", () => { if (log.open) showLog(); });
document.addEventListener("click", ({ target }) => { for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(target) || target.closest(".sheet button")) menu.open = false; });
document.addEventListener("keydown", ({ key }) => { if (key === "Escape") for (const menu of document.querySelectorAll(".menu[open]")) { menu.open = false; menu.firstElementChild.focus(); } });
draw();
showFigures(figures, path);
setInterval(refresh, LOOK_SECONDS * 1000);

async function refresh() {
  if (document.hidden || document.querySelector("dialog[open], .menu[open]")) return;
  try {
    const before = JSON.stringify(found);
    found = await call(path);
    if (JSON.stringify(found) !== before) draw();
  } catch { /* The next look may do better. */ }
}

// What the organiser should know of a session that was just made.
function notes() {
  let made = null;
  try { made = JSON.parse(sessionStorage.getItem(`sparrow-rate:made:${id}`)); sessionStorage.removeItem(`sparrow-rate:made:${id}`); } catch { /* Nothing to tell. */ }
  if (!made) return null;
  return make("div", { class: "made" }, make("p", null, make("b", null, "The session is made. "), `${plural(made.items, "item")} for ${plural(made.raters, "rater")}. Hand out the links, and it begins.`), made.notes.map((one) => make("p", { class: "soft" }, one)), button([icon("link"), "Links for the raters"], links, { class: "act main" }));
}

function links(one = null) { return handOutLinks(path, found.progress.raters.map((each) => each.rater).filter((rater) => rater.state !== "replaced" && !rater.account), one?.id || null); }

function draw() {
  const { session } = found.progress;
  document.title = `${clean(session.name)} · Sparrow lite`;
  drawHead(session);
  drawNumbers();
  drawRaters();
}

function drawHead(session) {
  const state = STATES[session.state];
  const closed = session.state === "closed";
  fill(head,
    make("div", { class: "head" }, make("h1", null, make("bdi", null, session.name), make("span", { class: `tag ${state.look}` }, state.words)),
      make("div", { class: "head-acts" },
        button([icon("link"), "Links"], () => links(), { disabled: closed }),
        !closed && button(session.state === "paused" ? "Go on" : "Pause", () => setState(session.state === "paused" ? "open" : "paused")),
        button([icon("save"), "Export"], () => exportFiles(path)),
        make("details", { class: "menu" }, make("summary", { class: "act", "aria-label": "More" }, icon("more")), make("div", { class: "sheet" },
          make("button", { type: "button", disabled: closed, onclick: () => more() }, "Extend…"),
          found.runs.length > 0 && make("button", { type: "button", onclick: () => intoReport() }, "Write into the run's report"),
          make("button", { type: "button", disabled: closed, class: "bad", onclick: () => close(session) }, "Close for good…"))))),
    make("p", { class: "lead" }, PROTOCOLS[session.protocol] || session.protocol, ` · ${plural(session.overlap, "rater")} of each item · ${Math.round(100 * session.checks)} % checks · pass mark ${Math.round(100 * session.pass_mark)} % · seed ${session.seed}`,
      found.runs.map((run) => [" · ", make("a", { href: `/results/run?${new URLSearchParams({ name: run })}` }, "run ", make("bdi", null, run))])));
}

function drawNumbers() {
  const { items, finished, ratings, disagreements, session, raters: all } = found.progress;
  const paces = all.map((one) => one.seconds).filter((one) => one !== null).sort((one, other) => one - other);
  const done = all.reduce((sum, one) => sum + one.checks_done, 0);
  const right = all.reduce((sum, one) => sum + one.checks_right, 0);
  const number = (words, value, told) => make("div", { class: "number" }, make("dt", null, words), make("dd", null, value, told && make("small", null, told)));
  fill(room, make("dl", { class: "numbers" },
    number("Items with all ratings", finished.toLocaleString("en"), `of ${items.toLocaleString("en")}`),
    number("Ratings", ratings.toLocaleString("en"), `of ${(items * session.overlap).toLocaleString("en")}`),
    number("An item takes", paces.length ? duration(paces[Math.floor(paces.length / 2)]) : "–", paces.length ? "by the median rater" : ""),
    number("Checks right", done ? percent(right / done) : "–", done ? `${right} of ${done}` : ""),
    number("To decide", make("a", { href: `/rate/organise/${id}/decide` }, disagreements.toLocaleString("en")), disagreements ? "raters differ" : "nothing open")),
  make("div", { class: "whole-share" }, bar(items ? ratings / (items * session.overlap) : 0, `${percent(items ? ratings / (items * session.overlap) : 0)} of all ratings`)));
}

function drawRaters() {
  const closed = found.progress.session.state === "closed";
  fill(raters, make("h2", null, "Raters"), make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Raters" }, make("table", null,
    make("thead", null, make("tr", null, ["Rater", "Stands at", "Done", "Practice", "Checks right", "An item takes", "Skipped", "Last"].map((one) => make("th", { scope: "col" }, one)), make("td", null))),
    make("tbody", null, found.progress.raters.map((one) => line(one, closed))))));
}

function line(one, closed) {
  const { rater } = one;
  const state = RATER_STATES[rater.state];
  const low = one.checks_done >= 4 && one.checks_right / one.checks_done < found.progress.session.pass_mark;
  const gone = rater.state === "replaced";
  return make("tr", { class: gone ? "gone" : "" },
    make("th", { scope: "row" }, make("bdi", null, rater.name), rater.account && make("small", null, "signs in")),
    make("td", null, make("span", { class: `tag ${state.look}` }, state.words)),
    make("td", { class: "of-all" }, bar(one.total ? one.done / one.total : 0, `${one.done} of ${one.total}`), make("span", null, `${one.done} of ${one.total}`)),
    make("td", { class: "figure" }, percent(one.qualification)),
    make("td", { class: `figure${low ? " bad" : ""}` }, one.checks_done ? `${one.checks_right} of ${one.checks_done}` : "–"),
    make("td", { class: "figure" }, duration(one.seconds)),
    make("td", { class: "figure" }, one.skipped || "–"),
    make("td", { class: "when" }, since(one.last_at)),
    make("td", { class: "end" }, !gone && !closed && make("details", { class: "menu" }, make("summary", { class: "act quiet small", "aria-label": `More for ${rater.name}` }, icon("more")), make("div", { class: "sheet" },
      !rater.account && make("button", { type: "button", onclick: () => links(rater) }, "A new link…"),
      make("button", { type: "button", onclick: () => revoke(rater) }, "Revoke the links…"),
      make("button", { type: "button", onclick: () => replace(rater) }, "Replace…")))));
}

async function setState(state) {
  const told = await attempt(() => call(`${path}/state`, { body: { state } }));
  if (told) { found = told; draw(); tell(`The session is ${state}.`); }
}

async function close(session) {
  if (await ask("Close the session?", `No more ratings are taken of “${session.name}”. A closed session is not opened again; what was rated stays.`, "Close for good", { grave: true })) await setState("closed");
}

async function revoke(rater) {
  if (!(await ask("Revoke the links?", `Every link that ${rater.name} has stops working at once. What was rated stays. You can make a new link afterwards.`, "Revoke", { grave: true }))) return;
  if (await attempt(() => call(`${path}/revoke`, { body: { rater: rater.id } }))) tell(`The links of ${rater.name} are revoked.`);
}

async function replace(rater) {
  const made = await replaceRater(path, rater);
  if (!made) return;
  await refresh();
  links(made);
}

async function more() {
  const made = await addMore(path, found.progress.session);
  if (!made) return;
  tell(`${plural(made.items, "item")} and ${plural(made.raters, "rater")} more.`);
  refresh();
}

async function intoReport() {
  const told = await attempt(() => call(`${path}/labels`, { body: {} }));
  if (told) location.href = `/results/run?${new URLSearchParams({ name: told[0].run })}`;
}

async function showLog() {
  const lines = await attempt(() => call(`${path}/log`));
  if (lines) fill(log.lastElementChild, make("ol", null, lines.map((one) => make("li", null, make("time", { datetime: one.at }, new Date(one.at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })), make("span", null, make("b", null, make("bdi", null, one.who)), ` ${one.what} `, one.about !== one.who && make("bdi", null, one.about))))));
}
