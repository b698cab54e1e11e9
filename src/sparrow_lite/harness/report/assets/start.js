// Joins the parts: the address says what is shown; keys and clicks change the address.

const root = document.documentElement;
const wide = matchMedia("(min-width: 900px)");
const idle = () => make("div", { class: "idle" }, make("p", null, "Choose a conversation."), make("p", { class: "soft" }, make("kbd", null, "↑"), make("kbd", null, "↓"), " move, ", make("kbd", null, "Enter"), " opens, ", make("kbd", null, "Esc"), " closes, ", make("kbd", null, "/"), " searches"));
let cases = null;
let chosen = [];
let shownKey = null;
let shownFilters = null;

const loading = () => (cases ??= readCases());
const rows = () => [...document.querySelectorAll("#rows .row")];

function showTab(view) {
  byId("figures").hidden = view !== "figures";
  byId("cases").hidden = view !== "cases";
  root.dataset.view = view;
  byId("to-figures").toggleAttribute("aria-current", view === "figures");
  byId("to-cases").toggleAttribute("aria-current", view === "cases");
}

async function showOpen(place, all) {
  root.toggleAttribute("data-open", place.open !== "");
  if (place.open === shownKey) return;
  shownKey = place.open;
  const panel = byId("open");
  const one = all.find((each) => each.key === place.open);
  if (!place.open) panel.replaceChildren(idle());
  else if (!one) panel.replaceChildren(make("div", { class: "idle" }, make("p", null, "This run has no such case.")));
  else {
    const content = await readConversation(one.place);
    if (shownKey !== one.key) return;
    const at = chosen.indexOf(one);
    const step = (name, other, sign) => make("a", { class: "step", href: other ? hashOf({ ...place, open: other.key }) : null, "aria-label": name, "aria-disabled": other ? null : "true" }, sign);
    panel.replaceChildren(
      make("div", { class: "bar" }, make("a", { class: "step close", href: hashOf({ ...place, open: "" }), "aria-label": "Close" }, "✕"), make("span", { class: "grow" }), step("Conversation before", chosen[at - 1], "↑"), step("Next conversation", at >= 0 ? chosen[at + 1] : null, "↓")),
      make("div", { class: "body" }, conversation(one, content)));
  }
  panel.scrollTop = 0;
  if (place.open && !wide.matches) { scrollTo(0, 0); panel.focus(); }
}

async function showCases(place) {
  const all = await loading();
  const form = byId("filters");
  if (shownFilters === null) fillFilters(form, all);
  const filters = JSON.stringify(place.filters);
  if (filters !== shownFilters) {
    shownFilters = filters;
    chosen = choose(all, place.filters);
    for (const name of FILTERS) if (form.elements[name] !== document.activeElement || name !== "search") form.elements[name].value = place.filters[name] || "";
  }
  const focused = document.activeElement?.dataset?.key;
  showList(chosen, all.length, place);
  rows().find((each) => each.dataset.key === (focused && place.open ? place.open : focused))?.focus({ preventScroll: false });
  await showOpen(place, all);
}

// Within a page of the app the frame's own brand would be one too many, and that page keeps the place.
const framed = parent !== window;

function show() {
  const place = readPlace();
  if (framed) parent.postMessage({ place: location.hash }, "*");
  showTab(place.view);
  if (place.view === "cases") showCases(place).catch(complain);
  else if (place.section) byId(place.section)?.scrollIntoView();
}

function complain(error) {
  byId("open").replaceChildren(make("div", { class: "idle" }, make("p", { class: "bad" }, `The conversations cannot be read: ${error.message}`)));
}

function filterBy(form) {
  const told = new FormData(form);
  const filters = Object.fromEntries(FILTERS.map((name) => [name, String(told.get(name) || "").trim()]).filter(([, value]) => value));
  go({ ...readPlace(), filters, open: wide.matches ? readPlace().open : "", page: 0 });
}

function move(step) {
  const place = readPlace();
  const all = rows();
  const at = all.findIndex((each) => each === document.activeElement || (place.open && each.dataset.key === place.open));
  const next = all[at < 0 ? 0 : at + step];
  if (!next) return;
  next.focus();
  if (place.open) go({ ...place, open: next.dataset.key });
}

function heed(event) {
  if (root.dataset.view !== "cases" || event.altKey || event.ctrlKey || event.metaKey) return;
  const place = readPlace();
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    if (typing) event.target.blur();
    else if (place.open) {
      const key = place.open;
      go({ ...place, open: "" });
      setTimeout(() => rows().find((each) => each.dataset.key === key)?.focus());
    }
  } else if (typing) return;
  else if (event.key === "/") { event.preventDefault(); byId("filters").elements.search.focus(); }
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !byId("open").contains(event.target)) { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
  else if (event.key === "Enter" && event.target.matches(".row")) setTimeout(() => byId("open").focus(), 50);
}

function turnPage(step) {
  const place = readPlace();
  go({ ...place, page: place.page + step });
  byId("list").scrollTop = 0;
}

function chooseMap(number) {
  for (const button of document.querySelectorAll("[data-map]")) button.setAttribute("aria-pressed", String(button.dataset.map === number));
  for (const map of document.querySelectorAll("[data-shows]")) map.toggleAttribute("data-away", map.dataset.shows !== number);
}

let typed = 0;
byId("filters").addEventListener("input", (event) => {
  clearTimeout(typed);
  typed = setTimeout(() => filterBy(byId("filters")), event.target.name === "search" ? 150 : 0);
});
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("reset").addEventListener("click", () => go({ ...readPlace(), filters: {}, page: 0 }));
byId("more").addEventListener("click", () => {
  const unfolded = byId("filters").toggleAttribute("data-all");
  byId("more").setAttribute("aria-expanded", String(unfolded));
});
byId("before").addEventListener("click", () => turnPage(-1));
byId("after").addEventListener("click", () => turnPage(1));
for (const group of document.querySelectorAll(".switch")) group.hidden = false;
for (const button of document.querySelectorAll("[data-map]")) button.addEventListener("click", () => chooseMap(button.dataset.map));
if (document.querySelector("[data-map]")) chooseMap("0");
root.toggleAttribute("data-framed", framed);
const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") root.dataset.theme = theme;
addEventListener("hashchange", show);
addEventListener("keydown", heed);
show();
